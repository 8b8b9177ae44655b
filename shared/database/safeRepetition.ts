import { StatementError } from './statementError.js';
import { codesOf, isTransient, isUndone, withPatience, type Patience } from './transient.js';

/** How to recognise the errors of an engine's driver. */
export interface DriverErrors {
  /** No connection could be made, so no statement was sent. */
  isOfConnecting(error: unknown): boolean;
  /** As opposed to an error of the work in a transaction, which reaches the caller unchanged. */
  isOfDatabase(error: unknown): boolean;
  /** What the caller gets for an error of the database. */
  toStatementError(error: unknown): StatementError;
}

/**
 * What fails for a moment (a paused database that wakes, a failover, a deadlock) is tried again for about two minutes,
 * where that is safe:
 * - connecting, and a statement that could not be sent because there was no connection;
 * - a single SELECT, and `queryTogether`;
 * - any other single statement, only when the server says that it has undone it (deadlock, lock timeout);
 * - a whole transaction, `work` included, unless its commit was requested: the server has rolled back what came before.
 *   So only the result of `work` may outlive the transaction; the staging statements keep to that.
 */
export class SafeRepetition {
  readonly #errors: DriverErrors;
  readonly #patience: Patience;
  readonly #closing = new AbortController();

  constructor(errors: DriverErrors, patience: Patience) {
    this.#errors = errors;
    this.#patience = patience;
  }

  /** Aborted when the database was closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Repeats nothing from now on, and makes everything fail with `ECLOSE`. */
  close(): void {
    this.#closing.abort(new StatementError('The connection to the database was closed.', { code: 'ECLOSE' }));
  }

  connect<T>(attempt: () => Promise<T>): Promise<T> {
    return this.#patiently(attempt, (error) => isTransient(codesOf(error), 'connecting'));
  }

  /** @param attempt runs `sql` */
  ask<T>(sql: string, attempt: () => Promise<T>): Promise<T> {
    return this.#patiently(attempt, (error) =>
      isRead(sql) || this.#errors.isOfConnecting(error) ? this.#isPassing(error) : isUndone(codesOf(error)),
    );
  }

  /** @param attempt runs the whole transaction, and calls `beforeCommit` before it requests the commit */
  transaction<T>(attempt: (beforeCommit: () => void) => Promise<T>): Promise<T> {
    let commits = false;
    return this.#patiently(
      () =>
        attempt(() => {
          commits = true;
        }),
      (error) => !commits && this.#errors.isOfDatabase(error) && this.#isPassing(error),
    );
  }

  #isPassing(error: unknown): boolean {
    return isTransient(codesOf(error), this.#errors.isOfConnecting(error) ? 'connecting' : 'asking');
  }

  async #patiently<T>(attempt: () => Promise<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
    const signal = this.closing;
    try {
      return await withPatience(
        attempt,
        (error) => !signal.aborted && mayRepeat(error),
        this.#patience,
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.#errors.isOfDatabase(error) ? this.#errors.toStatementError(error) : error;
    }
  }
}

/** A SELECT that changes nothing; `SELECT … INTO` makes a table. */
export function isRead(sql: string): boolean {
  return /^\s*SELECT\b(?![^]*\bINTO\b)/i.test(sql);
}
