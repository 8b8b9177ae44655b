import { readable } from '../cells.js';
import { byTexts } from '../ordering.js';
import { readableText } from '../values/valueReader.js';
import type { Check } from './check.js';

/** CIN rules 8815 and 8816: all open episodes but the latest. A referral without further action may stay open. */
export const oneOpenEpisode: Check = ({ episodes }) =>
  episodes
    .filter(({ item }) => item.closure_date === undefined && item.referral_no_further_action_flag !== true)
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

/** CIN rule 8805. A reason that cannot be sent is a finding of its own. */
export const closureHasReason: Check = ({ episodes }) =>
  episodes
    .filter(
      ({ row, item }) =>
        item.closure_date !== undefined &&
        item.closure_reason === undefined &&
        readableText(row.cine_close_reason) === undefined,
    )
    .map(({ row }) => ({
      rule: 'closure-without-reason',
      table: 'ssd_cin_episodes',
      row,
      column: 'cine_close_reason',
      found: 'nothing, beside a closure date',
    }));

/** CIN rule 8810. */
export const closureHasDate: Check = ({ episodes }) =>
  episodes
    .filter(({ item }) => item.closure_date === undefined && item.closure_reason !== undefined)
    .map(({ row }) => ({
      rule: 'closure-without-date',
      table: 'ssd_cin_episodes',
      row,
      column: 'cine_close_date',
      found: 'nothing, beside a closure reason',
    }));
