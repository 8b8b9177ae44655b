import { isInDoubt, isUnreadable, readable, readableText } from '../cells.js';
import { unknown, type Maybe } from '../draft.js';
import { isReversed, reportReversed } from '../inTime.js';
import { byTexts } from '../ordering.js';
import type { SsdRow } from '../sourceRows.js';
import { type ValueReader } from '../values/valueReader.js';

/**
 * The current address first (no end date), then the latest start; equal ones by postcode. An address whose end cannot be
 * read may be the current one: where it started last, which one the child lives at is not known.
 */
export function postcodeOf(addresses: readonly SsdRow<'ssd_address'>[], values: ValueReader): Maybe<string> {
  const hasDoubtfulEnd = ({
    addr_address_start_date: start,
    addr_address_end_date: end,
  }: SsdRow<'ssd_address'>) => isInDoubt(end) || isReversed(start, end);
  const mayBeCurrent = (row: SsdRow<'ssd_address'>) =>
    row.addr_address_end_date === null || hasDoubtfulEnd(row);
  const inOrder = [...addresses].sort(
    byTexts(
      (row) => (mayBeCurrent(row) ? '1' : '0'),
      (row) => readable(row.addr_address_start_date),
      (row) => readable(row.addr_address_end_date),
      // Of several of the same days the one that cannot be read counts: it may be the one.
      ({ addr_address_postcode: postcode }) => (isUnreadable(postcode) ? '\uffff' : postcode),
      (row) => row.addr_table_id,
    ),
  );
  const chosen = inOrder.at(-1);
  if (chosen === undefined) return undefined;
  const source = values.places.of('ssd_address', chosen);
  const isTwin = (row: SsdRow<'ssd_address'>) => placeAndTimeOf(row) === placeAndTimeOf(chosen);
  for (const row of inOrder.slice(0, -1)) {
    values.outOfScope('ssd_address', isTwin(row) ? 'sameAsAnother' : 'notChosen', row);
  }
  for (const row of inOrder) {
    const place = values.places.of('ssd_address', row);
    const { addr_address_start_date: start, addr_address_end_date: end } = row;
    values.unreadable(end, place, 'addr_address_end_date');
    reportReversed(start, end, place, 'addr_address_end_date', values);
  }
  const isCurrent = chosen.addr_address_end_date === null;
  const rivals = isCurrent ? inOrder.filter(mayBeCurrent) : inOrder;
  for (const row of rivals) {
    const place = values.places.of('ssd_address', row);
    values.unreadable(row.addr_address_start_date, place, 'addr_address_start_date');
  }
  const postcodes = new Set(rivals.map((row) => readableText(row.addr_address_postcode)));
  const isOrderKnown =
    !hasDoubtfulEnd(chosen) && rivals.every((row) => !isInDoubt(row.addr_address_start_date));
  if (postcodes.size > 1 && !isOrderKnown) {
    values.outOfScope('ssd_address', 'notChosen', chosen);
    return unknown;
  }
  return values.postcode(chosen.addr_address_postcode, source, 'addr_address_postcode');
}

function placeAndTimeOf(row: SsdRow<'ssd_address'>): string {
  return JSON.stringify([row.addr_address_postcode, row.addr_address_start_date, row.addr_address_end_date]);
}
