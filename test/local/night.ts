import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { runIdSchema, type RunId } from '../../shared/records/runId.js';
import { runStatusSchema, type RunStatus } from '../../shared/records/runStatus.js';
import type { NewRun } from '../../shared/requests/newRun.js';
import type { FunctionsHost } from './host/functionsHost.js';

const betweenLooksMs = 100;

type Address = Pick<FunctionsHost, 'baseUrl' | 'functionKey'>;

/** The HTTP API of the app, as a person with the function key uses it. */
export class RunsApi {
  readonly #host: Address;

  constructor(host: Address) {
    this.#host = host;
  }

  async newestRun(): Promise<RunStatus | undefined> {
    return runListSchema.parse(await this.#ask('/api/runs?limit=1')).runs[0];
  }

  /** With its warnings. */
  async run(runId: RunId): Promise<RunStatus> {
    return runStatusSchema.parse(await this.#ask(`/api/runs/${runId}`));
  }

  async request(wish: NewRun): Promise<RunId> {
    return startedSchema.parse(await this.#ask('/api/runs', JSON.stringify(wish))).runId;
  }

  async cancel(runId: RunId, reason: string): Promise<void> {
    await this.#ask(`/api/runs/${runId}`, JSON.stringify({ reason }), 'DELETE');
  }

  async #ask(path: string, body?: string, method = 'POST'): Promise<unknown> {
    const response = await fetch(`${this.#host.baseUrl}${path}`, {
      headers: { 'x-functions-key': this.#host.functionKey },
      ...(body === undefined ? {} : { method, body }),
    });
    if (!response.ok) throw new Error(`${path} answered ${String(response.status)}`);
    return response.json();
  }
}

const runListSchema = z.object({ runs: z.array(runStatusSchema) });
const startedSchema = z.object({ runId: runIdSchema });

/**
 * A run that a person asks for, until it has ended or is paused. Where storage was kept, an earlier run may not have ended,
 * and the app starts no other one before it has: what was interrupted goes on first, and what is still paused is cancelled.
 * @param interrupted ends the wait with an AbortError
 * @param onStatus called each time the status of a run was read
 */
export async function runAsked(
  host: Address,
  wish: NewRun,
  interrupted: AbortSignal,
  onStatus: (status: RunStatus) => void,
): Promise<RunStatus> {
  const api = new RunsApi(host);
  const before = await api.newestRun();
  if (before !== undefined) {
    const { status, runId: earlier } = await untilItEnds(() => api.run(before.runId), interrupted, onStatus);
    if (status === 'held') await api.cancel(earlier, 'another run was asked for in its place');
  }
  const runId = await api.request(wish);
  return untilItEnds(() => api.run(runId), interrupted, onStatus);
}

/**
 * One nightly run: the timer fires, and the run goes on until it has ended or is paused.
 * @param interrupted ends the wait with an AbortError
 * @param onStatus called each time the run's status was read
 * @throws Error when the timer's function failed, so that there is no run
 */
export async function runNight(
  host: FunctionsHost,
  interrupted: AbortSignal,
  onStatus: (status: RunStatus) => void,
): Promise<RunStatus> {
  const api = new RunsApi(host);
  const before = await api.newestRun();
  await host.runTimer('nightly');
  const newest = async (): Promise<RunStatus> => {
    const status = await api.newestRun();
    if (status === undefined || status.runId === before?.runId) {
      throw new Error('The nightly function failed before there was a run; its error is shown above.');
    }
    return status;
  };
  return untilItEnds(newest, interrupted, onStatus);
}

async function untilItEnds(
  look: () => Promise<RunStatus>,
  interrupted: AbortSignal,
  onStatus: (status: RunStatus) => void,
): Promise<RunStatus> {
  for (;;) {
    const status = await look();
    onStatus(status);
    if (status.endedAt !== undefined || status.status === 'held' || status.status === 'unreadable') {
      return status;
    }
    await delay(betweenLooksMs, undefined, { signal: interrupted });
  }
}
