/** `functionTimeout` of host.json: the host ends a function that takes longer, and everything else in its process. */
export const functionTimeoutMs = 2 * 60 * 60_000;

/** `visibilityTimeout` of host.json: how long after a failure the queue gives the message again. */
export const redeliveryMs = 60_000;

/** No POST of an attempt at a chunk starts later than this; the next attempt continues with what is left of the chunk. */
export const longestAttemptMs = 20 * 60_000;

/** A run that has given no sign of life for this long has lost its messages. */
export const quietAfterMs = 30 * 60_000;

/** How often a sender gives a sign of life, however long a POST takes: several may fail before its run counts as dead. */
export const signEveryMs = quietAfterMs / 6;

/** When a run has given no sign of life for this long, none of its senders is alive. */
export const sendersEndedAfterMs = 2 * signEveryMs;

/** How far the clocks of the app, of the database and of storage may differ before one of them counts as wrong. */
export const clocksApartAtMostMs = 5 * 60_000;

/** The longest time allowed for one HTTP request to DfE (`DFE_TIMEOUT_SECONDS`). */
export const longestTimeoutSeconds = 600;

/** The last try of a POST may be answered with 401, and then makes up to four requests: see `DfeClient`. */
const requestsOfLastTry = 4;

/** For what an attempt does apart from its POSTs: tokens and secrets, the database, the storage. */
const spareMs = 30 * 60_000;

/** The longest time for which a POST may be repeated (`DFE_RETRY_SECONDS`): no attempt may outlast `functionTimeoutMs`. */
export const longestRetrySeconds =
  (functionTimeoutMs - longestAttemptMs - spareMs) / 1000 - requestsOfLastTry * longestTimeoutSeconds;

/** How long what DfE has received may wait there before DfE takes it. */
const waitsAtDfeMs = 30 * 60_000;

/** How long after the start of an attempt at a chunk DfE may still take what it posts. */
export const landsWithinMs = functionTimeoutMs + waitsAtDfeMs;
