import type { RefusedChild } from '../run/refusalsOfRun.js';
import { refusalRuleOf } from '../run/refusalRule.js';
import type { Rest } from '../run/inTime.js';
import { excelCsv, rowsOf, type Csv } from './excelCsv.js';

/** The children that DfE has refused in a run, as a file that opens in Excel. */
export async function refusedCsv(children: AsyncIterable<RefusedChild | Rest<number>>): Promise<Csv> {
  const { rows, rest } = await rowsOf(children, ({ personId, chunk, reason }) => [
    personId,
    refusalRuleOf(reason),
    reason,
    String(chunk),
  ]);
  return excelCsv(['child id', 'status and field', "DfE's words", 'chunk'], rows, rest);
}
