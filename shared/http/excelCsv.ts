import { stringify } from 'csv-stringify/sync';
import { Rest } from '../run/inTime.js';

/** A list as a file. */
export interface Csv {
  readonly text: string;
  /** When there was not enough time for the whole list. */
  readonly rest: CsvRest | undefined;
}

/** How to get the rest of a list: by a file that begins there, or not by a file. */
export type CsvRest = { readonly from: string } | { readonly instead: string };

/** The rows of a list and where it breaks off, if it does. */
export async function rowsOf<Item>(
  items: AsyncIterable<Item | Rest<number | string>>,
  rowOf: (item: Item) => string[],
): Promise<{ readonly rows: string[][]; readonly rest: CsvRest | undefined }> {
  const rows: string[][] = [];
  for await (const item of items) {
    if (item instanceof Rest) return { rows, rest: { from: String(item.from) } };
    rows.push(rowOf(item));
  }
  return { rows, rest: undefined };
}

/**
 * A file that opens in Excel: UTF-8 with a byte order mark, lines end in CRLF. A cell that Excel would take for a
 * formula gets a leading apostrophe: ids come from the source as they are, and words from DfE. The last line of a file
 * that is not whole says so.
 */
export function excelCsv(columns: readonly string[], rows: string[][], rest?: CsvRest): Csv {
  const text = stringify(rest === undefined ? rows : [...rows, [incomplete(rest)]], {
    columns,
    header: true,
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    // By itself the package quotes CRLF only, and what follows a lone line break would begin a cell of its own.
    quoted_match: /[\r\n]/,
  });
  return { text, rest };
}

/** Without a comma: such a line would begin with a quote. */
function incomplete(rest: CsvRest): string {
  const how =
    'from' in rest
      ? `For the rest: ask for this file again with ?from=${rest.from} at the end of its address.`
      : rest.instead;
  return `INCOMPLETE: there was not enough time for the whole list. ${how}`;
}

/** The name of a file says, too, that it is not whole, or does not begin at the beginning. */
export function fileNameOf(name: string, { rest }: Csv, from?: string): string {
  return [
    name,
    ...(from === undefined ? [] : [`from-${from}`]),
    ...(rest === undefined ? [] : ['incomplete']),
  ].join('-');
}

/** Such a file as the answer of a call. */
export function csvFile(name: string, csv: Csv, from?: string) {
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileNameOf(name, csv, from)}.csv"`,
      // A relative address: the one that was asked for may hold a key.
      ...(csv.rest !== undefined && 'from' in csv.rest
        ? { link: `<?from=${csv.rest.from}>; rel="next"` }
        : {}),
    },
    body: csv.text,
  };
}
