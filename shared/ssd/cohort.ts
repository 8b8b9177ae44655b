import { addToDate, type PlainDate } from '../child/dates.js';
import { isWithin, overlaps, type Window } from '../child/window.js';
import type { PersonRows, SsdRow } from './tables.js';

/**
 * The inclusion sets of the cohort: a child is in when the age gate and at least one set lets it in.
 * Source: DfE early adopter specification as Data to Insight's builder v0.4.8 applies it.
 */
export const inclusionSets = {
  referral: (rows, window) => rows.ssd_cin_episodes.some((row) => referralOverlaps(row, window)),

  openReferralWithoutAssessment: (rows) => {
    const assessed = new Set(
      rows.ssd_cin_assessments
        .filter((row) => row.cina_assessment_start_date !== null)
        .map((row) => row.cina_referral_id),
    );
    return rows.ssd_cin_episodes.some(
      (row) => row.cine_close_date === null && !assessed.has(row.cine_referral_id),
    );
  },

  childInNeedPlan: (rows, window) =>
    rows.ssd_cin_plans.some((row) =>
      overlaps(window, row.cinp_cin_plan_start_date, row.cinp_cin_plan_end_date),
    ),

  lookedAfter: (rows, window) => {
    const overlapping = new Set(
      rows.ssd_cin_episodes.filter((row) => referralOverlaps(row, window)).map((row) => row.cine_referral_id),
    );
    return (
      rows.ssd_cla_episodes.some(
        (row) => row.clae_referral_id !== null && overlapping.has(row.clae_referral_id),
      ) ||
      rows.ssd_cla_placement.some((row) =>
        overlaps(window, row.clap_cla_placement_start_date, row.clap_cla_placement_end_date),
      )
    );
  },

  /** Aged 16 to 25 at some time in the window, with a contact in it and an open episode. */
  careLeaver: (rows, window) => {
    const born = rows.person.pers_dob;
    return (
      born !== null &&
      addToDate(born, { years: 16 }) <= window.end &&
      addToDate(born, { years: 26 }) >= window.start &&
      rows.ssd_care_leavers.some(({ clea_care_leaver_latest_contact: contact }) =>
        isWithin(window, contact),
      ) &&
      rows.ssd_cin_episodes.some((row) => row.cine_close_date === null && referralOverlaps(row, window))
    );
  },

  childProtectionPlan: (rows, window) =>
    rows.ssd_cp_plans.some((row) => overlaps(window, row.cppl_cp_plan_start_date, row.cppl_cp_plan_end_date)),

  disabled: (rows) =>
    rows.ssd_disability.some(
      ({ disa_disability_code: code }) => !['', 'NONE'].includes((code ?? '').trim().toUpperCase()),
    ),
} as const satisfies Record<string, (rows: PersonRows, window: Window) => boolean>;

export type InclusionSet = keyof typeof inclusionSets;

/** The sets that are on unless an authority says otherwise, as in Data to Insight's builder v0.4.8. */
export const defaultInclusionSets: readonly InclusionSet[] = [
  'referral',
  'openReferralWithoutAssessment',
  'childInNeedPlan',
  'lookedAfter',
  'careLeaver',
];

const allSets = Object.keys(inclusionSets).filter(isInclusionSet);

export function isInclusionSet(name: string): name is InclusionSet {
  return Object.hasOwn(inclusionSets, name);
}

/** The sets, on or off, that let the child in. The age gate is part of the SQL. */
export function setsThatLetIn(rows: PersonRows, window: Window): InclusionSet[] {
  return allSets.filter((set) => inclusionSets[set](rows, window));
}

function referralOverlaps(row: SsdRow<'ssd_cin_episodes'>, window: Window): boolean {
  return overlaps(window, row.cine_referral_date, row.cine_close_date);
}

/** Source: DfE early adopter specification. */
export const defaultAgeLimit = 26;

/** The age gate's limits, computed once so that the SQL compares the bare columns and an index can serve. */
export interface AgeGate {
  /** The first date of birth that is in. */
  readonly bornFrom: PlainDate;
  /** The first expected date of birth that is in. */
  readonly expectedFrom: PlainDate;
  /** The first date, of birth or expected, that is no longer in. */
  readonly before: PlainDate;
}

/**
 * A date of birth on or before the window's end with the birthday of the age limit after the window's start; or no
 * date of birth and an expected one inside the window.
 * @param ageLimit in years; 26 in the specification: a child is in until the day before the 26th birthday
 */
export function ageGateOf(window: Window, ageLimit = defaultAgeLimit): AgeGate {
  return {
    bornFrom: addToDate(addToDate(window.start, { years: -ageLimit }), { days: 1 }),
    expectedFrom: window.start,
    before: addToDate(window.end, { days: 1 }),
  };
}
