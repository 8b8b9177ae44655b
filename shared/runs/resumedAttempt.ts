import { isDeepStrictEqual } from 'node:util';
import type { InventedPeople } from '../ssd/inventedPeople.js';
import type { RowCounts } from '../ssd/selects.js';
import type { Checkpoint } from '../records/checkpoint.js';
import { chunkHashOf } from '../records/chunkHash.js';
import type { ChunksSoFar } from './chunkWriter.js';
import type { RunId } from '../records/runId.js';
import { chunkMessageOf } from '../records/chunk.js';
import type { RunStore } from '../records/runStore.js';

/** One attempt at an extract, and what it continues. */
export interface Attempt {
  readonly attempt: string;
  readonly fingerprint: string;
  readonly resumed: ResumedAttempt | undefined;
  /** Who may be read; `undefined` when everyone may. */
  readonly invented: InventedPeople | undefined;
  /** The id of those under which it is sent. */
  readonly pseudonyms: string | undefined;
}

/** A new attempt at an extract that has what an earlier one finished: its numbers, and copies of its chunks and findings. */
export interface ResumedAttempt {
  readonly attempt: string;
  readonly checkpoint: Checkpoint;
  readonly chunks: ChunksSoFar;
}

/**
 * Continues the attempt that wrote the checkpoint, if it read the same SSD by the same rules. The earlier attempt may
 * still be at work: it only adds to its own blobs, and does not change what is copied.
 * @param fingerprint of the SSD, the settings and the version as they are now
 * @param ssdRows the row counts as they are now
 * @returns `undefined` when the extract has to start again at the first range
 */
export async function resumedAttempt(
  runId: RunId,
  fingerprint: string,
  ssdRows: RowCounts,
  { runs, randomHex }: { readonly runs: RunStore; readonly randomHex: () => string },
): Promise<ResumedAttempt | undefined> {
  const checkpoint = await runs.checkpoint.readable(runId);
  if (checkpoint?.fingerprint !== fingerprint) return undefined;
  // The SSD was refreshed during the attempt, and may look the same afterwards.
  if (!isDeepStrictEqual(checkpoint.rowsSeen, ssdRows)) return undefined;
  const { attempt: from, rangesDone, chunks } = checkpoint;
  const next = chunkMessageOf(runId, { attempt: from }, chunks.full + 1);
  const saved = chunks.open === 0 ? undefined : await runs.chunk.readable(next);
  // The earlier attempt may have added more to it since.
  const open = saved?.children.slice(0, chunks.open) ?? [];
  const isAsSaved =
    open.length === 0 ||
    chunkHashOf({ runId, chunk: chunks.full + 1, children: open }) === chunks.hashes.at(-1);
  if (open.length < chunks.open || !isAsSaved) return undefined;
  const attempt = randomHex();
  const areCopied = await runs.copyAttempt(runId, {
    from,
    to: attempt,
    chunks: chunks.full,
    ranges: rangesDone,
  });
  const hashes = chunks.hashes.slice(0, chunks.full);
  return areCopied ? { attempt, checkpoint, chunks: { hashes, open } } : undefined;
}
