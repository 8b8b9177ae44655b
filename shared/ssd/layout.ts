import type { Database, Engine } from '../database/database.js';
import { tablesOfSchema, type SchemaTables } from '../database/schemaTables.js';
import { inOrder, type IdExpression, type IdOrder } from '../database/idRange.js';
import { isUnicodeType } from '../database/textTypes.js';
import { childColumns, parentColumns } from './equation.js';
import type { SsdNames } from './profile.js';
import type { AbsentColumn } from './survey.js';
import { typeKind } from './typeKinds.js';
import { columnsOf, kindOf, knownTables, type KnownTable } from './tables.js';

/** The SSD lacks something without which no child can be read. Nothing has been read; the message names each table and column. */
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

/** Tables, and columns as `table.column`, that are not to be read, since what they hold is not shared. */
export type NotRead = ReadonlySet<KnownTable | `${KnownTable}.${string}`>;

/** What the tables and columns of one SSD are called in SQL, or what replaces them. */
export interface SsdLayout {
  readonly engine: Engine;
  /** `schema.table`. */
  table(table: KnownTable): string;
  /** What this SSD calls a table, or `table.column`, for people to read. */
  nameOf(table: KnownTable, column?: string): string;
  /** Also of one that is there and is not to be read. */
  isMissing(table: KnownTable): boolean;
  /** What is not to be read: rows of these tables are as good as none. */
  readonly notRead: NotRead;
  /** Every column that a table has, in lower case, also those that are not read. */
  columns(table: KnownTable): readonly string[];
  /** Whether the column is there, and an id can be read from it where it is to hold one. */
  has(table: KnownTable, column: string): boolean;
  /** The condition that an expression of `id` or `sideText` is a key: not empty, and no placeholder. */
  isKey(text: string): string;
  /** The type as the database calls it, in lower case; `undefined` for a column that is missing. */
  type(table: KnownTable, column: string): string | undefined;
  /** A column of the table `alias` as it is; NULL for one that is missing. */
  column(table: KnownTable, column: string, alias: string): string;
  /**
   * A column of the table `alias` as text that can be compared with other ids. Every type becomes text (ranges end at
   * texts, and '9' < '10' is true of numbers only), without trailing blanks where the database would count them, and
   * in the collation of `idOrder`. On SQL Server a text column is not converted, so that an index on it can be used.
   */
  id(table: KnownTable, column: string, alias: string): string;
  /** The same, to be compared with the ends of a range. */
  idExpression(table: KnownTable, column: string, alias: string): IdExpression;
  /**
   * The order of `ssd_person`'s ids. It decides where ranges end, so every table that is read by ranges, including
   * the staging table, must compare by it. In another order a child's SSD row could be in one range and its staging
   * row in the next: the child would seem new in one and gone in the other.
   */
  readonly idOrder: IdOrder;
}

/** Without these no child, or nothing about a child, can be sent. */
const needed: readonly AbsentColumn[] = [
  { table: 'ssd_person', column: 'pers_person_id' },
  { table: 'ssd_cin_episodes', column: 'cine_referral_id' },
  { table: 'ssd_cin_episodes', column: 'cine_person_id' },
];

export const neededTables: ReadonlySet<KnownTable> = new Set(needed.map(({ table }) => table));

/**
 * Looks at the tables and columns that are there.
 * @throws SsdLayoutError when a table or column is missing without which nothing can be sent
 */
export async function readLayout(
  database: Pick<Database, 'engine' | 'query'>,
  schema: string,
  names: SsdNames,
  notRead: NotRead = new Set(),
): Promise<SsdLayout> {
  return layoutIn(await tablesOfSchema(database, schema), database.engine, schema, names, notRead);
}

/**
 * The same of tables that were looked at before.
 * @throws SsdLayoutError
 */
