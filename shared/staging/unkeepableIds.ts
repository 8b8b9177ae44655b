import type { Queryable } from '../database/database.js';
import type { IdKey } from '../database/idForm.js';
import { isAscii } from '../database/idRange.js';
import { jsonRows, type StagingSql } from './stagingSql.js';
import type { StagingWrite } from './transitions.js';

/** The staging table's column `person_id` cannot keep an id apart from others. */
export class UnkeepableIdsError extends Error {
  override readonly name = 'UnkeepableIdsError';
}

/** A row must stand for one child: where the SSD tells two ids apart and this table does not, it would stand for both. */
export function refuseOneOfTwo(table: string, keyOf: IdKey, writes: readonly StagingWrite[]): void {
  const rows = new Set(writes.map(({ personId }) => keyOf(personId))).size;
  if (rows === writes.length) return;
  throw new UnkeepableIdsError(
    `The ids of ${String(writes.length - rows)} child(ren) differ from those of others only in what ${table}.person_id does not tell apart, such as capitals: one row would stand for two children. Nothing of these children's range was staged. Give the column the collation of pers_person_id in ssd_person (ALTER TABLE, docs/dba.md), then run again.`,
  );
}

/** An insert would put a similar letter or a question mark for one that the column lacks: another child's id. */
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
    `The ids of ${String(children)} child(ren) have letters that ${table}.person_id, which is varchar, cannot hold: they would become other ids. Nothing of these children's range was staged. Make the column nvarchar (ALTER TABLE, docs/dba.md), then run again.`,
  );
}
