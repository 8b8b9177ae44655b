import { unknown, type EpisodeDraft, type Maybe } from '../draft.js';
import { byTexts } from '../ordering.js';
import type { Built } from './building.js';

/*
 * In the SSD, adoption and care leaver data belong to the person, but the payload has them under an episode. They are
 * sent under one episode only: a second copy would look like a second event.
 */

/** An episode that a block may be sent under: what is known of it before its blocks. */
export type Home = Pick<EpisodeDraft, 'social_care_episode_id' | 'referral_date' | 'closure_date'>;

const inReferralOrder = byTexts<Home>(
  (episode) => textOf(episode.referral_date),
  (episode) => textOf(episode.social_care_episode_id),
);

function textOf(value: Maybe<string>): string | undefined {
  return value === unknown ? undefined : value;
}

export function latest(episodes: readonly Home[]): Home | undefined {
  return [...episodes].sort(inReferralOrder).at(-1);
}

/** Which of several episodes is open, or the latest, rests on their dates. */
export function isLatestTold(episodes: readonly Home[]): boolean {
  if (episodes.length < 2) return true;
  return episodes.every((episode) => episode.referral_date !== unknown && episode.closure_date !== unknown);
}

/** What belongs on the episodes, by episode; `unknown` when we cannot tell for any of them. */
export type OnEpisodes<Row, Item> = ReadonlyMap<Home, Built<Row, Item>> | typeof unknown;
