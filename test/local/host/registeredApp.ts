import type {
  FunctionMetadata,
  Handler,
  Hook,
  LogEntry,
  ProgrammingModel,
  RegisteredFunction,
} from './workerApi.js';

/** Those of the worker that this app uses. */
const hookNames = ['appStart', 'appTerminate', 'preInvocation'] as const;
type HookName = (typeof hookNames)[number];

/** An error that the library recognises as one of the host's own. */
function systemError(error: Error): Error {
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}

/** Collects what one app registers while it is loaded, and what its hooks share while it runs. */
export class RegisteredApp {
  readonly functions = new Map<string, RegisteredFunction>();
  /** Shared by all hooks of the app. */
  readonly appHookData: Record<string, unknown> = {};
  /** Shared by appStart and appTerminate hooks only. */
  readonly appLevelHookData: Record<string, unknown> = {};
  programmingModel: ProgrammingModel | undefined;

  readonly #hooks: Record<HookName, Hook[]> = {
    appStart: [],
    appTerminate: [],
    preInvocation: [],
  };
  readonly #onLog: (entry: LogEntry) => void;
  #indexed = false;

  constructor(onLog: (entry: LogEntry) => void) {
    this.#onLog = onLog;
  }

  /** @throws Error when the name is taken, or the app has already been started. */
  registerFunction(metadata: FunctionMetadata, handler: Handler): () => void {
    if (this.#indexed) {
      throw systemError(new Error('A function can only be registered during app startup.'));
    }
    if (this.functions.has(metadata.name)) {
      throw systemError(new Error(`A function with id "${metadata.name}" has already been registered.`));
    }
    this.functions.set(metadata.name, { metadata, handler });
    return () => this.functions.delete(metadata.name);
  }

  /** @throws RangeError for a hook that the stand-in does not have. */
  registerHook(name: string, hook: Hook): () => void {
    const known = hookNames.find((hookName) => hookName === name);
    if (known === undefined) throw systemError(new RangeError(`Unrecognized hook "${name}"`));
    this.#hooks[known].push(hook);
    return () => {
      this.#hooks[known] = this.#hooks[known].filter((other) => other !== hook);
    };
  }

  /** From now on functions can no longer be registered. */
  endRegistration(): void {
    this.#indexed = true;
  }

  /** Runs the hooks of one kind one after the other, in the order of their registration. */
  async runHooks(name: HookName, context: object): Promise<void> {
    for (const hook of this.#hooks[name]) await hook(context);
  }

  /** Passes one line on. */
  log(entry: LogEntry): void {
    this.#onLog(entry);
  }
}
