import type { BuildRules } from './buildRules.js';
import { addToDate, type PlainDate } from './dates.js';
import type { Finding, RemarkRule } from './findings.js';
import { byTexts } from './ordering.js';
import type { Child } from './payload.js';
import { sentRowsOf, type SentRows } from './sentRows.js';
import { isUpnPlausible } from './upn.js';
import { ValueReader } from './values.js';
import type { PersonRows, SsdTable } from '../ssd/tables.js';

/*
 * What DfE's second stage would ask about. Everything is sent as it is; each remark lets the analyst mend the source
 * before DfE asks. "CIN rule" is the number of the check in DfE's children in need census specification.
 */

interface Facts {
  readonly sent: SentRows;
  readonly child: Child;
  readonly rules: BuildRules;
}

type Check = (facts: Facts) => readonly Finding[];

/** The remarks on what is sent about one child, in an order that does not depend on that of the rows. */
export function checksOf(rows: PersonRows, child: Child, rules: BuildRules): readonly Finding[] {
  const facts: Facts = { sent: sentRowsOf(rows, child, rules), child, rules };
  const remarks = checks.flatMap((check) => check(facts)).sort(byPlace);
  // Equal rows give equal remarks: they are one.
  return remarks.filter((remark, index) => {
    const before = remarks[index - 1];
    return before === undefined || byPlace(before, remark) !== 0;
  });
}

const byPlace = byTexts<Finding>(
  (finding) => finding.table,
  (finding) => finding.rowId,
  (finding) => finding.column,
  (finding) => finding.rule,
  (finding) => finding.found,
);

/** A date of one row that is sent. */
interface Event {
  readonly rowId: string | null;
  readonly date: PlainDate | null;
}

/** A column of dates, and how to read them from the rows that are sent. */
interface Column<Item extends Event> {
  readonly table: SsdTable;
  readonly column: string;
  readonly of: (sent: SentRows) => readonly Item[];
}

const referral: Column<Event> = {
  table: 'ssd_cin_episodes',
  column: 'cine_referral_date',
  of: ({ episodes }) =>
    episodes.map(({ row }) => ({ rowId: row.cine_referral_id, date: row.cine_referral_date })),
};
const assessmentStart: Column<Event> = {
  table: 'ssd_cin_assessments',
  column: 'cina_assessment_start_date',
  of: ({ assessments }) =>
    assessments.map((row) => ({ rowId: row.cina_assessment_id, date: row.cina_assessment_start_date })),
};
const enquiryStart: Column<Event> = {
  table: 'ssd_s47_enquiry',
  column: 's47e_s47_start_date',
  of: ({ section47s }) =>
    section47s.map((row) => ({ rowId: row.s47e_s47_enquiry_id, date: row.s47e_s47_start_date })),
};
const conference: Column<Event> = {
  table: 'ssd_initial_cp_conference',
  column: 'icpc_icpc_date',
  of: ({ conferences }) =>
    conferences.map(({ row }) => ({ rowId: row.icpc_icpc_id, date: row.icpc_icpc_date })),
};
const cinPlanStart: Column<Event> = {
  table: 'ssd_cin_plans',
  column: 'cinp_cin_plan_start_date',
  of: ({ cinPlans }) =>
    cinPlans.map((row) => ({ rowId: row.cinp_cin_plan_id, date: row.cinp_cin_plan_start_date })),
};
const cpPlanStart: Column<Event> = {
  table: 'ssd_cp_plans',
  column: 'cppl_cp_plan_start_date',
  of: ({ cpPlans }) =>
    cpPlans.map((row) => ({ rowId: row.cppl_cp_plan_id, date: row.cppl_cp_plan_start_date })),
};
const placementStart: Column<Event> = {
  table: 'ssd_cla_placement',
  column: 'clap_cla_placement_start_date',
  of: ({ placements }) =>
    placements.map((row) => ({ rowId: row.clap_cla_placement_id, date: row.clap_cla_placement_start_date })),
};
const sdq: Column<Event> = {
  table: 'ssd_sdq_scores',
  column: 'csdq_sdq_completed_date',
  of: ({ sdqScores }) =>
    sdqScores.map((row) => ({ rowId: row.csdq_table_id, date: row.csdq_sdq_completed_date })),
};
const adoptionDecision: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_adm_decision_date',
  of: ({ adoptions }) =>
    adoptions.map((row) => ({ rowId: row.perm_table_id, date: row.perm_adm_decision_date })),
};
const adoptionMatch: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_matched_date',
  of: ({ adoptions }) => adoptions.map((row) => ({ rowId: row.perm_table_id, date: row.perm_matched_date })),
};
const adoptionPlacement: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_placed_for_adoption_date',
  of: ({ adoptions }) =>
    adoptions.map((row) => ({ rowId: row.perm_table_id, date: row.perm_placed_for_adoption_date })),
};
const careLeaverContact: Column<Event> = {
  table: 'ssd_care_leavers',
  column: 'clea_care_leaver_latest_contact',
  of: ({ careLeavers }) =>
    careLeavers.map((row) => ({ rowId: row.clea_table_id, date: row.clea_care_leaver_latest_contact })),
};

