import { addToDate, isPlainDate, plainDate, type PlainDate } from '../../../../shared/child/dates.js';
import type { RuleCode } from '../../../../shared/child/rules/catalogue.js';
import type { PersonRows, SsdRow } from '../../../../shared/child/sourceRows.js';
import { aCareEpisode, anEpisode, aPerson, aPlacement } from '../../aPerson.js';
import { soundUpn } from '../aLookedAfterPerson.js';

/*
 * Inputs of the tests of Data to Insight's public validator of the SSDA903, as rows of the SSD: facts, not its code. Its
 * days are moved by whole years, so that they lie in the window of the tests. Codes that are none have a stand-in.
 */

/** A child of one of the validator's tests, and which of its rows are asked about. */
export interface PublishedCase {
  readonly rule: RuleCode;
  readonly what: string;
  readonly rows: PersonRows;
  /** The numbers of the rows that the public validator asks about: 1 for `L1` or `E1`. */
  readonly theirs: readonly number[];
  /** Where ours differs, and why. */
  readonly ours?: { readonly asked: readonly number[]; readonly because: string };
  /** The day of the run, where the rule looks at it. */
  readonly today?: PlainDate;
}

/** An episode of the return. What a test leaves out is sound. */
export interface PublishedEpisode {
  readonly decom?: string | null;
  readonly dec?: string | null;
  readonly rne?: string | null;
  readonly rec?: string | null;
  readonly place?: string | null;
  readonly change?: string | null;
  readonly post?: string | null;
}

type More = Partial<Omit<PersonRows, 'person'>>;

/** `dd/mm/yyyy` as a day so many years later. */
export function moved(text: string | null | undefined, years: number): PlainDate | null {
  if (text === null || text === undefined) return null;
  const [day = '', month = '', year = ''] = text.split('/');
  const date = `${year}-${month}-${day}`;
  // The validator's tests have a few days that there are not.
  return isPlainDate(date) ? addToDate(date, { years }) : null;
}

/**
 * A child of the return in the SSD: its episodes are care episodes `E1`, `E2`, each with a placement.
 * @param born `dd/mm/yyyy`; null where the validator's test has none
 */
export function inTheSsd(
  episodes: readonly PublishedEpisode[],
  { years, born, more = {} }: { readonly years: number; readonly born?: string | null; readonly more?: More },
): PersonRows {
  const rows = episodes.map((episode, index) => asRows(episode, String(index + 1), years));
  return aPerson({
    person: {
      pers_upn: soundUpn,
      ...(born === undefined ? {} : { pers_dob: moved(born, years) }),
    },
    ssd_cin_episodes: [anEpisode({ cine_referral_date: '2024-04-01' })],
    ssd_cla_episodes: rows.map(({ care }) => care),
    ssd_cla_placement: rows.map(({ placement }) => placement),
    ...more,
  });
}

function asRows(
  episode: PublishedEpisode,
  number: string,
  years: number,
): { care: SsdRow<'ssd_cla_episodes'>; placement: SsdRow<'ssd_cla_placement'> } {
  const to = moved(episode.dec, years);
  const from = episode.decom === undefined ? startBefore(to) : moved(episode.decom, years);
  return {
    care: aCareEpisode({
      clae_cla_episode_id: `E${number}`,
      clae_cla_placement_id: `L${number}`,
      clae_cla_episode_start_date: from,
      clae_cla_episode_start_reason: or(episode.rne, 'S'),
      clae_cla_episode_ceased_date: to,
      clae_cla_episode_ceased_reason: or(episode.rec, null),
    }),
    placement: aPlacement({
      clap_cla_placement_id: `L${number}`,
      clap_cla_placement_start_date: from,
      clap_cla_placement_end_date: to,
      clap_cla_placement_type: or(episode.place, 'U4'),
      clap_cla_placement_change_reason: or(episode.change, null),
      clap_cla_placement_postcode: or(episode.post, null),
    }),
  };
}

function startBefore(end: PlainDate | null): PlainDate {
  return end === null ? plainDate('2025-07-01') : addToDate(end, { days: -10 });
}

function or(value: string | null | undefined, otherwise: string | null): string | null {
  return value === undefined ? otherwise : value;
}
