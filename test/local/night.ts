import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { runStatusSchema, type RunStatus } from '../../shared/records/runStatus.js';
import type { FunctionsHost } from './host/functionsHost.js';

const betweenLooksMs = 100;

/** The HTTP API of the app, as a person with the function key uses it. */
export class RunsApi {
  readonly #host: FunctionsHost;

  constructor(host: FunctionsHost) {
    this.#host = host;
  }

  async newestRun(): Promise<RunStatus | undefined> {
    return runListSchema.parse(await this.#get('/api/runs?limit=1')).runs[0];
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#host.baseUrl}${path}`, {
      headers: { 'x-functions-key': this.#host.functionKey },
    });
    if (!response.ok) throw new Error(`GET ${path} answered ${String(response.status)}`);
    return response.json();
  }
}

const runListSchema = z.object({ runs: z.array(runStatusSchema) });

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
  for (;;) {
    const status = await api.newestRun();
    if (status === undefined || status.runId === before?.runId) {
      throw new Error('The nightly function failed before there was a run; its error is shown above.');
    }
    onStatus(status);
    if (status.endedAt !== undefined || status.status === 'held') return status;
    await delay(betweenLooksMs, undefined, { signal: interrupted });
  }
}
