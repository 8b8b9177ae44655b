import type { ReconciledChild } from '../staging/childStates.js';
import { excelCsv } from './excelCsv.js';

/** Each child of the staging table with its state, as a file that opens in Excel. */
export async function reconciliationCsv(children: AsyncIterable<ReconciledChild>): Promise<string> {
  const rows: string[][] = [];
  for await (const { personId, state, mayHold, refusal } of children) {
    rows.push([personId, state, mayHold ? 'yes' : 'no', refusal ?? '']);
  }
  return excelCsv(['child id', 'state', 'DfE may hold an unanswered version', "DfE's words"], rows);
}
