/** The two database engines: SQL Server (and Azure SQL) through `mssql`, PostgreSQL through PGlite or a server. */
export type Engine = 'sqlserver' | 'postgres';

/** One row as a driver gives it: column name to value, in the driver's own types. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Named parameters: `{ upTo: 'C100' }` is the value of `@upTo` in the SQL text. Text is sent as Unicode, except `AsciiText`.
 */
export type Parameters = Readonly<Record<string, string | number | boolean | AsciiText | null>>;

/**
 * A text of ASCII letters, which SQL Server gets as `varchar`: every code page has those letters, so a column of that type
 * need not be converted.
 */
export interface AsciiText {
  readonly ascii: string;
}

export interface Queryable {
  /** Runs one statement and returns its rows (none for a statement that returns none). */
  query(sql: string, parameters?: Parameters): Promise<Row[]>;
}

export interface Database extends Queryable {
  readonly engine: Engine;

  /**
   * Runs several SELECTs in one round trip.
   * @param selects name to SELECT statement, all with the same parameters
   * @returns the rows of each, under the same names. `date` and `timestamp` columns come as `Date` (midnight UTC
   * for a date) or as ISO text, depending on the engine: read them with the row readers in `ssd/`.
   */
  queryTogether<Name extends string>(
    selects: Readonly<Record<Name, string>>,
    parameters?: Parameters,
  ): Promise<Record<Name, Row[]>>;

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;

  close(): Promise<void>;
}

/**
 * What `queryTogether` returns.
 * @param rows by the name of the SELECT, as a driver gave them
 * @throws Error when those of a SELECT are missing
 */
export function rowsOfEach<Name extends string>(
  selects: Readonly<Record<Name, string>>,
  rows: Readonly<Record<string, unknown>>,
): Record<Name, Row[]> {
  if (!hasRowsOfEach(selects, rows)) throw new Error('The database did not return the rows of each SELECT.');
  return rows;
}

function hasRowsOfEach<Name extends string>(
  selects: Readonly<Record<Name, string>>,
  rows: Readonly<Record<string, unknown>>,
): rows is Record<Name, Row[]> {
  return Object.keys(selects).every((name) => Array.isArray(rows[name]));
}
