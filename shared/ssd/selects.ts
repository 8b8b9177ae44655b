import type { SsdLayout } from './layout.js';
import type { Ownership } from './ownership.js';
import { idColumnsOf, type Relations } from './relations.js';
import { select } from './sqlLayout.js';
import { ssdTables, detailTables, type SsdTable } from '../child/sourceRows.js';
import { typeKind } from './typeKinds.js';
import type { Row } from '../database/database.js';
import { inRange, ordersByCodePage, type IdRange } from '../database/idRange.js';
import { type KnownTable, aliasOf, knownTables } from './tables.js';
import { recordOf } from '../child/recordOf.js';

/**
 * One SELECT for each table, limited to a range of persons; their parameters are those of `rangeParameters`. Each names
 * the person its row belongs to `person_id`, and its columns as the SSD specification does; columns that the SSD does not
 * have are left out.
 */
export function selectsOf(
  layout: SsdLayout,
  relations: Relations,
  ownership: Ownership,
  range: IdRange,
): Readonly<Record<SsdTable, string>> {
  const person = layout.idExpression('ssd_person', 'pers_person_id', aliasOf('ssd_person'));
  const details = recordOf(detailTables, (table) => {
    if (layout.isMissing(table)) return 'SELECT NULL AS person_id WHERE 1 = 0';
    const names = [...new Set([...Object.keys(ssdTables[table]), ...idColumnsOf(relations, table)])];
    return ownership.rows(table, { columns: columnsRead(layout, table, names), range });
  });
  const columns = columnsRead(layout, 'ssd_person', Object.keys(ssdTables.ssd_person));
  const from = `${layout.table('ssd_person')} ${aliasOf('ssd_person')}`;
  return {
    ssd_person: select({ columns }, person.sql, [from], [inRange(person, range, layout.idOrder)]),
    ...details,
  };
}

function columnsRead(layout: SsdLayout, table: SsdTable, names: readonly string[]): string[] {
  return names
    .filter((column) => layout.has(table, column))
    .map((column) => `${columnRead(layout, table, column)} AS ${column}`);
}

function columnRead(layout: SsdLayout, table: SsdTable, column: string): string {
  const alias = aliasOf(table);
  const kind = Object.entries(ssdTables[table]).find(([name]) => name === column)?.[1];
  if (kind === undefined || kind === 'id') return layout.id(table, column, alias);
  const plain = layout.column(table, column, alias);
  // The driver would give a moment with a zone as the day in UTC.
  const isZoned =
    layout.engine === 'sqlserver' && typeKind(layout.engine, layout.type(table, column)) === 'zoned date';
  return kind === 'date' && isZoned ? `CAST(${plain} AS date)` : plain;
}

/**
 * The last id of each range of `@size` persons after `after`, in the order in which the database compares
 * an id with a parameter; else a person could fall into two ranges.
 * Its parameters are `@size` and those of `rangeParameters`. Columns: `up_to`.
 */
export function rangeEnds(layout: SsdLayout, after: string | null): string {
  const { idOrder } = layout;
  const person = layout.idExpression('ssd_person', 'pers_person_id', 'person');
  const id = person.sql;
  return `SELECT MAX(person_id) AS up_to
FROM (
  SELECT person_id, (ROW_NUMBER() OVER (ORDER BY person_id) - 1) / CAST(@size AS int) AS range_number
  FROM (
    SELECT ${ordersByCodePage(idOrder) ? id : `CONCAT(${id}, N'')`} AS person_id
    FROM ${layout.table('ssd_person')} person
    WHERE ${id} <> ''${after === null ? '' : ` AND ${inRange(person, { after, upTo: null }, idOrder)}`}
  ) ids
) people
GROUP BY range_number
ORDER BY range_number`;
}

/** The ids of a range of persons, as `selectsOf` reads them. Column: `pers_person_id`. */
export function personIds(layout: SsdLayout, range: IdRange): string {
  const id = layout.idExpression('ssd_person', 'pers_person_id', 'person');
  return `SELECT ${id.sql} AS pers_person_id
FROM ${layout.table('ssd_person')} person
WHERE ${inRange(id, range, layout.idOrder)}`;
}

/** How many rows each table has that is there. */
export type RowCounts = Readonly<Partial<Record<KnownTable, number>>>;

/** One SELECT for each table that is there, with the column `rows_counted`. */
export function rowCountSelects(layout: SsdLayout): Readonly<Record<string, string>> {
  return Object.fromEntries(
    knownTables
      .filter((table) => !layout.isMissing(table))
      .map((table) => [table, `SELECT COUNT(*) AS rows_counted FROM ${layout.table(table)}`]),
  );
}

export function rowCountsOf(rows: Readonly<Record<string, readonly Row[]>>): RowCounts {
  return Object.fromEntries(
    knownTables.flatMap((table) =>
      (rows[table] ?? []).map(({ rows_counted: counted }) => [table, Number(counted)]),
    ),
  );
}
