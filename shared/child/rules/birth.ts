import { readable, readableText } from '../cells.js';
import type { SsdRow } from '../sourceRows.js';
import { daysBetween } from './censusDays.js';
import type { Facts } from './facts.js';
import { cin, place, rule, type Place, type RowColumn } from './rule.js';

/** 40 weeks, as CIN rule 8606 counts a pregnancy. */
const pregnancyDays = 280;

function tooEarly<Column extends RowColumn>(
  places: readonly Place<Column>[],
  isTooEarly: (day: string) => boolean,
): readonly Place<Column>[] {
  return places.filter(({ row, column }) => {
    const day = readable(row[column] ?? null);
    return day !== null && isTooEarly(day);
  });
}

const beforePregnancy = rule({
  code: 'before-pregnancy',
  published: [cin('8606', 'Child referral date is more than 40 weeks before DOB or expected DOB')],
  columns: [
    'cine_referral_date',
    'cina_assessment_start_date',
    's47e_s47_start_date',
    'icpc_icpc_date',
    'cinp_cin_plan_start_date',
    'cppl_cp_plan_start_date',
  ],
  meaning:
    'A referral, assessment, enquiry, conference or plan is more than 40 weeks before the birth or the expected birth. The census asks about referrals alone.',
  remedy: 'Correct the date of birth or the date of the event.',
  // A pre-birth assessment, enquiry, conference or plan is good practice and no fault.
  check: ({ person, referrals, conferences, parts }) => {
    // An expected date beside a date of birth is a question of its own: 8525Q.
    const birth = readable(person.pers_dob ?? person.pers_expected_dob);
    if (birth === null) return [];
    const found = 'a date more than 40 weeks before the birth';
    return tooEarly(
      [
        ...referrals.map(({ row }) => place('cine_referral_date', row, found)),
        ...parts.assessments.map(({ row }) => place('cina_assessment_start_date', row, found)),
        ...parts.section47s.map(({ row }) => place('s47e_s47_start_date', row, found)),
        ...conferences.map(({ row }) => place('icpc_icpc_date', row, found)),
        ...parts.cinPlans.map(({ row }) => place('cinp_cin_plan_start_date', row, found)),
        ...parts.cpPlans.map(({ row }) => place('cppl_cp_plan_start_date', row, found)),
      ],
      (day) => day < birth && daysBetween(day, birth) > pregnancyDays,
    );
  },
});

/** The rows of the scores that are sent. */
function scoresSent({ child, rows }: Facts): readonly SsdRow<'ssd_sdq_scores'>[] {
  const sent = child.health_and_wellbeing?.sdq_assessments ?? [];
  return rows.ssd_sdq_scores.filter(({ csdq_sdq_completed_date: date, csdq_sdq_score: score }) =>
    sent.some((one) => one.date === date && one.score === Number(readableText(score) ?? NaN)),
  );
}

const beforeBirth = rule({
  code: 'before-birth',
  published: [],
  columns: [
    'clap_cla_placement_start_date',
    'csdq_sdq_completed_date',
    'perm_adm_decision_date',
    'perm_matched_date',
    'perm_placed_for_adoption_date',
    'clea_care_leaver_latest_contact',
  ],
  meaning: 'A placement, SDQ score, adoption date or contact with a care leaver is before the date of birth.',
  remedy: 'Correct the date of birth or the date of the event.',
  // The expected date does not count: many children come before it, and their record may have no date of birth yet.
  check: (facts) => {
    const { person, parts } = facts;
    const birth = readable(person.pers_dob);
    if (birth === null) return [];
    const found = 'a date before the date of birth';
    return tooEarly(
      [
        ...parts.placements.map(({ row }) => place('clap_cla_placement_start_date', row, found)),
        ...scoresSent(facts).map((row) => place('csdq_sdq_completed_date', row, found)),
        ...parts.adoptions.flatMap(({ row }) => [
          place('perm_adm_decision_date', row, found),
          place('perm_matched_date', row, found),
          place('perm_placed_for_adoption_date', row, found),
        ]),
        ...parts.careLeavers.map(({ row }) => place('clea_care_leaver_latest_contact', row, found)),
      ],
      (day) => day < birth,
    );
  },
});

export const birthRules = [beforePregnancy, beforeBirth] as const;
