import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { runIdSchema, type RunId } from '../../shared/records/runId.js';
import { runStatusSchema, type RunStatus } from '../../shared/records/runStatus.js';
import type { NewRun } from '../../shared/requests/newRun.js';
import type { FunctionsHost } from './host/functionsHost.js';

const betweenLooksMs = 100;

/** The HTTP API of the app, as a person with the function key uses it. */
export class RunsApi {
  readonly #host: FunctionsHost;

  constructor(host: FunctionsHost) {
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

  async #ask(path: string, body?: string): Promise<unknown> {
    const response = await fetch(`${this.#host.baseUrl}${path}`, {
      headers: { 'x-functions-key': this.#host.functionKey },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    if (!response.ok) throw new Error(`${path} answered ${String(response.status)}`);
    return response.json();
  }
}

const runListSchema = z.object({ runs: z.array(runStatusSchema) });
const startedSchema = z.object({ runId: runIdSchema });

/**
 * A run that a person asks for, until it has ended or is paused.
 * @param interrupted ends the wait with an AbortError
 * @param onStatus called each time the run's status was read
 */
export async function runAsked(
  host: FunctionsHost,
  wish: NewRun,
  interrupted: AbortSignal,
  onStatus: (status: RunStatus) => void,
): Promise<RunStatus> {
  const api = new RunsApi(host);
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
    if (status.endedAt !== undefined || status.status === 'held') return status;
    await delay(betweenLooksMs, undefined, { signal: interrupted });
  }
}
