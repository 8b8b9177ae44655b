import { readable } from '../cells.js';
import { addToDate } from '../dates.js';
import type { SsdRow, SsdTable } from '../sourceRows.js';
import type { AnyRow } from '../values/places.js';
import { readableText } from '../values/valueReader.js';
import type { Check, Facts } from './check.js';
import { personCheck } from './personCheck.js';
import { conferencesSent } from './section47.js';

/** A column of days, and the rows with it that are sent. */
interface Days {
  readonly table: SsdTable;
  readonly column: string;
  readonly rowsIn: (facts: Facts) => readonly { readonly row: AnyRow }[];
}

function days<Table extends SsdTable>(
  table: Table,
  column: keyof SsdRow<Table> & string,
  rowsIn: (facts: Facts) => readonly { readonly row: SsdRow<Table> }[],
): Days {
  return { table, column, rowsIn };
}

/** The rows of the scores that are sent. */
function scoresSent({ child, sdqScores }: Facts): readonly { readonly row: SsdRow<'ssd_sdq_scores'> }[] {
  const sent = child.health_and_wellbeing?.sdq_assessments ?? [];
  return sdqScores
    .filter(({ csdq_sdq_completed_date: date, csdq_sdq_score: score }) =>
      sent.some((one) => one.date === date && one.score === Number(readableText(score) ?? NaN)),
    )
    .map((row) => ({ row }));
}

/** What may be done for a child before it is born. */
const fromPregnancy: readonly Days[] = [
  days('ssd_cin_episodes', 'cine_referral_date', ({ episodes }) => episodes),
  days('ssd_cin_assessments', 'cina_assessment_start_date', ({ assessments }) => assessments),
  days('ssd_s47_enquiry', 's47e_s47_start_date', ({ section47s }) => section47s),
  days('ssd_initial_cp_conference', 'icpc_icpc_date', conferencesSent),
  days('ssd_cin_plans', 'cinp_cin_plan_start_date', ({ cinPlans }) => cinPlans),
  days('ssd_cp_plans', 'cppl_cp_plan_start_date', ({ cpPlans }) => cpPlans),
];

const fromBirth: readonly Days[] = [
  days('ssd_cla_placement', 'clap_cla_placement_start_date', ({ placements }) => placements),
  days('ssd_sdq_scores', 'csdq_sdq_completed_date', scoresSent),
  days('ssd_permanence', 'perm_adm_decision_date', ({ adoptions }) => adoptions),
  days('ssd_permanence', 'perm_matched_date', ({ adoptions }) => adoptions),
  days('ssd_permanence', 'perm_placed_for_adoption_date', ({ adoptions }) => adoptions),
  days('ssd_care_leavers', 'clea_care_leaver_latest_contact', ({ careLeavers }) => careLeavers),
];

/** The days of a column that are too early. */
function tooEarly(
  { table, column, rowsIn }: Days,
  facts: Facts,
  isTooEarly: (day: string) => boolean,
): readonly { readonly table: SsdTable; readonly row: AnyRow; readonly column: string }[] {
  return rowsIn(facts).flatMap(({ row }) => {
    const day = readable(row[column] ?? null);
    return day !== null && isTooEarly(day) ? [{ table, row, column }] : [];
  });
}

/** 40 weeks, as CIN rule 8606 counts a pregnancy. */
const pregnancyDays = 280;

/** The days from one date to another; exact, for both count from midnight UTC. */
function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/**
 * CIN rule 8606, and in the same way the other things that are done for a child before it is born: a pre-birth
 * assessment, enquiry, conference or plan is good practice and no fault. Where the child has no date of birth, the
 * expected one counts.
 */
const notBeforePregnancy: Check = (facts) => {
  const birth = readable(facts.person.pers_dob) ?? readable(facts.person.pers_expected_dob);
  if (birth === null) return [];
  return fromPregnancy
    .flatMap((column) => tooEarly(column, facts, (day) => daysBetween(day, birth) > pregnancyDays))
    .map((place) => ({
      ...place,
      rule: 'before-pregnancy',
      found: 'a date more than 40 weeks before the birth',
    }));
};

/**
 * What can only happen to a child that is born. The expected date does not count: many children come before it, and
 * their record may have no date of birth yet.
 */
const notBeforeBirth: Check = (facts) => {
  const birth = readable(facts.person.pers_dob);
  if (birth === null) return [];
  return fromBirth
    .flatMap((column) => tooEarly(column, facts, (day) => day < birth))
    .map((place) => ({ ...place, rule: 'before-birth', found: 'a date before the date of birth' }));
};

/** CIN rule 8520. The age gate lets a birth of tomorrow through, as the window ends tomorrow. */
const bornByToday = personCheck(
  'birth-in-future',
  'pers_dob',
  'a date after today',
  ({ birth }, { rules }) => birth !== null && birth > rules.window.today,
);

/**
 * CIN rule 8775Q, a year later, as a care leaver's episode may be open until the 26th birthday. The age gate keeps
 * out births as early as 1900: it accepts anyone who became 26 in the window, so about two years are left to ask
 * about, and only where something is still open.
 */
const grownUpIsClosed = personCheck(
  'open-after-25',
  'pers_dob',
  'a 26th birthday that has passed, beside an open episode',
  ({ birth }, { child, rules }) =>
    birth !== null &&
    birth <= addToDate(rules.window.today, { years: -26 }) &&
    (child.social_care_episodes ?? []).some((episode) => episode.closure_date === undefined),
);

/**
 * Similar to CIN rule 8530Q. With a known date of birth the age gate ignores the expected one, so dates such as 1900
 * and 2999 come through to here.
 */
const expectedAroundBirth = personCheck(
  'expected-birth-far-off',
  'pers_expected_dob',
  'a date more than 40 weeks from the date of birth',
  ({ birth, expected }) =>
    birth !== null && expected !== null && Math.abs(daysBetween(birth, expected)) > pregnancyDays,
);

/** CIN rule 8750, taken literally: a child with an expected date of birth and no date of birth is unborn. */
const unbornWithoutSex = personCheck(
  'unborn-with-sex',
  'pers_sex',
  'a sex other than U without a date of birth',
  ({ birth, expected }, { child: { child_details: details } }) =>
    birth === null && expected !== null && details.sex !== undefined && details.sex !== 'U',
);

export const birthChecks: readonly Check[] = [
  notBeforePregnancy,
  notBeforeBirth,
  bornByToday,
  grownUpIsClosed,
  expectedAroundBirth,
  unbornWithoutSex,
];
