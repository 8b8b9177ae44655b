import { careWorkersOf, isReported } from './careWorkers.js';
import type { DateCell } from '../cells.js';
import { distinct, type Built } from './distinct.js';
import { unknown, type EpisodeDraft } from '../draft.js';
import { periodOf, within } from '../inTime.js';
import {
  assessmentOf,
  cinPlanOf,
  cpPlanOf,
  reportConferences,
  reportFactors,
  section47Of,
  type Building,
} from './nestedItems.js';
import { NestedItems } from './nestedList.js';
import { groupBy, under } from '../ordering.js';
import { adoptionsOn, careLeaverOn, type OnEpisodes } from './personLevel.js';
import { ownPlacementIds } from './placementIds.js';
import { placementReader, reportCareEpisodes } from './placements.js';
import { presentText } from '../values/valueReader.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';

type EpisodeRow = SsdRow<'ssd_cin_episodes'>;
type OwnAttributes = Pick<
  EpisodeDraft,
  | 'social_care_episode_id'
  | 'referral_date'
  | 'referral_source'
  | 'closure_date'
  | 'closure_reason'
  | 'referral_no_further_action_flag'
  | 'purge'
>;

/** The rows that a payload is made of, one for each thing that is sent. */
export interface SentRows {
  readonly episodes: readonly EpisodeRow[];
  readonly assessments: readonly SsdRow<'ssd_cin_assessments'>[];
  readonly cinPlans: readonly SsdRow<'ssd_cin_plans'>[];
  readonly section47s: readonly SsdRow<'ssd_s47_enquiry'>[];
  readonly cpPlans: readonly SsdRow<'ssd_cp_plans'>[];
  readonly placements: readonly SsdRow<'ssd_cla_placement'>[];
  readonly adoptions: readonly SsdRow<'ssd_permanence'>[];
  readonly careLeavers: readonly SsdRow<'ssd_care_leavers'>[];
}

/**
 * The episodes of one child: those that overlap the window, and those under which something falls into it, each with
 * what belongs under it (attributes 16 to 44 and 47 to 55), in order of their ids.
 * Source: cohort-and-mapping.md, "What goes in".
 *
 * @param isHeld whether DfE holds or may hold an episode of that id: one whose own attributes cannot be told is sent
 *   only then
 */
export function episodesOf(
  rows: PersonRows,
  building: Building,
  isHeld: (id: string) => boolean,
): { readonly drafts: readonly EpisodeDraft[]; readonly sent: SentRows } {
  reportAbsentLists(building);
  const lists = nestedListsOf(rows, building);
  const own = ownAttributesOf(rows.ssd_cin_episodes, lists, building, isHeld);
  const sent = new Set(own.map(({ item }) => idOf(item)));
  const known = new Set(rows.ssd_cin_episodes.flatMap((row) => row.cine_referral_id ?? []));
  for (const list of lists.all) list.putUnder(sent, known);

  const homes = own.map(({ item }) => item);
  const adoptions = adoptionsOn(homes, rows, building);
  const careLeavers = careLeaverOn(homes, rows.ssd_care_leavers, building);
  const workersOn = careWorkersByReferral(rows, sent, known, building);
  const drafts = homes.map((item): EpisodeDraft => {
    const id = idOf(item);
    return {
      ...item,
      care_worker_details: workersOn(id),
      child_and_family_assessments: lists.assessments.under(id),
      child_in_need_plans: lists.cinPlans.under(id),
      section_47_assessments: lists.section47s.under(id),
      child_protection_plans: lists.cpPlans.under(id),
      child_looked_after_placements: lists.placements.under(id),
      adoption: adoptions === unknown ? unknown : adoptions.get(item)?.item,
      care_leavers: careLeavers === unknown ? unknown : careLeavers.get(item)?.item,
    };
  });
  return {
    drafts,
    sent: {
      episodes: own.filter(({ isKnown }) => isKnown).map(({ row }) => row),
      assessments: lists.assessments.sentRows,
      cinPlans: lists.cinPlans.sentRows,
      section47s: lists.section47s.sentRows,
      cpPlans: lists.cpPlans.sentRows,
      placements: lists.placements.sentRows,
      adoptions: rowsOn(adoptions),
      careLeavers: rowsOn(careLeavers),
    },
  };
}

function idOf({ social_care_episode_id: id }: OwnAttributes): string {
  return id === unknown ? '' : id;
}

