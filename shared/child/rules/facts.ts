import type { BuildRules } from '../buildRules.js';
import { tablesNotRead } from '../categories.js';
import { readable } from '../cells.js';
import { unknown, type Maybe } from '../draft.js';
import { byTexts, groupBy, under } from '../ordering.js';
import type { Built } from '../parts/building.js';
import type { ChildDetailsBuilt } from '../parts/childDetails.js';
import type { ConferenceBuilt, EpisodesBuilt } from '../parts/episodes.js';
import type { Child, Episode } from '../payload.js';
import type { PersonRows, SsdRow, SsdTable } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';
import { careEpisodesOf, type CareEpisode } from './careEpisodes.js';
import { censusDays, type CensusDays } from './censusDays.js';

/** What the builders give, each part with the row that it is made of. */
export type Parts = Omit<EpisodesBuilt, 'drafts'> & Omit<ChildDetailsBuilt, 'sent'>;

type Said = Pick<
  Episode,
  'closure_date' | 'closure_reason' | 'referral_source' | 'referral_no_further_action_flag'
>;

/** A referral that is sent. What its row does not say is sent as DfE holds it: nothing to ask about, and not here. */
export interface Referral extends Built<SsdRow<'ssd_cin_episodes'>, Omit<Episode, keyof Said> & Said> {
  /** What is sent under it, with its rows. */
  readonly assessments: Parts['assessments'];
  readonly cinPlans: Parts['cinPlans'];
  readonly section47s: Parts['section47s'];
  readonly conferences: readonly ConferenceBuilt[];
  readonly cpPlans: Parts['cpPlans'];
}

/**
 * What the rules look at: a child as it is sent, and the rows that it is made of. What several rules need is made when
 * the first one asks, as most children have little of it.
 */
export class Facts {
  readonly child: Child;
  /** Everything the SSD says about the person, sent or not. */
  readonly rows: PersonRows;
  readonly parts: Omit<Parts, 'episodes'>;
  readonly rules: BuildRules;
  readonly days: CensusDays;
  readonly #episodes: Parts['episodes'];
  readonly #values: ValueReader;
  #referrals: readonly Referral[] | undefined;
  #conferences: readonly ConferenceBuilt[] | undefined;
  #careEpisodes: readonly CareEpisode[] | undefined;

  constructor(
    child: Child,
    rows: PersonRows,
    { episodes, ...parts }: Parts,
    rules: BuildRules,
    values: ValueReader,
  ) {
    this.child = child;
    this.rows = rows;
    this.parts = parts;
    this.rules = rules;
    this.days = censusDays(rules.window.today);
    this.#episodes = episodes;
    this.#values = values;
  }

  get person(): SsdRow<'ssd_person'> {
    return this.rows.person;
  }

  /** Whether the rows of a table are there; without them nothing is known to be missing. */
  isRead(table: SsdTable): boolean {
    const { absentTables, leftOut } = this.rules;
    return !absentTables.has(table) && !(leftOut.length > 0 && tablesNotRead(leftOut).has(table));
  }

  get referrals(): readonly Referral[] {
    this.#referrals ??= this.#referralsSent();
    return this.#referrals;
  }

  /** The conferences whose date is sent. */
  get conferences(): readonly ConferenceBuilt[] {
    this.#conferences ??= conferencesSent(this.child, this.parts.conferences);
    return this.#conferences;
  }

  /** The care episodes of every placement that is sent, and those before and after, in order of time. */
  get careEpisodes(): readonly CareEpisode[] {
    this.#careEpisodes ??= careEpisodesOf(this.rows, this.parts.placements, this.#values);
    return this.#careEpisodes;
  }

  #referralsSent(): readonly Referral[] {
    const sent = new Map<unknown, Episode>(
      (this.child.social_care_episodes ?? []).map((episode) => [episode.social_care_episode_id, episode]),
    );
    const { assessments, cinPlans, section47s, cpPlans } = this.parts;
    const its = {
      assessments: groupBy(assessments, ({ row }) => row.cina_referral_id),
      cinPlans: groupBy(cinPlans, ({ row }) => row.cinp_referral_id),
      section47s: groupBy(section47s, ({ row }) => row.s47e_referral_id),
      conferences: groupBy(this.conferences, ({ enquiry }) => enquiry.row.s47e_referral_id),
      cpPlans: groupBy(cpPlans, ({ row }) => row.cppl_referral_id),
    };
    return this.#episodes.flatMap(({ row, item: draft }) => {
      const item = sent.get(draft.social_care_episode_id);
      const id = row.cine_referral_id;
      if (item === undefined) return [];
      return [
        {
          row,
          item: { ...item, ...saidOf(draft) },
          assessments: under(its.assessments, id),
          cinPlans: under(its.cinPlans, id),
          section47s: under(its.section47s, id),
          conferences: under(its.conferences, id),
          cpPlans: under(its.cpPlans, id),
        },
      ];
    });
  }
}

function saidOf(draft: Parts['episodes'][number]['item']): Said {
  const said = <Value>(value: Maybe<Value>) => (value === unknown ? undefined : value);
  return {
    closure_date: said(draft.closure_date),
    closure_reason: said(draft.closure_reason),
    referral_source: said(draft.referral_source),
    referral_no_further_action_flag: said(draft.referral_no_further_action_flag),
  };
}

function conferencesSent(child: Child, conferences: readonly ConferenceBuilt[]): readonly ConferenceBuilt[] {
  if (conferences.length === 0) return conferences;
  const dates = new Map<unknown, string | undefined>(
    (child.social_care_episodes ?? [])
      .flatMap((episode) => episode.section_47_assessments ?? [])
      .map((item) => [item.section_47_assessment_id, item.icpc_date]),
  );
  // One id may be under two referrals: the conference is of the last one.
  const ofLast = new Map(
    conferences.toSorted(byTexts(({ enquiry }) => enquiry.row.s47e_referral_id)).map((one) => [one.row, one]),
  );
  return [...ofLast.values()].filter(({ row, enquiry }) => {
    const date = readable(row.icpc_icpc_date);
    return date !== null && dates.get(enquiry.item.section_47_assessment_id) === date;
  });
}
