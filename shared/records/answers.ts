import { z } from 'zod';
import { ofChunk } from './runFolder.js';
import { count } from './scalars.js';

export const aboutChild = z.object({ personId: z.string(), hash: z.string() });
/** Where in the SSD a field is that DfE named: see `ssdPlaces.ts`. Any text, so that later versions may know more tables. */
const placeSchema = z.object({
  table: z.string(),
  column: z.string().optional(),
  rowId: z.string().optional(),
  parentId: z.string().optional(),
});
export type Place = z.output<typeof placeSchema>;
/** A POST of an earlier run may still arrive after it, so the record is sent again. Absent otherwise. */
const stillInDoubt = z.boolean().optional();
export const acceptedSchema = aboutChild.extend({
  outcome: z.literal('accepted'),
  receipt: z.string(),
  /** The attempt that sent it, as the staging table knows it. Absent before 0.2. */
  claimId: z.string().optional(),
  /** An earlier try of it had no answer, and DfE may take it once more. Absent otherwise. */
  mayLandAgain: z.boolean().optional(),
  inDoubt: stillInDoubt,
});
export const refusedSchema = aboutChild.extend({
  outcome: z.literal('refused'),
  reason: z.string(),
  /** Absent where DfE named no field that the SSD fills, and in records of earlier versions. */
  places: z.array(placeSchema).optional(),
  /** DfE may hold it from an earlier try that it never answered. */
  mayHold: z.boolean(),
  /** The attempt that sent it, as the staging table knows it. */
  claimId: z.string(),
  inDoubt: stillInDoubt,
});

const answerSchema = z.discriminatedUnion('outcome', [acceptedSchema, refusedSchema]);
/** What DfE has said about a child. */
export type ChildAnswer = z.output<typeof answerSchema>;

/** DfE's answers about a chunk so far, and the POSTs made for it, while some answers are still to come. */
const answersSchema = z.object({ posts: count, children: z.array(answerSchema) });
export type Answers = z.output<typeof answersSchema>;
export const noAnswers: Answers = { posts: 0, children: [] };

/** What DfE has answered about some children of a chunk while others are to be sent again. */
export const answersRecord = ofChunk('answers', answersSchema);
