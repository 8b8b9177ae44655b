import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { submissionModeSchema } from '../child/submissionMode.js';
import { clocksApartAtMostMs } from '../host/durations.js';
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
  /** For this run in place of the setting. */
  mode: submissionModeSchema.optional(),
  /** Everything but sending: the staging table stays as it is, and nothing is queued. */
  dryRun: z.boolean().optional(),
  /** Whoever asks has looked at what speaks against it: guards do not hold the run. */
  approve: z.boolean().optional(),
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
  /** The child, its id in an earlier system, and who can correct the row. Absent in findings of earlier versions. */
  childId: z.string().nullish(),
  legacyId: z.string().nullish(),
  parentId: z.string().nullish(),
  team: z.string().nullish(),
  worker: z.string().nullish(),
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
  /** For scope `children`: how many of those named are neither in the cohort nor have left it. */
  namedNotFound: count,
  /** For each kind of id: how many DfE holds, how many of these are gone, and how many are new. */
  idChurn: z.record(z.string(), z.object({ held: count, gone: count, new: count })),
  /** Rows of each SSD table when the extract began. */
  ssdRows: counts,
  /** By the path of each attribute of the payload: in how many blocks or items it is filled. Absent before 0.2. */
  fill: z.record(z.string(), z.object({ filled: count, of: count })).optional(),
  /** How the rows of each table meet those of another. Absent before 0.2. */
  relations: z
    .array(
      z.object({
        relation: z.string(),
        table: z.string(),
        columns: z.array(z.string()),
        parent: z.string(),
        rows: count,
        withKey: count,
        found: count,
      }),
    )
    .optional(),
  /**
   * How many involvements there are, and how many have a role that the profile reports. Absent before 0.2, where no role
   * is asked for, and where the SSD does not have the column.
   */
  involvements: z.object({ rows: count, withReportedRole: count }).optional(),
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

/** Which receiver has acknowledged what a staging table says. */
export const receiverSchema = z.object({ receiver: z.enum(['test', 'live']), baseUrl: z.string() });
export type Receiver = z.output<typeof receiverSchema>;

/** The same, as it is kept of a staging table. */
export const tableReceiverSchema = receiverSchema.extend({
  /** Whether children went there under pseudonyms. Absent where it is not known. */
  pseudonymised: z.boolean().optional(),
});
export type TableReceiver = z.output<typeof tableReceiverSchema>;

/** What speaks against sending, and why; see `guards.ts`. */
export const objectionSchema = z.object({ guard: z.string(), explanation: z.string() });

/** What the run sends. Written once, when everything is staged and every chunk is in its blob. */
export const planSchema = z.object({
  plannedAt: z.iso.datetime(),
  /** The attempt at the extract whose chunks are sent; those of others are dead. */
  attempt: z.string(),
  /** Grows from run to run, whatever the clock says; see `runNumber.ts`. Absent before 0.2. */
  number: z.int().positive().optional(),
  chunks: count,
  /** The hash of each chunk, in their order; see `chunkHash.ts`. Absent before 0.2. */
  chunkHashes: z.array(z.string()).optional(),
  /** How many chunks may be under way at a time, wherever the app runs; see `sendSlots.ts`. */
  lanes: z.int().positive(),
  windowStart: z.string(),
  /** Where the run sends to, and the table that says what was acknowledged there. */
  receiver: receiverSchema,
  stagingTable: z.string(),
  /** The id of the pseudonyms under which real children go to a test receiver. */
  pseudonyms: z.string().optional(),
  /** Of earlier versions, in place of it: a key of this run alone. What was planned with one is not sent any more. */
  pseudonymKey: z.string().optional(),
  figures: figuresSchema,
  cohortReport: cohortReportSchema,
  /** What the guards object; empty when nothing speaks against sending. */
  objections: z.array(objectionSchema),
  /** Nothing is sent unless someone approves. */
  held: z.boolean(),
  /** Nothing is sent at all. */
  dryRun: z.boolean(),
});
export type Plan = z.output<typeof planSchema>;

/** A person's word about a run: the approval of one that a guard holds, or the cancellation of any. Written once. */
export const decisionSchema = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  reason: z.string().optional(),
});
export type Decision = z.output<typeof decisionSchema>;

/**
 * The end of sending before everything is sent. `decision`: a person wants it; `expiry`: nobody approved a held run in
 * time; `receiver`: DfE cannot be reached, accepts nobody or answers nothing, or its answers cannot be recorded, and `reason`
 * says so.
 */
export const cancellationSchema = decisionSchema.extend({
  cause: z.enum(['decision', 'expiry', 'receiver']),
});
export type Cancellation = z.output<typeof cancellationSchema>;

/** The children of one POST, with what they are settled by. */
export const chunkSchema = z.object({
  runId: runIdSchema,
  chunk: z.int().positive(),
  children: z.array(
    z.object({
      personId: z.string(),
      hash: z.string(),
      change: z.enum(['New', 'Updated', 'Deleted', 'Unchanged']),
      payload: z.record(z.string(), z.unknown()),
      /** When the payload was removed from this copy at the request of the person; the payload is empty then. */
      erasedAt: z.iso.datetime().optional(),
      /** The hash of what was removed then, by which the chunk still agrees with its plan. Absent before 0.2. */
      contentHash: z.string().optional(),
      /** What DfE holds afterwards: just the payload, nothing (a purge), or the payload without its purge entries. */
      holds: z.union([z.literal('payload'), z.literal('nothing'), z.object({ json: z.string() })]),
    }),
  ),
});
export type Chunk = z.output<typeof chunkSchema>;

