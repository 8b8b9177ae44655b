import type { Database } from '../database/database.js';
import { columnsOf, type KnownTable, type SsdNames } from './profile.js';
import { ssdTables } from './tables.js';

/** The SSD lacks something that must be there. Nothing has been read; the message names each table and column. */
export class SsdLayoutError extends Error {
  override readonly name = 'SsdLayoutError';
  /** Each missing table and column, such as `table ssd_development.ssd_person`. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(
      `Nothing was read and nothing was sent: the SSD lacks what the profile needs. Check SSD_PROFILE and SSD_SCHEMA, and that the app may read the tables.\n${missing.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.missing = missing;
  }
}

/** How the tables and columns of one SSD stand in SQL: under the names they have there, or as what stands for them. */
export interface SsdLayout {
  /** `schema.table`. */
  table(table: KnownTable): string;
  isMissing(table: KnownTable): boolean;
  /** A column of the table `alias`, as an expression; NULL for one that is missing. */
  column(table: KnownTable, column: string, alias: string): string;
  /** A column that is compared with text of another table: a number becomes text, nothing else is touched. */
  key(table: KnownTable, column: string, alias: string): string;
  /** The type as the database calls it, in lower case; `undefined` for a column that is missing. */
  type(table: KnownTable, column: string): string | undefined;
}

/** Every table that is read. */
export const knownTables: readonly KnownTable[] = [...Object.keys(ssdTables), 'ssd_professionals'].filter(
  isTable,
);

function isTable(name: string): name is KnownTable {
  return name === 'ssd_professionals' || Object.hasOwn(ssdTables, name);
}

/**
 * Looks at the tables and columns that are there and compares them with what the profile promises.
 * @throws SsdLayoutError when a table or column is missing that the profile does not mark as optional
 */
export async function readLayout(database: Database, schema: string, names: SsdNames): Promise<SsdLayout> {
  const rows = await database.query(
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, DATA_TYPE AS data_type
FROM INFORMATION_SCHEMA.COLUMNS
WHERE LOWER(TABLE_SCHEMA) = LOWER(@schema)`,
    { schema },
  );
  const types = new Map(
    rows.map((row) => [
      `${String(row['table_name'])}.${String(row['column_name'])}`.toLowerCase(),
      String(row['data_type']).toLowerCase(),
    ]),
  );
  const type = (table: KnownTable, column: string) =>
    types.get(`${names.tableName(table)}.${names.columnName(table, column)}`.toLowerCase());
  const has = (table: KnownTable, column: string) => type(table, column) !== undefined;
  const missingTables = new Set(
    knownTables.filter((table) => !columnsOf(table).some((column) => has(table, column))),
  );
  const problems = knownTables.flatMap((table) => {
    if (missingTables.has(table)) {
      return names.isOptionalTable(table) ? [] : [`table ${schema}.${names.tableName(table)}`];
    }
    return columnsOf(table)
      .filter((column) => !has(table, column) && !names.isOptional(table, column))
      .map((column) => `column ${schema}.${names.tableName(table)}.${names.columnName(table, column)}`);
  });
  if (problems.length > 0) throw new SsdLayoutError(problems);

  const column = (table: KnownTable, name: string, alias: string) =>
    has(table, name) ? `${alias}.${names.columnName(table, name)}` : 'NULL';
  return {
    table: (table) => `${schema}.${names.tableName(table)}`,
    isMissing: (table) => missingTables.has(table),
    column: (table, name, alias) => {
      const plain = column(table, name, alias);
      // The person's id goes before it; without a value of its own it stays empty.
      return names.isPrefixedWithPersonId(name)
        ? `CASE WHEN ${plain} IS NULL THEN NULL ELSE CONCAT(${column(table, 'clae_person_id', alias)}, ${plain}) END`
        : plain;
    },
    key: (table, name, alias) => {
      const plain = column(table, name, alias);
      return names.isInteger(table, name) ? `CAST(${plain} AS varchar(48))` : plain;
    },
    type,
  };
}
