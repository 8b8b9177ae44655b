/** One HTTP request to DfE and its result, without anything that was sent. */
export interface ApiCall {
  readonly operation: 'token' | 'post';
  /** An HTTP status; `timeout`: no answer in time; `network`: no connection, or one that broke. */
  readonly status: string;
  readonly durationMs: number;
  readonly children: number;
  /** The size of the children's payloads; 0 for a token. */
  readonly bytes: number;
}

/** Called after each request. Never throws. */
export type OnApiCall = (call: ApiCall) => void;

/** The status of a request that had no answer. */
export function statusOf(error: unknown): 'timeout' | 'network' {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each.name === 'TimeoutError' || each.name === 'ConnectTimeoutError') return 'timeout';
  }
  return 'network';
}
