/** `functionTimeout` of host.json: the host ends whatever lasts longer, and everything else in the process with it. */
export const functionTimeoutMs = 2 * 60 * 60_000;

/** `visibilityTimeout` of host.json: so long after a failure the queue gives the message again. */
export const redeliveryMs = 60_000;

/** No POST of an attempt at a chunk begins later; what is left of the chunk goes on with the next attempt. */
export const longestAttemptMs = 20 * 60_000;

/** A run that has given no sign for so long has lost its messages. */
export const quietAfterMs = 30 * 60_000;

/** So often a sender gives a sign, however long a POST takes: several may fail before its run counts as dead. */
export const signEveryMs = quietAfterMs / 6;

/** No sender of a run lives that has given no sign for so long. */
export const sendersEndedAfterMs = 2 * signEveryMs;

/** So far the clocks of the app, of the database and of storage may be apart before one of them counts as wrong. */
export const clocksApartAtMostMs = 5 * 60_000;

/** How long one HTTP request to DfE may take at the most (`DFE_TIMEOUT_SECONDS`). */
export const longestTimeoutSeconds = 600;

/** The last try of a POST may be answered with 401, and makes up to four requests then: see `DfeClient`. */
const requestsOfLastTry = 4;

/** For what an attempt does besides its POSTs: tokens and secrets, the database, the storage. */
const spareMs = 30 * 60_000;

/** How long a POST may be repeated at the most (`DFE_RETRY_SECONDS`), so that no attempt outlasts `functionTimeoutMs`. */
export const longestRetrySeconds =
  (functionTimeoutMs - longestAttemptMs - spareMs) / 1000 - requestsOfLastTry * longestTimeoutSeconds;

/** What DfE has received may wait there for so long before it is taken. */
const waitsAtDfeMs = 30 * 60_000;

/** So long after an attempt at a chunk has begun DfE may still take what it posts. */
export const landsWithinMs = functionTimeoutMs + waitsAtDfeMs;
