/** One HTTP request to DfE and what came of it. Holds nothing of what was sent. */
export interface ApiCall {
  readonly operation: 'token' | 'post';
  /** An HTTP status; `timeout`: no answer in time; `network`: no connection, or one that broke. */
  readonly status: string;
  readonly durationMs: number;
  readonly children: number;
  /** Of the children's payloads: 0 for a token. */
  readonly bytes: number;
}

/** Told of each request when it is over. Never throws. */
export type OnApiCall = (call: ApiCall) => void;

/** The status of a request that brought no answer. */
export function statusOf(error: unknown): 'timeout' | 'network' {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each.name === 'TimeoutError' || each.name === 'ConnectTimeoutError') return 'timeout';
  }
  return 'network';
}
