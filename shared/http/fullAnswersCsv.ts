import type { FullAnswerOfRun } from '../run/fullAnswersOfRun.js';
import type { Rest } from '../run/inTime.js';
import { excelCsv, rowsOf, type Csv } from './excelCsv.js';

/** Excel takes no longer cell. */
const longestCell = 32_000;

/** What DfE said in full in a run, as a file that opens in Excel. May quote the children. */
export async function fullAnswersCsv(answers: AsyncIterable<FullAnswerOfRun | Rest<number>>): Promise<Csv> {
  const { rows, rest } = await rowsOf(answers, ({ chunk, at, status, children, text, erasedAt }) => [
    String(chunk),
    at,
    String(status),
    children.join(' '),
    erasedAt === undefined ? cell(text) : `erased at ${erasedAt}`,
  ]);
  return excelCsv(['chunk', 'time', 'status', 'children in the POST', "DfE's full answer"], rows, rest);
}

function cell(text: string): string {
  return text.length <= longestCell
    ? text
    : `${text.slice(0, longestCell).toWellFormed()} … (the rest is in the blob)`;
}
