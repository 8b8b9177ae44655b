import { figures } from '../child/rehearsal/figures.js';
import { groups, numberIn, type Group } from '../child/rehearsal/groups.js';
import type { ComparedRehearsal, RehearsalColumn } from '../records/rehearsalOfRun.js';
import type { Table } from './table.js';

const columns = [
  'return',
  'code',
  'figure',
  'kind',
  'unit',
  'split by',
  'group',
  'run',
  'day',
  'number',
  'run a month before',
  'day in the run a month before',
  'number a month before',
  'run a year before',
  'day in the run a year before',
  'number a year before',
  'how it is counted',
  'how it may differ from the return',
];

/** The figures of the dress rehearsal: a line for each, and one for each age group and sex. It names no child. */
export function rehearsalTable({ now, monthBefore, yearBefore }: ComparedRehearsal): Table {
  const rows = figures.flatMap(({ census, code, title, kind, unit, counted, differs }) =>
    groups.map((group) => [
      ...[census, code, title, kind, unit, group.split, group.name],
      ...[now, monthBefore, yearBefore].flatMap((column) => cellsOf(column, code, group)),
      ...[counted, differs],
    ]),
  );
  return { columns, rows };
}

/** All three are empty without a run. */
function cellsOf(column: RehearsalColumn | undefined, code: string, group: Group): string[] {
  if (column === undefined) return ['', '', ''];
  const number = numberIn(column.figures, code, group);
  return [column.runId, column.day, number === undefined ? 'not known' : String(number)];
}
