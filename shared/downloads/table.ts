import { Rest } from '../records/inTime.js';

/** A list as a file has it: text in every cell. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** When there was not enough time for the whole list. */
  readonly rest?: TableRest | undefined;
}

/** How to get the rest of a list: by a file that begins there, or not by a file. */
type TableRest = { readonly from: string } | { readonly instead: string };

/** The rows of a list and where it breaks off, if it does. */
export async function rowsOf<Item>(
  items: AsyncIterable<Item | Rest<number | string>>,
  rowOf: (item: Item) => string[],
): Promise<{ readonly rows: string[][]; readonly rest: TableRest | undefined }> {
  const rows: string[][] = [];
  for await (const item of items) {
    if (item instanceof Rest) return { rows, rest: { from: String(item.from) } };
    rows.push(rowOf(item));
  }
  return { rows, rest: undefined };
}

/** The rows of a file under its columns; the last one of a file that is not whole says so. */
export function* linesOf({ rows, rest }: Table): Generator<readonly string[]> {
  yield* rows;
  if (rest !== undefined) yield [incomplete(rest)];
}

/** Without a comma: in a CSV such a line would begin with a quote. */
function incomplete(rest: TableRest): string {
  const how =
    'from' in rest
      ? `For the rest: ask for this file again with ?from=${rest.from} at the end of its address.`
      : rest.instead;
  return `INCOMPLETE: there was not enough time for the whole list. ${how}`;
}
