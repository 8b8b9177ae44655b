import { createHash } from 'node:crypto';
import { z } from 'zod';
import { receiverSchema, type Receiver } from './receiver.js';
import { runIdSchema, type RunId } from './runId.js';
import { runRequestSchema, type RunRequest } from './runRequest.js';
import { count, timestamp } from './scalars.js';

const chunkNumber = z.int().positive();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is about to be sent to DfE in one chunk. Written once, before its first POST. */
export const sentEntrySchema = z.strictObject({
  runId: runIdSchema,
  chunk: chunkNumber,
  at: timestamp,
  receiver: receiverSchema,
  trigger: runRequestSchema.shape.trigger,
  requestedBy: z.string(),
  /** Why the run was requested, in the words of the person who asked. */
  reason: z.string().optional(),
  /** The blob that holds the payloads. */
  blob: z.string(),
  children: z.array(
    z.strictObject({
      personId: z.string(),
      /** The hash of what DfE should hold afterwards. */
      hash,
      change: z.enum(['New', 'Updated', 'Deleted', 'Unchanged']),
    }),
  ),
  childCount: z.int().nonnegative(),
  /** The SHA-256 of the body of the POST; that of the first POST where the chunk had to be split. */
  hash,
});
export type SentEntry = z.output<typeof sentEntrySchema>;

/** On what terms a run is sent. Written once, before its first chunk. */
export const termsEntrySchema = z.strictObject({
  runId: runIdSchema,
  at: timestamp,
  receiver: receiverSchema,
  /** The data-sharing agreement; absent where every row is invented. */
  agreement: z
    .strictObject({
      reference: z.string(),
      date: z.string(),
      windowMonths: count,
      receivers: z.array(z.string()),
    })
    .optional(),
  /** The categories that are shared, and those that are not. */
  shared: z.array(z.string()),
  leftOut: z.array(z.string()),
  windowMonths: count,
  windowStart: z.string(),
  /** The first day for plans, and for placements. */
  plansStart: z.string().optional(),
  placementsStart: z.string().optional(),
  pseudonymised: z.boolean(),
  /** The version of the app. */
  version: z.string(),
  /** None: an erasure looks here, also one of version 0.2. */
  children: z.array(z.never()),
});
export type TermsEntry = z.output<typeof termsEntrySchema>;

const about = { personId: z.string() };

/** What became of a chunk that was sent. Written once, after its result. */
export const answeredEntrySchema = z.strictObject({
  runId: runIdSchema,
  chunk: chunkNumber,
  at: timestamp,
  /** The reason of a refusal is in the result of the chunk only: the ledger holds no words of DfE. */
  children: z.array(
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('accepted'), ...about, receipt: z.string() }),
      z.strictObject({ outcome: z.enum(['refused', 'outstanding', 'superseded']), ...about }),
    ]),
  ),
});
export type AnsweredEntry = z.output<typeof answeredEntrySchema>;
export type AnsweredChild = AnsweredEntry['children'][number];

/** Who asked about a child or for an erasure, and why. */
export interface Asker {
  readonly by: string;
  readonly reason: string;
}

const asked = { at: timestamp, by: z.string(), reason: z.string(), personId: z.string() };

/** A search for what is stored about a child, or the beginning of an erasure. Written once, before the answer. */
export const accessSchema = z.strictObject({
  ...asked,
  what: z.enum(['disclosures', 'stored copies', 'erasure']),
});
export type Access = z.output<typeof accessSchema>;

const copies = { kind: z.string(), where: z.array(z.string()) };

/** An erasure that is done. Written once. */
export const erasureSchema = z.strictObject({
  ...asked,
  removed: z.array(z.strictObject(copies)),
  kept: z.array(z.strictObject({ ...copies, why: z.string() })),
});
export type Erasure = z.output<typeof erasureSchema>;

/**
 * How far a search for the copies about a child has come in one call, when one call was not enough. Written once, at
 * the end of that call; the next call continues from all steps of the search.
 */
export const searchStepSchema = z.strictObject({
  ...asked,
  what: accessSchema.shape.what.extract(['stored copies', 'erasure']),
  search: z.string(),
  step: z.int().positive(),
  /** The folders that this call has read to the end. */
  done: z.array(z.string()),
  /** The blob that comes next, where the call broke off within a folder. */
  next: z.string().optional(),
  found: z.array(z.strictObject({ kind: z.string(), where: z.string() })),
  /** The blobs that this call has emptied, after everything was looked at. */
  emptied: z.array(z.string()),
});
export type SearchStep = z.output<typeof searchStepSchema>;

/**
 * Where reading begins: a day of runs, or an entry named by an earlier answer. Entries are in the order of the ids of
 * runs, which is that of time.
 */
export const ledgerPlaceSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(\/\d{8}T\d{9}Z-[0-9a-f]{6}-\d{5,})?$/, 'must be a date, or what `next` said');
export type LedgerPlace = z.output<typeof ledgerPlaceSchema>;

/** A chunk that is about to be sent. */
export interface Sending {
  readonly request: Pick<RunRequest, 'runId' | 'trigger' | 'requestedBy' | 'reason'>;
  readonly chunk: number;
  readonly blob: string;
  readonly at: Date;
  readonly receiver: Receiver;
  /** The children of the first POST, in its order. */
  readonly children: readonly (SentEntry['children'][number] & { readonly payload: object })[];
}

/** What the ledger says of a chunk before it is sent. */
export function sentEntryOf({ request, chunk, blob, at, receiver, children }: Sending): SentEntry {
  return {
    runId: request.runId,
    chunk,
    at: at.toISOString(),
    receiver,
    trigger: request.trigger,
    requestedBy: request.requestedBy,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    blob,
    children: children.map(({ personId, hash, change }) => ({ personId, hash, change })),
    childCount: children.length,
    hash: createHash('sha256')
      .update(JSON.stringify(children.map(({ payload }) => payload)), 'utf8')
      .digest('hex'),
  };
}

/** What the ledger says of the result of a chunk. */
export function answeredEntryOf(
  runId: RunId,
  result: {
    readonly chunk: number;
    readonly recordedAt: string;
    readonly children: readonly AnsweredChild[];
  },
): AnsweredEntry {
  return {
    runId,
    chunk: result.chunk,
    at: result.recordedAt,
    children: result.children.map((child) =>
      child.outcome === 'accepted'
        ? { outcome: child.outcome, personId: child.personId, receipt: child.receipt }
        : { outcome: child.outcome, personId: child.personId },
    ),
  };
}
