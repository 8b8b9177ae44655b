import { z } from 'zod';
import type { BlobEntry, BlobStore } from './blobStore.js';
import { record } from './record.js';
import { listResults } from './result.js';
import { nameIn, numbered } from './runFolder.js';
import type { RunId } from './runId.js';
import { inName } from './scalars.js';

/**
 * A failed attempt: an attempt at a chunk that had no answer for some of its children, and why. Empty in records of
 * version 0.1.
 */
const failedAttemptSchema = z.object({ text: z.string().optional() });

/** `strikes/<time>-<chunk>-<kind>.json` */
const folder = 'strikes/';

export function failedAttempts(blobs: BlobStore) {
  const { readable, write } = record((name: string) => name, failedAttemptSchema)(blobs);
  return {
    /**
     * Records that an attempt at a chunk had no answer for some of its children.
     * @param accepted how many DfE has accepted in it
     * @param text why there is no answer; names no child
     */
    record: (runId: RunId, chunk: number, accepted: number, at: Date, text: string): Promise<void> => {
      const time = inName(at.toISOString());
      // Version 0.1 says `some` also of an attempt in which DfE has only refused.
      const kind = accepted > 0 ? 'some' : 'none';
      return write(nameIn(runId, `${folder}${time}-${numbered(chunk)}-${kind}.json`), { text });
    },

    /** Why DfE has not answered for some children of these chunks, each reason once, the newest last. */
    async reasons(runId: RunId, chunks: readonly number[]): Promise<string[]> {
      const attempts = await blobs.list(nameIn(runId, folder));
      const last = new Map(attempts.map(({ name }) => [chunkIn(name), name]));
      const names = chunks.flatMap((chunk) => last.get(chunk) ?? []).sort();
      const texts = (await Promise.all(names.map(readable))).map((attempt) => attempt?.text);
      return [...new Set(texts.filter((text) => text !== undefined))];
    },

    /**
     * The chunk of each failed attempt since DfE last accepted a child of the run. A refusal does not end the series:
     * it says nothing about the children that DfE does not answer for.
     */
    async inARow(runId: RunId): Promise<number[]> {
      const [attempts, results] = await Promise.all([
        blobs.list(nameIn(runId, folder)),
        listResults(runId, blobs),
      ]);
      const accepts = ({ name, facts }: BlobEntry) =>
        name.endsWith('-some.json') || Number(facts['accepted'] ?? 0) > 0;
      const accepted = [...attempts, ...results].filter(accepts).map(({ modified }) => modified.getTime());
      const last = accepted.reduce((a, b) => Math.max(a, b), 0);
      return attempts
        .filter((attempt) => !accepts(attempt) && attempt.modified.getTime() > last)
        .map(({ name }) => chunkIn(name));
    },
  };
}

function chunkIn(name: string): number {
  return Number(/-(\d+)-\w+\.json$/.exec(name)?.[1]);
}
