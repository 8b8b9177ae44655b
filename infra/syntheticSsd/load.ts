import type { Database, Engine, Queryable } from '../../shared/database/database.js';
import { tableNames, type SsdEntry, type SsdRow, type TableName } from './columns.js';
import { quoted, tableIn } from './sqlName.js';
import { tableLayout, type Column, type System, type TableLayout } from './layout.js';
import { typeName } from './schema.js';

/** Where rows go: which layout the tables were made with, and how many rows travel in one statement. */
interface LoadOptions {
  /** Default `systemc`. */
  readonly system?: System;
  /** Default 2,000 rows, which is about 1 MB of JSON. */
  readonly batchRows?: number;
}

type Rows = AsyncIterable<SsdRow> | Iterable<SsdRow>;

/** What a night does to one table: rows to write whole (new or changed), and ids of rows to take away. */
export interface TableChange {
  readonly table: TableName;
  readonly upsert: readonly SsdRow[];
  readonly delete: readonly string[];
}

/**
 * Adds rows to a table, a batch of some thousand at a time, each batch one statement with one parameter.
 * A key a row lacks is NULL; keys that are no column are ignored (`readSsdFolder` refuses them earlier).
 * @returns how many rows were sent
 * @throws the database's error when a value does not fit its column: nothing is ever cut to fit
 */
export async function loadRows(
  database: Database,
  schema: string,
  table: TableName,
  rows: Rows,
  options: LoadOptions = {},
): Promise<number> {
  const target = targetOf(database.engine, schema, table, options);
  return await insertAll(database, target, rows, options);
}

/** Adds the rows of a whole SSD, whatever order the tables come in. Holds one batch a table in memory. */
export async function loadSsd(
  database: Database,
  schema: string,
  entries: AsyncIterable<SsdEntry> | Iterable<SsdEntry>,
  options: LoadOptions = {},
): Promise<ReadonlyMap<TableName, number>> {
  const waiting = new Map<TableName, SsdRow[]>(tableNames.map((table) => [table, []]));
  const loaded = new Map<TableName, number>(tableNames.map((table) => [table, 0]));
  const send = async (table: TableName, rows: SsdRow[]): Promise<void> => {
    if (rows.length === 0) return;
    await insertBatch(database, targetOf(database.engine, schema, table, options), rows);
    loaded.set(table, (loaded.get(table) ?? 0) + rows.length);
    waiting.set(table, []);
  };
  for await (const { table, row } of entries) {
    const rows = waiting.get(table) ?? [];
    rows.push(row);
    if (rows.length >= batchRows(options)) await send(table, rows);
  }
  for (const [table, rows] of waiting) await send(table, rows);
  return loaded;
}

/** Takes every row of a table away and writes these instead, in one transaction. */
export async function replaceRows(
  database: Database,
  schema: string,
  table: TableName,
  rows: Rows,
  options: LoadOptions = {},
): Promise<number> {
  const target = targetOf(database.engine, schema, table, options);
  return await database.transaction(async (transaction) => {
    await transaction.query(`DELETE FROM ${target.name}`);
    return await insertAll(transaction, target, rows, options);
  });
}

/** Takes rows away by their row id (see `TableLayout`); ids that are not there do no harm. */
export async function deleteRows(
  database: Database,
  schema: string,
  table: TableName,
  ids: readonly string[],
  options: LoadOptions = {},
): Promise<void> {
  const target = targetOf(database.engine, schema, table, options);
  for (const some of inBatches(ids, batchRows(options))) await deleteBatch(database, target, some);
}

/** Writes rows over those with the same row id, and adds the others, in one transaction. */
export async function upsertRows(
  database: Database,
  schema: string,
  table: TableName,
  rows: readonly SsdRow[],
  options: LoadOptions = {},
): Promise<void> {
  await applyChanges(database, schema, [{ table, upsert: rows, delete: [] }], options);
}

/** Applies a night's changes to all tables in one transaction, so that no reader sees half a night. */
export async function applyChanges(
  database: Database,
  schema: string,
  changes: readonly TableChange[],
  options: LoadOptions = {},
): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const change of changes) {
      const target = targetOf(database.engine, schema, change.table, options);
      const { rowId } = target.layout;
      const rewritten = change.upsert.map((row) => idOf(row, rowId, change.table));
      for (const ids of inBatches([...change.delete, ...rewritten], batchRows(options))) {
        await deleteBatch(transaction, target, ids);
      }
      await insertAll(transaction, target, change.upsert, options);
    }
  });
}

interface Target {
  readonly engine: Engine;
  /** The table's quoted name. */
  readonly name: string;
  readonly layout: TableLayout;
}

function targetOf(engine: Engine, schema: string, table: TableName, options: LoadOptions): Target {
  return {
    engine,
    name: tableIn(engine, schema, table),
    layout: tableLayout(table, options.system ?? 'systemc'),
  };
}

function batchRows(options: LoadOptions): number {
  return options.batchRows ?? 2000;
}

function* inBatches<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

function idOf(row: SsdRow, rowId: Column, table: TableName): string {
  const id = row[rowId.name];
  if (id === undefined || id === null) throw new RangeError(`a row for ${table} has no ${rowId.name}`);
  return String(id);
}

async function insertAll(
  queryable: Queryable,
  target: Target,
  rows: Rows,
  options: LoadOptions,
): Promise<number> {
  let sent = 0;
  let batch: SsdRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < batchRows(options)) continue;
    await insertBatch(queryable, target, batch);
    sent += batch.length;
    batch = [];
  }
  if (batch.length > 0) await insertBatch(queryable, target, batch);
  return sent + batch.length;
}

async function insertBatch(queryable: Queryable, target: Target, rows: readonly SsdRow[]): Promise<void> {
  const { engine, name, layout } = target;
  const columns = layout.columns.map((column) => quoted(engine, column.name)).join(', ');
  const source =
    engine === 'sqlserver'
      ? `OPENJSON(@rows) WITH (${layout.columns.map(openJsonColumn).join(', ')})`
      : `json_populate_recordset(NULL::${name}, @rows::json)`;
  await queryable.query(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${source}`, {
    rows: JSON.stringify(rows),
  });
}

/**
 * How a column is read out of the JSON on SQL Server. Text is read at any length: OPENJSON would cut it silently to
 * a declared one, while the INSERT refuses what is too long. Dates are read as datetime2, which understands
 * `yyyy-MM-dd` under every language setting; datetime takes it for year-day-month under a British one.
 */
function openJsonColumn(column: Column): string {
  const { kind } = column.type;
  const type =
    kind === 'text' ? 'nvarchar(max)' : kind === 'date' ? 'datetime2(3)' : typeName('sqlserver', column.type);
  return `${quoted('sqlserver', column.name)} ${type} '$.${column.name}'`;
}

async function deleteBatch(queryable: Queryable, target: Target, ids: readonly string[]): Promise<void> {
  const { engine, name, layout } = target;
  const isNumber = layout.rowId.type.kind === 'integer';
  const chosen =
    engine === 'sqlserver'
      ? `SELECT id FROM OPENJSON(@ids) WITH (id ${isNumber ? 'int' : 'nvarchar(4000)'} '$')`
      : `SELECT value${isNumber ? '::int' : ''} FROM json_array_elements_text(@ids::json)`;
  await queryable.query(`DELETE FROM ${name} WHERE ${quoted(engine, layout.rowId.name)} IN (${chosen})`, {
    ids: JSON.stringify(ids),
  });
}
