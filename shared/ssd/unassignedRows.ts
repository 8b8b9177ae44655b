import type { Finding } from '../child/findings.js';
import type { Row } from '../database/database.js';
import { judged, parentKeyOf } from './judged.js';
import type { SsdLayout } from './layout.js';
import type { Ownership } from './ownership.js';
import { idOf } from './cellsOf.js';
import type { Survey } from './survey.js';
import { detailTables, rowIdOf, type SsdDetailTable } from '../child/sourceRows.js';

/** The most rows of one table that are named under one rule. More would show the same fault, and need more memory. */
export const mostRows = 10_000;

const rules = ['no-person', 'belongs-to-two'] as const;
type Rule = (typeof rules)[number];

/**
 * One SELECT for each table and rule that has unassigned rows: rows that cannot be given to one child. Read by
 * `unassignedRowFindings`.
 */
export function unassignedRowSelects(
  layout: SsdLayout,
  ownership: Ownership,
  survey: Survey,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    casesOf(survey).map(({ table, rule }) => {
      const { from, noPerson, twoPersons, hasRowId } = judged(layout, ownership, table);
      return [
        nameOf(table, rule),
        `SELECT judged.row_id, judged.child_id, judged.parent_id
${from}
WHERE ${rule === 'no-person' ? noPerson : `(${twoPersons})`}
ORDER BY ${hasRowId ? 'judged.row_id' : '(SELECT NULL)'}
OFFSET 0 ROWS FETCH NEXT ${String(mostRows)} ROWS ONLY`,
      ];
    }),
  );
}

/**
 * One SELECT for each of `tables` that has more rows without a person than findings name: the ids of the others. Read
 * by `unnamedIdsOf`.
 */
export function unnamedRowSelects(
  layout: SsdLayout,
  ownership: Ownership,
  survey: Survey,
  tables: readonly SsdDetailTable[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    casesOf(survey)
      .filter(({ table, rule, count }) => tables.includes(table) && rule === 'no-person' && count > mostRows)
      .map(({ table }) => ({ table, its: judged(layout, ownership, table) }))
      .filter(({ its }) => its.hasRowId)
      .map(({ table, its: { from, noPerson } }) => [
        table,
        `SELECT judged.row_id
${from}
WHERE ${noPerson}
ORDER BY judged.row_id
OFFSET ${String(mostRows)} ROWS`,
      ]),
  );
}

/** By table. */
export function unnamedIdsOf(
  rows: Readonly<Record<string, readonly Row[]>>,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(rows).map(([table, its]) => [table, its.flatMap((row) => idOf(row['row_id']) ?? [])]),
  );
}

/** Unassigned rows, each named; above `mostRows` for a table and rule, one finding gives the number of the others. */
export function unassignedRowFindings(
  layout: SsdLayout,
  ownership: Ownership,
  survey: Survey,
  rows: Readonly<Record<string, readonly Row[]>>,
): Finding[] {
  return casesOf(survey).flatMap(({ table, rule, count }) => {
    const column = belongsBy(layout, ownership, table);
    const named = (rows[nameOf(table, rule)] ?? []).map((row): Finding => {
      const found =
        rule === 'no-person' ? 'a row that belongs to nobody' : 'keys that lead to different persons';
      return {
        rule,
        table,
        rowId: idOf(row['row_id']),
        column,
        found,
        childId: idOf(row['child_id']),
        parentId: idOf(row['parent_id']),
      };
    });
    const more = count - named.length;
    return more > 0
      ? [...named, { rule, table, rowId: null, column, found: `${String(more)} more rows` }]
      : named;
  });
}

function casesOf({
  belonging,
}: Survey): { readonly table: SsdDetailTable; readonly rule: Rule; readonly count: number }[] {
  return detailTables.flatMap((table) =>
    rules
      .map((rule) => {
        const its = belonging.get(table);
        return { table, rule, count: (rule === 'no-person' ? its?.noPerson : its?.twoPersons) ?? 0 };
      })
      .filter(({ count }) => count > 0),
  );
}

/** The column that says whose a row is: of the person, else the key to its parent. */
function belongsBy(layout: SsdLayout, ownership: Ownership, table: SsdDetailTable): string {
  return ownership.personColumn(table) ?? parentKeyOf(layout, table) ?? rowIdOf(table);
}

function nameOf(table: SsdDetailTable, rule: Rule): string {
  return `${table} ${rule}`;
}
