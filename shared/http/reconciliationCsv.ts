import type { RefusedChild } from '../run/refusalsOfRun.js';
import { refusalRuleOf } from '../run/refusalRule.js';
import type { ReconciledChild } from '../staging/childStates.js';
import { excelCsv } from './findingsCsv.js';

/** Each child of the staging table with its state, as a file that opens in Excel. */
export async function reconciliationCsv(children: AsyncIterable<ReconciledChild>): Promise<string> {
  const rows: string[][] = [];
  for await (const { personId, state, mayHold, refusal } of children) {
    rows.push([personId, state, mayHold ? 'yes' : 'no', refusal ?? '']);
  }
  return excelCsv(['child id', 'state', 'DfE may hold an unanswered version', "DfE's words"], rows);
}

/** The children that DfE has refused in a run, as a file that opens in Excel. */
export async function refusedCsv(children: AsyncIterable<RefusedChild>): Promise<string> {
  const rows: string[][] = [];
  for await (const { personId, chunk, reason } of children) {
    rows.push([personId, refusalRuleOf(reason), reason, String(chunk)]);
  }
  return excelCsv(['child id', 'status and field', "DfE's words", 'chunk'], rows);
}
