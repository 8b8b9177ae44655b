import { isUnreadable, type DateCell, type Unreadable } from '../child/cells.js';
import { addToDate, isPlainDate, type PlainDate } from '../child/dates.js';
import { anyOf, overlapping, within, type Answer } from '../child/inTime.js';
import { windowOfPlacements, windowOfPlans, type Window } from '../child/window.js';
import type { PersonRows, SsdRow } from '../child/sourceRows.js';

/**
 * The inclusion sets of the cohort: a child is in when the age gate and at least one set lets it in. Where a date that
 * decides it is missing or cannot be read, a set does not know.
 * Source: DfE early adopter specification as Data to Insight's builder v0.4.8 applies it.
 */
export const inclusionSets = {
  referral: (rows, window) => anyOf(rows.ssd_cin_episodes.map((row) => referralOverlaps(row, window))),

  openReferralWithoutAssessment: (rows) => {
    const assessed = new Set(
      rows.ssd_cin_assessments
        .filter((row) => row.cina_assessment_start_date !== null)
        .map((row) => row.cina_referral_id),
    );
    return anyOf(
      rows.ssd_cin_episodes
        .filter((row) => !assessed.has(row.cine_referral_id))
        .map((row) => isOpen(row.cine_close_date)),
    );
  },

  childInNeedPlan: (rows, window) =>
    anyOf(
      rows.ssd_cin_plans.map((row) =>
        overlapping(windowOfPlans(window), row.cinp_cin_plan_start_date, row.cinp_cin_plan_end_date),
      ),
    ),

  lookedAfter: (rows, window) => {
    const episodes = new Map<string | null, Answer>();
    for (const row of rows.ssd_cin_episodes) {
      const id = row.cine_referral_id;
      episodes.set(id, anyOf([episodes.get(id) ?? 'no', referralOverlaps(row, window)]));
    }
    return anyOf([
      ...rows.ssd_cla_episodes.map(({ clae_referral_id: referral }): Answer =>
        referral === null ? 'no' : (episodes.get(referral) ?? 'no'),
      ),
      ...rows.ssd_cla_placement.map((row) =>
        overlapping(
          windowOfPlacements(window),
          row.clap_cla_placement_start_date,
          row.clap_cla_placement_end_date,
        ),
      ),
    ]);
  },

  /** Aged 16 to 25 at some time in the window, with a contact in it and an open episode. */
  careLeaver: (rows, window) => {
    const born = rows.person.pers_dob;
    const isOfAge: Answer = isUnreadable(born)
      ? 'unknown'
      : born !== null &&
          addToDate(born, { years: 16 }) <= window.end &&
          addToDate(born, { years: 26 }) >= window.start
        ? 'yes'
        : 'no';
    return allOf([
      isOfAge,
      anyOf(rows.ssd_care_leavers.map((row) => within(window, row.clea_care_leaver_latest_contact))),
      anyOf(
        rows.ssd_cin_episodes.map((row) =>
          allOf([isOpen(row.cine_close_date), referralOverlaps(row, window)]),
        ),
      ),
    ]);
  },

  childProtectionPlan: (rows, window) =>
    anyOf(
      rows.ssd_cp_plans.map((row) =>
        overlapping(windowOfPlans(window), row.cppl_cp_plan_start_date, row.cppl_cp_plan_end_date),
      ),
    ),

  disabled: (rows) =>
    anyOf(
      rows.ssd_disability.map(({ disa_disability_code: code }): Answer => {
        if (isUnreadable(code)) return 'unknown';
        return ['', 'NONE'].includes((code ?? '').trim().toUpperCase()) ? 'no' : 'yes';
      }),
    ),
} as const satisfies Record<string, (rows: PersonRows, window: Window) => Answer>;

export type InclusionSet = keyof typeof inclusionSets;

/** The tables without which a set cannot say that a child is not in it. */
const tablesOfSet: Readonly<Record<InclusionSet, readonly string[]>> = {
  referral: [],
  openReferralWithoutAssessment: ['ssd_cin_assessments'],
  childInNeedPlan: ['ssd_cin_plans'],
  lookedAfter: ['ssd_cla_episodes', 'ssd_cla_placement'],
  careLeaver: ['ssd_care_leavers'],
  childProtectionPlan: ['ssd_cp_plans'],
  disabled: ['ssd_disability'],
};

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

/** What the sets, on or off, say of a child that passes the age gate. */
export function answersOfSets(rows: PersonRows, window: Window): ReadonlyMap<InclusionSet, Answer> {
  return new Map(allSets.map((set) => [set, inclusionSets[set](rows, window)]));
}

/**
 * Whether a set that is on needs a table that the SSD does not have: the set might let in a child that it seems to
 * leave out.
 */
export function restsOnAbsentTable(on: readonly InclusionSet[], absentTables: ReadonlySet<string>): boolean {
  return on.some((set) => tablesOfSet[set].some((table) => absentTables.has(table)));
}

function referralOverlaps(row: SsdRow<'ssd_cin_episodes'>, window: Window): Answer {
  return overlapping(window, row.cine_referral_date, row.cine_close_date);
}

/** A referral that begins after the window is open, but does not put the child into the cohort yet. */
function isOpen(closed: DateCell): Answer {
  if (isUnreadable(closed)) return 'unknown';
  return closed === null ? 'yes' : 'no';
}

function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

/** Source: DfE early adopter specification. */
export const defaultAgeLimit = 26;

/** The age gate's limits, computed once. */
interface AgeGate {
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

/** Why the age gate leaves a person out, or that it does not. */
export const ageGateAnswers = [
  'passed',
  'tooOld',
  'bornAfterWindow',
  /** Neither a date of birth nor an expected one. */
  'withoutDates',
  /** No date of birth, and an expected one outside the window: unborn, or an age that is estimated. */
  'expectedOutsideWindow',
  /** A date that decides cannot be read. */
  'unreadableDates',
] as const;
export type AgeGateAnswer = (typeof ageGateAnswers)[number];

/** The dates of a contradiction that can all be read. */
function datesIn({ either }: Unreadable): (PlainDate | null)[] | undefined {
  if (either === undefined) return undefined;
  const dates = either.filter((date): date is PlainDate | null => date === null || isPlainDate(date));
  return dates.length === either.length ? dates : undefined;
}

export function ageGateAnswer(
  {
    pers_dob: born,
    pers_expected_dob: expected,
  }: Pick<SsdRow<'ssd_person'>, 'pers_dob' | 'pers_expected_dob'>,
  gate: AgeGate,
): AgeGateAnswer {
  const either = isUnreadable(born) ? datesIn(born) : undefined;
  if (either !== undefined) {
    // Two rows of one person give different dates of birth: the gate may say the same of each.
    const [first, ...others] = new Set(
      either.map((date) => ageGateAnswer({ pers_dob: date, pers_expected_dob: expected }, gate)),
    );
    return first !== undefined && others.length === 0 ? first : 'unreadableDates';
  }
  if (isUnreadable(born)) return 'unreadableDates';
  if (born !== null) {
    if (born < gate.bornFrom) return 'tooOld';
    return born >= gate.before ? 'bornAfterWindow' : 'passed';
  }
  if (isUnreadable(expected)) return 'unreadableDates';
  if (expected === null) return 'withoutDates';
  return expected >= gate.expectedFrom && expected < gate.before ? 'passed' : 'expectedOutsideWindow';
}
