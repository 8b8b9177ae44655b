import type { Database, Engine } from '../database/database.js';
import { joins } from './joins.js';
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
  /**
   * A column of the table `alias`, as an expression; NULL for one that is missing. A person's id is text whatever its
   * type (ranges end at texts, and '9' < '10' is true of numbers only), and in the order of `idCollation` in every table.
   * The other ids that SQL compares with those of another table have that collation as well: of two different ones no
   * database knows which to compare by.
   */
  column(table: KnownTable, column: string, alias: string): string;
  /** A column that is compared with text of another table: a number becomes text, nothing else is touched. */
  key(table: KnownTable, column: string, alias: string): string;
  /** The type as the database calls it, in lower case; `undefined` for a column that is missing. */
  type(table: KnownTable, column: string): string | undefined;
  /**
   * The collation of `ssd_person`'s ids, as it stands after COLLATE. Ranges end where it says, so every table that is read
   * by ranges, the staging table too, must compare by it: under another one a child could be in one range by its record
   * and in the next by its row, and seem new here and gone there.
   */
  readonly idCollation: string;
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
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, DATA_TYPE AS data_type, COLLATION_NAME AS collation_name
FROM INFORMATION_SCHEMA.COLUMNS
WHERE LOWER(TABLE_SCHEMA) = LOWER(@schema)`,
    { schema },
  );
  const facts = new Map(
    rows.map((row) => [
      `${String(row['table_name'])}.${String(row['column_name'])}`.toLowerCase(),
      {
        type: String(row['data_type']).toLowerCase(),
        collation: collationOf(row['collation_name'], database.engine),
      },
    ]),
  );
  const factsOf = (table: KnownTable, column: string) =>
    facts.get(`${names.tableName(table)}.${names.columnName(table, column)}`.toLowerCase());
  const has = (table: KnownTable, column: string) => factsOf(table, column) !== undefined;
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

  const idCollation = factsOf('ssd_person', 'pers_person_id')?.collation ?? ownCollation[database.engine];
  const column = (table: KnownTable, name: string, alias: string) => {
    const its = factsOf(table, name);
    if (its === undefined) return 'NULL';
    const plain = `${alias}.${names.columnName(table, name)}`;
    // Only where it must be: an index serves the bare column alone.
    const isText = /char|text/.test(its.type);
    const collated = its.collation !== idCollation ? ` COLLATE ${idCollation}` : '';
    if (name.endsWith('_person_id')) return `${isText ? plain : asText(plain)}${collated}`;
    return isText && (joinedColumns.has(name) || names.isPrefixedWithPersonId(name))
      ? `${plain}${collated}`
      : plain;
  };
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
      return names.isInteger(table, name) ? asText(plain) : plain;
    },
    type: (table, column) => factsOf(table, column)?.type,
    idCollation,
  };
}

const joinedColumns: ReadonlySet<string> = new Set(joins.flatMap(([, one, , other]) => [one, other]));

/** The collation that the database gives a text without one of its own. */
const ownCollation: Readonly<Record<Engine, string>> = {
  sqlserver: 'DATABASE_DEFAULT',
  postgres: '"default"',
};

/** As it stands after COLLATE. PostgreSQL names no collation where it is the database's own. */
function collationOf(name: unknown, engine: Engine): string {
  if (typeof name !== 'string') return ownCollation[engine];
  return engine === 'postgres' ? `"${name.replaceAll('"', '""')}"` : name;
}

function asText(column: string): string {
  return `CAST(${column} AS varchar(48))`;
}
