import { refusalRuleOf } from '../dfe/refusalRule.js';
import type { Place } from '../records/answers.js';
import { Rest } from '../records/inTime.js';
import type { RefusedChild } from '../records/refusalsOfRun.js';
import { namesInSsd, type SsdNames } from '../ssd/profile.js';
import { rowsOf, type Table } from './table.js';

const columns = [
  'child id',
  'status and field',
  "DfE's words",
  'chunk',
  'table',
  'column',
  'row id',
  'parent record',
];

/** The children that DfE has refused in a run: a line for each place in the SSD to look at, one where none is known. */
export async function refusedTable(
  children: AsyncIterable<RefusedChild | Rest<number>>,
  names: SsdNames,
): Promise<Table> {
  const { rows, rest } = await rowsOf(byPlace(children), ({ personId, chunk, reason, place }) => [
    personId,
    refusalRuleOf(reason),
    reason,
    String(chunk),
    ...cellsOf(place, names),
  ]);
  return { columns, rows, rest };
}

async function* byPlace(children: AsyncIterable<RefusedChild | Rest<number>>) {
  for await (const child of children) {
    if (child instanceof Rest) yield child;
    else if (child.places.length === 0) yield { ...child, place: undefined };
    else for (const place of child.places) yield { ...child, place };
  }
}

function cellsOf(place: Place | undefined, names: SsdNames): string[] {
  if (place === undefined) return ['', '', '', ''];
  const { table, column = '' } = namesInSsd(place, names);
  return [table, column, place.rowId ?? '', place.parentId ?? ''];
}
