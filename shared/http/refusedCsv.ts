import type { RefusedChild } from '../run/refusalsOfRun.js';
import { refusalRuleOf } from '../run/refusalRule.js';
import { excelCsv } from './excelCsv.js';

/** The children that DfE has refused in a run, as a file that opens in Excel. */
export async function refusedCsv(children: AsyncIterable<RefusedChild>): Promise<string> {
  const rows: string[][] = [];
  for await (const { personId, chunk, reason } of children) {
    rows.push([personId, refusalRuleOf(reason), reason, String(chunk)]);
  }
  return excelCsv(['child id', 'status and field', "DfE's words", 'chunk'], rows);
}
