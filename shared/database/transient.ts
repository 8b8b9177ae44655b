import pRetry from 'p-retry';
import { isOfKind } from './knownErrors.js';

/** How patient the app is with a database that is not available for a moment. */
export interface Patience {
  /** The first wait; each further one is about twice as long, spread at random. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** No new try starts later than this after the first one; waits and tries count. */
  readonly budgetMs: number;
}

export interface ConnectOptions {
  readonly patience?: Patience;
  /** Stops connecting when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A paused serverless database refuses with 40613 and takes up to a minute to wake; a failover is shorter. */
export const usualPatience: Patience = { firstWaitMs: 1000, longestWaitMs: 15_000, budgetMs: 120_000 };

/**
 * @param codes of the error and of what caused it, as `codesOf` gives them
 * @param stage `connecting` when no statement has been sent yet
 */
export function isTransient(codes: readonly string[], stage: 'connecting' | 'asking'): boolean {
  const passes =
    isOfKind(codes, 'undone', 'passing') ||
    (stage === 'connecting' && isOfKind(codes, 'passingWhileConnecting'));
  return passes && !isOfKind(codes, 'lasting');
}

/** Whether the server itself said that it has undone the statement, so that even a write may be repeated. */
export function isUndone(codes: readonly string[]): boolean {
  return isOfKind(codes, 'undone');
}

/** The server's numbers and the codes of the driver and of Node in an error and in its causes. */
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
