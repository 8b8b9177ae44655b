import { z } from 'zod';
import type { BuildRules } from '../buildRules.js';
import { tablesNotRead } from '../categories.js';
import { collectionYearOf } from '../codes/codeLists.js';
import type { Finding } from '../findings.js';
import type { Child } from '../payload.js';
import { cin, isInForce, tableOfRows, type RowColumn, type RuleText } from './rule.js';

const count = z.int().nonnegative();

/** What the rules about all children count. */
export const cohortCensusSchema = z.strictObject({
  children: count,
  /** With U, as a sex that is not recorded is sent, and without an expected date of birth. */
  withoutSex: count,
  /** With a disability, and with more than one. */
  disabled: count,
  severalDisabilities: count,
  /** The codes that are used, NONE aside. */
  disabilities: z.array(z.string()).readonly(),
});
type CohortCounts = Readonly<z.output<typeof cohortCensusSchema>>;

/**
 * In a smaller group one child decides, and the question says nothing about how the council records. The published rules
 * have no such bound.
 */
const fewestChildren = 20;

/** A rule about the cohort as a whole: its finding names no row. */
interface CohortRule<Code extends string = string> extends RuleText<Code, RowColumn> {
  /** @returns what was found; `undefined` when nothing is to be asked */
  readonly check: (counts: CohortCounts) => string | undefined;
}

function cohortRule<const Code extends string>(one: CohortRule<Code>): CohortRule<Code> {
  return one;
}

export const cohortRules = [
  cohortRule({
    code: 'cin-2886Q',
    published: [
      cin('2886Q', 'Percentage of children with no sex recorded is more than 2% (excluding unborns)', {
        from: '2024-25',
      }),
    ],
    columns: ['pers_sex'],
    meaning:
      'More than 2% of the children that are sent have U as their sex (not known or not recorded), and no expected date of birth. Asked of 20 children or more.',
    remedy: 'Record the sex of the children whose sex is empty or U.',
    check: ({ children, withoutSex }) =>
      children >= fewestChildren && withoutSex > 0.02 * children
        ? `${String(withoutSex)} of ${String(children)} children`
        : undefined,
  }),
  cohortRule({
    code: 'cin-2887Q',
    published: [cin('2887Q', 'Less than 8 disability codes have been used in your return')],
    columns: ['disa_disability_code'],
    meaning:
      'Fewer than 8 kinds of disability are used in all. Asked where 20 children or more have a disability.',
    remedy: 'Find out whether disabilities are recorded under too few codes.',
    check: ({ disabled, disabilities }) =>
      disabled >= fewestChildren && disabilities.length < 8
        ? `${String(disabilities.length)} codes`
        : undefined,
  }),
  cohortRule({
    code: 'cin-2888Q',
    published: [
      cin(
        '2888Q',
        'Only one disability code is recorded per child and multiple disabilities should be recorded where possible.',
      ),
    ],
    columns: ['disa_disability_code'],
    meaning:
      'No child has more than one disability recorded. Asked where 20 children or more have a disability.',
    remedy: 'Record each disability of a child.',
    check: ({ disabled, severalDisabilities }) =>
      disabled >= fewestChildren && severalDisabilities === 0
        ? `one code for each of ${String(disabled)} children`
        : undefined,
  }),
] as const;

/** Counts over the children that are built; their order does not matter. */
export class CohortCensus {
  #counts: { -readonly [Key in keyof Omit<CohortCounts, 'disabilities'>]: number };
  readonly #disabilities: Set<string>;

  /** @param before the counts of the attempt that this one continues */
  constructor(before?: CohortCounts) {
    const { disabilities = [], ...counts } = before ?? {
      children: 0,
      withoutSex: 0,
      disabled: 0,
      severalDisabilities: 0,
    };
    this.#counts = { ...counts };
    this.#disabilities = new Set(disabilities);
  }

  add({ child_details: details }: Child): void {
    this.#counts.children += 1;
    const { sex, expected_date_of_birth: expected, disabilities = [] } = details;
    // A sex that cannot be read or sent is not sent, and has a finding of its own.
    if (sex === 'U' && expected === undefined) this.#counts.withoutSex += 1;
    const codes = disabilities.filter((code) => code !== 'NONE');
    if (codes.length > 0) this.#counts.disabled += 1;
    if (codes.length > 1) this.#counts.severalDisabilities += 1;
    for (const code of codes) this.#disabilities.add(code);
  }

  counts(): CohortCounts {
    return { ...this.#counts, disabilities: [...this.#disabilities].sort() };
  }
}

/** What is to be asked about the cohort, of the tables that are read. */
export function cohortFindings(
  counts: CohortCounts,
  { window, absentTables, leftOut }: Pick<BuildRules, 'window' | 'absentTables' | 'leftOut'>,
): readonly (Finding & { readonly rule: (typeof cohortRules)[number]['code'] })[] {
  const notRead = tablesNotRead(leftOut);
  return cohortRules.flatMap((one) => {
    const [column] = one.columns;
    const table = tableOfRows(column);
    if (!isInForce(one, collectionYearOf(window.today)) || absentTables.has(table) || notRead.has(table))
      return [];
    const found = one.check(counts);
    return found === undefined ? [] : [{ rule: one.code, table, rowId: null, column, found }];
  });
}
