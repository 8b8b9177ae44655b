import { Temporal } from 'temporal-polyfill';

/** A calendar date as text, `yyyy-MM-dd`, with no time and no zone. Text order is date order. */
export type PlainDate = `${number}-${number}-${number}`;

const shape = /^\d{4}-\d{2}-\d{2}$/;

/** True for text that is `yyyy-MM-dd` and a real day of the calendar. */
export function isPlainDate(text: string): text is PlainDate {
  if (!shape.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param text a date as `yyyy-MM-dd`
 * @throws RangeError when it is not one; the message names no value
 */
export function plainDate(text: string): PlainDate {
  if (!isPlainDate(text)) throw new RangeError('not a date of the form yyyy-MM-dd');
  return text;
}

/** The date `years`, `months` and `days` away; a day that the target month lacks becomes its last day. */
export function addToDate(
  date: PlainDate,
  amount: { years?: number; months?: number; days?: number },
): PlainDate {
  return plainDate(Temporal.PlainDate.from(date).add(amount).toString());
}

/** The date in Europe/London at an instant: the `today` of a run that starts then. */
export function londonDate(instant: Date): PlainDate {
  return plainDate(
    Temporal.Instant.fromEpochMilliseconds(instant.getTime())
      .toZonedDateTimeISO('Europe/London')
      .toPlainDate()
      .toString(),
  );
}
