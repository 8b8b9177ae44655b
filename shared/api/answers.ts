import { z } from 'zod';
import { erasureSchema, ledgerPlaceSchema } from '../records/ledgerEntries.js';
import { runIdSchema } from '../records/runId.js';
import { runStatusSchema } from '../records/runStatus.js';
import { disclosureSchema } from '../dataSubject/disclosures.js';
import { roles } from '../access/principal.js';

// What the JSON API answers. `docs/openapi.json` is made from these schemas, and tests check real answers against them.

/** Why a request did not do what it asks for. */
export const problemSchema = z.strictObject({
  error: z.string().describe('What is wrong, in words for a person.'),
  runId: runIdSchema.optional().describe('The run that is in the way, or that the decision is about.'),
  role: z.enum(roles).optional().describe('The app role that is needed.'),
});
export type Problem = z.output<typeof problemSchema>;

export const noSuchRun = {
  status: 404,
  jsonBody: { error: 'There is no run with this id.' } satisfies Problem,
} as const;

export const startedSchema = z.strictObject({
  runId: runIdSchema,
  statusUrl: z.url().describe('The address of the run’s status.'),
});
export type Started = z.output<typeof startedSchema>;

/** On every answer that lists something. */
const complete = z
  .boolean()
  .describe('`false`: there was not enough time for everything, and this answer is incomplete.');

export const runListSchema = z.strictObject({
  runs: z.array(runStatusSchema).describe('Newest first.'),
  complete,
  next: runIdSchema
    .optional()
    .describe(
      'The next older run that is not in this answer. Send it as `from` for the rest. Absent when there are no more runs.',
    ),
});
export type RunList = z.output<typeof runListSchema>;

export const approvedSchema = z.strictObject({ runId: runIdSchema });
export type Approved = z.output<typeof approvedSchema>;

export const cancelledSchema = z.strictObject({
  runId: runIdSchema,
  ended: z.boolean().describe('`false` while chunks are still being sent.'),
});
export type Cancelled = z.output<typeof cancelledSchema>;

export const disclosuresSchema = z.strictObject({
  disclosures: z.array(disclosureSchema).describe('Oldest first.'),
  complete,
  next: ledgerPlaceSchema
    .optional()
    .describe(
      'Only when `complete` is `false`: send it as `from` in the next request, until an answer is complete.',
    ),
});
export type Disclosures = z.output<typeof disclosuresSchema>;

export const erasureAnswerSchema = z.discriminatedUnion('erased', [
  z.strictObject({
    erased: z
      .literal(false)
      .describe('Also when `confirm` was `true` and there was not enough time in one call.'),
    complete: complete.describe(
      '`false`: there was not enough time for everything that is stored. Send the same body again to continue. With `confirm`, the child is not erased until an answer says `"erased": true`.',
    ),
    wouldRemove: erasureSchema.shape.removed,
    wouldKeep: erasureSchema.shape.kept,
  }),
  erasureSchema.extend({ erased: z.literal(true) }),
]);
export type ErasureAnswer = z.output<typeof erasureAnswerSchema>;
