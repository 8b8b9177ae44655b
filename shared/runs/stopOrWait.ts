import type { DeliveryProblem } from '../dfe/delivery.js';
import type { KeyProof } from '../dfe/forbidden.js';
import { redeliveryMs } from '../host/durations.js';
import type { Answers } from '../records/answers.js';
import type { Chunk } from '../records/chunk.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { activeUntil } from '../records/activity.js';
import type { Wait } from '../records/waits.js';
import type { Telemetry } from '../telemetry/events.js';

export interface ProblemDependencies {
  readonly runs: RunStore;
  readonly telemetry: Telemetry;
  /** Whether DfE accepts token and key, found without sending a child. */
  readonly probe: () => Promise<KeyProof>;
  readonly now: () => Date;
}

/**
 * Records DfE's answers, and stops the run when it is useless to continue: the rest is then outstanding, and not
 * tried in vain chunk by chunk.
 * @returns until when the run waits, when DfE asked not to be posted to
 */
export async function recordProblem(
  { runId, chunk }: Chunk,
  answers: Answers,
  newlyAccepted: number,
  problem: DeliveryProblem,
  dependencies: ProblemDependencies,
): Promise<Wait | undefined> {
  const { runs, telemetry, now } = dependencies;
  const { text, retryAfterMs = 0 } = problem;
  const at = now();
  await runs.answers.write({ runId, chunk }, answers);
  await runs.unrecordedAttempts.write({ runId, chunk }, { unrecorded: 0 });
  await runs.failedAttempts.record(runId, chunk, newlyAccepted, at, text);
  // For a shorter time the queue keeps the message anyway.
  const since = await runs.time();
  const until = retryAfterMs > redeliveryMs ? timeAfter(since, retryAfterMs) : undefined;
  const reason = await (until === undefined
    ? whyStop(runId, problem, dependencies)
    : whyNotWait(runId, chunk, text, until, runs));
  if (reason !== undefined) {
    await runs.cancellation.create(runId, { at: at.toISOString(), by: 'the app', reason, cause: 'receiver' });
    return undefined;
  }
  if (until === undefined) return undefined;
  telemetry.record({ name: 'RunWaits', dimensions: { runId }, measurements: { waitMs: retryAfterMs } });
  return runs.wait.record(runId, { since: since.toISOString(), until: until.toISOString(), reason: text });
}

/** Why to stop the run: DfE accepts no credential, or has accepted nothing in several attempts in a row. */
async function whyStop(
  runId: RunId,
  { why, text }: DeliveryProblem,
  { runs, probe }: ProblemDependencies,
): Promise<string | undefined> {
  if (why === 'unauthorised') return text;
  const struck = await runs.failedAttempts.inARow(runId);
  if (struck.length < failedAttemptsUntilStop) return undefined;
  if ((await probe()) !== 'accepted') return text;
  // With one or two chunks, the content may be the reason.
  const inVain = [...new Set(struck)].filter(
    (chunk) => failedAttemptsOf(chunk, struck) >= failedAttemptsUntilStop,
  );
  if (inVain.length < chunksUntilStop) return undefined;
  return `DfE accepts a POST without children, and has accepted no child of the last ${String(inVain.length)} chunks, each tried ${String(failedAttemptsUntilStop)} times. ${text}`;
}

/** Why to stop the run rather than wait: it would stop being the active run before then, or has waited in vain. */
async function whyNotWait(
  runId: RunId,
  chunk: number,
  text: string,
  until: Date,
  runs: RunStore,
): Promise<string | undefined> {
  const active = await runs.activeRun.read();
  if (active !== undefined && until > activeUntil(active)) {
    return `${text} DfE asked not to be sent anything until ${until.toISOString()}, which is later than a run may go on.`;
  }
  if (failedAttemptsOf(chunk, await runs.failedAttempts.inARow(runId)) < failedAttemptsUntilStop)
    return undefined;
  return `${text} DfE asked ${String(failedAttemptsUntilStop)} times in a row to wait, and accepted no child in between.`;
}

function failedAttemptsOf(chunk: number, struck: readonly number[]): number {
  return struck.filter((one) => one === chunk).length;
}

/** `Retry-After` may be any number. */
function timeAfter(begin: Date, ms: number): Date {
  return new Date(Math.min(begin.getTime() + ms, latestTime));
}

const latestTime = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * One less than the queue tries a message, so that a run ends as unavailable and not as a series of poisoned chunks.
 */
const failedAttemptsUntilStop = 4;
const chunksUntilStop = 3;
