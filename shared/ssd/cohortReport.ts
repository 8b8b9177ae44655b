import { z } from 'zod';
import { anyOf, type Answer } from '../child/inTime.js';
import { ScopeCount, scopeRules, type RowsOutOfScope } from '../child/scope.js';
import type { Window } from '../child/window.js';
import {
  ageGateAnswer,
  ageGateOf,
  answersOfSets,
  inclusionSets,
  restsOnAbsentTable,
  ageGateAnswers,
  type AgeGateAnswer,
  type InclusionSet,
} from './cohort.js';
import { detailTables, type PersonRows } from '../child/sourceRows.js';
import { knownTables } from './tables.js';

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
    /** A date of birth, or an expected one, that decides and cannot be read. Absent in reports of earlier versions. */
    unreadableDates: count.optional(),
  }),
  /** Persons that pass the age gate and that each set lets in, whether it is on or off. */
  sets: z.record(z.string(), z.object({ on: z.boolean(), letsIn: count, aloneLetsIn: count })),
  /** Persons that pass the age gate and that no set lets in. */
  inNoSet: count,
  /** Persons who are in the cohort or not depending on a missing or unreadable value. */
  unclear: count.optional(),
  /** By table and rule of `child/scope.ts`: the rows that are rightly neither sent nor named by a finding. */
  rowsOutOfScope: z.record(z.string(), z.record(z.string(), count)).optional(),
  /** The difference from the authority's own list of the cohort, when it gives one. */
  cohortList: z.object({ listedAndNotInCohort: count, inCohortAndNotListed: count }).optional(),
  /** Children of the cohort that are not on the allow-list, when there is one. */
  notOnAllowList: count.optional(),
});
export type CohortReport = z.output<typeof cohortReportSchema>;

/**
 * Whether a person is in the cohort, or why not. `not in the cohort`: the age gate leaves the person out. `unclear`:
 * it depends on a value that is missing or cannot be read; `unclear by absence`: a table that the SSD does not have
 * might let the person in.
 */
type Membership =
  | 'in the cohort'
  | 'not in the cohort'
  | 'in no set'
  | 'not listed'
  | 'not on the allow-list'
  | 'unclear'
  | 'unclear by absence';

/** What decides who is in the cohort. */
interface CohortRules {
  readonly window: Window;
  /** The sets that are on. */
  readonly on: readonly InclusionSet[];
  /** In years. */
  readonly ageLimit: number | undefined;
  readonly absentTables: ReadonlySet<string>;
}

const counts = z.record(z.string(), count);

/** What a `CohortTally` has counted, as it is stored. */
export const cohortCountsSchema = z.strictObject({
  gate: z.partialRecord(z.enum(ageGateAnswers), count),
  letsIn: counts,
  aloneLetsIn: counts,
  rowsOutOfScope: z.partialRecord(z.enum(knownTables), z.partialRecord(z.enum(scopeRules), count)),
  inNoSet: count,
  unclear: count,
  placeholders: count,
  listedAndNotInCohort: count,
  inCohortAndNotListed: count,
  notOnAllowList: count,
});
type CohortCounts = z.output<typeof cohortCountsSchema>;

/** Gathers the report while everyone in ssd_person passes by. */
export class CohortTally {
  readonly #rules: CohortRules;
  readonly #on: ReadonlySet<string>;
  readonly #mayBeIncomplete: boolean;
  readonly #gate: Map<string, number>;
  readonly #letsIn: Map<string, number>;
  readonly #aloneLetsIn: Map<string, number>;
  readonly #scope = new ScopeCount();
  #inNoSet = 0;
  #unclear = 0;
  #placeholders = 0;
  #listedAndNotInCohort = 0;
  #inCohortAndNotListed = 0;
  #notOnAllowList = 0;

  /** @param soFar what another one of the same rules has counted */
  constructor(rules: CohortRules, soFar?: CohortCounts) {
    this.#rules = rules;
    this.#on = new Set(rules.on);
    this.#mayBeIncomplete = restsOnAbsentTable(rules.on, rules.absentTables);
    this.#gate = new Map(Object.entries(soFar?.gate ?? {}));
    this.#letsIn = new Map(Object.entries(soFar?.letsIn ?? {}));
    this.#aloneLetsIn = new Map(Object.entries(soFar?.aloneLetsIn ?? {}));
    if (soFar === undefined) return;
    this.#scope.addAll(soFar.rowsOutOfScope);
    this.#inNoSet = soFar.inNoSet;
    this.#unclear = soFar.unclear;
    this.#placeholders = soFar.placeholders;
    this.#listedAndNotInCohort = soFar.listedAndNotInCohort;
    this.#inCohortAndNotListed = soFar.inCohortAndNotListed;
    this.#notOnAllowList = soFar.notOnAllowList;
  }

