import type { AbsentColumn, Survey } from './survey.js';
import { factsOf, type KnownTable } from './tables.js';

/**
 * The tables that say nothing about any child: the table or its main column is missing, or none of its rows leads to
 * a person. A child without a row in such a table may still have what the table is about.
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
