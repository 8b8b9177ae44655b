import { unknown, type EpisodeDraft } from '../draft.js';
import { periodOf } from '../inTime.js';
import type { SsdRow } from '../sourceRows.js';
import type { Building, Built } from './building.js';
import { distinct } from './distinct.js';
import type { ItemsUnderEpisodes } from './itemsUnderEpisodes.js';

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

interface OwnEpisode extends Built<EpisodeRow, OwnAttributes> {
  /** Its own attributes come from the row; else from what DfE holds. */
  readonly isKnown: boolean;
}

/** The episodes that are sent, with their own attributes alone. */
export function ownAttributesOf(
  episodes: readonly EpisodeRow[],
  lists: ItemsUnderEpisodes,
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
  const knownIds = new Set(known.map(({ item }) => idOf(item)));
  const others = new Map(
    built
      .filter(({ isKnown, item }) => !isKnown && !knownIds.has(idOf(item)))
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
  // Read in any case: each value that cannot be read has its finding.
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

/** An episode for which the source gives only the id. */
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

export function idOf({ social_care_episode_id: id }: OwnAttributes): string {
  return id === unknown ? '' : id;
}
