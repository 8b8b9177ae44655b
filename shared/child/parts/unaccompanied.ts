import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import { unknown } from '../draft.js';
import { classOf } from '../findings.js';
import { isReversed, reportReversed } from '../inTime.js';
import { byTexts } from '../ordering.js';
import type { SsdRow } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';
import type { Details } from './childDetails.js';

/**
 * Unaccompanied asylum-seeking child: a status that says so and has no end or ends on or after the window's start.
 * Among several the one without an end, then the latest. A status that seems to say so in other words, or cannot be read,
 * leaves it open.
 */
export function unaccompaniedOf(
  statuses: readonly SsdRow<'ssd_immigration_status'>[],
  { window, uascStatuses, absentTables }: BuildRules,
  values: ValueReader,
): Pick<Details, 'uasc_flag' | 'uasc_end_date'> {
  const notTold: Pick<Details, 'uasc_flag' | 'uasc_end_date'> = {
    uasc_flag: unknown,
    uasc_end_date: unknown,
  };
  if (absentTables.has('ssd_immigration_status')) return notTold;
  let isTold = true;
  const matching: SsdRow<'ssd_immigration_status'>[] = [];
  for (const row of statuses) {
    const { immi_immigration_status: status, immi_immigration_status_start_date: start } = row;
    const { immi_immigration_status_end_date: end } = row;
    const source = values.places.of('ssd_immigration_status', row);
    const isEndWrong = reportReversed(start, end, source, 'immi_immigration_status_end_date', values);
    if (!isEndWrong && end !== null && !isUnreadable(end) && end < window.start) {
      values.outOfScope('ssd_immigration_status', 'notReported', row);
      continue;
    }
    const text = values.text(status, source, 'immi_immigration_status');
    if (text === unknown) isTold = false;
    else if (text === undefined) {
      values.leaveOut('status-unclear', source, 'immi_immigration_status', classOf(null));
      isTold = false;
    } else if (uascStatuses.has(normalised(text))) matching.push(row);
    else if (seemsUnaccompanied.test(text) || saysNothing.test(text)) {
      values.leaveOut('status-unclear', source, 'immi_immigration_status', classOf(text));
      isTold = false;
    } else values.outOfScope('ssd_immigration_status', 'notReported', row);
  }
  const inOrder = matching.sort(
    byTexts(
      (row) => (row.immi_immigration_status_end_date === null ? '1' : '0'),
      (row) => readable(row.immi_immigration_status_end_date),
      (row) => row.immi_immigration_status_id,
    ),
  );
  const chosen = inOrder.at(-1);
  if (chosen === undefined) return isTold ? { uasc_flag: false, uasc_end_date: undefined } : notTold;
  const isOpen = chosen.immi_immigration_status_end_date === null;
  const undated = inOrder.filter(
    ({ immi_immigration_status_start_date: start, immi_immigration_status_end_date: end }) =>
      isUnreadable(end) || isReversed(start, end),
  );
  for (const row of undated) {
    const source = values.places.of('ssd_immigration_status', row);
    values.unreadable(row.immi_immigration_status_end_date, source, 'immi_immigration_status_end_date');
  }
  values.outOfScope('ssd_immigration_status', 'notChosen', ...inOrder.slice(0, -1));
  const readEnds = inOrder.length - undated.length;
  // If its end cannot be read, we cannot tell whether it lay before the window.
  if (undated.length > 0 && !isOpen)
    return { uasc_flag: readEnds > 0 ? true : unknown, uasc_end_date: unknown };
  // A status that cannot be read may be the one that ends last.
  if (!isTold && !isOpen) return { uasc_flag: true, uasc_end_date: unknown };
  const source = values.places.of('ssd_immigration_status', chosen);
  return {
    uasc_flag: true,
    uasc_end_date: values.date(
      chosen.immi_immigration_status_end_date,
      source,
      'immi_immigration_status_end_date',
    ),
  };
}

/** An answer, or a word for none: it names no status. */
const saysNothing =
  /^(?:[^\p{L}]*|y|yes|t|true|n\/?a|none|other|unknown|refused|to be confirmed|tbc|not (?:known|recorded|stated|available|obtained|yet obtained))$/iu;

const seemsUnaccompanied = /unaccompanied|\bUASC\b|\bUAM\b/i;
