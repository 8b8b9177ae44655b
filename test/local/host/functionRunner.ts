import { randomUUID } from 'node:crypto';
import type { InFlight } from './inFlight.js';
import type { IndexedFunction } from './indexing.js';
import { invoke, type TriggerInput } from './invocation.js';
import { writeOutputs } from './outputs.js';
import type { RegisteredApp } from './registeredApp.js';
import type { InvocationResponse, LogEntry } from './workerApi.js';

/** How an invocation ended, its outputs included; one that outlives its host has no end that anyone sees. */
type Outcome =
  { readonly response: InvocationResponse } | { readonly error: Error } | { readonly hostGone: true };

interface FunctionRunnerOptions {
  readonly app: RegisteredApp;
  /** How long an invocation may take, in seconds. */
  readonly functionTimeout: number;
  /** Makes a new worker. */
  readonly startWorker: () => Promise<RegisteredApp>;
  readonly inFlight: InFlight;
  readonly onLog: (entry: LogEntry) => void;
  /** Called with the name of a queue to which a function or the host has added a message. */
  readonly onQueueWritten: (queue: string) => void;
}

/** Runs functions for their triggers: an invocation, then its outputs, with the host's log lines around them. */
export class FunctionRunner {
  readonly #options: FunctionRunnerOptions;
  readonly #hostGone = Promise.withResolvers<Outcome>();
  #app: RegisteredApp | undefined;
  /** Settles when the worker is killed: every invocation in it fails. */
  #killed = Promise.withResolvers<Outcome>();

  constructor(options: FunctionRunnerOptions) {
    this.#options = options;
    this.#app = options.app;
  }

  /** The app in the worker that runs now; none while a new one starts. */
  get app(): RegisteredApp | undefined {
    return this.#app;
  }

  get inFlight(): InFlight {
    return this.#options.inFlight;
  }

  /** Never rejects: a failure is logged and is the outcome. */
  async run(indexed: IndexedFunction, input: TriggerInput): Promise<Outcome> {
    return this.inFlight.track(() => this.#run(indexed, input));
  }

  /** From now on the end of an invocation is ignored: its outputs are not written, its message stays as it is. */
  leave(): void {
    this.#hostGone.resolve({ hostGone: true });
  }

  queueWritten(queue: string): void {
    this.#options.onQueueWritten(queue);
  }

  /** Logs something that is wrong and fails no invocation. */
  warn(message: string, functionName?: string): void {
    this.#options.onLog({ level: 'warning', ...(functionName !== undefined && { functionName }), message });
  }

  async #run(indexed: IndexedFunction, input: TriggerInput): Promise<Outcome> {
    const { onLog } = this.#options;
    const functionName = indexed.name;
    const invocationId = randomUUID();
    const started = performance.now();
    const ended = (how: string): string =>
      `Executed 'Functions.${functionName}' (${how}, Id=${invocationId}, ` +
      `Duration=${Math.round(performance.now() - started)}ms)`;
    const executing = `Executing 'Functions.${functionName}' (Id=${invocationId})`;
    onLog({ level: 'information', functionName, invocationId, message: executing });
    const outcome = await this.#outcomeOf(indexed, input, invocationId);
    if ('response' in outcome) {
      onLog({ level: 'information', functionName, invocationId, message: ended('Succeeded') });
    } else if ('error' in outcome) {
      const message = `${ended('Failed')}\n${outcome.error.stack ?? outcome.error.message}`;
      onLog({ level: 'error', functionName, invocationId, message });
    }
    return outcome;
  }

  async #outcomeOf(indexed: IndexedFunction, input: TriggerInput, invocationId: string): Promise<Outcome> {
    const { functionTimeout, onQueueWritten } = this.#options;
    const timeout = setTimeout(
      () => this.#killWorker(indexed.name, invocationId),
      // Node takes no longer time than this.
      Math.min(functionTimeout * 1000, 2 ** 31 - 1),
    );
    try {
      const answered = this.#invoke(indexed, input, invocationId);
      const outcome = await Promise.race([answered, this.#killed.promise, this.#hostGone.promise]);
      if ('response' in outcome) await writeOutputs(indexed, outcome.response, onQueueWritten);
      return outcome;
    } catch (error) {
      return { error: errorOf(error) };
    } finally {
      clearTimeout(timeout);
    }
  }

  async #invoke(indexed: IndexedFunction, input: TriggerInput, invocationId: string): Promise<Outcome> {
    try {
      const app = this.#app;
      if (app === undefined) throw new Error('There are no initialized language workers.');
      const registered = app.functions.get(indexed.name) ?? indexed.registered;
      return { response: await invoke(app, registered, input, invocationId) };
    } catch (error) {
      return { error: errorOf(error) };
    }
  }

  /** Ends every invocation, and goes on with a new worker. What the old one still does goes on in this process. */
  #killWorker(functionName: string, invocationId: string): void {
    const message =
      `Timeout value of ${this.#options.functionTimeout} seconds exceeded by function ` +
      `'Functions.${functionName}' (Id: '${invocationId}'). The worker is started anew.`;
    this.#options.onLog({ level: 'error', functionName, invocationId, message });
    this.#killed.resolve({ error: new Error(message) });
    this.#killed = Promise.withResolvers();
    this.#app = undefined;
    void this.inFlight.track(() => this.#startWorker());
  }

  async #startWorker(): Promise<void> {
    try {
      this.#app = await this.#options.startWorker();
    } catch (error) {
      this.#options.onLog({ level: 'critical', message: errorOf(error).message });
    }
  }
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
