import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { record } from './record.js';
import { nameIn, numbered, type ChunkKey } from './runFolder.js';
import { runIdSchema, type RunId } from './runId.js';
import { timestamp } from './scalars.js';

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
      erasedAt: timestamp.optional(),
      /** The hash of what was removed then, by which the chunk still agrees with its plan. Absent before 0.2. */
      contentHash: z.string().optional(),
      /** What DfE holds afterwards: just the payload, nothing (a purge), or the payload without its purge entries. */
      holds: z.union([z.literal('payload'), z.literal('nothing'), z.object({ json: z.string() })]),
    }),
  ),
});
export type Chunk = z.output<typeof chunkSchema>;

/** The message that sends a chunk: a claim check, the children themselves are in the blob. */
export const chunkMessageSchema = z.object({
  runId: runIdSchema,
  chunk: z.int().positive(),
  blob: z.string(),
});
export type ChunkMessage = z.output<typeof chunkMessageSchema>;

/** The message of a chunk follows from the plan and its number alone, so that it can be made again. */
export function chunkMessageOf(
  runId: RunId,
  { attempt }: { readonly attempt: string },
  chunk: number,
): ChunkMessage {
  return { runId, chunk, blob: chunkName(attempt, { runId, chunk }) };
}

export function chunkName(attempt: string, { runId, chunk }: ChunkKey): string {
  return nameIn(runId, `chunks/${attempt}/${numbered(chunk)}.json`);
}

/** The chunks, each under the name that its message and its plan say. */
export function chunkRecord(blobs: BlobStore) {
  const { read, readable } = record(({ blob }: Pick<ChunkMessage, 'blob'>) => blob, chunkSchema)(blobs);
  return {
    read,
    readable,
    /** Writes a chunk of one attempt at the extract. Nothing is sent before a plan names the attempt. */
    write: (attempt: string, chunk: Chunk) => blobs.write(chunkName(attempt, chunk), JSON.stringify(chunk)),
  };
}
