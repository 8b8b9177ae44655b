import type { BuildRules } from '../buildRules.js';
import { addToDate, type PlainDate } from '../dates.js';
import type { RemarkRule } from '../findingRules.js';
import type { Finding } from '../findings.js';
import { byTexts } from '../ordering.js';
import type { Child } from '../payload.js';
import { readable } from '../cells.js';
import { CodeReader } from '../codes/codeReader.js';
import type { SentRows } from '../parts/episodes.js';
import { normalised } from '../codes/localValues.js';
import type { AnyRow } from '../values/places.js';
import { isUpnPlausible } from '../values/upn.js';
import { presentText, type ValueReader } from '../values/valueReader.js';
import type { PersonRows, SsdRow, SsdTable } from '../sourceRows.js';

/*
 * What DfE's second stage would ask about. Everything is sent as it is; each remark lets the analyst mend the source
 * before DfE asks. "CIN rule" is the number of the check in DfE's children in need census specification.
 */

type Facts = ReturnType<typeof factsOf>;

/** A remark on a row that is sent. */
interface Remark {
  readonly rule: RemarkRule;
  readonly table: SsdTable;
  readonly row: AnyRow;
  readonly column: string;
  readonly found: string;
}

type Check = (facts: Facts) => readonly Remark[];

/** The remarks on what is sent about one child, in an order that does not depend on that of the rows. */
export function checksOf(
  rows: PersonRows,
  sent: SentRows,
  child: Child,
  rules: BuildRules,
  values: ValueReader,
): readonly Finding[] {
  const facts = factsOf(rows, sent, child, rules);
  const remarks = checks
    .flatMap((check) => check(facts))
    .map(({ table, row, rule, column, found }) =>
      values.findingAt(values.places.of(table, row), rule, column, found),
    )
    .sort(byPlace);
  // Equal rows give equal remarks: they are one.
  return remarks.filter((remark, index) => {
    const before = remarks[index - 1];
    return before === undefined || byPlace(before, remark) !== 0;
  });
}

/** What the checks look at: the rows that are sent, with what they are sent as or stand under. */
function factsOf(rows: PersonRows, sent: SentRows, child: Child, rules: BuildRules) {
  const episodes = new Map(
    (child.social_care_episodes ?? []).map((episode) => [episode.social_care_episode_id, episode]),
  );
  const enquiries = new Map(
    [...sent.section47s].sort(byReferral).map((row) => [row.s47e_s47_enquiry_id, row]),
  );
  const dateSent = new Map(
    [...episodes.values()]
      .flatMap((episode) => episode.section_47_assessments ?? [])
      .map((item) => [item.section_47_assessment_id, item.icpc_date]),
  );
  const scores = child.health_and_wellbeing?.sdq_assessments ?? [];
  return {
    child,
    rules,
    sent: {
      ...sent,
      person: rows.person,
      disabilities: rows.ssd_disability,
      formerUpns: rows.ssd_linked_identifiers.filter(
        ({ link_identifier_type: type, link_identifier_value: value }) =>
          rules.formerUpnTypes.has(normalised(readable(type) ?? '')) &&
          presentText(readable(value)) === child.child_details.former_unique_pupil_number,
      ),
      sdqScores: rows.ssd_sdq_scores.filter(({ csdq_sdq_completed_date: date, csdq_sdq_score: score }) =>
        scores.some((one) => one.date === date && one.score === Number(presentText(readable(score)) ?? NaN)),
      ),
      episodes: sent.episodes.flatMap((row) => {
        const episode = episodes.get(row.cine_referral_id ?? '');
        return episode === undefined ? [] : [{ row, episode }];
      }),
      /** Each with the enquiry it follows. */
      conferences: rows.ssd_initial_cp_conference.flatMap((row) => {
        const enquiry = enquiries.get(row.icpc_s47_enquiry_id);
        const isSent =
          row.icpc_icpc_date !== null && dateSent.get(row.icpc_s47_enquiry_id ?? '') === row.icpc_icpc_date;
        return enquiry === undefined || !isSent ? [] : [{ row, enquiry }];
      }),
    },
  };
}

/** One id may be under two referrals. */
const byReferral = byTexts<SsdRow<'ssd_s47_enquiry'>>((row) => row.s47e_referral_id);

