import { z } from 'zod';
import type { Queryable } from '../database/database.js';
import { inRange, rangeParameters, type IdOrder } from '../database/idRange.js';
import { rowStateOf, statusOf } from './stagedChild.js';
import { stagedId } from './stagedId.js';
import { triedByOther } from './stagingSql.js';

/** The state of a child in the staging table, in plain words, in the order of lists. */
export const childStateNames = [
  'up to date',
  'outstanding: new',
  'outstanding: changed',
  'outstanding: left',
  'refused',
  'unanswered',
  'removed',
  'withdrawn',
  'unknown',
] as const;
export type ChildState = (typeof childStateNames)[number];

export interface ReconciledChild {
  readonly personId: string;
  readonly state: ChildState;
  /** DfE may hold something that it never answered. */
  readonly mayHold: boolean;
  /** DfE's words, for one that is refused. */
  readonly refusal: string | undefined;
}

/** Children in one round trip. */
const rangeSize = 2000;

/** What decides the state, without a payload. The same on both engines. */
const facts = `t.row_state, t.submission_status,
  CASE WHEN t.previous_json_payload IS NOT NULL AND t.previous_hash IS NOT NULL THEN 1 ELSE 0 END AS has_previous,
  CASE WHEN t.previous_json_payload IS NOT NULL THEN 1 ELSE 0 END AS has_previous_text,
  CASE WHEN t.acknowledged_hash = t.previous_hash THEN 1 ELSE 0 END AS is_ours,
  CASE WHEN t.current_hash = t.previous_hash THEN 1 ELSE 0 END AS is_same,
  CASE WHEN t.refused_hash = t.current_hash THEN 1 ELSE 0 END AS is_refused,
  CASE WHEN t.unanswered_json_payload IS NOT NULL THEN 1 ELSE 0 END AS has_unanswered,
  CASE WHEN ${triedByOther} THEN 1 ELSE 0 END AS is_tried_by_other`;

/** Every child of the table in the database's own order of ids, with one range in memory at a time. @param order of the table's ids */
export async function* childStates(
  database: Queryable,
  table: string,
  order: IdOrder,
): AsyncGenerator<ReconciledChild, void, undefined> {
  for (let after: string | null = null; ;) {
    const range = { after, upTo: null };
    const rows = await database.query(
      `SELECT t.person_id, ${facts},
  CASE WHEN t.refused_hash = t.current_hash THEN t.api_response END AS refusal
FROM ${table} t
WHERE ${inRange(stagedId(order), range, order)}
ORDER BY t.person_id
OFFSET 0 ROWS FETCH NEXT ${String(rangeSize)} ROWS ONLY`,
      rangeParameters(range),
    );
    for (const row of rows) {
      const read = childSchema.parse(row);
      const { state, mayHold } = stateOf(read);
      const refusal = state === 'refused' ? (read.refusal ?? undefined) : undefined;
      yield { personId: read.person_id, state, mayHold, refusal };
      after = read.person_id;
    }
    if (rows.length < rangeSize) return;
  }
}

/** The number of children in each state that occurs. */
export async function countByState(
  database: Queryable,
  table: string,
): Promise<ReadonlyMap<ChildState, number>> {
  const columns = Object.keys(factsSchema.shape).join(', ');
  const rows = await database.query(`SELECT ${columns}, COUNT(*) AS children
FROM (SELECT ${facts} FROM ${table} t WHERE t.person_id IS NOT NULL) f
GROUP BY ${columns}`);
  const counts = new Map<ChildState, number>();
  for (const row of rows) {
    const { state } = stateOf(factsSchema.parse(row));
    counts.set(state, (counts.get(state) ?? 0) + Number(row['children']));
  }
  return counts;
}

const flag = z.coerce.number().transform((number) => number === 1);
const factsSchema = z.object({
  row_state: z.string().nullish(),
  submission_status: z.string().nullish(),
  has_previous: flag,
  has_previous_text: flag,
  is_ours: flag,
  is_same: flag,
  is_refused: flag,
  has_unanswered: flag,
  is_tried_by_other: flag,
});
const childSchema = factsSchema.extend({ person_id: z.string(), refusal: z.string().nullish() });

/** Reads a row as `stagedChildOf` does; docs/states.md explains the columns. */
function stateOf(facts: z.output<typeof factsSchema>): { state: ChildState; mayHold: boolean } {
  const rowState = rowStateOf(facts.row_state);
  const status = statusOf(facts.submission_status);
  const isAcknowledged = facts.has_previous && (facts.is_ours || (status === 'Sent' && facts.is_same));
  const mayHold =
    facts.has_unanswered || (!isAcknowledged && (facts.has_previous_text || facts.is_tried_by_other));
  const isTried = facts.has_unanswered || facts.is_tried_by_other;
  const state = (): ChildState => {
    if (status === undefined || rowState === undefined) return 'unknown';
    switch (status) {
      case 'Withdrawn':
        return 'withdrawn';
      case 'Sent':
        if (mayHold) return 'unanswered';
        return rowState === 'Deleted' ? 'removed' : 'up to date';
      case 'Error':
        return facts.is_refused || !isTried ? 'refused' : 'unanswered';
      case 'Pending':
      case 'Staged':
        if (status === 'Pending' && isTried) return 'unanswered';
        if (rowState === 'Unchanged' && isAcknowledged) return 'up to date';
        if (rowState === 'Deleted') return 'outstanding: left';
        return rowState === 'New' ? 'outstanding: new' : 'outstanding: changed';
    }
  };
  return { state: state(), mayHold };
}