/** Flags a date that is before the one it must follow; the same day is in order. */
function dateOrder(
  rule: RemarkRule,
  { table, column, of }: Column<Event & { readonly follows: PlainDate | null }>,
  found: string,
): Check {
  return ({ sent }) =>
    of(sent)
      .filter(({ date, follows }) => date !== null && follows !== null && date < follows)
      .map(({ rowId }) => ({ rule, table, rowId, column, found }));
}

/** CIN rule 8630. */
const closureAfterReferral = dateOrder(
  'closure-before-referral',
  {
    table: 'ssd_cin_episodes',
    column: 'cine_close_date',
    of: ({ episodes }) =>
      episodes.map(({ row }) => ({
        rowId: row.cine_referral_id,
        date: row.cine_close_date,
        follows: row.cine_referral_date,
      })),
  },
  'a date before the referral',
);

/** CIN rule 8608. */
const authorisationAfterStart = dateOrder(
  'authorisation-before-start',
  {
    table: 'ssd_cin_assessments',
    column: 'cina_assessment_auth_date',
    of: ({ assessments }) =>
      assessments.map((row) => ({
        rowId: row.cina_assessment_id,
        date: row.cina_assessment_auth_date,
        follows: row.cina_assessment_start_date,
      })),
  },
  'a date before the start',
);

/** CIN rule 8615. */
const conferenceAfterEnquiryStart = dateOrder(
  'conference-before-enquiry',
  {
    ...conference,
    of: ({ conferences }) =>
      conferences.map(({ row, enquiry }) => ({
        rowId: row.icpc_icpc_id,
        date: row.icpc_icpc_date,
        follows: enquiry.s47e_s47_start_date,
      })),
  },
  'a date before the start of the enquiry',
);

/** The census does not collect the end of an enquiry, so there is no rule number. */
const enquiryEndAfterStart = dateOrder(
  'enquiry-end-before-start',
  {
    table: 'ssd_s47_enquiry',
    column: 's47e_s47_end_date',
    of: ({ section47s }) =>
      section47s.map((row) => ({
        rowId: row.s47e_s47_enquiry_id,
        date: row.s47e_s47_end_date,
        follows: row.s47e_s47_start_date,
      })),
  },
  'a date before the start',
);

/** CIN rule 4011. */
const cinPlanEndAfterStart = dateOrder(
  'cin-plan-end-before-start',
  {
    table: 'ssd_cin_plans',
    column: 'cinp_cin_plan_end_date',
    of: ({ cinPlans }) =>
      cinPlans.map((row) => ({
        rowId: row.cinp_cin_plan_id,
        date: row.cinp_cin_plan_end_date,
        follows: row.cinp_cin_plan_start_date,
      })),
  },
  'a date before the start',
);

/** CIN rule 8925. */
const cpPlanEndAfterStart = dateOrder(
  'cp-plan-end-before-start',
  {
    table: 'ssd_cp_plans',
    column: 'cppl_cp_plan_end_date',
    of: ({ cpPlans }) =>
      cpPlans.map((row) => ({
        rowId: row.cppl_cp_plan_id,
        date: row.cppl_cp_plan_end_date,
        follows: row.cppl_cp_plan_start_date,
      })),
  },
  'a date before the start',
);

/** 40 weeks, as CIN rule 8606 counts a pregnancy. */
const pregnancyDays = 280;

/** The days from one date to another; exact, for both count from midnight UTC. */
function daysBetween(from: PlainDate, to: PlainDate): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/**
 * CIN rule 8606, and in the same way the other things that are done for a child before it is born: a pre-birth
 * assessment, enquiry, conference or plan is good practice and no fault. Where the child has no date of birth, the
 * expected one counts.
 */
