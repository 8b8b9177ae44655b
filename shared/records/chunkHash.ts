import { createHash } from 'node:crypto';
import type { Chunk } from './chunk.js';

type ChunkChild = Chunk['children'][number];

/**
 * The SHA-256 of a chunk, which its plan keeps. It is made from a hash of each child, so that it stays the same when the
 * payload of one is erased.
 */
export function chunkHashOf({ runId, chunk, children }: Chunk): string {
  return sha256([
    runId,
    chunk,
    ...children.map((child) => [child.personId, child.hash, child.change, hashOfContent(child)]),
  ]);
}

/** The hash of what an erasure takes out of a chunk. */
export function contentHashOf({
  payload,
  holds,
}: {
  readonly payload?: unknown;
  readonly holds?: unknown;
}): string {
  return sha256([payload, holds]);
}

function hashOfContent(child: ChunkChild): string {
  return child.erasedAt === undefined ? contentHashOf(child) : (child.contentHash ?? '');
}

function sha256(content: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content), 'utf8').digest('hex');
}
