import { z } from 'zod';
import type { Row } from '../database/database.js';
import { inclusionSets, setsThatLetIn, type InclusionSet } from './cohort.js';
import type { SsdLayout } from './layout.js';
import type { PersonRows } from './tables.js';
import type { Window } from '../child/window.js';

const count = z.int().nonnegative();

/** How many persons each gate and inclusion set lets in and leaves out. */
export const cohortReportSchema = z.object({
  /** Everyone in ssd_person, by what the age gate says of them. */
  ageGate: z.object({
    persons: count,
    passed: count,
    /** 26 or older on the window's first day. */
    tooOld: count,
    bornAfterWindow: count,
    /** Neither a date of birth nor an expected one. */
    withoutDates: count,
    /** No date of birth, and an expected one outside the window: unborn, or an age that is estimated. */
    expectedOutsideWindow: count,
    withoutId: count,
  }),
  /** Persons that pass the age gate and that each set lets in, whether it is on or off. */
  sets: z.record(z.string(), z.object({ on: z.boolean(), letsIn: count, aloneLetsIn: count })),
  /** Persons that pass the age gate and that no set lets in. */
  inNoSet: count,
  /** The difference from the authority's own list of the cohort, when it gives one. */
  cohortList: z.object({ listedAndNotInCohort: count, inCohortAndNotListed: count }).optional(),
  /** Children of the cohort that the allow-list keeps back, when there is one. */
  notOnAllowList: count.optional(),
});
export type CohortReport = z.output<typeof cohortReportSchema>;

/** Counts everyone in ssd_person by what the age gate says of them; parameters: those of the age gate. */
export function ageGateCounts(layout: SsdLayout): string {
  const id = layout.column('ssd_person', 'pers_person_id', 't');
  const born = layout.column('ssd_person', 'pers_dob', 't');
  const expected = layout.column('ssd_person', 'pers_expected_dob', 't');
  const counted = (condition: string, name: string) =>
    `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${name}`;
  return `SELECT COUNT(*) AS persons,
  ${counted(`${born} < CAST(@bornFrom AS date)`, 'too_old')},
  ${counted(`${born} >= CAST(@before AS date)`, 'born_after_window')},
  ${counted(`${born} IS NULL AND ${expected} IS NULL`, 'without_dates')},
  ${counted(`${born} IS NULL AND (${expected} < CAST(@expectedFrom AS date) OR ${expected} >= CAST(@before AS date))`, 'expected_outside_window')},
  ${counted(`${id} IS NULL`, 'without_id')}
FROM ${layout.table('ssd_person')} t`;
}

export function ageGateOfRow(row: Row | undefined): CohortReport['ageGate'] {
  const number = (name: string) => Number(row?.[name] ?? 0);
  const outside = {
    tooOld: number('too_old'),
    bornAfterWindow: number('born_after_window'),
    withoutDates: number('without_dates'),
    expectedOutsideWindow: number('expected_outside_window'),
  };
  const persons = number('persons');
  const left = Object.values(outside).reduce((sum, those) => sum + those, 0);
  return { persons, passed: persons - left, ...outside, withoutId: number('without_id') };
}

/** What the cohort says of a person that passes the age gate. */
export type Membership = 'in the cohort' | 'not in the cohort' | 'not listed' | 'not on the allow-list';

/** Gathers the report while the persons of the age gate pass by. */
export class CohortTally {
  readonly #window: Window;
  readonly #on: ReadonlySet<string>;
  readonly #letsIn = new Map<string, number>();
  readonly #aloneLetsIn = new Map<string, number>();
  #inNoSet = 0;
  #listedAndNotInCohort = 0;
  #inCohortAndNotListed = 0;
  #notOnAllowList = 0;

  constructor(window: Window, on: readonly InclusionSet[]) {
    this.#window = window;
    this.#on = new Set(on);
  }

  /**
   * Counts one person that passes the age gate.
   * @param listed whether the authority's own list names the person; `undefined` without a list
   * @param allowed whether the allow-list names the person; `undefined` without one
   * @returns whether the person is one to send, or why not
   */
  add(rows: PersonRows, listed: boolean | undefined, allowed: boolean | undefined): Membership {
    const letting = setsThatLetIn(rows, this.#window);
    for (const name of letting) this.#letsIn.set(name, (this.#letsIn.get(name) ?? 0) + 1);
    const [first, ...others] = letting.filter((name) => this.#on.has(name));
    if (first !== undefined && others.length === 0) {
      this.#aloneLetsIn.set(first, (this.#aloneLetsIn.get(first) ?? 0) + 1);
    }
    const inCohort = first !== undefined;
    if (!inCohort) this.#inNoSet += 1;
    if (!inCohort) return 'not in the cohort';
    if (listed === false) {
      this.#inCohortAndNotListed += 1;
      return 'not listed';
    }
    if (allowed === false) {
      this.#notOnAllowList += 1;
      return 'not on the allow-list';
    }
    return 'in the cohort';
  }

  /** Counts the persons of one range whom the authority's own list names and who are not in the cohort. */
  addListed(notInCohort: number): void {
    this.#listedAndNotInCohort += notInCohort;
  }

  report(
    ageGate: CohortReport['ageGate'],
    lists: { readonly hasCohortList: boolean; readonly hasAllowList: boolean },
  ): CohortReport {
    const sets = Object.keys(inclusionSets).map((name) => [
      name,
      {
        on: this.#on.has(name),
        letsIn: this.#letsIn.get(name) ?? 0,
        aloneLetsIn: this.#aloneLetsIn.get(name) ?? 0,
      },
    ]);
    return {
      ageGate,
      sets: cohortReportSchema.shape.sets.parse(Object.fromEntries(sets)),
      inNoSet: this.#inNoSet,
      ...(lists.hasCohortList
        ? {
            cohortList: {
              listedAndNotInCohort: this.#listedAndNotInCohort,
              inCohortAndNotListed: this.#inCohortAndNotListed,
            },
          }
        : {}),
      ...(lists.hasAllowList ? { notOnAllowList: this.#notOnAllowList } : {}),
    };
  }
}
