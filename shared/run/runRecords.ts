import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { cohortReportSchema } from '../ssd/cohortReport.js';

/** The time a run was asked for, to the millisecond, and a few random digits: sorts by time, and is no secret. */
export const runIdSchema = z.string().regex(/^\d{8}T\d{9}Z-[0-9a-f]{6}$/, 'not the id of a run');
export type RunId = z.output<typeof runIdSchema>;

/**
 * Which children a run sends: `outstanding`, what DfE has not acknowledged and not refused; `refused`, what DfE has
 * refused, once more; `all`, every child of the cohort; `children`, those that are named.
 */
export const scopeSchema = z.enum(['outstanding', 'refused', 'all', 'children']);
export type Scope = z.output<typeof scopeSchema>;

/** What a run was asked to do. Written once, before anything else. */
export const runRequestSchema = z.object({
  runId: runIdSchema,
  trigger: z.enum(['timer', 'http']),
  requestedAt: z.iso.datetime(),
  requestedBy: z.string(),
  reason: z.string().optional(),
  /** The date in Europe/London when the run was asked for. */
  today: z.string().refine(isPlainDate),
  scope: scopeSchema,
  /** The ids for scope `children`. */
  children: z.array(z.string()).optional(),
});
export type RunRequest = z.output<typeof runRequestSchema>;

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

/**
 * A finding as it is stored. Rule and table are any text: what an older version has written stays readable when a rule
 * is given up, for a night that cannot be compared with the one before would otherwise be a night not sent.
 */
export const findingRecordSchema = z.object({
  rule: z.string(),
  table: z.string(),
  rowId: z.string().nullable(),
  column: z.string(),
  found: z.string(),
});
export type FindingRecord = z.output<typeof findingRecordSchema>;

/** What the findings of a run come to. */
export const findingFiguresSchema = z.object({
  /** Findings by rule. */
  findings: counts,
  findingsBySeverity: counts,
  /** How the findings differ from those of an earlier run, by rule. */
  sinceRunBefore: z.object({
    /** The run compared with; absent when there is none, and every finding is new. */
    runId: runIdSchema.optional(),
    new: counts,
    stillThere: counts,
    /** In the earlier run, and no more. */
    mended: counts,
  }),
});
export type FindingFigures = z.output<typeof findingFiguresSchema>;

/** What the extract found, in numbers. */
export const figuresSchema = z.object({
  /** Persons that pass the age gate. */
  personsRead: count,
  cohort: count,
  /** Children of the cohort that cannot be sent. */
  held: count,
  new: count,
  updated: count,
  unchanged: count,
  leavers: count,
  withdrawn: count,
  /** Children whose payload DfE has refused before, and which are not sent again. */
  refusedBefore: count,
  /** Children this run sends, leavers included. */
  toSend: count,
  ...findingFiguresSchema.shape,
});
export type Figures = z.output<typeof figuresSchema>;

/** How far an extract is; written over and over. */
export const progressSchema = z.object({
  rangesDone: count,
  ranges: count,
  personsRead: count,
  cohort: count,
  toSend: count,
});
export type Progress = z.output<typeof progressSchema>;

/** What the run sends. Written once, when everything is staged and every chunk is in its blob. */
export const planSchema = z.object({
  plannedAt: z.iso.datetime(),
  chunks: count,
  figures: figuresSchema,
  cohortReport: cohortReportSchema,
  /** Why nothing is queued, when a guard holds the run. */
  heldBecause: z.string().optional(),
});
export type Plan = z.output<typeof planSchema>;

/** The children of one POST, with what they are settled by. */
export const chunkSchema = z.object({
  runId: runIdSchema,
  chunk: z.int().positive(),
  children: z.array(
    z.object({
      personId: z.string(),
      hash: z.string(),
      payload: z.record(z.string(), z.unknown()),
      /** What DfE holds afterwards: just the payload, nothing (a purge), or the payload without its purge entries. */
      holds: z.union([z.literal('payload'), z.literal('nothing'), z.object({ json: z.string() })]),
    }),
  ),
});
export type Chunk = z.output<typeof chunkSchema>;

/** What became of one chunk. Written once. */
export const resultSchema = z.object({
  chunk: z.int().positive(),
  recordedAt: z.iso.datetime(),
  posts: count,
  children: z.array(
    z.discriminatedUnion('outcome', [
      z.object({
        outcome: z.literal('accepted'),
        personId: z.string(),
        hash: z.string(),
        receipt: z.string(),
      }),
      z.object({ outcome: z.literal('refused'), personId: z.string(), hash: z.string(), reason: z.string() }),
      /** Nothing is known to have been taken: outstanding for the next run. */
      z.object({ outcome: z.literal('outstanding'), personId: z.string(), hash: z.string() }),
    ]),
  ),
});
export type Result = z.output<typeof resultSchema>;

/** The sums over the results of a run. */
export const totalsSchema = z.object({
  chunks: count,
  posts: count,
  accepted: count,
  refused: count,
  outstanding: count,
});
export type Totals = z.output<typeof totalsSchema>;

/**
 * How a run ended. `completed`: every chunk was answered, whether its children were accepted or refused;
 * `completedWithFailures`: some chunks could not be sent and their children are outstanding; `held`: a guard kept
 * everything back; `failed`: the extract could not be done.
 */
export const summarySchema = z.object({
  status: z.enum(['completed', 'completedWithFailures', 'held', 'failed']),
  endedAt: z.iso.datetime(),
  totals: totalsSchema,
  explanation: z.string().optional(),
});
export type Summary = z.output<typeof summarySchema>;

/** The message that starts an extract. */
export const extractMessageSchema = z.object({ runId: runIdSchema });
export type ExtractMessage = z.output<typeof extractMessageSchema>;

/** The message that sends a chunk: a claim check, the children themselves are in the blob. */
export const chunkMessageSchema = z.object({
  runId: runIdSchema,
  chunk: z.int().positive(),
  blob: z.string(),
});
export type ChunkMessage = z.output<typeof chunkMessageSchema>;

/** @throws Error when somebody else wrote the message; nothing of it is quoted */
export function readExtractMessage(entry: unknown): ExtractMessage {
  return readMessage(extractMessageSchema, entry, 'run');
}

/** @throws Error when somebody else wrote the message; nothing of it is quoted */
export function readChunkMessage(entry: unknown): ChunkMessage {
  return readMessage(chunkMessageSchema, entry, 'chunk');
}

function readMessage<Schema extends z.ZodType>(
  schema: Schema,
  entry: unknown,
  what: string,
): z.output<Schema> {
  const message = schema.safeParse(entry);
  if (message.success) return message.data;
  throw new Error(`The message names no ${what}: this app does not write such messages. Nothing was sent.`);
}