function notBeforePregnancy({ table, column, of }: Column<Event>): Check {
  return ({ sent }) => {
    const birth = sent.person.pers_dob ?? sent.person.pers_expected_dob;
    if (birth === null) return [];
    return of(sent)
      .filter(({ date }) => date !== null && daysBetween(date, birth) > pregnancyDays)
      .map(({ rowId }) => ({
        rule: 'before-pregnancy',
        table,
        rowId,
        column,
        found: 'a date more than 40 weeks before the birth',
      }));
  };
}

/**
 * What can only happen to a child that is born. The expected date does not count: many children come before it, and
 * their record may have no date of birth yet.
 */
function notBeforeBirth({ table, column, of }: Column<Event>): Check {
  return ({ sent }) => {
    const birth = sent.person.pers_dob;
    if (birth === null) return [];
    return of(sent)
      .filter(({ date }) => date !== null && date < birth)
      .map(({ rowId }) => ({
        rule: 'before-birth',
        table,
        rowId,
        column,
        found: 'a date before the date of birth',
      }));
  };
}

/** A check of the one row of the person. */
function personCheck(
  rule: RemarkRule,
  column: string,
  found: string,
  isOdd: (person: PersonRows['person'], facts: Facts) => boolean,
): Check {
  return (facts) => {
    const { person } = facts.sent;
    if (!isOdd(person, facts)) return [];
    return [{ rule, table: 'ssd_person', rowId: person.pers_person_id, column, found }];
  };
}

/** CIN rule 8520. The age gate lets a birth of tomorrow through, as the window ends tomorrow. */
const bornByToday = personCheck(
  'birth-in-future',
  'pers_dob',
  'a date after today',
  ({ pers_dob: birth }, { rules }) => birth !== null && birth > rules.window.today,
);

/**
 * CIN rule 8775Q, a year later, as a care leaver's episode may be open until the 26th birthday. The age gate keeps
 * out births as early as 1900: it lets pass whoever became 26 within the window, so about two years are left to ask
 * about, and only where something is still open.
 */
const grownUpIsClosed = personCheck(
  'open-after-25',
  'pers_dob',
  'a 26th birthday that has passed, beside an open episode',
  ({ pers_dob: birth }, { child, rules }) =>
    birth !== null &&
    birth <= addToDate(rules.window.today, { years: -26 }) &&
    (child.social_care_episodes ?? []).some((episode) => episode.closure_date === undefined),
);

/**
 * In the manner of CIN rule 8530Q. A known date of birth opens the age gate whatever the expected one says, so this
 * is where 1900 and 2999 come through.
 */
const expectedAroundBirth = personCheck(
  'expected-birth-far-off',
  'pers_expected_dob',
  'a date more than 40 weeks from the date of birth',
  ({ pers_dob: birth, pers_expected_dob: expected }) =>
    birth !== null && expected !== null && Math.abs(daysBetween(birth, expected)) > pregnancyDays,
);

/** CIN rule 8750, to the letter: unborn is who has an expected date of birth and no date of birth. */
const unbornWithoutSex = personCheck(
  'unborn-with-sex',
  'pers_sex',
  'a sex other than U without a date of birth',
  ({ pers_dob: birth, pers_expected_dob: expected }, { child: { child_details: details } }) =>
    birth === null && expected !== null && details.sex !== undefined && details.sex !== 'U',
);

/** CIN rules 1510, 1540 and 1550. */
const upnIsPlausible = personCheck(
  'upn-check-letter',
  'pers_upn',
  'a UPN that cannot be right',
  (_, { child: { child_details: details } }) =>
    details.unique_pupil_number !== undefined && !isUpnPlausible(details.unique_pupil_number),
);

/** CIN rule 1560Q. */
const formerUpnIsPlausible: Check = ({ sent, child }) => {
  const upn = child.child_details.former_unique_pupil_number;
  if (upn === undefined || isUpnPlausible(upn)) return [];
  return sent.formerUpns.map((row) => ({
    rule: 'upn-check-letter',
    table: 'ssd_linked_identifiers',
    rowId: row.link_table_id,
    column: 'link_identifier_value',
    found: 'a UPN that cannot be right',
  }));
};

