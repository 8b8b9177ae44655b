import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { needed, wholeNumber, yesNo } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** A schedule in figures; any other text may be anything. */
function scheduleWords(schedule: string): string | undefined {
  return /^[\d*,/ -]+$/.test(schedule) ? schedule : undefined;
}

/** When a run begins, who may request one, its size, and what pauses it. */
export const runSettings = {
  RUN_SCHEDULE: needed
    .describe(
      'When the nightly run starts: NCRONTAB with seconds, in UTC (`0 0 2 * * *` is 02:00 UTC). Read by the Functions host.',
    )
    .register(seenBySupport, { words: scheduleWords }),
  RUN_STARTED_BY_REFRESH: yesNo
    .default(false)
    .describe(
      '`true`: the end of the refresh of the SSD starts the nightly run (docs/ssd-copy.md), and `RUN_SCHEDULE` is when the timer starts it all the same if the refresh has not. The timer then says so. What the refresh asks for is accepted with `false` too.',
    )
    .register(seenBySupport, itsValue),
  HTTP_NEEDS_SIGN_IN: yesNo
    .default(false)
    .describe(
      '`true`: a function key is not enough for any call of the HTTP API. Each call needs a person who has signed in through Entra ID authentication in front of the app, with the role that the call needs (docs/http.md).',
    )
    .register(seenBySupport, itsValue),
  RUN_TODAY: z
    .string()
    .refine(isPlainDate, 'must be a date yyyy-MM-dd')
    .optional()
    .describe('The date a run reports on, for tests; without it the date in Europe/London.')
    .register(seenBySupport, itsValue),
  CHUNK_MAX_CHILDREN: wholeNumber(1, 100)
    .default(100)
    .describe('The most children one POST carries; DfE takes 100.')
    .register(seenBySupport, itsValue),
  CHUNK_MAX_BYTES: wholeNumber(10_000, 10_000_000)
    .default(190_000)
    .describe('The most bytes one POST carries; DfE publishes no limit, about 196,000 were accepted.')
    .register(seenBySupport, itsValue),
  EXTRACT_RANGE_SIZE: wholeNumber(1, 10_000)
    .default(500)
    .describe('How many people are read and built at a time; limits the memory that a run needs.')
    .register(seenBySupport, itsValue),
  MAX_LEAVERS_PERCENT: wholeNumber(0, 100)
    .default(5)
    .describe(
      'A run is paused when more than this share of the children DfE holds, and more than five, have left the cohort; with 0 any child that leaves pauses it.',
    )
    .register(seenBySupport, itsValue),
  MAX_TABLE_FALL_PERCENT: wholeNumber(0, 100)
    .default(30)
    .describe(
      'A run is paused when a table of the SSD has lost more than this share of its rows, and more than 20, since the run before, or when it had more than five rows and is now empty; with 100 only the last counts.',
    )
    .register(seenBySupport, itsValue),
  MAX_ID_CHURN_PERCENT: wholeNumber(0, 100)
    .default(30)
    .describe(
      'A run is paused when more than this share of the ids of one kind (episodes, placements, …) that DfE holds are gone: the case management system gives other ids, or rows no longer match each other. 100 switches it off.',
    )
    .register(seenBySupport, itsValue),
  STAGING_LEAVERS_KEPT_DAYS: wholeNumber(0, 3650)
    .default(365)
    .describe(
      'How many days the row of a child who has left stays in the staging table after DfE has removed its record; `0`: for ever. Only rows where DfE holds nothing of the child are removed. A child who comes back later is sent as a new one.',
    )
    .register(seenBySupport, itsValue),
  HELD_RUN_EXPIRES_HOURS: wholeNumber(1, 47)
    .default(20)
    .describe(
      'How long a paused run waits for approval before it ends; the nightly run of the next date ends it in any case.',
    )
    .register(seenBySupport, itsValue),
};
