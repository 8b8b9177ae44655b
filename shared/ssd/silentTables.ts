import type { AbsentColumn, Survey } from './survey.js';
import { factsOf, type KnownTable } from './tables.js';

/**
 * The tables that say nothing about any child: they are not there, lack the column that it is about, or have rows of which
 * none leads to anybody. That a child has no row in such a table does not say that it has none of what the table is about.
 * @param missing the tables that are not there
 */
export function silentTables(
  { belonging, absentColumns }: Pick<Survey, 'belonging' | 'absentColumns'>,
  missing: readonly KnownTable[],
): ReadonlySet<KnownTable> {
  const joiningNothing = [...belonging]
    .filter(([, { rows, noPerson }]) => rows > 0 && noPerson >= rows)
    .map(([table]) => table);
  const withoutEssential = absentColumns.filter(isEssential).map(({ table }) => table);
  return new Set([...missing, ...joiningNothing, ...withoutEssential]);
}

function isEssential({ table, column }: AbsentColumn): boolean {
  return factsOf(table).essential === column;
}
