import { buffer } from 'node:stream/consumers';
import { linesOf, type Table } from './table.js';

/** What Excel takes in one cell; a file with more in one is called damaged. */
const longestCell = 32_767;
const cut = '… (the rest does not fit into a cell)';

/**
 * A workbook for Excel with one sheet, every cell a text: a spreadsheet changes nothing that looks like a number, a date or
 * a formula. Rows are compressed as they come, so that no more than the table and the file are in memory.
 */
export async function workbookOf(table: Table): Promise<Uint8Array> {
  // Only when a workbook is needed.
  const { writeXlsxStream } = await import('hucre/xlsx');
  const stream = writeXlsxStream(rowsOf(table), {
    name: 'List',
    // "@" is text, also when a person edits the cell.
    columns: table.columns.map(() => ({ numFmt: '@', width: 20 })),
    freezePane: { rows: 1 },
  });
  return buffer(stream);
}

function* rowsOf(table: Table): Generator<string[]> {
  yield [...table.columns];
  for (const cells of linesOf(table)) yield cells.map(textIn);
}

/**
 * A text as a workbook holds it. `_x0041_` there is an A, so that the underline of a text that looks like it is
 * written so. The library writes control characters like that by itself; U+FFFE and U+FFFF are in no XML.
 */
function textIn(cell: string): string {
  const whole = cell.length <= longestCell ? cell : `${cell.slice(0, longestCell - cut.length)}${cut}`;
  return whole
    .toWellFormed()
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}
