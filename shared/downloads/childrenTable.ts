import type { ChildOfRun, ChildOutcome } from '../records/childrenOfRun.js';
import type { Rest } from '../records/inTime.js';
import { rowsOf, type Table } from './table.js';

const columns = ['child id', 'change', 'chunk', 'outcome', "DfE's answer", 'SHA-256 of the record'];

const wordOf: Readonly<Record<ChildOfRun['change'], string>> = {
  New: 'new',
  Updated: 'changed',
  Deleted: 'removed',
  Unchanged: 'unchanged',
};

/** The children of a run, one line each, in the order in which they come. */
export async function childrenTable(children: AsyncIterable<ChildOfRun | Rest<number>>): Promise<Table> {
  return { columns, ...(await rowsOf(children, cellsOf)) };
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
