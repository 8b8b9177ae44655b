import { z } from 'zod';
import { cohortReportSchema } from '../ssd/cohortReport.js';
import { changedRuleSchema } from './changedRules.js';
import { figuresSchema } from './figures.js';
import { receiverSchema } from './receiver.js';
import { ofRun } from './runFolder.js';
import { count, timestamp } from './scalars.js';

/** A safety check's reason against sending; see `guards.ts`. */
export const objectionSchema = z.object({ guard: z.string(), explanation: z.string() });

/** What was shared when a run was planned; see `settings/terms.ts`. */
export const planTermsSchema = z.object({
  /** The reference of the data-sharing agreement; absent where every row is invented. */
  agreement: z.string().optional(),
  /** The categories that were not shared. */
  leftOut: z.array(z.string()),
  /** Those that a run of the whole cohort has asked DfE to remove: no safety check pauses the next run for them. */
  removed: z.array(z.string()).optional(),
  windowMonths: count,
  /** The first day for plans, and for placements. */
  plansStart: z.string().optional(),
  placementsStart: z.string().optional(),
});

/** What the run sends. Written once, when everything is staged and every chunk is in its blob. */
export const planSchema = z.object({
  plannedAt: timestamp,
  /** The version of the app that planned it. Absent in plans of earlier versions. */
  appVersion: z.string().optional(),
  /** The attempt at the extract whose chunks are sent; chunks of other attempts are ignored. */
  attempt: z.string(),
  /** Grows from run to run and does not depend on a clock; see `runNumber.ts`. Absent before 0.2. */
  number: z.int().positive().optional(),
  chunks: count,
  /** The hash of each chunk, in their order; see `chunkHash.ts`. Absent before 0.2. */
  chunkHashes: z.array(z.string()).optional(),
  /** How many chunks may be sent at the same time, over all instances of the app; see `sendSlots.ts`. */
  lanes: z.int().positive(),
  windowStart: z.string(),
  /** On what terms it was planned. Absent before 0.3. */
  terms: planTermsSchema.optional(),
  /** Where the run sends to, and the table that says what was acknowledged there. */
  receiver: receiverSchema,
  stagingTable: z.string(),
  /** The id of the pseudonyms under which real children go to a test receiver. */
  pseudonyms: z.string().optional(),
  /** The generator made every child, so a test receiver may have them without pseudonyms. Earlier versions did not ask. */
  areInvented: z.literal(true).optional(),
  /** In plans of earlier versions instead: a key for this run only. Such a plan is no longer sent. */
  pseudonymKey: z.string().optional(),
  figures: figuresSchema,
  cohortReport: cohortReportSchema,
  /** The rules that the council has changed, as they were on the day of the run. Absent before 0.4. */
  changedRules: z.array(changedRuleSchema).optional(),
  /** The reasons of the safety checks; empty when there is none. */
  objections: z.array(objectionSchema),
  /** The run is paused: nothing is sent unless someone approves. */
  held: z.boolean(),
  /** Nothing is sent at all. */
  dryRun: z.boolean(),
});
export type Plan = z.output<typeof planSchema>;

export const planRecord = ofRun('plan.json', planSchema);
