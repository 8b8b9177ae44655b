import type { Database } from './adapter.js';
import { tableNames, type SsdEntry, type TableName } from '../../infra/syntheticSsd/columns.js';
import { tableLayout, type Column } from '../../infra/syntheticSsd/layout.js';
import { createSchema, typeName } from '../../infra/syntheticSsd/schema.js';
import { publishedColumns } from '../../shared/ssd/publishedColumns.js';
import type { SsdFolder } from '../../infra/syntheticSsd/jsonLines.js';
import { cmsNames, type Cell, type Cms, type Row, type Ssd, type Table } from './input.js';
import { isCalendarDay } from './values.js';

/** The columns of a table under their names in the specification, with what the system calls and types them. */
export function columnsOf(
  table: TableName,
  cms: Cms,
): readonly { readonly name: string; readonly column: Column }[] {
  const position = cmsNames.indexOf(cms);
  const names = Object.entries<readonly (string | null)[]>(publishedColumns[table])
    .filter(([, types]) => types[position] !== null)
    .map(([name]) => name);
  const columns = tableLayout(table, cms).columns;
  return names.flatMap((name, at) => {
    const column = columns[at];
    return column === undefined ? [] : [{ name, column }];
  });
}

/** An SSD with every table and column that the system publishes, and these rows (in the system's names). */
export async function ssdOf(cms: Cms, entries: Iterable<SsdEntry> | AsyncIterable<SsdEntry>): Promise<Ssd> {
  const rows = new Map<TableName, Row[]>(tableNames.map((table) => [table, []]));
  const names = new Map(
    tableNames.map((table) => [
      table,
      new Map(columnsOf(table, cms).map(({ name, column }) => [column.name, name])),
    ]),
  );
  for await (const { table, row } of entries) {
    const renamed = Object.entries(row).map(
      ([column, cell]) => [names.get(table)?.get(column) ?? column, cell] as const,
    );
    rows.get(table)?.push(Object.fromEntries(renamed));
  }
  return {
    cms,
    tables: new Map(tableNames.map((table) => [table, fullTable(table, cms, rows.get(table) ?? [])])),
  };
}

function fullTable(table: TableName, cms: Cms, rows: readonly Row[]): Table {
  return { columns: new Set(columnsOf(table, cms).map(({ name }) => name)), rows };
}

export async function ssdOfFolder(folder: SsdFolder, cms: Cms): Promise<Ssd> {
  return ssdOf(cms, folder.entries());
}

/**
 * Makes the tables of an SSD in a schema of its own and fills them. A column has the published type where all its cells
 * fit it, else it is text, as a council's own table may be.
 */
export async function loadAudited(database: Database, schema: string, ssd: Ssd): Promise<void> {
  await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await database.query(createSchema(database.engine, schema));
  for (const [table, { columns, rows }] of ssd.tables) {
    const made = columnsOf(table, ssd.cms).filter(({ name }) => columns.has(name));
    if (made.length === 0) continue;
    const definitions = made.map(
      ({ name, column }) =>
        `"${column.name}" ${typeOf(
          database,
          column,
          rows.map((row) => row[name] ?? null),
        )}`,
    );
    await database.query(`CREATE TABLE ${schema}."${table}" (${definitions.join(', ')})`);
    const list = made.map(({ column }) => `"${column.name}"`).join(', ');
    for (let at = 0; at < rows.length; at += batch) {
      const some = rows
        .slice(at, at + batch)
        .map((row) => Object.fromEntries(made.map(({ name, column }) => [column.name, row[name] ?? null])));
      await database.query(
        `INSERT INTO ${schema}."${table}" (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${schema}."${table}", @rows::json)`,
        { rows: JSON.stringify(some) },
      );
    }
  }
}

const batch = 1000;

function typeOf(database: Database, { type }: Column, cells: readonly Cell[]): string {
  const present = cells.filter((cell) => cell !== null);
  const fits =
    type.kind === 'date'
      ? present.every((cell) => typeof cell === 'string' && isTimestamp(cell))
      : type.kind === 'text'
        ? present.every((cell) => type.length === null || String(cell).length <= type.length) && !type.padded
        : present.every(
            (cell) =>
              typeof cell === 'number' &&
              Number.isFinite(cell) &&
              (type.kind !== 'integer' || (Number.isInteger(cell) && Math.abs(cell) < 2 ** 31)),
          );
  return fits ? typeName(database.engine, type) : 'text';
}

function isTimestamp(cell: string): boolean {
  const date = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2})?$/.exec(cell)?.[1];
  return date !== undefined && isCalendarDay(date);
}

/** The SSD as a PostgreSQL database can hold it: half a character and the character 0 cannot be stored there. */
export function storable(ssd: Ssd): Ssd {
  const cell = (value: Cell): Cell =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : value;
  return {
    cms: ssd.cms,
    tables: new Map(
      [...ssd.tables].map(([table, { columns, rows }]) => [
        table,
        {
          columns,
          rows: rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])),
          ),
        },
      ]),
    ),
  };
}
