import pRetry from 'p-retry';

/** How patient the app is with a database that is not there for a moment. */
export interface Patience {
  /** The first wait; each further one is about twice as long, spread at random. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** No further try begins so long after the first one; waits and tries count. */
  readonly budgetMs: number;
}

export interface ConnectOptions {
  readonly patience?: Patience;
  /** Gives up connecting when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A paused serverless database refuses with 40613 and takes up to a minute to wake; a failover is shorter. */
export const usualPatience: Patience = { firstWaitMs: 1000, longestWaitMs: 15_000, budgetMs: 120_000 };

/**
 * Deadlock victim and lock timeout: the server has undone the statement and said so. Numbers of SQL Server, then
 * SQLSTATEs of PostgreSQL, among them 40001 (another transaction was faster).
 */
const undone: ReadonlySet<string> = new Set(['1205', '1222', '40P01', '55P03', '40001']);

/**
 * What passes by itself. Numbers from Azure SQL's list of transient faults: 4060 also stands for a database that does
 * not exist, which then takes the whole patience to be reported. SQLSTATEs of PostgreSQL: no connection is free, the
 * server starts or stops.
 */
const passing: ReadonlySet<string> = new Set([
  ...undone,
  ...['615', '4060', '4221', '10928', '10929', '40197', '40501', '40540', '40613', '49918', '49919', '49920'],
  ...['53300', '57P03'],
]);

/**
 * The connection broke, or could not be made: codes of the drivers and of Node, then SQLSTATEs of PostgreSQL, whose
 * server ends a connection when it is restarted (57P01), has crashed (57P02) or finds it idle for too long.
 */
const broken: ReadonlySet<string> = new Set([
  ...['ESOCKET', 'ECONNCLOSED', 'ECLOSE', 'EINVALIDSTATE'],
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
  ...['08000', '08001', '08003', '08006', '57P01', '57P02', '57P05', '25P03'],
]);

/** A name that does not exist, and a certificate that does not fit: no wait mends them. */
const lasting = /^ENOTFOUND$|CERT|^UNABLE_TO_|^ERR_TLS_/;

/**
 * @param codes of the error and of what caused it, as `codesOf` gives them
 * @param stage `connecting` when nothing was asked yet: then a timeout may pass too. A statement that ran into its
 * own timeout would do so again.
 */
export function isTransient(codes: readonly string[], stage: 'connecting' | 'asking'): boolean {
  if (codes.some((code) => lasting.test(code))) return false;
  return codes.some(
    (code) => passing.has(code) || broken.has(code) || (stage === 'connecting' && code === 'ETIMEOUT'),
  );
}

/** Whether the server itself said that it has undone the statement, so that even a write may be repeated. */
export function isUndone(codes: readonly string[]): boolean {
  return codes.some((code) => undone.has(code));
}

/** The server's numbers and the driver's and Node's codes in an error and in what caused it. */
export function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const own = ['number', 'code']
    .map((key): unknown => Reflect.get(error, key))
    .filter((value) => typeof value === 'number' || typeof value === 'string')
    .map(String);
  const nested: unknown = Reflect.get(error, 'errors');
  const causes: unknown[] = Array.isArray(nested) ? nested : [];
  return [
    ...own,
    ...codesOf(Reflect.get(error, 'originalError')),
    ...codesOf(Reflect.get(error, 'cause')),
    ...causes.flatMap(codesOf),
  ];
}

/**
 * Repeats `attempt` while `mayRepeat` says so and the patience lasts.
 * @throws what the last attempt threw, or the reason of `signal` once it is aborted
 */
export function withPatience<T>(
  attempt: () => Promise<T>,
  mayRepeat: (error: unknown) => boolean,
  { firstWaitMs, longestWaitMs, budgetMs }: Patience,
  signal: AbortSignal,
): Promise<T> {
  return pRetry(attempt, {
    retries: 100,
    minTimeout: firstWaitMs,
    maxTimeout: longestWaitMs,
    maxRetryTime: budgetMs,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => mayRepeat(error),
  });
}
