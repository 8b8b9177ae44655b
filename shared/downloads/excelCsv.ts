import { stringify } from 'csv-stringify/sync';
import { linesOf, type Table } from './table.js';

/**
 * What a spreadsheet may take for a formula: a sign of one, also of full width, behind any blanks and characters that
 * cannot be seen, since some programs cut these off; and what begins with a tab or a line break.
 */
const formula = /^(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u;

/**
 * A file that opens in Excel: UTF-8 with a byte order mark, lines end in CRLF. A cell that a spreadsheet would take for a
 * formula gets a leading apostrophe: ids come from the source as they are, and words from DfE.
 */
export function excelCsv(table: Table): string {
  const lines = [...linesOf(table)].map((cells) => cells.map(harmless));
  return stringify(lines, {
    columns: [...table.columns],
    header: true,
    bom: true,
    record_delimiter: 'windows',
    // By itself the package quotes CRLF only. What follows a lone line break would begin a cell of its own, and so would
    // what follows a tab or a semicolon in LibreOffice, which treats these as separators by default.
    quoted_match: /[\r\n\t;]/,
  });
}

function harmless(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}