export function layoutIn(
  { tables, ownCollation: collationOfDatabase }: SchemaTables,
  engine: Engine,
  schema: string,
  names: SsdNames,
  notRead: NotRead = new Set(),
): SsdLayout {
  const tableOf = (table: KnownTable) => tables.get(names.tableName(table).toLowerCase());
  const factsOf = (table: KnownTable, column: string) => {
    const name = names.columnName(table, column);
    if (name === null || notRead.has(table) || notRead.has(`${table}.${column}`)) return undefined;
    return tableOf(table)?.columns.get(name.toLowerCase());
  };
  const isMissing = (table: KnownTable) => notRead.has(table) || tableOf(table) === undefined;
  const has = (table: KnownTable, column: string) => {
    const its = factsOf(table, column);
    return its !== undefined && !(isId(table, column) && typeKind(engine, its.type) === 'unreadable');
  };
  const nameOf = (table: KnownTable, column?: string) => {
    const name = tableOf(table)?.name ?? names.tableName(table);
    if (column === undefined) return name;
    return `${name}.${factsOf(table, column)?.name ?? names.columnName(table, column) ?? column}`;
  };
  const problems = needed
    .filter(({ table, column }) => !has(table, column))
    .map(({ table, column }) =>
      isMissing(table) ? `table ${schema}.${nameOf(table)}` : `column ${schema}.${nameOf(table, column)}`,
    );
  if (problems.length > 0) throw new SsdLayoutError([...new Set(problems)]);

  const ofDatabase = collationOf(collationOfDatabase, engine) ?? ownCollation[engine];
  const idCollation = collationOf(factsOf('ssd_person', 'pers_person_id')?.collation, engine) ?? ofDatabase;
  const idExpression = (table: KnownTable, column: string, alias: string): IdExpression => {
    const its = factsOf(table, column);
    if (its === undefined || !has(table, column)) return { sql: 'NULL', isUnicode: true };
    const text = asText(`${alias}.${its.sql}`, its.type, engine);
    const collation = collationOf(its.collation, engine);
    return (collation ?? ofDatabase) === idCollation
      ? text
      : inOrder(text, collation, { engine, collation: idCollation });
  };
  const notKeys = ['', ...names.placeholderIds].map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
  return {
    engine,
    isKey: (text) => `${text} NOT IN (${notKeys})`,
    table: (table) => tableOf(table)?.sql ?? `${schema}.${nameOf(table)}`,
    nameOf,
    isMissing,
    notRead,
    columns: (table) => [...(tableOf(table)?.columns.keys() ?? [])],
    has,
    type: (table, column) => factsOf(table, column)?.type,
    column: (table, column, alias) => {
      const its = factsOf(table, column);
      return its === undefined ? 'NULL' : `${alias}.${its.sql}`;
    },
    id: (table, column, alias) => idExpression(table, column, alias).sql,
    idExpression,
    idOrder: {
      engine,
      collation: idCollation,
      isUnicode: idExpression('ssd_person', 'pers_person_id', 'person').isUnicode,
    },
  };
}

/** The tables that the SSD does not have, of those that are to be read. */
export function absentTables(layout: SsdLayout): KnownTable[] {
  return knownTables.filter((table) => layout.isMissing(table) && !layout.notRead.has(table));
}

/** The columns that it does not have, of the tables that it has, and that are to be read. */
export function absentColumns(layout: SsdLayout, names: SsdNames): AbsentColumn[] {
  return knownTables
    .filter((table) => !layout.isMissing(table))
    .flatMap((table) =>
      columnsWanted(table, names)
        .filter((column) => !layout.has(table, column) && !layout.notRead.has(`${table}.${column}`))
        .map((column) => ({ table, column })),
    );
}

/** The columns of a table that are read, and those that relations name. */
export function columnsWanted(table: KnownTable, { relations }: SsdNames): readonly string[] {
  const compared = relations.all.flatMap((relation) => [
    ...(relation.table === table ? relation.alternatives.flatMap(childColumns) : []),
    ...(relation.parent === table ? relation.alternatives.flatMap(parentColumns) : []),
  ]);
  return [...new Set([...columnsOf(table), ...compared])];
}

function isId(table: KnownTable, column: string): boolean {
  const kind = kindOf(table, column);
  return kind === undefined || kind === 'id';
}

/** The collation that the database gives a text without one of its own. */
const ownCollation: Readonly<Record<Engine, string>> = {
  sqlserver: 'DATABASE_DEFAULT',
  postgres: '"default"',
};

/** As it is written after COLLATE. PostgreSQL names no collation where it is the database's own. */
function collationOf(name: string | undefined, engine: Engine): string | undefined {
  if (name === undefined) return undefined;
  return engine === 'postgres' ? `"${name.replaceAll('"', '""')}"` : name;
}

/** No digit of a number is lost, in any type. */
function asText(column: string, type: string, engine: Engine): IdExpression {
  const kind = typeKind(engine, type);
  if (engine === 'postgres') {
    if (kind === 'text') return { sql: `RTRIM(${column})`, isUnicode: true };
    const text = `CAST(${column} AS text)`;
    return { sql: kind === 'number' || kind === 'guid' ? text : `RTRIM(${text})`, isUnicode: true };
  }
  switch (kind) {
    case 'text':
      return { sql: column, isUnicode: isUnicodeType(type) };
    case 'float':
      // CAST would write 1.23457e+006.
      return { sql: `LTRIM(STR(${column}, 38, 0))`, isUnicode: false };
    case 'number':
    case 'flag':
    case 'guid':
      return { sql: `CAST(${column} AS varchar(48))`, isUnicode: false };
    case 'document':
      // A longer one would be an error of the server, not a text that is cut.
      return { sql: `CAST(CAST(${column} AS nvarchar(max)) AS nvarchar(4000))`, isUnicode: true };
    default:
      return { sql: `CAST(${column} AS nvarchar(4000))`, isUnicode: true };
  }
}
