import { unknown, type EpisodeDraft } from '../draft.js';
import { lists, nestedLists } from '../lists.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { adoptionsOn, type Adoption } from './adoption.js';
import type { Assessment } from './assessments.js';
import type { Building, Built } from './building.js';
import { careLeaverOn, type CareLeaver } from './careLeaver.js';
import { careWorkersByReferral } from './careWorkers.js';
import type { OnEpisodes } from './homeEpisode.js';
import { itemsUnderEpisodes } from './itemsUnderEpisodes.js';
import { idOf, ownAttributesOf } from './ownAttributes.js';
import type { Placement } from './placements.js';
import type { CinPlan, CpPlan } from './plans.js';
import type { Section47 } from './section47.js';

/** The episodes as they are drafted, and what is sent with the row that it is made of. */
export interface EpisodesBuilt {
  readonly drafts: readonly EpisodeDraft[];
  /** Without episodes for which the source gives only the id. */
  readonly episodes: readonly Built<SsdRow<'ssd_cin_episodes'>, EpisodeDraft>[];
  readonly assessments: readonly Built<SsdRow<'ssd_cin_assessments'>, Assessment>[];
  readonly cinPlans: readonly Built<SsdRow<'ssd_cin_plans'>, CinPlan>[];
  readonly section47s: readonly Built<SsdRow<'ssd_s47_enquiry'>, Section47>[];
  /** Every conference of an enquiry that is sent; the date of one of them is the enquiry's. */
  readonly conferences: readonly ConferenceBuilt[];
  readonly cpPlans: readonly Built<SsdRow<'ssd_cp_plans'>, CpPlan>[];
  readonly placements: readonly Built<SsdRow<'ssd_cla_placement'>, Placement>[];
  readonly adoptions: readonly Built<SsdRow<'ssd_permanence'>, Adoption>[];
  readonly careLeavers: readonly Built<SsdRow<'ssd_care_leavers'>, CareLeaver>[];
}

export interface ConferenceBuilt {
  readonly row: SsdRow<'ssd_initial_cp_conference'>;
  readonly enquiry: Built<SsdRow<'ssd_s47_enquiry'>, Section47>;
}

/**
 * The episodes of one child: those that overlap the window, and those under which something falls into it, each with
 * what belongs under it (attributes 16 to 44 and 47 to 55), in order of their ids.
 * Source: cohort-and-mapping.md, "What goes in".
 *
 * @param isHeld whether DfE holds or may hold an episode of that id: one whose own attributes are unknown is sent only
 *   then
 */
export function episodesOf(
  rows: PersonRows,
  building: Building,
  isHeld: (id: string) => boolean,
): EpisodesBuilt {
  reportAbsentLists(building);
  const lists = itemsUnderEpisodes(rows, building);
  const own = ownAttributesOf(rows.ssd_cin_episodes, lists, building, isHeld);
  const sent = new Set(own.map(({ item }) => idOf(item)));
  const known = new Set(rows.ssd_cin_episodes.flatMap((row) => row.cine_referral_id ?? []));
  for (const list of lists.all) list.putUnder(sent, known);

  const homes = own.map(({ item }) => item);
  const adoptions = adoptionsOn(homes, rows, building);
  const careLeavers = careLeaverOn(homes, rows.ssd_care_leavers, building);
  const workersOn = careWorkersByReferral(rows, sent, known, building);
  const built = own.map(({ row, item, isKnown }) => {
    const id = idOf(item);
    const draft: EpisodeDraft = {
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
    return { row, item: draft, isKnown };
  });
  return {
    drafts: built.map(({ item }) => item),
    episodes: built.filter(({ isKnown }) => isKnown),
    assessments: lists.assessments.sent,
    cinPlans: lists.cinPlans.sent,
    section47s: lists.section47s.sent,
    conferences: lists.section47s.sent.flatMap((enquiry) =>
      lists.conferencesOf(enquiry.row).map((row) => ({ row, enquiry })),
    ),
    cpPlans: lists.cpPlans.sent,
    placements: lists.placements.sent,
    adoptions: sentOn(adoptions),
    careLeavers: sentOn(careLeavers),
  };
}

function sentOn<Row, Item>(blocks: OnEpisodes<Row, Item>): readonly Built<Row, Item>[] {
  return blocks === unknown ? [] : [...blocks.values()];
}

/** If the SSD does not have the table of a list, DfE keeps what it has. */
function reportAbsentLists({ rules: { absentTables }, unknownItems }: Building): void {
  for (const list of nestedLists) if (absentTables.has(lists[list].table)) unknownItems.addAny(list);
  // Placements depend on the care episodes.
  if (absentTables.has('ssd_cla_episodes')) unknownItems.addAny('child_looked_after_placements');
}
