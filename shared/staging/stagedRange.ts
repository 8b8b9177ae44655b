import type { Database, Engine, Parameters, Row } from '../database/database.js';
import { inOrder, inRange, type IdOrder, type IdRange } from '../database/idRange.js';
import { stagedChildOf, type StagedChild } from './stagedChild.js';
import { jsonRows, rowsOf, selectStaged } from './stagingSql.js';

/** How the staged children of a range of the SSD are found, while the SSD's own rows of that range are read. */
export interface StagedRange {
  /** One more SELECT for the SSD's database. It has the parameters of the range, and these. */
  readonly select: string;
  readonly parameters: Parameters;
  /** @param rows what that SELECT has found */
  readonly children: (rows: readonly Row[]) => Promise<StagedChild[]>;
}

const ids = { person_id: 'short' } as const;

/** The staging table is in the database of the SSD: the SELECT is that of its rows. */
export function besideTheSsd(select: string): StagedRange {
  return { select, parameters: {}, children: (rows) => Promise.resolve(rows.map(stagedChildOf)) };
}

/**
 * The staging table is in a database of its own, which may order and compare ids differently. So the SSD's database says
 * which of the staged ids are in the range: every id is in exactly one, and no collation of the other database counts.
 * @param order of the SSD's database
 */
export async function apartFromTheSsd(
  database: Database,
  table: string,
  range: IdRange,
  order: IdOrder,
): Promise<StagedRange> {
  const staged = await database.query(`SELECT t.person_id FROM ${table} t WHERE t.person_id IS NOT NULL`);
  return {
    select: idsInRange(range, order),
    parameters: { rows: idRows(staged) },
    children: async (found) => {
      if (found.length === 0) return [];
      const rows = await database.query(selectNamed(database.engine, table), { rows: idRows(found) });
      return rows.map(stagedChildOf);
    },
  };
}

/** Those of `@rows` that are in a range. Column: `person_id`. */
function idsInRange(range: IdRange, order: IdOrder): string {
  const id = inOrder({ sql: 'r.person_id', isUnicode: true }, undefined, order);
  return `SELECT r.person_id
FROM ${rowsOf(order.engine, ids)}
WHERE ${inRange(id, range, order)}`;
}

/** The rows of the children in `@rows`, whose ids are spelt as in this table. */
function selectNamed(engine: Engine, table: string): string {
  return selectStaged(engine, table, `t.person_id IN (SELECT r.person_id FROM ${rowsOf(engine, ids)})`);
}

function idRows(rows: readonly Row[]): string {
  return jsonRows(rows.map(({ person_id: id }) => ({ person_id: String(id) })));
}
