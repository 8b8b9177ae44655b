import type { ReconciledChild } from '../staging/childStates.js';
import type { Deadline } from '../records/inTime.js';
import type { Table } from './table.js';

/**
 * Each child of the staging table with its state, as far as there is time. Only the id of
 * a child could say where it stops, and no address names a child.
 */
export async function reconciliationTable(
  children: AsyncIterable<ReconciledChild>,
  deadline: Deadline,
): Promise<Table> {
  const rows: string[][] = [];
  for await (const { personId, state, mayHold, refusal } of children) {
    if (rows.length > 0 && deadline.isOver()) return { columns, rows, rest: { instead } };
    rows.push([personId, state, mayHold ? 'yes' : 'no', refusal ?? '']);
  }
  return { columns, rows };
}

const columns = ['child id', 'state', 'DfE may hold an unanswered version', "DfE's words"];
const instead =
  'Ask again when the database is less busy or ask your database administrator for the rest of the staging table.';
