import type { PlainDate } from '../child/dates.js';
import type { ExtractMessage, RunId, RunRequest, Scope } from './runRecords.js';
import type { RunStore } from './runStore.js';

export interface RequestRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
  /** The date on which a run that starts now reports. */
  readonly today: () => PlainDate;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** What is asked for: by the timer every night, or by a person. */
export interface RunWish {
  readonly trigger: RunRequest['trigger'];
  readonly requestedBy: string;
  readonly scope: Scope;
  readonly children?: string[] | undefined;
  readonly reason?: string | undefined;
}

/** Records that a run is wanted. @returns the message that starts its extract */
export async function requestRun(
  wish: RunWish,
  dependencies: RequestRunDependencies,
): Promise<ExtractMessage> {
  const { runs, now, today, randomHex } = dependencies;
  const requestedAt = now().toISOString();
  const runId = runIdAt(requestedAt, randomHex());
  await runs.createRequest({ ...wish, runId, requestedAt, today: today() });
  return { runId };
}

function runIdAt(instant: string, random: string): RunId {
  return `${instant.replace(/[-:.]/g, '')}-${random}`;
}
