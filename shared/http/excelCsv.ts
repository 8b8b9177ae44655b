import { stringify } from 'csv-stringify/sync';

/**
 * A file that opens in Excel: UTF-8 with a byte order mark, lines end in CRLF. A cell that Excel would take for a
 * formula gets a leading apostrophe: ids come from the source as they are, and words from DfE.
 */
export function excelCsv(columns: readonly string[], rows: string[][]): string {
  return stringify(rows, {
    columns,
    header: true,
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    // By itself the package quotes CRLF only, and what follows a lone line break would begin a cell of its own.
    quoted_match: /[\r\n]/,
  });
}

/** Such a file as the answer of a call. */
export function csvFile(name: string, body: string) {
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
    body,
  };
}
