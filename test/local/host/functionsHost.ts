import { randomBytes } from 'node:crypto';
import { putInEnvironment } from './environment.js';
import { FunctionRunner } from './functionRunner.js';
import { readHostJson, type HostJson } from './hostJson.js';
import { HttpFront } from './httpFront.js';
import { InFlight } from './inFlight.js';
import { indexFunctions, type IndexedFunction, type Settings, type Trigger } from './indexing.js';
import { loadApp } from './loading.js';
import { QueueListener } from './queueListener.js';
import type { RegisteredApp } from './registeredApp.js';
import { TimerListener, type TimerStatus, type TimerStatuses } from './timerListener.js';
import type { SignedIn } from './signedIn.js';
import type { LogEntry } from './workerApi.js';

export type { LogEntry } from './workerApi.js';

export interface FunctionsHostOptions {
  /** Folder with host.json and package.json, whose `main` names the compiled entry files. */
  readonly appRoot: string;
  /**
   * App settings: in `process.env` while the host runs, and the only source of `%NAME%` and of connections.
   * `AzureWebJobsStorage` must be a connection string.
   */
  readonly settings: Settings;
  /** A free one when absent. */
  readonly port?: number;
  /** Opens functions of the level `function`; random when absent. */
  readonly functionKey?: string;
  /** Lines of the app (its context.log and so on), of the library and of the host. When absent, warnings and errors go to stderr. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Lets `x-ms-client-principal…` headers of callers through, to play a signed-in person. Default: they are dropped. */
  readonly acceptClientPrincipal?: boolean;
  /** Plays App Service authentication: who is signed in at a request. Default: no one. */
  readonly signedIn?: () => SignedIn | undefined;
  /** Overrides queue timings of host.json, for tests and laptops. In seconds. */
  readonly speedUp?: {
    /** The longest wait between two empty polls (0.1 or more). */
    readonly maxPollingInterval?: number;
    /** How long a message stays hidden after a failure; whole seconds, 0 for none. */
    readonly visibilityTimeout?: number;
    /** How long a running message is hidden, renewed at half-time; whole seconds. In Azure 600. */
    readonly hiddenWhileRunning?: number;
    /** How long `stop` waits for what runs before it stops listening. In Azure 10. */
    readonly drain?: number;
    /** In place of functionTimeout of host.json. */
    readonly functionTimeout?: number;
  };
  /** When timers ran and were to run next, for this host and those that follow it; forgotten with the host when absent. */
  readonly timerStatuses?: TimerStatuses;
}

export interface FunctionsHost {
  /** http://127.0.0.1:PORT */
  readonly baseUrl: string;
  readonly functionKey: string;
  /** What was indexed; `route` with its prefix, such as `/api/runs/{runId}`. */
  readonly functions: readonly FunctionDescription[];
  /**
   * Runs a timer function now. Resolves when the run has ended,
   * with its retries; a failure is a log line, as in Azure.
   *
   * @throws Error when there is no timer of this name.
   */
  runTimer(name: string): Promise<void>;
  /**
   * Resolves when no triggered queue has a visible message and nothing is in flight. A message that waits for the end
   * of its visibilityTimeout does not count. Polls at once instead of at the next interval. A stopped host is idle.
   */
  idle(): Promise<void>;
  /**
   * In the order of the real host: takes no more requests; waits up to ten seconds for a moment in which nothing runs,
   * while queues and timers go on; stops these; runs the appTerminate hooks for up to five seconds, and from then on
   * ignores what still runs. Then restores `process.env`. May be called twice.
   */
  stop(): Promise<void>;
}

interface FunctionDescription {
  readonly name: string;
  readonly trigger: string;
  readonly route?: string;
  readonly schedule?: string;
  readonly queue?: string;
  readonly isDisabled?: true;
}

const drainSeconds = 10;
const graceOfHooks = 5_000;
const pauseBetweenIdleChecks = 25;

