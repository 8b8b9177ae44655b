import type { Queryable } from '../database/database.js';
import type { IdKey } from '../database/idForm.js';
import { isAscii } from '../database/idRange.js';
import { jsonRows, type StagingSql } from './stagingSql.js';
import type { StagingWrite } from './transitions.js';

/** The staging table's column `person_id` cannot hold an id, or cannot tell it from another. */
export class UnkeepableIdsError extends Error {
  override readonly name = 'UnkeepableIdsError';
}

/** A row must be about one child. If this table treats two ids of the SSD as the same, it would be about both. */
export function refuseOneOfTwo(table: string, keyOf: IdKey, writes: readonly StagingWrite[]): void {
  const rows = new Set(writes.map(({ personId }) => keyOf(personId))).size;
  if (rows === writes.length) return;
  throw new UnkeepableIdsError(
    `The ids of ${String(writes.length - rows)} child(ren) differ from other ids only in ways that ${table}.person_id ignores, such as capitals: two children would share one row. Nothing was staged for this range of children. Give the column the collation of pers_person_id in ssd_person (ALTER TABLE, docs/dba.md), then run again.`,
  );
}

/** For a letter that the column lacks, an insert would write a similar letter or a question mark: another child's id. */
export async function refuseUnkeepable(
  database: Queryable,
  table: string,
  { countUnkeepable }: StagingSql,
  writes: readonly StagingWrite[],
): Promise<void> {
  const others = writes.filter(({ personId }) => !isAscii(personId));
  if (countUnkeepable === undefined || others.length === 0) return;
  const rows = jsonRows(others.map(({ personId }) => ({ person_id: personId })));
  const [row] = await database.query(countUnkeepable, { rows });
  const children = Number(row?.['children']);
  if (children === 0) return;
  throw new UnkeepableIdsError(
    `The ids of ${String(children)} child(ren) have letters that ${table}.person_id, which is varchar, cannot hold: they would become other ids. Nothing was staged for this range of children. Make the column nvarchar (ALTER TABLE, docs/dba.md), then run again.`,
  );
}
