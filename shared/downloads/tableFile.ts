import { excelCsv } from './excelCsv.js';
import type { Table } from './table.js';
import { workbookOf } from './workbook.js';

/** CSV for programs; a workbook for people, since a spreadsheet changes ids when it opens a CSV. */
export type TableFormat = 'csv' | 'xlsx';

export function inEachFormat<T>(of: (format: TableFormat) => T): Readonly<Record<TableFormat, T>> {
  return { csv: of('csv'), xlsx: of('xlsx') };
}

const formats: Readonly<
  Record<
    TableFormat,
    { readonly type: string; readonly write: (table: Table) => Promise<string | Uint8Array> }
  >
> = {
  csv: { type: 'text/csv; charset=utf-8', write: (table) => Promise.resolve(excelCsv(table)) },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: workbookOf,
  },
};

export interface TableFile {
  readonly name: string;
  readonly table: Table;
  readonly format: TableFormat;
  /** Where the file begins, when it does not begin at the beginning. */
  readonly from?: string | undefined;
}

/** A table as the answer of a call. */
export async function tableFile(file: TableFile) {
  const { table, format } = file;
  const { type, write } = formats[format];
  return {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${fileNameOf(file)}.${format}"`,
      // A relative address: the address of the request may hold a key.
      ...(table.rest !== undefined && 'from' in table.rest
        ? { link: `<?from=${table.rest.from}>; rel="next"` }
        : {}),
    },
    body: await write(table),
  };
}

/** The name of a file says, too, that it is not whole, or does not begin at the beginning. */
function fileNameOf({ name, table, from }: TableFile): string {
  return [
    name,
    ...(from === undefined ? [] : [`from-${from}`]),
    ...(table.rest === undefined ? [] : ['incomplete']),
  ].join('-');
}
