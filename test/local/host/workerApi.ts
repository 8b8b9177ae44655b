/**
 * What an app registers with the Node worker, in the shapes of `@azure/functions-core`:
 * the part of them that the stand-in uses. The library hands these in; nothing here is converted.
 */

/** One value on its way between host and worker; exactly one property is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: HttpExchange;
}

/** An HTTP request on its way to the library, or a response on its way back. */
export interface HttpExchange {
  readonly url?: string;
  readonly method?: string;
  readonly params?: Record<string, string>;
  /** By name; the values of a name that is repeated are joined by commas. */
  readonly query?: Record<string, string>;
  readonly statusCode?: string;
  readonly headers?: Record<string, string>;
  readonly body?: TypedData | null;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata?: Record<string, TypedData>;
  readonly traceContext: { readonly traceParent: string; readonly traceState: string };
}

export interface InvocationResponse {
  readonly outputData?: readonly { readonly name: string; readonly data: TypedData }[];
  readonly returnValue?: TypedData | null;
}

export type Handler = (...args: unknown[]) => unknown;

interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  /** Ends the time of `app.setup`; names a proxy address in `HttpUri` when the app asked for HTTP streams. */
  getCapabilities(capabilities: object): Promise<{ readonly HttpUri?: string }>;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | undefined;
  log(level: string, category: string, message: string): void;
}

export interface FunctionMetadata {
  readonly name: string;
  /** By binding name; `$return` for the returned value. */
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly retryOptions?: RetryOptions | undefined;
}

/** Tries again after a delay, in whole seconds, that is always the same. */
interface RetryOptions {
  readonly retryStrategy: string;
  readonly maxRetryCount: number;
  readonly delayInterval?: { readonly seconds: number };
}

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly handler: Handler;
}

export type Hook = (context: object) => unknown;

/** One line of the app, of the library or of the host. */
export interface LogEntry {
  /** trace, debug, information, warning, error or critical. */
  level: string;
  functionName?: string;
  invocationId?: string;
  message: string;
}
