import type { Database } from '../../shared/database/database.js';

/** A database that counts the round trips to it; BEGIN and COMMIT are not counted. */
export interface CountedDatabase extends Database {
  readonly roundTrips: number;
  readonly transactions: number;
}

export function counted(database: Database): CountedDatabase {
  let roundTrips = 0;
  let transactions = 0;
  return {
    engine: database.engine,
    get roundTrips() {
      return roundTrips;
    },
    get transactions() {
      return transactions;
    },
    query: (sql, parameters) => {
      roundTrips += 1;
      return database.query(sql, parameters);
    },
    queryTogether: (selects, parameters) => {
      roundTrips += 1;
      return database.queryTogether(selects, parameters);
    },
    transaction: (work) => {
      transactions += 1;
      return database.transaction((transaction) =>
        work({
          query: (sql, parameters) => {
            roundTrips += 1;
            return transaction.query(sql, parameters);
          },
        }),
      );
    },
    close: () => database.close(),
  };
}
