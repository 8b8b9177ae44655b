import { Cron } from 'croner';

/** In NCRONTAB both the day of the month and the day of the week must match; in Unix cron one is enough. */
export const ncrontab = { timezone: 'UTC', domAndDow: true } as const;

/**
 * Checks a schedule of Azure Functions: NCRONTAB with five fields, or with six, the first of them seconds.
 *
 * @returns the schedule with single spaces.
 * @throws Error saying what is wrong with it.
 */
export function scheduleOf(text: string): string {
  const fields = text.trim().split(/\s+/);
  const isCrontab = fields.length === 5 || fields.length === 6;
  if (!isCrontab || !fields.every((field) => /^(?:[\d*,/-]|[a-z]{3})+$/i.test(field))) {
    throw new Error(`'${text}' is not an NCRONTAB schedule of five or six fields.`);
  }
  const schedule = fields.join(' ');
  try {
    new Cron(schedule, ncrontab);
  } catch (error) {
    throw new Error(`'${text}' is not an NCRONTAB schedule.`, { cause: error });
  }
  return schedule;
}