const byPlace = byTexts<Finding>(
  (finding) => finding.table,
  (finding) => finding.rowId,
  (finding) => finding.column,
  (finding) => finding.rule,
  (finding) => finding.found,
);

/** A date of one row that is sent. */
interface Event {
  readonly row: AnyRow;
  readonly date: PlainDate | null;
}

/** A column of dates, and how to read them from the rows that are sent. */
interface Column<Item extends Event> {
  readonly table: SsdTable;
  readonly column: string;
  readonly of: (sent: Facts['sent']) => readonly Item[];
}

const referral: Column<Event> = {
  table: 'ssd_cin_episodes',
  column: 'cine_referral_date',
  of: ({ episodes }) => episodes.map(({ row }) => ({ row, date: readable(row.cine_referral_date) })),
};
const assessmentStart: Column<Event> = {
  table: 'ssd_cin_assessments',
  column: 'cina_assessment_start_date',
  of: ({ assessments }) =>
    assessments.map((row) => ({ row, date: readable(row.cina_assessment_start_date) })),
};
const enquiryStart: Column<Event> = {
  table: 'ssd_s47_enquiry',
  column: 's47e_s47_start_date',
  of: ({ section47s }) => section47s.map((row) => ({ row, date: readable(row.s47e_s47_start_date) })),
};
const conference: Column<Event> = {
  table: 'ssd_initial_cp_conference',
  column: 'icpc_icpc_date',
  of: ({ conferences }) => conferences.map(({ row }) => ({ row, date: readable(row.icpc_icpc_date) })),
};
const cinPlanStart: Column<Event> = {
  table: 'ssd_cin_plans',
  column: 'cinp_cin_plan_start_date',
  of: ({ cinPlans }) => cinPlans.map((row) => ({ row, date: readable(row.cinp_cin_plan_start_date) })),
};
const cpPlanStart: Column<Event> = {
  table: 'ssd_cp_plans',
  column: 'cppl_cp_plan_start_date',
  of: ({ cpPlans }) => cpPlans.map((row) => ({ row, date: readable(row.cppl_cp_plan_start_date) })),
};
const placementStart: Column<Event> = {
  table: 'ssd_cla_placement',
  column: 'clap_cla_placement_start_date',
  of: ({ placements }) =>
    placements.map((row) => ({ row, date: readable(row.clap_cla_placement_start_date) })),
};
const sdq: Column<Event> = {
  table: 'ssd_sdq_scores',
  column: 'csdq_sdq_completed_date',
  of: ({ sdqScores }) => sdqScores.map((row) => ({ row, date: readable(row.csdq_sdq_completed_date) })),
};
const adoptionDecision: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_adm_decision_date',
  of: ({ adoptions }) => adoptions.map((row) => ({ row, date: readable(row.perm_adm_decision_date) })),
};
const adoptionMatch: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_matched_date',
  of: ({ adoptions }) => adoptions.map((row) => ({ row, date: readable(row.perm_matched_date) })),
};
const adoptionPlacement: Column<Event> = {
  table: 'ssd_permanence',
  column: 'perm_placed_for_adoption_date',
  of: ({ adoptions }) => adoptions.map((row) => ({ row, date: readable(row.perm_placed_for_adoption_date) })),
};
const careLeaverContact: Column<Event> = {
  table: 'ssd_care_leavers',
  column: 'clea_care_leaver_latest_contact',
  of: ({ careLeavers }) =>
    careLeavers.map((row) => ({ row, date: readable(row.clea_care_leaver_latest_contact) })),
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
      .map(({ row }) => ({ rule, table, row, column, found }));
}

