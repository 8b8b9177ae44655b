import type { Database } from '../../../shared/database/database.js';
import type { SsdRow, TableName } from '../../../infra/syntheticSsd/columns.js';
import { tableLayout, type System } from '../../../infra/syntheticSsd/layout.js';
import { quoted, tableIn } from '../../../infra/syntheticSsd/sqlName.js';

/**
 * The rows of a table as they were loaded, in the order of their row ids: dates as `yyyy-MM-dd` again, and `char`
 * columns without the spaces that a database fills them up with. Other text comes as the database holds it.
 */
export async function readBack(
  database: Database,
  schema: string,
  table: TableName,
  system: System = 'systemc',
): Promise<SsdRow[]> {
  const { columns, rowId } = tableLayout(table, system);
  const names = columns.map((column) => quoted(database.engine, column.name)).join(', ');
  const rows = await database.query(`SELECT ${names} FROM ${tableIn(database.engine, schema, table)}`);
  const written = rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const value = row[column.name];
        if (value instanceof Date) return [column.name, value.toISOString().slice(0, 10)];
        if (typeof value === 'string' && column.type.kind === 'date')
          return [column.name, value.slice(0, 10)];
        if (typeof value === 'string' && column.type.kind === 'text' && column.type.padded) {
          return [column.name, value.trimEnd()];
        }
        return [column.name, typeof value === 'string' || typeof value === 'number' ? value : null];
      }),
    ),
  );
  return inIdOrder(written, rowId.name);
}

/** Rows in the order of one column's text, whatever order the database prefers. */
export function inIdOrder(rows: readonly SsdRow[], column: string): SsdRow[] {
  return rows.toSorted((one, other) => (String(one[column]) < String(other[column]) ? -1 : 1));
}
