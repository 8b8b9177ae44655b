import { z } from 'zod';
import { erasureSchema } from '../run/ledger.js';
import { runIdSchema } from '../run/runRecords.js';
import { runStatusSchema } from '../run/runStatus.js';
import { disclosureSchema } from '../run/subjectAccess.js';
import { roles } from './principal.js';

// What the JSON API answers. `docs/openapi.json` is made from these schemas, and real answers are held to them by tests.

/** Why a request did not do what it asks for. */
export const problemSchema = z.strictObject({
  error: z.string().describe('Says to a person what is wrong.'),
  runId: runIdSchema.optional().describe('The run that stands in the way, or that was decided about.'),
  role: z.enum(roles).optional().describe('The app role that is needed.'),
});
export type Problem = z.output<typeof problemSchema>;

export const startedSchema = z.strictObject({
  runId: runIdSchema,
  statusUrl: z.url().describe('Where to ask what has become of it.'),
});
export type Started = z.output<typeof startedSchema>;

export const runListSchema = z.strictObject({ runs: z.array(runStatusSchema).describe('Newest first.') });
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
});
export type Disclosures = z.output<typeof disclosuresSchema>;

export const erasureAnswerSchema = z.discriminatedUnion('erased', [
  z.strictObject({
    erased: z.literal(false),
    wouldRemove: erasureSchema.shape.removed,
    wouldKeep: erasureSchema.shape.kept,
  }),
  erasureSchema.extend({ erased: z.literal(true) }),
]);
export type ErasureAnswer = z.output<typeof erasureAnswerSchema>;