function rowsOn<Row, Item>(blocks: OnEpisodes<Row, Item>): readonly Row[] {
  return blocks === unknown ? [] : [...blocks.values()].map(({ row }) => row);
}

/** Of a list whose table the SSD does not have, DfE keeps what it has. */
function reportAbsentLists({ rules: { absentTables }, unknownItems }: Building): void {
  if (absentTables.has('ssd_cin_assessments')) unknownItems.addAny('child_and_family_assessments');
  if (absentTables.has('ssd_cin_plans')) unknownItems.addAny('child_in_need_plans');
  if (absentTables.has('ssd_s47_enquiry')) unknownItems.addAny('section_47_assessments');
  if (absentTables.has('ssd_cp_plans')) unknownItems.addAny('child_protection_plans');
  // Placements hang on the care episodes.
  if (absentTables.has('ssd_cla_placement') || absentTables.has('ssd_cla_episodes')) {
    unknownItems.addAny('child_looked_after_placements');
  }
}

type Lists = ReturnType<typeof nestedListsOf>;

/** Every item of the child that lies in the window. */
function nestedListsOf(rows: PersonRows, building: Building) {
  const { values } = building;
  const factors = groupBy(rows.ssd_assessment_factors, (row) => row.cinf_assessment_id);
  const conferences = groupBy(rows.ssd_initial_cp_conference, (row) => row.icpc_s47_enquiry_id);
  const placement = placementReader(rows, ownPlacementIds(rows, building.rules), building);
  const factorsOf = (row: SsdRow<'ssd_cin_assessments'>) => under(factors, row.cina_assessment_id);
  const conferencesOf = (row: SsdRow<'ssd_s47_enquiry'>) => under(conferences, row.s47e_s47_enquiry_id);

  const hasStrayConferences = reportStrayConferences(rows, building);
  const assessments = new NestedItems(
    {
      table: 'ssd_cin_assessments',
      list: 'child_and_family_assessments',
      idColumn: 'cina_assessment_id',
      referralColumn: 'cina_referral_id',
      idOf: (row) => row.cina_assessment_id,
      referralOf: (row) => row.cina_referral_id,
      read: (row) => assessmentOf(row, factorsOf(row), building),
      reportBelow: (row) => {
        reportFactors(factorsOf(row), values);
      },
    },
    rows.ssd_cin_assessments,
    building,
  );
  const cinPlans = new NestedItems(
    {
      table: 'ssd_cin_plans',
      list: 'child_in_need_plans',
      idColumn: 'cinp_cin_plan_id',
      referralColumn: 'cinp_referral_id',
      idOf: (row) => row.cinp_cin_plan_id,
      referralOf: (row) => row.cinp_referral_id,
      read: (row) => cinPlanOf(row, building),
    },
    rows.ssd_cin_plans,
    building,
  );
  const section47s = new NestedItems(
    {
      table: 'ssd_s47_enquiry',
      list: 'section_47_assessments',
      idColumn: 's47e_s47_enquiry_id',
      referralColumn: 's47e_referral_id',
      idOf: (row) => row.s47e_s47_enquiry_id,
      referralOf: (row) => row.s47e_referral_id,
      read: (row) => section47Of(row, conferencesOf(row), hasStrayConferences, building),
      reportBelow: (row) => {
        reportConferences(conferencesOf(row), values);
      },
    },
    rows.ssd_s47_enquiry,
    building,
  );
  const cpPlans = new NestedItems(
    {
      table: 'ssd_cp_plans',
      list: 'child_protection_plans',
      idColumn: 'cppl_cp_plan_id',
      referralColumn: 'cppl_referral_id',
      idOf: (row) => row.cppl_cp_plan_id,
      referralOf: (row) => row.cppl_referral_id,
      read: (row) => cpPlanOf(row, building),
    },
    rows.ssd_cp_plans,
    building,
  );
  const placements = new NestedItems(
    {
      table: 'ssd_cla_placement',
      list: 'child_looked_after_placements',
      idColumn: 'clap_cla_placement_id',
      referralColumn: 'clap_cla_id',
      ...placement,
    },
    rows.ssd_cla_placement,
    building,
  );
  reportCareEpisodes(rows, building);
  reportFactorsOfNobody(rows, building);
  return {
    assessments,
    cinPlans,
    section47s,
    cpPlans,
    placements,
    all: [assessments, cinPlans, section47s, cpPlans, placements] as const,
    /** The referrals with an enquiry that a conference without an enquiry may bring into the window. */
    mayHaveConference: new Set(
      hasStrayConferences ? rows.ssd_s47_enquiry.map((row) => row.s47e_referral_id) : [],
    ),
  };
}