const aboutChild = z.object({ personId: z.string(), hash: z.string() });
/** What an earlier run has posted may still land after it: it is to be sent again. Absent where that is not so. */
const stillInDoubt = z.boolean().optional();
const acceptedSchema = aboutChild.extend({
  outcome: z.literal('accepted'),
  receipt: z.string(),
  /** The attempt that sent it, as the staging table knows it. Absent before 0.2. */
  claimId: z.string().optional(),
  /** An earlier try of it had no answer, and DfE may take it once more. Absent where that is not so. */
  mayLandAgain: z.boolean().optional(),
  inDoubt: stillInDoubt,
});
const refusedSchema = aboutChild.extend({
  outcome: z.literal('refused'),
  reason: z.string(),
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
export const answersSchema = z.object({ posts: count, children: z.array(answerSchema) });
export type Answers = z.output<typeof answersSchema>;

/**
 * What DfE said in full in one attempt at a chunk, where only a part of it is kept in the result. May quote the children:
 * it is kept like their payloads, and goes with them.
 */
export const fullAnswersSchema = z.object({
  chunk: z.int().positive(),
  at: z.iso.datetime(),
  answers: z.array(
    z.object({
      status: z.int(),
      /** The ids of the children that were posted. */
      children: z.array(z.string()),
      text: z.string(),
      /** When the text was removed at the request of one of them; it is empty then. */
      erasedAt: z.iso.datetime().optional(),
    }),
  ),
});
export type FullAnswers = z.output<typeof fullAnswersSchema>;

/** An attempt at a chunk that had no answer for some of its children, and why. Empty in records of version 0.1. */
export const failedAttemptSchema = z.object({ text: z.string().optional() });
export type FailedAttempt = z.output<typeof failedAttemptSchema>;

/** DfE asked not to be posted to until then: the run sends nothing, and `resumeStalledRuns` takes it up again. */
export const waitSchema = z.object({ since: z.iso.datetime(), until: z.iso.datetime(), reason: z.string() });
export type Wait = z.output<typeof waitSchema>;

/**
 * Whether the wait has begun by the clock of whoever asks. Where it has not, one of the two clocks is wrong, and nobody knows
 * when the wait is over: it does not count.
 */
export function hasBegun({ since }: Pick<Wait, 'since'>, now: Date): boolean {
  return Date.parse(since) <= now.getTime() + clocksApartAtMostMs;
}

/** How far an extract has come; see `checkpoint.ts`. */
const extractedSchema = z.object({ fingerprint: z.string(), rangesDone: count });
export type ExtractPosition = z.output<typeof extractedSchema>;

/** Of one attempt at an extract. */
export const extractSignSchema = z.object({ isOver: z.boolean() });

/** When a run was taken up again last. */
export const resumptionSchema = z.object({
  at: z.iso.datetime(),
  /** Which wait was over then, by its `since`; null when there was none. Absent before 0.2. */
  endedWait: z.iso.datetime().nullish(),
  /** How far the extract had come. Absent before its first checkpoint, and before 0.2. */
  extracted: extractedSchema.optional(),
});

/** How many attempts at a chunk have begun since one was recorded to its end. */
export const attemptsSchema = z.object({ unrecorded: count });

/** What became of one chunk. Written once. */
export const resultSchema = z.object({
  chunk: z.int().positive(),
  recordedAt: z.iso.datetime(),
  posts: count,
  /** Why the chunk was not sent, a word of `turnedAway.ts`. Absent where that is not so. */
  failure: z.string().optional(),
  children: z.array(
    z.discriminatedUnion('outcome', [
      acceptedSchema,
      refusedSchema,
      /** DfE has not answered: outstanding for the next run. */
      aboutChild.extend({ outcome: z.literal('outstanding') }),
      /** Not sent, because the child has changed since or a later run has sent it. */
      aboutChild.extend({ outcome: z.literal('superseded') }),
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
  /** DfE has not answered for them. */
  outstanding: count,
  /** Not sent, because the child has changed since or a later run has sent it. */
  superseded: count,
  /** Of those accepted and refused: an earlier POST may still land after it. Absent before 0.2. */
  inDoubt: count.optional(),
});
export type Totals = z.output<typeof totalsSchema>;

/**
 * How a run ended. `completed`: DfE has answered for every child, whether it accepted or refused it, and nothing older
 * can come after it; `completedWithFailures`: that is not so, and `explanation` says of how many; `cancelled`: a person
 * stopped what was not sent yet; `expired`: a guard held it and nobody approved in time; `unavailable`: DfE took nothing
 * for so long, or accepted no credential, or its answers could not be recorded, so that the rest was not tried; `failed`: the extract could not be done;
 * `replaced`: a nightly run that waited, and in whose place the next one came.
 */
export const summarySchema = z.object({
  status: z.enum([
    'completed',
    'completedWithFailures',
    'cancelled',
    'expired',
    'unavailable',
    'failed',
    'replaced',
  ]),
  endedAt: z.iso.datetime(),
  totals: totalsSchema,
  explanation: z.string().optional(),
});
export type Summary = z.output<typeof summarySchema>;

/** How many children DfE has refused in a run that has ended, by rule of refusal. Follows from its results. */
export const refusalsSchema = counts;
export type Refusals = z.output<typeof refusalsSchema>;

/** The run that is going on, and the nightly run that waits for it to end. One blob, written by compare-and-set. */
export const activeRunSchema = z.object({
  run: runRequestSchema,
  /** When it got the turn. */
  since: z.iso.datetime(),
  /** The number of the run that has the turn: one more than that of the run before. Absent before 0.2. */
  number: z.int().positive().optional(),
  waiting: runRequestSchema.optional(),
});
export type ActiveRun = z.output<typeof activeRunSchema>;

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