/**
 * Runs a compiled Functions app as the Functions host and its Node worker would, in this process.
 * The app and `@azure/functions` are loaded anew, so that hosts can follow one another. A late unhandled rejection
 * of the app ends the process, as it ends the worker; what runs when a worker is killed or the host stops goes on here,
 * and the host ignores it. Not played: several instances, the timer's lease, the admin endpoints, response cookies,
 * HTTP streams, bindings, hooks and retries that this app does not use: an app that asks for one is refused.
 *
 * @throws Error when the app gives no function: an entry file threw, or nothing could be indexed.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const undo = [putInEnvironment(options.settings)];
  const leave = (): void => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const onLog = options.onLog ?? logToStderr;
    const hostJson = readHostJson(options.appRoot);
    const startWorker = async (): Promise<RegisteredApp> => {
      const { app, unload } = loadApp(options.appRoot, onLog);
      undo.push(unload);
      await startApp(app, options.appRoot);
      return app;
    };
    const app = await startWorker();
    const errors: string[] = [];
    const indexed = indexFunctions(app, options.settings, (functionName, message) => {
      errors.push(message);
      onLog({ level: 'error', functionName, message });
    });
    if (indexed.length === 0) throw new Error(`Zero functions:\n${errors.join('\n')}`);
    const host = new RunningHost(options, hostJson, { app, startWorker }, indexed, onLog, leave);
    await host.listen();
    return host;
  } catch (error) {
    leave();
    throw error;
  }
}

/** Runs the appStart hooks; after this the app can register no function and call `app.setup` no more. */
async function startApp(app: RegisteredApp, functionAppDirectory: string): Promise<void> {
  const capabilities = await app.programmingModel?.getCapabilities({});
  if (capabilities?.HttpUri !== undefined) {
    throw new Error('The stand-in has no HTTP streams: remove enableHttpStream from app.setup.');
  }
  const { appLevelHookData: hookData, appHookData } = app;
  await app.runHooks('appStart', { functionAppDirectory, hookData, appHookData });
  app.endRegistration();
}

class RunningHost implements FunctionsHost {
  readonly functionKey: string;
  readonly functions: readonly FunctionDescription[];
  readonly #port: number;
  readonly #runner: FunctionRunner;
  readonly #drainMs: number;
  readonly #onLog: (entry: LogEntry) => void;
  readonly #inFlight = new InFlight();
  readonly #queues: readonly QueueListener[];
  readonly #timers: ReadonlyMap<string, TimerListener>;
  readonly #front: HttpFront;
  readonly #leave: () => void;
  #baseUrl = '';
  #stopping: Promise<void> | undefined;

