/** `functionTimeout` of host.json: the host ends what lasts longer, and everything else in the process with it. */
export const functionTimeoutMs = 2 * 60 * 60_000;

/** `visibilityTimeout` of host.json: the queue gives a message again so long after a failure. */
export const redeliveryMs = 60_000;

/** No POST of an attempt at a chunk begins later; what is left of the chunk goes on with the next attempt. */
export const longestAttemptMs = 20 * 60_000;

/** A run that has given no sign for so long has lost its messages. */
export const quietAfterMs = 30 * 60_000;

/** A sender gives a sign so often, however long a POST takes: several signs may fail before its run counts as dead. */
export const signEveryMs = quietAfterMs / 6;

/** A sender of a run that has given no sign for so long has ended. */
export const sendersEndedAfterMs = 2 * signEveryMs;

/** The clocks of the app, of the database and of storage may differ by so much before one of them counts as wrong. */
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

/** What DfE has received may wait there for so long before DfE takes it. */
const waitsAtDfeMs = 30 * 60_000;

/** DfE may still take what an attempt at a chunk posts so long after the attempt began. */
export const landsWithinMs = functionTimeoutMs + waitsAtDfeMs;
