import { addToDate, type PlainDate } from '../../../shared/child/dates.js';
import type { RuleCode } from '../../../shared/child/rules/catalogue.js';
import { tableNames, type SsdEntry, type SsdRow } from '../../../infra/syntheticSsd/columns.js';
import type { TableChange } from '../../../infra/syntheticSsd/load.js';

/** A referral of the last two years that has been closed, and what is recorded of it. */
interface ClosedCase {
  readonly person: SsdRow;
  readonly referral: SsdRow;
  readonly assessments: readonly SsdRow[];
  readonly factors: readonly SsdRow[];
}

/** The row with a mistake in it that the rule asks about; undefined where the case has no place for it. */
type Mistake = (one: ClosedCase) => SsdEntry | undefined;

/** Mistakes as people make them, by the rule that asks about each. */
export const mistakes = {
  'cin-8867': ({ assessments: [assessment] }) =>
    assessment && { table: 'ssd_cin_assessments', row: { ...assessment, cina_assessment_auth_date: null } },
  'cin-8873Q': ({ referral, assessments, factors: [factors] }) =>
    factors && assessments.length === 1 && !isClosedAfterAssessment(referral)
      ? { table: 'ssd_assessment_factors', row: { ...factors, cinf_assessment_factors_json: '["21"]' } }
      : undefined,
  'closure-without-reason': ({ referral }) => ({
    table: 'ssd_cin_episodes',
    row: { ...referral, cine_close_reason: null },
  }),
  'upn-check-letter': ({ person }) =>
    typeof person['pers_upn'] === 'string'
      ? { table: 'ssd_person', row: { ...person, pers_upn: withOtherLetter(person['pers_upn']) } }
      : undefined,
  'cin-4220': ({ person }) => ({ table: 'ssd_person', row: { ...person, pers_ethnicity: null } }),
} as const satisfies Readonly<Partial<Record<RuleCode, Mistake>>>;

/** What to change in an invented SSD so that `each` children have each of the mistakes. No child has two. */
export function mistakesIn(entries: Iterable<SsdEntry>, today: PlainDate, each: number): TableChange[] {
  const cases = closedCases([...entries], today);
  const spoilt = new Set<SsdRow>();
  const wrong: SsdEntry[] = [];
  for (const mistake of Object.values<Mistake>(mistakes)) {
    let left = each;
    for (const one of cases) {
      if (left === 0) break;
      const entry = spoilt.has(one.person) ? undefined : mistake(one);
      if (entry === undefined) continue;
      spoilt.add(one.person);
      wrong.push(entry);
      left -= 1;
    }
  }
  return tableNames
    .map((table) => ({
      table,
      upsert: wrong.filter((entry) => entry.table === table).map(({ row }) => row),
      delete: [],
    }))
    .filter(({ upsert }) => upsert.length > 0);
}

function closedCases(entries: readonly SsdEntry[], today: PlainDate): ClosedCase[] {
  const rowsOf = (table: SsdEntry['table']) =>
    entries.filter((entry) => entry.table === table).map(({ row }) => row);
  const people = new Map(rowsOf('ssd_person').map((row) => [row['pers_person_id'], row]));
  const assessments = Map.groupBy(rowsOf('ssd_cin_assessments'), (row) => row['cina_referral_id']);
  const factors = Map.groupBy(rowsOf('ssd_assessment_factors'), (row) => row['cinf_assessment_id']);
  const from = addToDate(today, { years: -2 });
  return rowsOf('ssd_cin_episodes').flatMap((referral) => {
    const person = people.get(referral['cine_person_id'] ?? null);
    const on = referral['cine_referral_date'];
    const isClosed = typeof referral['cine_close_date'] === 'string';
    if (person === undefined || !isClosed || typeof on !== 'string' || on < from) return [];
    const ofReferral = assessments.get(referral['cine_referral_id'] ?? null) ?? [];
    const found = ofReferral.flatMap((row) => factors.get(row['cina_assessment_id'] ?? null) ?? []);
    return [{ person, referral, assessments: ofReferral, factors: found }];
  });
}

function isClosedAfterAssessment(referral: SsdRow): boolean {
  return referral['cine_close_reason'] === 'RC8' || referral['cine_close_reason'] === 'RC9';
}

function withOtherLetter(upn: string): string {
  return (upn.startsWith('A') ? 'B' : 'A') + upn.slice(1);
}
