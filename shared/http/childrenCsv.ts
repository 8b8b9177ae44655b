import type { ChildOfRun, ChildOutcome } from '../run/childrenOfRun.js';
import { excelCsv } from './excelCsv.js';

const columns = ['child id', 'change', 'chunk', 'outcome', "DfE's answer", 'SHA-256 of the record'];

const wordOf: Readonly<Record<ChildOfRun['change'], string>> = {
  New: 'new',
  Updated: 'changed',
  Deleted: 'removed',
  Unchanged: 'unchanged',
};

/** The children of a run as a file that opens in Excel, one line each, in the order in which they come. */
export async function childrenCsv(children: AsyncIterable<ChildOfRun>): Promise<string> {
  const rows: string[][] = [];
  for await (const child of children) rows.push(cellsOf(child));
  return excelCsv(columns, rows);
}

function cellsOf(child: ChildOfRun): string[] {
  const { personId, change, chunk, outcome, hash } = child;
  return [personId, wordOf[change], String(chunk), outcome, answerOf(child), hash];
}

/** The receipt, or DfE's words; empty when DfE has not answered. */
function answerOf(child: ChildOutcome): string {
  switch (child.outcome) {
    case 'accepted':
      return child.receipt;
    case 'refused':
      return child.reason;
    case 'outstanding':
    case 'superseded':
    case 'not sent':
    case 'no answer yet':
      return '';
  }
}
