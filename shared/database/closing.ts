import { setTimeout as delay } from 'node:timers/promises';

/** Connects; closes instead when `signal` is aborted. */
export async function connectUnlessAborted(
  signal: AbortSignal | undefined,
  database: { connect(): Promise<unknown>; close(): Promise<void> },
): Promise<void> {
  const giveUp = (): void => void database.close();
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await database.connect();
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The host gives an app little time to stop. */
const closeTimeoutMs = 5000;

/** Waits for connections that were broken off to end, five seconds at most. */
export async function withinCloseTimeout(ending: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([
    ending,
    delay(closeTimeoutMs, undefined, { signal: waiting.signal }).catch(() => undefined),
  ]);
  waiting.abort();
}
