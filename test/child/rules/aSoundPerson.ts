import { addToDate, type PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import {
  aCinPlan,
  aConference,
  aCpPlan,
  anAssessment,
  anEpisode,
  anInvolvement,
  aPerson,
  aSection47,
  someFactors,
} from '../aPerson.js';
import { soundUpn } from './aLookedAfterPerson.js';

type SomeRows = NonNullable<Parameters<typeof aPerson>[0]>;

/** A person whose own row no rule asks about, with these rows: each is built as it is said, and nothing is added. */
export function soundly({ person, ...details }: SomeRows = {}): PersonRows {
  return aPerson({ person: { pers_upn: soundUpn, ...person }, ...details });
}

/** What is recorded under the referral `R1`, `R2` … of a person about whom no rule asks. */
export interface Story {
  readonly referred: PlainDate;
  /** Whether the referral is closed; else a plan runs. */
  readonly isClosed: boolean;
  /** With an enquiry, its conference and a child protection plan; else only a child in need plan. */
  readonly isProtected: boolean;
}

/** Days from the referral to the end of its story; the next referral may be on that day. */
export const storyDays = 200;

/**
 * A person about whom no rule asks: one referral after another, `R1`, `R2` …, each with an authorised assessment `A1`, its
 * factors and a worker, and either a child in need plan `N1`, or an enquiry `S1`, its conference and a child protection
 * plan `P1`.
 * @param first the number of the first referral
 */
export function soundPerson(stories: readonly Story[] = [inNeed], first = 1): PersonRows {
  const parts = stories.map((story, index) => underReferral(story, String(first + index)));
  return soundly({
    ssd_cin_episodes: parts.map(({ episode }) => episode),
    ssd_cin_assessments: parts.map(({ assessment }) => assessment),
    ssd_assessment_factors: parts.map(({ factors }) => factors),
    ssd_cin_plans: parts.flatMap(({ cinPlan }) => cinPlan),
    ssd_s47_enquiry: parts.flatMap(({ enquiry }) => enquiry),
    ssd_initial_cp_conference: parts.flatMap(({ conference }) => conference),
    ssd_cp_plans: parts.flatMap(({ cpPlan }) => cpPlan),
    ssd_involvements: parts.map(({ worker }) => worker),
  });
}

/** The same person with what is recorded under the referrals of another one. */
export function withReferralsOf(rows: PersonRows, more: PersonRows): PersonRows {
  return {
    ...rows,
    ssd_cin_episodes: [...rows.ssd_cin_episodes, ...more.ssd_cin_episodes],
    ssd_cin_assessments: [...rows.ssd_cin_assessments, ...more.ssd_cin_assessments],
    ssd_assessment_factors: [...rows.ssd_assessment_factors, ...more.ssd_assessment_factors],
    ssd_cin_plans: [...rows.ssd_cin_plans, ...more.ssd_cin_plans],
    ssd_s47_enquiry: [...rows.ssd_s47_enquiry, ...more.ssd_s47_enquiry],
    ssd_initial_cp_conference: [...rows.ssd_initial_cp_conference, ...more.ssd_initial_cp_conference],
    ssd_cp_plans: [...rows.ssd_cp_plans, ...more.ssd_cp_plans],
    ssd_involvements: [...rows.ssd_involvements, ...more.ssd_involvements],
  };
}

/** An open referral of 5 May 2025, a Monday, with a child in need plan. */
export const inNeed: Story = { referred: '2025-05-05', isClosed: false, isProtected: false };

/** The same with an enquiry, its conference on Monday 26 May and a child protection plan. */
export const protectedChild: Story = { ...inNeed, isProtected: true };

function underReferral({ referred, isClosed, isProtected }: Story, number: string) {
  const referral = `R${number}`;
  const after = (days: number) => addToDate(referred, { days });
  const end = isClosed ? after(storyDays) : null;
  const meeting = onWeekday(after(21));
  return {
    episode: anEpisode({
      cine_referral_id: referral,
      cine_referral_date: referred,
      cine_close_date: end,
      cine_close_reason: end === null ? null : 'RC7',
    }),
    assessment: anAssessment({
      cina_assessment_id: `A${number}`,
      cina_referral_id: referral,
      cina_assessment_start_date: after(1),
      cina_assessment_auth_date: after(30),
    }),
    factors: someFactors({ cinf_table_id: `F${number}`, cinf_assessment_id: `A${number}` }),
    cinPlan: isProtected
      ? []
      : [
          aCinPlan({
            cinp_cin_plan_id: `N${number}`,
            cinp_referral_id: referral,
            cinp_cin_plan_start_date: after(31),
            cinp_cin_plan_end_date: end,
          }),
        ],
    enquiry: isProtected
      ? [
          aSection47({
            s47e_s47_enquiry_id: `S${number}`,
            s47e_referral_id: referral,
            s47e_s47_start_date: after(7),
            s47e_s47_end_date: after(14),
            s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"Y"}',
          }),
        ]
      : [],
    conference: isProtected
      ? [
          aConference({
            icpc_icpc_id: `C${number}`,
            icpc_s47_enquiry_id: `S${number}`,
            icpc_referral_id: referral,
            icpc_icpc_date: meeting,
          }),
        ]
      : [],
    cpPlan: isProtected
      ? [
          aCpPlan({
            cppl_cp_plan_id: `P${number}`,
            cppl_referral_id: referral,
            cppl_cp_plan_start_date: meeting,
            cppl_cp_plan_end_date: end,
          }),
        ]
      : [],
    worker: anInvolvement({
      invo_involvements_id: `I${number}`,
      invo_referral_id: referral,
      invo_involvement_start_date: referred,
      invo_involvement_end_date: end,
    }),
  };
}

/** That day, or the Monday after it. */
function onWeekday(day: PlainDate): PlainDate {
  const weekday = new Date(day).getUTCDay();
  return addToDate(day, { days: weekday === 6 ? 2 : weekday === 0 ? 1 : 0 });
}

type DetailTable = Exclude<keyof PersonRows, 'person'>;

/** Other values in the first row of a table. */
export function withFirst<Table extends DetailTable>(
  rows: PersonRows,
  table: Table,
  values: Partial<PersonRows[Table][number]>,
): PersonRows {
  return { ...rows, [table]: rows[table].map((row, index) => (index === 0 ? { ...row, ...values } : row)) };
}

/** Other values in the row of the person. */
export function withPerson(rows: PersonRows, values: Partial<PersonRows['person']>): PersonRows {
  return { ...rows, person: { ...rows.person, ...values } };
}

/** One row more in a table. */
export function withRow<Table extends DetailTable>(
  rows: PersonRows,
  table: Table,
  row: PersonRows[Table][number],
): PersonRows {
  return { ...rows, [table]: [...rows[table], row] };
}

/** Without the rows of a table. */
export function withoutRowsOf(rows: PersonRows, table: DetailTable): PersonRows {
  return { ...rows, [table]: [] };
}
