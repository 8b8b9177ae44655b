import { z } from 'zod';
import { aboutChild, acceptedSchema, refusedSchema } from './answers.js';
import type { BlobEntry, BlobStore } from './blobStore.js';
import { record } from './record.js';
import { nameIn, numbered, numberIn, type ChunkKey } from './runFolder.js';
import type { RunId } from './runId.js';
import { count, timestamp } from './scalars.js';

/** What became of one chunk. Written once. */
const resultSchema = z.object({
  chunk: z.int().positive(),
  recordedAt: timestamp,
  posts: count,
  /** Why the chunk was not sent, a word of `turnedAway.ts`. Absent where it was sent. */
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
  /** Of those accepted and refused: how many an earlier POST may still arrive for. Absent before 0.2. */
  inDoubt: count.optional(),
});
export type Totals = z.output<typeof totalsSchema>;
/** As this version counts them. */
type TotalsSoFar = Totals & { readonly inDoubt: number };

/** What became of the children of one chunk, in numbers. */
export type ChunkTotals = Omit<TotalsSoFar, 'chunks'> & {
  readonly chunk: number;
  /** Why it was not sent, a word of `turnedAway.ts`; `undefined` where it was sent. */
  readonly failure: string | undefined;
};

/** How many children of a chunk have an outcome. */
export function countOutcome(
  outcome: Result['children'][number]['outcome'],
  { children }: Pick<Result, 'children'>,
): number {
  return children.filter((child) => child.outcome === outcome).length;
}

/** The results of chunks. Their counts are kept as metadata, so that one listing gives the counts of all chunks. */
export function resultRecord(blobs: BlobStore) {
  const { read } = record(nameOf, resultSchema)(blobs);
  return {
    read,

    /** @returns false when the chunk has a result already */
    create(runId: RunId, result: Result): Promise<boolean> {
      const inDoubt = result.children.filter((child) => 'inDoubt' in child && child.inDoubt === true);
      return blobs.create(nameOf({ runId, chunk: result.chunk }), JSON.stringify(result), {
        posts: String(result.posts),
        accepted: String(countOutcome('accepted', result)),
        refused: String(countOutcome('refused', result)),
        outstanding: String(countOutcome('outstanding', result)),
        superseded: String(countOutcome('superseded', result)),
        inDoubt: String(inDoubt.length),
        ...(result.failure === undefined ? {} : { failure: result.failure }),
      });
    },

    /** The numbers of the chunks that have a result. */
    async settledChunks(runId: RunId): Promise<Set<number>> {
      return new Set((await listResults(runId, blobs)).map(({ name }) => numberIn(name)));
    },

    /** What became of each chunk that has a result, in order, from one listing. */
    async totals(runId: RunId): Promise<ChunkTotals[]> {
      return (await listResults(runId, blobs)).map(({ name, facts }) => ({
        chunk: numberIn(name),
        posts: Number(facts['posts'] ?? 0),
        accepted: Number(facts['accepted'] ?? 0),
        refused: Number(facts['refused'] ?? 0),
        outstanding: Number(facts['outstanding'] ?? 0),
        superseded: Number(facts['superseded'] ?? 0),
        inDoubt: Number(facts['inDoubt'] ?? 0),
        failure: facts['failure'],
      }));
    },
  };
}

/**
 * The sums over the results of the chunks of a plan so far.
 * @param plan `undefined` when it cannot be read: then every result counts
 */
export function sumOf(
  totals: readonly ChunkTotals[],
  plan: { readonly chunks: number } | undefined,
): TotalsSoFar {
  const chunks = totals.filter(({ chunk }) => chunk <= (plan?.chunks ?? Infinity));
  const sum = (fact: Exclude<keyof ChunkTotals, 'chunk' | 'failure'>) =>
    chunks.reduce((total, chunk) => total + chunk[fact], 0);
  return {
    chunks: chunks.length,
    posts: sum('posts'),
    accepted: sum('accepted'),
    refused: sum('refused'),
    outstanding: sum('outstanding'),
    superseded: sum('superseded'),
    inDoubt: sum('inDoubt'),
  };
}

const folder = 'results/';

/** The results of a run in the order of its chunks, by name, time and counts alone. */
export function listResults(runId: RunId, blobs: BlobStore): Promise<BlobEntry[]> {
  return blobs.list(nameIn(runId, folder));
}

function nameOf({ runId, chunk }: ChunkKey): string {
  return nameIn(runId, `${folder}${numbered(chunk)}.json`);
}
