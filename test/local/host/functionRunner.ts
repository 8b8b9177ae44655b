import { randomUUID } from 'node:crypto';
import type { QueueSettings } from './hostJson.js';
import type { InFlight } from './inFlight.js';
import type { IndexedFunction } from './indexing.js';
import { invoke, type TriggerInput } from './invocation.js';
import { writeOutputs } from './outputs.js';
import type { RegisteredApp } from './registeredApp.js';
import type { InvocationResponse, LogEntry } from './workerApi.js';

/** How an invocation ended, its outputs included. */
export type Outcome = { readonly response: InvocationResponse } | { readonly error: Error };

export interface FunctionRunnerOptions {
  readonly app: RegisteredApp;
  readonly encoding: QueueSettings['messageEncoding'];
  readonly inFlight: InFlight;
  readonly onLog: (entry: LogEntry) => void;
  /** Called with the name of a queue to which a function or the host has added a message. */
  readonly onQueueWritten: (queue: string) => void;
}

/** Runs functions for their triggers: an invocation, then its outputs, with the host's log lines around them. */
export class FunctionRunner {
  readonly #options: FunctionRunnerOptions;

  constructor(options: FunctionRunnerOptions) {
    this.#options = options;
  }

  get inFlight(): InFlight {
    return this.#options.inFlight;
  }

  /** Never rejects: a failure is logged and is the outcome. */
  async run(indexed: IndexedFunction, input: TriggerInput): Promise<Outcome> {
    return this.inFlight.track(() => this.#run(indexed, input));
  }

  queueWritten(queue: string): void {
    this.#options.onQueueWritten(queue);
  }

  /** Logs something that is wrong and fails no invocation. */
  warn(message: string, functionName?: string): void {
    this.#options.onLog({ level: 'warning', ...(functionName !== undefined && { functionName }), message });
  }

  async #run(indexed: IndexedFunction, input: TriggerInput): Promise<Outcome> {
    const { app, encoding, onLog, onQueueWritten } = this.#options;
    const functionName = indexed.name;
    const invocationId = randomUUID();
    const started = performance.now();
    const ended = (how: string): string =>
      `Executed 'Functions.${functionName}' (${how}, Id=${invocationId}, ` +
      `Duration=${Math.round(performance.now() - started)}ms)`;
    const executing = `Executing 'Functions.${functionName}' (Id=${invocationId})`;
    onLog({ level: 'information', functionName, invocationId, message: executing });
    try {
      const response = await invoke(app, indexed.registered, input, invocationId);
      await writeOutputs(indexed, response, encoding, onQueueWritten);
      onLog({ level: 'information', functionName, invocationId, message: ended('Succeeded') });
      return { response };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const message = `${ended('Failed')}\n${error.stack ?? error.message}`;
      onLog({ level: 'error', functionName, invocationId, message });
      return { error };
    }
  }
}
