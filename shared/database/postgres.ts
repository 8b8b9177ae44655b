import { rowsOfEach, type Database, type Parameters, type Queryable, type Row } from './database.js';
import { statementError } from './statementError.js';

/** What PGlite and a PostgreSQL client have in common. */
export interface PostgresConnection {
  query(sql: string, values: unknown[]): Promise<{ rows: Row[] }>;
  transaction<T>(work: (connection: Pick<PostgresConnection, 'query'>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** PostgreSQL's type numbers of date, timestamp and timestamptz: read as ISO text, so that no zone shifts a day. */
export const dateTypes = [1082, 1114, 1184] as const;

export function asText(value: string): string {
  return value;
}

/** PostgreSQL: embedded by PGlite, or a server. */
export class PostgresDatabase implements Database {
  readonly engine = 'postgres';
  readonly #connection: PostgresConnection;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  query(sql: string, parameters: Parameters = {}): Promise<Row[]> {
    return run(this.#connection, sql, parameters);
  }

  /** One statement that gives one row with one JSON array a SELECT: the protocol takes parameters for one statement only. */
  async queryTogether<Name extends string>(
    selects: Readonly<Record<Name, string>>,
    parameters: Parameters = {},
  ): Promise<Record<Name, Row[]>> {
    const columns = Object.entries<string>(selects).map(
      ([name, select]) => `(SELECT coalesce(json_agg(r), '[]')::text FROM (\n${select}\n) r) AS "${name}"`,
    );
    const [row = {}] = await this.query(`SELECT ${columns.join(',\n')}`, parameters);
    return rowsOfEach(
      selects,
      Object.fromEntries(Object.entries(row).map(([name, json]) => [name, parsed(json)])),
    );
  }

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#connection.transaction((connection) =>
      work({ query: (sql, parameters = {}) => run(connection, sql, parameters) }),
    );
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * A whole number after the name of a column, so long that `JSON.parse` may round it. Text cannot look like that: in text
 * the quotation mark before the colon would be escaped, or be the one that begins the text.
 */
const longInteger = /(?<=\w":)-?\d{16,}(?=[,}])/g;

/** Whole numbers beyond 2^53 come as text: they are ids, and no digit may be lost. */
function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return undefined;
  return JSON.parse(
    json.replace(longInteger, (digits) => (Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`)),
  );
}

async function run(
  connection: Pick<PostgresConnection, 'query'>,
  sql: string,
  parameters: Parameters,
): Promise<Row[]> {
  const { text, values } = positional(sql, parameters);
  try {
    return (await connection.query(text, values)).rows;
  } catch (error) {
    throw statementError(error);
  }
}

/** `@name` becomes `$1`, `$2`, …; a name without a value is an error of the caller. */
function positional(sql: string, parameters: Parameters): { text: string; values: unknown[] } {
  const names: string[] = [];
  const text = sql.replace(/@([A-Za-z]\w*)/g, (_, name: string) => {
    if (!(name in parameters)) throw new Error(`the statement has no value for @${name}`);
    if (!names.includes(name)) names.push(name);
    return `$${String(names.indexOf(name) + 1)}`;
  });
  return { text, values: names.map((name) => valueOf(parameters[name])) };
}

function valueOf(parameter: Parameters[string] | undefined): unknown {
  return typeof parameter === 'object' ? (parameter?.ascii ?? null) : parameter;
}