  counts(): CohortCounts {
    return {
      gate: Object.fromEntries(this.#gate),
      letsIn: Object.fromEntries(this.#letsIn),
      aloneLetsIn: Object.fromEntries(this.#aloneLetsIn),
      rowsOutOfScope: this.#scope.counts(),
      inNoSet: this.#inNoSet,
      unclear: this.#unclear,
      placeholders: this.#placeholders,
      listedAndNotInCohort: this.#listedAndNotInCohort,
      inCohortAndNotListed: this.#inCohortAndNotListed,
      notOnAllowList: this.#notOnAllowList,
    };
  }

  /** Persons that have passed the age gate so far. */
  get passed(): number {
    return this.#gate.get('passed') ?? 0;
  }

  /**
   * Counts one person.
   * @param listed whether the authority's own list names the person; `undefined` without a list
   * @param allowed whether the allow-list names the person; `undefined` without one
   * @returns whether the person is one to send, or why not
   */
  add(rows: PersonRows, listed: boolean | undefined, allowed: boolean | undefined): Membership {
    const { window, ageLimit } = this.#rules;
    const gate = ageGateAnswer(rows.person, ageGateOf(window, ageLimit));
    this.#gate.set(gate, (this.#gate.get(gate) ?? 0) + 1);
    if (outsideGate.has(gate)) return 'not in the cohort';
    const answers = answersOfSets(rows, window);
    const sets = anyOf([...answers].filter(([set]) => this.#on.has(set)).map(([, answer]) => answer));
    if (gate === 'passed') this.#countSets(answers, sets);
    if (sets === 'no') return this.#mayBeIncomplete ? 'unclear by absence' : 'in no set';
    if (gate !== 'passed' || sets === 'unknown') {
      this.#unclear += 1;
      return 'unclear';
    }
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

  #countSets(answers: ReadonlyMap<InclusionSet, Answer>, sets: Answer): void {
    const letting = [...answers].filter(([, answer]) => answer === 'yes').map(([set]) => set);
    for (const name of letting) this.#letsIn.set(name, (this.#letsIn.get(name) ?? 0) + 1);
    const [first, ...others] = letting.filter((name) => this.#on.has(name));
    if (first !== undefined && others.length === 0) {
      this.#aloneLetsIn.set(first, (this.#aloneLetsIn.get(first) ?? 0) + 1);
    }
    if (sets === 'no') this.#inNoSet += 1;
  }

  /**
   * Counts the rows of a person who is not sent.
   * @param personRows how many rows of ssd_person the person has
   * @param named those that findings name
   */
  addRowsOutside(rows: PersonRows, personRows: number, named: ReadonlySet<object> = new Set()): void {
    this.#scope.add('ssd_person', 'notInCohort', named.has(rows.person) ? 0 : personRows);
    for (const table of detailTables) {
      const others = rows[table].reduce((count, row) => count + (named.has(row) ? 0 : 1), 0);
      this.#scope.add(table, 'notInCohort', others);
    }
  }

  /** Counts the rows of a child who is sent that are not. */
  addRowsOutOfScope(counts: RowsOutOfScope): void {
    this.#scope.addAll(counts);
  }

  /** Counts a person whose id is a placeholder: it is in no gate. */
  addPlaceholder(): void {
    this.#placeholders += 1;
  }

  /** Counts rows of ssd_person that say the same as another one of a child who is sent. */
  addSamePersons(rows: number): void {
    this.#scope.add('ssd_person', 'sameAsAnother', rows);
  }

  /** Counts the persons of one range who are on the authority's own list and not in the cohort. */
  addListed(notInCohort: number): void {
    this.#listedAndNotInCohort += notInCohort;
  }

  /** @param rows of ssd_person without an id, and of ssd_professionals, which only give numbers */
  report(
    rows: { readonly withoutId: number; readonly professionals: number },
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
    const answered = (answer: AgeGateAnswer) => this.#gate.get(answer) ?? 0;
    const persons = [...this.#gate.values()].reduce((sum, those) => sum + those, 0);
    const { withoutId } = rows;
    this.#scope.add('ssd_professionals', 'context', rows.professionals);
    return {
      ageGate: {
        persons: persons + withoutId + this.#placeholders,
        passed: this.passed,
        tooOld: answered('tooOld'),
        bornAfterWindow: answered('bornAfterWindow'),
        withoutDates: answered('withoutDates'),
        expectedOutsideWindow: answered('expectedOutsideWindow'),
        unreadableDates: answered('unreadableDates'),
        withoutId: withoutId + this.#placeholders,
      },
      sets: cohortReportSchema.shape.sets.parse(Object.fromEntries(sets)),
      inNoSet: this.#inNoSet,
      unclear: this.#unclear,
      rowsOutOfScope: rowsSchema.parse(this.#scope.counts()),
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

const rowsSchema = z.record(z.string(), z.record(z.string(), count));

const outsideGate: ReadonlySet<AgeGateAnswer> = new Set([
  'tooOld',
  'bornAfterWindow',
  'expectedOutsideWindow',
]);