  constructor(
    options: FunctionsHostOptions,
    hostJson: HostJson,
    { app, startWorker }: { app: RegisteredApp; startWorker: () => Promise<RegisteredApp> },
    indexed: readonly IndexedFunction[],
    onLog: (entry: LogEntry) => void,
    leave: () => void,
  ) {
    const { speedUp = {}, functionKey = randomBytes(24).toString('base64url') } = options;
    this.functionKey = functionKey;
    this.functions = indexed.map(describe);
    this.#port = options.port ?? 0;
    this.#onLog = onLog;
    this.#leave = leave;

    const { hiddenWhileRunning = 600, drain = drainSeconds, functionTimeout, ...timings } = speedUp;
    this.#drainMs = drain * 1000;
    const runner = new FunctionRunner({
      app,
      functionTimeout: functionTimeout ?? hostJson.functionTimeout,
      startWorker,
      inFlight: this.#inFlight,
      onLog,
      onQueueWritten: (name) => {
        for (const queue of this.#queues) if (queue.queueName === name) queue.wake();
      },
    });
    this.#runner = runner;
    const settings = { ...hostJson.queues, ...timings };
    const triggered = indexed.filter(({ isDisabled }) => !isDisabled);
    this.#queues = ofType(triggered, 'queueTrigger').map(
      (one) => new QueueListener({ indexed: one, runner, settings, hiddenWhileRunning }),
    );
    const statuses: TimerStatuses = options.timerStatuses ?? new Map<string, TimerStatus>();
    this.#timers = new Map(
      ofType(indexed, 'timerTrigger').map((one) => [one.name, new TimerListener(one, runner, statuses)]),
    );
    this.#front = new HttpFront({
      functions: ofType(triggered, 'httpTrigger'),
      runner,
      functionKey,
      acceptClientPrincipal: options.acceptClientPrincipal ?? false,
      signedIn: options.signedIn ?? (() => undefined),
    });
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  async listen(): Promise<void> {
    this.#baseUrl = await this.#front.listen(this.#port);
    for (const queue of this.#queues) queue.start();
    for (const timer of this.#timers.values()) timer.start();
  }

  async runTimer(name: string): Promise<void> {
    const timer = this.#timers.get(name);
    if (timer === undefined) {
      throw new Error(`No timer function "${name}"; there are: ${[...this.#timers.keys()].join(', ')}.`);
    }
    await timer.runNow();
  }

  async idle(): Promise<void> {
    while (this.#stopping === undefined) {
      await this.#inFlight.whenEmpty();
      const begunBefore = this.#inFlight.begun;
      const full: QueueListener[] = [];
      for (const queue of this.#queues) {
        if (await queue.hasVisibleMessage()) full.push(queue);
      }
      if (full.length === 0 && this.#inFlight.isEmpty && this.#inFlight.begun === begunBefore) return;
      for (const queue of full) queue.wake();
      await new Promise((resolve) => setTimeout(resolve, pauseBetweenIdleChecks));
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    try {
      this.#front.stopAccepting();
      await within(this.#drainMs, this.#inFlight.whenEmpty());
      for (const timer of this.#timers.values()) timer.stop();
      await Promise.all(this.#queues.map((queue) => queue.stop()));
      await this.#terminateWorker();
    } finally {
      this.#front.close();
      this.#leave();
    }
  }

  async #terminateWorker(): Promise<void> {
    const { app } = this.#runner;
    if (!this.#inFlight.isEmpty) {
      this.#onLog({ level: 'warning', message: 'Stopped with invocations in flight.' });
    }
    this.#runner.leave();
    if (app === undefined) return;
    const { appLevelHookData: hookData, appHookData } = app;
    const hooks = app.runHooks('appTerminate', { hookData, appHookData });
    if (!(await within(graceOfHooks, hooks))) {
      this.#onLog({
        level: 'warning',
        message: 'The worker was killed before its appTerminate hooks had ended.',
      });
    }
  }
}

/** Waits for work, but not longer than so many milliseconds. @returns whether it has ended */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(timer);
  }
}

function ofType<T extends Trigger['type']>(
  indexed: readonly IndexedFunction[],
  type: T,
): IndexedFunction<Extract<Trigger, { type: T }>>[] {
  const isOfType = (one: IndexedFunction): one is IndexedFunction<Extract<Trigger, { type: T }>> =>
    one.trigger.type === type;
  return indexed.filter(isOfType);
}

function describe({ name, trigger, isDisabled }: IndexedFunction): FunctionDescription {
  const about = { name, trigger: trigger.type, ...(isDisabled && { isDisabled }) };
  switch (trigger.type) {
    case 'httpTrigger':
      return { ...about, route: trigger.route };
    case 'queueTrigger':
      return { ...about, queue: trigger.queue };
    case 'timerTrigger':
      return { ...about, schedule: trigger.schedule };
  }
}

function logToStderr({ level, functionName, message }: LogEntry): void {
  if (!['warning', 'error', 'critical'].includes(level)) return;
  process.stderr.write(`${level} ${functionName === undefined ? '' : `${functionName}: `}${message}\n`);
}
