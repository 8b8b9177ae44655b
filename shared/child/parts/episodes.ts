import { unknown, type EpisodeDraft } from '../draft.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import type { Building } from './building.js';
import { careWorkersByReferral } from './careWorkers.js';
import { idOf, ownAttributesOf } from './ownAttributes.js';
import { itemsUnderEpisodes } from './itemsUnderEpisodes.js';
import { adoptionsOn } from './adoption.js';
import { careLeaverOn } from './careLeaver.js';
import type { OnEpisodes } from './homeEpisode.js';

type EpisodeRow = SsdRow<'ssd_cin_episodes'>;

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
  const lists = itemsUnderEpisodes(rows, building);
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
