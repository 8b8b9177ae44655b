import { addToDate } from '../../child/dates.js';
import { longMs, pass, warn, type Check } from '../check.js';
import { ssdTables } from './ssdTables.js';

/** A working week and a weekend: no authority goes so long without a referral, an assessment or a change of worker. */
const staleAfterDays = 7;

export const ssdFreshness = {
  name: 'ssdFreshness',
  needs: ssdTables,
  limitMs: longMs,
  look: async (parts) => {
    const today = parts.today();
    const dates = Object.entries(await (await parts.ssd()).newestDates(today));
    const values = `Newest dates up to today: ${dates.map(([table, date]) => `${table} ${date ?? 'none'}`).join(', ')}.`;
    const newest = dates
      .flatMap(([, date]) => date ?? [])
      .sort()
      .at(-1);
    if (newest !== undefined && newest >= addToDate(today, { days: -staleAfterDays })) {
      return { ...pass(`The SSD has dates of the ${String(staleAfterDays)} days to ${today}.`), values };
    }
    const remedy =
      'Check that the nightly refresh of the SSD runs and ends, and that SSD_SCHEMA names the schema that it fills.';
    if (newest === undefined) {
      return warn(
        'We cannot tell whether the SSD is up to date: it has no dates, or none in columns of a date type.',
        remedy,
      );
    }
    return {
      ...warn(
        `The SSD seems to be out of date: nothing in it happened in the ${String(staleAfterDays)} days to ${today}.`,
        remedy,
      ),
      values,
    };
  },
  remedy: "Give the app's login the right to read every table of the SSD.",
} as const satisfies Check;