/** CIN rule 8608. */
const authorisationAfterStart = dateOrder(
  'authorisation-before-start',
  {
    table: 'ssd_cin_assessments',
    column: 'cina_assessment_auth_date',
    of: ({ assessments }) =>
      assessments.map((row) => ({
        row,
        date: readable(row.cina_assessment_auth_date),
        follows: readable(row.cina_assessment_start_date),
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
        row,
        date: readable(row.icpc_icpc_date),
        follows: readable(enquiry.s47e_s47_start_date),
      })),
  },
  'a date before the start of the enquiry',
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
    const birth = readable(sent.person.pers_dob) ?? readable(sent.person.pers_expected_dob);
    if (birth === null) return [];
    return of(sent)
      .filter(({ date }) => date !== null && daysBetween(date, birth) > pregnancyDays)
      .map(({ row }) => ({
        rule: 'before-pregnancy',
        table,
        row,
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
    const birth = readable(sent.person.pers_dob);
    if (birth === null) return [];
    return of(sent)
      .filter(({ date }) => date !== null && date < birth)
      .map(({ row }) => ({
        rule: 'before-birth',
        table,
        row,
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
  isOdd: (
    dates: { readonly birth: PlainDate | null; readonly expected: PlainDate | null },
    facts: Facts,
  ) => boolean,
): Check {
  return (facts) => {
    const { person } = facts.sent;
    const dates = { birth: readable(person.pers_dob), expected: readable(person.pers_expected_dob) };
    if (!isOdd(dates, facts)) return [];
    return [{ rule, table: 'ssd_person', row: person, column, found }];
  };
}

/** CIN rule 8520. The age gate lets a birth of tomorrow through, as the window ends tomorrow. */
const bornByToday = personCheck(
  'birth-in-future',
  'pers_dob',
  'a date after today',
  ({ birth }, { rules }) => birth !== null && birth > rules.window.today,
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
  ({ birth }, { child, rules }) =>
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
  ({ birth, expected }) =>
    birth !== null && expected !== null && Math.abs(daysBetween(birth, expected)) > pregnancyDays,
);

/** CIN rule 8750, to the letter: unborn is who has an expected date of birth and no date of birth. */
const unbornWithoutSex = personCheck(
  'unborn-with-sex',
  'pers_sex',
  'a sex other than U without a date of birth',
  ({ birth, expected }, { child: { child_details: details } }) =>
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
    row,
    column: 'link_identifier_value',
    found: 'a UPN that cannot be right',
  }));
};

/** CIN rule 8790. NONE is not sent beside another code, but the record contradicts itself. */
const noneStandsAlone: Check = ({ sent, child, rules }) => {
  const codes = child.child_details.disabilities ?? [];
  if (codes.every((code) => code === 'NONE')) return [];
  const reader = new CodeReader(rules.codes, rules);
  return sent.disabilities
    .filter((row) => {
      const reading = reader.read('disability', readable(row.disa_disability_code), null);
      return reading.is === 'code' && reading.code === 'NONE';
    })
    .map((row) => ({
      rule: 'none-beside-disability',
      table: 'ssd_disability',
      row,
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
        ({ row }) => readable(row.cine_referral_date),
        ({ row }) => row.cine_referral_id,
      ),
    )
    .slice(0, -1)
    .map(({ row }) => ({
      rule: 'open-episodes',
      table: 'ssd_cin_episodes',
      row,
      column: 'cine_close_date',
      found: 'nothing, beside a later open episode',
    }));

/**
 * A child is in one place at a time: each placement that has not ended when a later one starts. A move on one day is
 * no overlap.
 */
const onePlacementAtATime: Check = ({ sent }) => {
  const inOrder = [...sent.placements].sort(
    byTexts(
      (row) => readable(row.clap_cla_placement_start_date),
      (row) => readable(row.clap_cla_placement_end_date) ?? '9999-12-31',
      (row) => row.clap_cla_placement_id,
    ),
  );
  return inOrder.flatMap((row, index) => {
    const end = readable(row.clap_cla_placement_end_date);
    const next = readable(inOrder[index + 1]?.clap_cla_placement_start_date ?? null);
    if (next === null || (end !== null && end <= next)) return [];
    return [
      {
        rule: 'placements-overlap',
        table: 'ssd_cla_placement',
        row,
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
        presentText(readable(row.cine_close_reason)) === undefined,
    )
    .map(({ row }) => ({
      rule: 'closure-without-reason',
      table: 'ssd_cin_episodes',
      row,
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
      row,
      column: 'cine_close_date',
      found: 'nothing, beside a closure reason',
    }));

const checks: readonly Check[] = [
  authorisationAfterStart,
  conferenceAfterEnquiryStart,
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
