import type { BuildRules } from './buildRules.js';
import { normalised } from './localValues.js';
import { compareText } from './ordering.js';
import type { Child } from './payload.js';
import { presentText } from './values.js';
import type { PersonRows } from '../ssd/tables.js';

type Key = readonly (string | number | null | undefined)[];

/** The rows that a payload was made of, one for each thing that is sent. */
export type SentRows = ReturnType<typeof sentRowsOf>;

/**
 * Finds the rows that stand in the payload again by ids and dates, so that nothing is said about a row that DfE never
 * sees. Of rows with the same ids and dates one stays, the same in whatever order they come.
 */
export function sentRowsOf(rows: PersonRows, child: Child, { formerUpnTypes }: BuildRules) {
  const details = child.child_details;
  const episodes = child.social_care_episodes ?? [];
  const episodeById = new Map(episodes.map((episode) => [episode.social_care_episode_id, episode]));
  const nested = <Item>(
    items: (episode: (typeof episodes)[number]) => readonly Item[] | undefined,
    keyOf: (item: Item) => Key,
  ) =>
    episodes.flatMap((episode) =>
      (items(episode) ?? []).map((item) => [episode.social_care_episode_id, ...keyOf(item)]),
    );

  const section47s = matching(
    rows.ssd_s47_enquiry,
    (row) => [
      trimmed(row.s47e_referral_id),
      trimmed(row.s47e_s47_enquiry_id),
      row.s47e_s47_start_date,
      row.s47e_s47_end_date,
    ],
    nested(
      (episode) => episode.section_47_assessments,
      (item) => [item.section_47_assessment_id, item.start_date, item.end_date],
    ),
  );
  const conferenceDates = new Set(
    nested(
      (episode) => episode.section_47_assessments,
      (item) => [item.section_47_assessment_id, item.icpc_date],
    ).map(textOf),
  );

  return {
    person: rows.person,
    disabilities: rows.ssd_disability,
    formerUpns: rows.ssd_linked_identifiers.filter(
      ({ link_identifier_type: type, link_identifier_value: value }) =>
        type !== null &&
        formerUpnTypes.has(normalised(type)) &&
        presentText(value) === details.former_unique_pupil_number,
    ),
    sdqScores: rows.ssd_sdq_scores.filter(({ csdq_sdq_completed_date: date, csdq_sdq_score: score }) =>
      child.health_and_wellbeing?.sdq_assessments.some(
        (sent) => sent.date === date && sent.score === Number(presentText(score) ?? NaN),
      ),
    ),
    episodes: matching(
      rows.ssd_cin_episodes,
      (row) => [trimmed(row.cine_referral_id), row.cine_referral_date, row.cine_close_date],
      episodes.map((episode) => [
        episode.social_care_episode_id,
        episode.referral_date,
        episode.closure_date,
      ]),
    ).flatMap((row) => {
      const episode = episodeById.get(row.cine_referral_id?.trim() ?? '');
      return episode === undefined ? [] : [{ row, episode }];
    }),
    assessments: matching(
      rows.ssd_cin_assessments,
      (row) => [
        trimmed(row.cina_referral_id),
        trimmed(row.cina_assessment_id),
        row.cina_assessment_start_date,
        row.cina_assessment_auth_date,
      ],
      nested(
        (episode) => episode.child_and_family_assessments,
        (item) => [item.child_and_family_assessment_id, item.start_date, item.authorisation_date],
      ),
    ),
    cinPlans: matching(
      rows.ssd_cin_plans,
      (row) => [
        trimmed(row.cinp_referral_id),
        trimmed(row.cinp_cin_plan_id),
        row.cinp_cin_plan_start_date,
        row.cinp_cin_plan_end_date,
      ],
      nested(
        (episode) => episode.child_in_need_plans,
        (item) => [item.child_in_need_plan_id, item.start_date, item.end_date],
      ),
    ),
    section47s,
    /** Each with the enquiry it follows. */
    conferences: section47s.flatMap((enquiry) =>
      rows.ssd_initial_cp_conference
        .filter((row) => trimmed(row.icpc_s47_enquiry_id) === trimmed(enquiry.s47e_s47_enquiry_id))
        .filter(({ icpc_icpc_date: date }) =>
          conferenceDates.has(
            textOf([trimmed(enquiry.s47e_referral_id), trimmed(enquiry.s47e_s47_enquiry_id), date]),
          ),
        )
        .map((row) => ({ row, enquiry })),
    ),
    cpPlans: matching(
      rows.ssd_cp_plans,
      (row) => [
        trimmed(row.cppl_referral_id),
        trimmed(row.cppl_cp_plan_id),
        row.cppl_cp_plan_start_date,
        row.cppl_cp_plan_end_date,
      ],
      nested(
        (episode) => episode.child_protection_plans,
        (item) => [item.child_protection_plan_id, item.start_date, item.end_date],
      ),
    ),
    placements: matching(
      rows.ssd_cla_placement,
      (row) => {
        const { clap_cla_placement_start_date: start, clap_cla_placement_end_date: end } = row;
        // An end before the start is not sent.
        const isReversed = start !== null && end !== null && end < start;
        return [trimmed(row.clap_cla_placement_id), start, isReversed ? null : end];
      },
      episodes.flatMap((episode) =>
        (episode.child_looked_after_placements ?? []).map((item) => [
          item.child_looked_after_placement_id,
          item.start_date,
          item.end_date,
        ]),
      ),
    ),
    adoptions: matching(
      rows.ssd_permanence,
      (row) => [row.perm_adm_decision_date, row.perm_matched_date, row.perm_placed_for_adoption_date],
      episodes.flatMap(({ adoption }) =>
        adoption === undefined
          ? []
          : [[adoption.initial_decision_date, adoption.matched_date, adoption.placed_date]],
      ),
    ),
    careLeavers: matching(
      rows.ssd_care_leavers,
      (row) => [row.clea_care_leaver_latest_contact],
      episodes.flatMap(({ care_leavers: leaver }) => (leaver === undefined ? [] : [[leaver.contact_date]])),
    ),
  };
}

function trimmed(id: string | null): string | undefined {
  return id?.trim();
}

/** Missing is missing, whether the source says null or the payload leaves the key out. */
function textOf(key: Key): string {
  return JSON.stringify(key.map((part) => part ?? null));
}

/** One row for each key that is sent: of several the last by its text. */
function matching<Row>(rows: readonly Row[], keyOf: (row: Row) => Key, sentKeys: readonly Key[]): Row[] {
  const sent = new Set(sentKeys.map(textOf));
  const byKey = new Map<string, Row>();
  const inOrder = rows
    .map((row) => ({ row, key: textOf(keyOf(row)), text: JSON.stringify(row) }))
    .filter(({ key }) => sent.has(key))
    .sort((a, b) => compareText(a.text, b.text));
  for (const { row, key } of inOrder) byKey.set(key, row);
  return [...byKey.values()];
}
