import type { Database } from './database.js';
import { isRead } from './safeRepetition.js';

/** The app was about to change a database from which it may only read. */
export class ReadOnlyError extends Error {
  override readonly name = 'ReadOnlyError';
}

/** The same database for reading alone: what is not a SELECT fails, and is not sent to it. */
export function readOnly(database: Database): Database {
  return {
    engine: database.engine,
    query: async (sql, parameters) => {
      refuseWrites(sql);
      return database.query(sql, parameters);
    },
    queryTogether: async (selects, parameters) => {
      for (const sql of Object.values<string>(selects)) refuseWrites(sql);
      return database.queryTogether(selects, parameters);
    },
    transaction: () => Promise.reject(new ReadOnlyError(refused)),
    close: () => database.close(),
  };
}

const refused =
  'The database of the SSD is only read, and a statement would have changed it. It was not sent, and nothing was changed. Please report this fault.';

function refuseWrites(sql: string): void {
  if (!isRead(sql)) throw new ReadOnlyError(refused);
}