/** Conferences of an enquiry that the child does not have: their date has no place. @returns whether there are any */
function reportStrayConferences(rows: PersonRows, { rules, values }: Building): boolean {
  let found = false;
  const enquiries = new Set(rows.ssd_s47_enquiry.map((row) => row.s47e_s47_enquiry_id));
  for (const row of rows.ssd_initial_cp_conference) {
    const { icpc_s47_enquiry_id: enquiry } = row;
    if (enquiry !== null && enquiries.has(enquiry)) continue;
    if (isKnownOutside(within(rules.window, row.icpc_icpc_date), row.icpc_icpc_date)) {
      values.outOfScope('ssd_initial_cp_conference', 'outsideWindow', row);
      continue;
    }
    const source = values.places.of('ssd_initial_cp_conference', row);
    const named = enquiry === null ? 'no enquiry' : 'an enquiry that is none of this child';
    values.leaveOut('no-enquiry', source, 'icpc_s47_enquiry_id', named);
    found = true;
  }
  return found;
}

function isKnownOutside(answer: string, date: DateCell): boolean {
  return answer === 'no' && date !== null;
}

/** Factors of an assessment that the child does not have: the reader found it by another way than its id. */
function reportFactorsOfNobody(rows: PersonRows, { values }: Building): void {
  const assessments = new Set(rows.ssd_cin_assessments.map((row) => row.cina_assessment_id));
  for (const row of rows.ssd_assessment_factors) {
    const { cinf_assessment_id: assessment } = row;
    if (assessment !== null && assessments.has(assessment)) continue;
    const source = values.places.of('ssd_assessment_factors', row);
    values.leaveOut(
      'no-assessment',
      source,
      'cinf_assessment_id',
      'an assessment that is none of this child',
    );
  }
}

interface OwnEpisode extends Built<EpisodeRow, OwnAttributes> {
  /** Its own attributes come from the row; else from what DfE holds. */
  readonly isKnown: boolean;
}

/** The episodes that are sent, with their own attributes alone. */
function ownAttributesOf(
  episodes: readonly EpisodeRow[],
  lists: Lists,
  building: Building,
  isHeld: (id: string) => boolean,
): OwnEpisode[] {
  const { values } = building;
  const inWindow = new Set(lists.all.flatMap((list) => list.referrals));
  const inDoubt = new Set(lists.all.flatMap((list) => [...list.referralsInDoubt]));
  const isTableAbsent = itemTables.some((table) => building.rules.absentTables.has(table));
  const built = episodes.flatMap((row): OwnEpisode[] => {
    const { cine_referral_id: id } = row;
    const items = {
      has: inWindow.has(id),
      mayHave: id !== null && inDoubt.has(id),
      mayHaveUnseen: isTableAbsent || lists.mayHaveConference.has(id),
    };
    return ownEpisodeOf(row, items, building, isHeld);
  });
  const known = distinct(
    built.filter(({ isKnown }) => isKnown),
    idOf,
    {
      asDuplicate: (row) => {
        const source = values.places.of('ssd_cin_episodes', row);
        values.leaveOut('duplicate-id', source, 'cine_referral_id', 'an id that another row has, too');
      },
      asTheSame: (row) => {
        values.outOfScope('ssd_cin_episodes', 'sameAsAnother', row);
      },
    },
  ).map((one): OwnEpisode => ({ ...one, isKnown: true }));
  const told = new Set(known.map(({ item }) => idOf(item)));
  const others = new Map(
    built
      .filter(({ isKnown, item }) => !isKnown && !told.has(idOf(item)))
      .map((one) => [idOf(one.item), one]),
  );
  return [...known, ...others.values()];
}

/** What is known of the items under an episode that would lie in the window. */
interface ItemsUnder {
  readonly has: boolean;
  /** A row that is there may be one; a finding says so. */
  readonly mayHave: boolean;
  /** One may be there that is not seen: in a table that is absent, or by a conference that has lost its enquiry. */
  readonly mayHaveUnseen: boolean;
}

