import { columnsOfTable } from '../database/catalogue.js';
import type { Database, Row } from '../database/database.js';
import type { IdKey } from '../database/idForm.js';
import { inOrder, inRange, type IdExpression, type IdOrder, type IdRange } from '../database/idRange.js';
import { isUnicodeType } from '../database/textTypes.js';
import type { IdsRead } from './idSum.js';
import { typeKind } from './typeKinds.js';

/**
 * How the ids of an authority's own list, which may be of any type, meet the ends of a range: text of the order's collation
 * as it is, so that an index can serve, and all else as text, without the blanks of `char`.
 */
export async function listIdOf(database: Database, table: string, order: IdOrder): Promise<IdExpression> {
  const asText = inOrder({ sql: "RTRIM(CONCAT(t.person_id, N''))", isUnicode: true }, undefined, order);
  if (order.engine === 'postgres') return asText;
  const column = (await columnsOfTable(database, table)).get('person_id');
  const isText = column !== undefined && typeKind('sqlserver', column.type) === 'text';
  return isText && column.collation === order.collation
    ? { sql: 't.person_id', isUnicode: isUnicodeType(column.type) }
    : asText;
}

export function listSelect(
  table: string | undefined,
  ids: ReadonlyMap<string, IdExpression>,
  range: IdRange,
  order: IdOrder,
): string {
  const id = table === undefined ? undefined : ids.get(table);
  if (table === undefined || id === undefined) return 'SELECT NULL AS person_id WHERE 1 = 0';
  return `SELECT DISTINCT RTRIM(CONCAT(t.person_id, N'')) AS person_id
FROM ${table} t
WHERE t.person_id IS NOT NULL
  AND ${inRange(id, range, order)}`;
}

export function idsIn(rows: readonly Row[], keyOf: IdKey): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => String(row['person_id'])).map((id): [string, string] => [keyOf(id), id]));
}

export function idsRead(rows: Readonly<Record<keyof IdsRead, readonly Row[]>>): IdsRead {
  const texts = (source: keyof IdsRead, column: string) => rows[source].map((row) => String(row[column]));
  return {
    ssd_person: texts('ssd_person', 'pers_person_id'),
    cohortList: texts('cohortList', 'person_id'),
    allowList: texts('allowList', 'person_id'),
  };
}
