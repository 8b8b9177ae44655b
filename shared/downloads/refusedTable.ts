import type { RefusedChild } from '../records/refusalsOfRun.js';
import { refusalRuleOf } from '../dfe/refusalRule.js';
import type { Rest } from '../records/inTime.js';
import { rowsOf, type Table } from './table.js';

const columns = ['child id', 'status and field', "DfE's words", 'chunk'];

/** The children that DfE has refused in a run. */
export async function refusedTable(children: AsyncIterable<RefusedChild | Rest<number>>): Promise<Table> {
  const { rows, rest } = await rowsOf(children, ({ personId, chunk, reason }) => [
    personId,
    refusalRuleOf(reason),
    reason,
    String(chunk),
  ]);
  return { columns, rows, rest };
}