function ownEpisodeOf(
  row: EpisodeRow,
  items: ItemsUnder,
  { rules, values, unknownItems }: Building,
  isHeld: (id: string) => boolean,
): OwnEpisode[] {
  const source = values.places.of('ssd_cin_episodes', row);
  const period = periodOf(
    rules.window,
    row.cine_referral_date,
    row.cine_close_date,
    source,
    { start: 'cine_referral_date', end: 'cine_close_date' },
    values,
    items.has,
  );
  const { cine_referral_id: id } = row;
  if (period.is === 'out') {
    // Something under it may lie in the window: what DfE holds of the episode stays.
    if (items.mayHave && id !== null) {
      const found = 'something under it that may lie in the window';
      values.leaveOut('date-missing', source, 'cine_close_date', found);
      unknownItems.add('social_care_episodes', id);
    } else if (items.mayHaveUnseen && id !== null && isHeld(id)) {
      unknownItems.add('social_care_episodes', id);
    }
    return [];
  }
  // Read whatever comes of the rest: each value that cannot be read has its finding.
  const referralSource = values.codeOfPair(
    'referralSource',
    [row.cine_referral_source_code, row.cine_referral_source_desc],
    row.cine_referral_date,
    source,
    ['cine_referral_source_code', 'cine_referral_source_desc'],
  );
  const closureReason = values.code(
    'closureReason',
    row.cine_close_reason,
    row.cine_close_date ?? row.cine_referral_date,
    source,
    'cine_close_reason',
  );
  const noFurtherAction = values.flag(row.cine_referral_nfa, source, 'cine_referral_nfa');
  const sendable = values.itemId(id, source, 'cine_referral_id');
  if (sendable === null) {
    unknownItems.addAny('social_care_episodes');
    return [];
  }
  if (period.is === 'unknown') {
    unknownItems.add('social_care_episodes', sendable);
    return isHeld(sendable) ? [{ row, item: notToldEpisode(sendable), isKnown: false }] : [];
  }
  const item: OwnAttributes = {
    social_care_episode_id: sendable,
    referral_date: period.start,
    referral_source: referralSource,
    closure_date: period.end,
    closure_reason: closureReason,
    referral_no_further_action_flag: noFurtherAction,
    purge: false,
  };
  return [{ row, item, isKnown: true }];
}

/** The tables under an episode whose rows bring it into the window. */
const itemTables = [
  'ssd_cin_assessments',
  'ssd_cin_plans',
  'ssd_s47_enquiry',
  'ssd_initial_cp_conference',
  'ssd_cp_plans',
  'ssd_cla_episodes',
  'ssd_cla_placement',
] as const;

/** An episode of which the source tells its id alone. */
function notToldEpisode(id: string): OwnAttributes {
  return {
    social_care_episode_id: id,
    referral_date: unknown,
    referral_source: unknown,
    closure_date: unknown,
    closure_reason: unknown,
    referral_no_further_action_flag: unknown,
    purge: false,
  };
}

/** The care workers of each episode that is sent; involvements that are on none are counted or named. */
function careWorkersByReferral(
  rows: PersonRows,
  sent: ReadonlySet<string>,
  known: ReadonlySet<string>,
  { rules, values, unknownItems }: Building,
) {
  const plans = groupBy(rows.ssd_cin_plans, (row) => row.cinp_referral_id);
  const involvements = groupBy(rows.ssd_involvements, (row) => row.invo_referral_id);
  let hasWorkers = false;
  for (const row of rows.ssd_involvements) {
    const referral = row.invo_referral_id;
    if (referral !== null && sent.has(referral)) continue;
    const hasReferral = referral !== null && presentText(referral) !== undefined;
    const isKnown = referral !== null && known.has(referral);
    // An episode that is known to lie outside the window has no workers; one that is only not sent has.
    const isOutside = isKnown && !unknownItems.has('social_care_episodes', referral);
    if (!hasReferral || isOutside || !isReported(row, rules)) {
      values.outOfScope('ssd_involvements', 'notReported', row);
      continue;
    }
    const source = values.places.of('ssd_involvements', row);
    if (isKnown)
      values.leaveOut('parent-left-out', source, 'invo_referral_id', 'an episode that is not sent');
    else {
      values.leaveOut('no-episode', source, 'invo_referral_id', 'a referral that is none of this child');
      hasWorkers = true;
    }
  }
  const cinPlans = rows.ssd_cin_plans.filter(
    ({ cinp_referral_id: referral }) => referral === null || !known.has(referral),
  );
  const strays = { cinPlans, hasWorkers };
  return (id: string) => careWorkersOf(under(involvements, id), under(plans, id), strays, rules, values);
}
