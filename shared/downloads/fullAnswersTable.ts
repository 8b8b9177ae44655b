import type { FullAnswerOfRun } from '../records/fullAnswersOfRun.js';
import type { Rest } from '../records/inTime.js';
import { rowsOf, type Table } from './table.js';

const columns = ['chunk', 'time', 'status', 'children in the POST', "DfE's full answer"];

/** Excel takes no longer cell. */
const longestCell = 32_000;

/** What DfE said in full in a run. May quote the children. */
export async function fullAnswersTable(
  answers: AsyncIterable<FullAnswerOfRun | Rest<number>>,
): Promise<Table> {
  const { rows, rest } = await rowsOf(answers, ({ chunk, at, status, children, text, erasedAt }) => [
    String(chunk),
    at,
    String(status),
    children.join(' '),
    erasedAt === undefined ? cell(text) : `erased at ${erasedAt}`,
  ]);
  return { columns, rows, rest };
}

function cell(text: string): string {
  return text.length <= longestCell
    ? text
    : `${text.slice(0, longestCell).toWellFormed()} … (the rest is in the blob)`;
}
