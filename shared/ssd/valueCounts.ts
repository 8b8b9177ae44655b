import type { Row } from '../database/database.js';
import { textCell } from './cellsOf.js';
import type { SsdLayout } from './layout.js';
import type { KnownTable } from './tables.js';
import { typeKind } from './typeKinds.js';

/** Which values a column has, or two columns together, and in how many rows. */
export interface ValueCounts {
  /** All rows of the table. */
  readonly rows: number;
  /** The most frequent first. */
  readonly values: readonly ValueCount[];
  /** False where there are more values than are read. */
  readonly isComplete: boolean;
}

export interface ValueCount {
  /** One text for each column; null where it is empty, or there is no such column. */
  readonly texts: readonly (string | null)[];
  readonly rows: number;
}

/** A column with more values than this holds no codes, roles or statuses. */
const mostValues = 1000;

/** @returns `undefined` where the SSD has none of the columns, or one that cannot be grouped by */
export function valueCountsSelect(
  layout: SsdLayout,
  table: KnownTable,
  columns: readonly string[],
): string | undefined {
  const present = columns.filter((column) => layout.has(table, column));
  const canBeGrouped = present.every((column) => {
    const kind = typeKind(layout.engine, layout.type(table, column));
    return kind === 'text' || kind === 'number';
  });
  if (present.length === 0 || !canBeGrouped) return undefined;
  const values = columns.map((column, at) =>
    present.includes(column) ? `${layout.column(table, column, 't')} AS value_${String(at + 1)}` : undefined,
  );
  return `SELECT ${values.filter((value) => value !== undefined).join(', ')}, COUNT(*) AS of_value, SUM(COUNT(*)) OVER () AS all_rows
FROM ${layout.table(table)} t
GROUP BY ${present.map((column) => layout.column(table, column, 't')).join(', ')}
ORDER BY COUNT(*) DESC
OFFSET 0 ROWS FETCH NEXT ${String(mostValues)} ROWS ONLY`;
}

/** @param rows those of `valueCountsSelect` */
export function valueCountsOf(rows: readonly Row[], columns: readonly string[]): ValueCounts {
  return {
    rows: Number(rows[0]?.['all_rows'] ?? 0),
    values: rows.map((row) => ({
      texts: columns.map((_, at) => {
        const cell = textCell(row[`value_${String(at + 1)}`]);
        return typeof cell === 'string' && cell.trim() !== '' ? cell.trim() : null;
      }),
      rows: Number(row['of_value']),
    })),
    isComplete: rows.length < mostValues,
  };
}
