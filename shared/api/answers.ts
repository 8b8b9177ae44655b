import { z } from 'zod';
import { erasureSchema, ledgerPlaceSchema } from '../records/ledger.js';
import { runIdSchema } from '../records/runId.js';
import { runStatusSchema } from '../records/runStatus.js';
import { disclosureSchema } from '../dataSubject/disclosures.js';
import { roles } from '../access/principal.js';

// What the JSON API answers. `docs/openapi.json` is made from these schemas, and real answers are held to them by tests.

/** Why a request did not do what it asks for. */
export const problemSchema = z.strictObject({
  error: z.string().describe('Says to a person what is wrong.'),
  runId: runIdSchema.optional().describe('The run that stands in the way, or that was decided about.'),
  role: z.enum(roles).optional().describe('The app role that is needed.'),
});
export type Problem = z.output<typeof problemSchema>;

export const noSuchRun = {
  status: 404,
  jsonBody: { error: 'There is no run of this id.' } satisfies Problem,
} as const;

export const startedSchema = z.strictObject({
  runId: runIdSchema,
  statusUrl: z.url().describe('Where to ask what has become of it.'),
});
export type Started = z.output<typeof startedSchema>;

/** On every answer that lists something. */
const complete = z
  .boolean()
  .describe('`false`: there was not enough time for everything, and this answer is a part of it.');

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
  ended: z.boolean().describe('`false` while chunks are under way.'),
});
export type Cancelled = z.output<typeof cancelledSchema>;

export const disclosuresSchema = z.strictObject({
  disclosures: z.array(disclosureSchema).describe('Oldest first.'),
  complete,
  next: ledgerPlaceSchema
    .optional()
    .describe(
      'Only where `complete` is `false`: ask again with it as `from` for what comes after this answer, until an answer is complete.',
    ),
});
export type Disclosures = z.output<typeof disclosuresSchema>;

export const erasureAnswerSchema = z.discriminatedUnion('erased', [
  z.strictObject({
    erased: z
      .literal(false)
      .describe('Also where `confirm` was `true`, and there was not enough time in one call.'),
    complete: complete.describe(
      '`false`: there was not enough time for everything that is stored. Ask again with the same body: it goes on where it stood. With `confirm`, the child is not erased before an answer says `"erased": true`.',
    ),
    wouldRemove: erasureSchema.shape.removed,
    wouldKeep: erasureSchema.shape.kept,
  }),
  erasureSchema.extend({ erased: z.literal(true) }),
]);
export type ErasureAnswer = z.output<typeof erasureAnswerSchema>;
