import type { SsdTable } from './sourceRows.js';

/**
 * Why a row is rightly not sent, and needs no finding. Every other row is in a payload or named by a finding.
 *
 * - `notInCohort`: its person is not sent.
 * - `outsideWindow`: it is known to lie outside the window.
 * - `notReported`: an involvement that passes not every gate that is on, an immigration status that is not of an
 *   unaccompanied asylum-seeking child or has ended, a linked identifier that is no former UPN.
 * - `notChosen`: the payload has one place, and another row of the child has it, or may have it: an earlier address, say.
 * - `sameAsAnother`: it says the same as another row.
 * - `context`: it gives reasons, links and numbers: the care episodes, the professionals.
 */
export const scopeRules = [
  'notInCohort',
  'outsideWindow',
  'notReported',
  'notChosen',
  'sameAsAnother',
  'context',
] as const;
export type ScopeRule = (typeof scopeRules)[number];

/** Rows out of scope, by table and rule. */
export type RowsOutOfScope = Readonly<
  Partial<Record<SsdTable | 'ssd_professionals', Partial<Record<ScopeRule, number>>>>
>;

/** Counts the rows that are out of scope. */
export class ScopeCount {
  readonly #counts: Partial<Record<SsdTable | 'ssd_professionals', Partial<Record<ScopeRule, number>>>> = {};

  add(table: SsdTable | 'ssd_professionals', rule: ScopeRule, rows = 1): void {
    if (rows === 0) return;
    const ofTable = (this.#counts[table] ??= {});
    ofTable[rule] = (ofTable[rule] ?? 0) + rows;
  }

  addAll(counts: RowsOutOfScope): void {
    for (const table of tablesOf(counts)) {
      for (const rule of scopeRules) this.add(table, rule, counts[table]?.[rule] ?? 0);
    }
  }

  counts(): RowsOutOfScope {
    return this.#counts;
  }
}

function tablesOf(counts: RowsOutOfScope): (keyof RowsOutOfScope)[] {
  return Object.keys(counts).filter((table): table is keyof RowsOutOfScope => Object.hasOwn(counts, table));
}