/** CIN rule 8790. NONE is not sent beside another code, but the record contradicts itself. */
const noneStandsAlone: Check = ({ sent, child, rules }) => {
  const codes = child.child_details.disabilities ?? [];
  if (codes.every((code) => code === 'NONE')) return [];
  return sent.disabilities
    .filter((row) => {
      // A reader of its own: what cannot be read is a finding already.
      const reader = new ValueReader(rules.codes, rules.valueMaps);
      const source = { table: 'ssd_disability', rowId: row.disa_table_id } as const;
      return reader.code('disability', row.disa_disability_code, source, 'disa_disability_code') === 'NONE';
    })
    .map((row) => ({
      rule: 'none-beside-disability',
      table: 'ssd_disability',
      rowId: row.disa_table_id,
      column: 'disa_disability_code',
      found: 'NONE beside a disability',
    }));
};

/** CIN rules 8815 and 8816: all open episodes but the latest. A referral without further action may stay open. */
const oneOpenEpisode: Check = ({ sent }) =>
  sent.episodes
    .filter(
      ({ episode }) => episode.closure_date === undefined && episode.referral_no_further_action_flag !== true,
    )
    .sort(
      byTexts(
        ({ row }) => row.cine_referral_date,
        ({ row }) => row.cine_referral_id,
      ),
    )
    .slice(0, -1)
    .map(({ row }) => ({
      rule: 'open-episodes',
      table: 'ssd_cin_episodes',
      rowId: row.cine_referral_id,
      column: 'cine_close_date',
      found: 'nothing, beside a later open episode',
    }));

/**
 * A child is in one place at a time: each placement that has not ended when a later one starts. A move on one day is
 * no overlap. The end of the source counts, also where it is before the start and so is not sent: that has a finding
 * of its own (`end-before-start`), and is not asked about again.
 */
const onePlacementAtATime: Check = ({ sent }) => {
  const inOrder = [...sent.placements].sort(
    byTexts(
      (row) => row.clap_cla_placement_start_date,
      (row) => row.clap_cla_placement_end_date ?? '9999-12-31',
      (row) => row.clap_cla_placement_id,
    ),
  );
  return inOrder.flatMap((row, index) => {
    const { clap_cla_placement_end_date: end } = row;
    const next = inOrder[index + 1]?.clap_cla_placement_start_date ?? null;
    if (next === null || (end !== null && end <= next)) return [];
    return [
      {
        rule: 'placements-overlap',
        table: 'ssd_cla_placement',
        rowId: row.clap_cla_placement_id,
        column: 'clap_cla_placement_end_date',
        found:
          end === null ? 'nothing, beside a later placement' : 'a date after the start of a later placement',
      },
    ];
  });
};

/** CIN rule 8805. A reason that cannot be sent is a finding of its own. */
const closureHasReason: Check = ({ sent }) =>
  sent.episodes
    .filter(
      ({ row, episode }) =>
        episode.closure_date !== undefined &&
        episode.closure_reason === undefined &&
        (row.cine_close_reason ?? '').trim() === '',
    )
    .map(({ row }) => ({
      rule: 'closure-without-reason',
      table: 'ssd_cin_episodes',
      rowId: row.cine_referral_id,
      column: 'cine_close_reason',
      found: 'nothing, beside a closure date',
    }));

/** CIN rule 8810. */
const closureHasDate: Check = ({ sent }) =>
  sent.episodes
    .filter(({ episode }) => episode.closure_date === undefined && episode.closure_reason !== undefined)
    .map(({ row }) => ({
      rule: 'closure-without-date',
      table: 'ssd_cin_episodes',
      rowId: row.cine_referral_id,
      column: 'cine_close_date',
      found: 'nothing, beside a closure reason',
    }));

const checks: readonly Check[] = [
  closureAfterReferral,
  authorisationAfterStart,
  conferenceAfterEnquiryStart,
  enquiryEndAfterStart,
  cinPlanEndAfterStart,
  cpPlanEndAfterStart,
  ...[referral, assessmentStart, enquiryStart, conference, cinPlanStart, cpPlanStart].map(notBeforePregnancy),
  ...[placementStart, sdq, adoptionDecision, adoptionMatch, adoptionPlacement, careLeaverContact].map(
    notBeforeBirth,
  ),
  bornByToday,
  grownUpIsClosed,
  expectedAroundBirth,
  unbornWithoutSex,
  upnIsPlausible,
  formerUpnIsPlausible,
  noneStandsAlone,
  oneOpenEpisode,
  onePlacementAtATime,
  closureHasReason,
  closureHasDate,
];
