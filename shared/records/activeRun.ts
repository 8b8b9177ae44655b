import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { parsed } from './record.js';
import { runRequestSchema } from './runRequest.js';
import { timestamp } from './scalars.js';

/**
 * The active run: the only one that may read and send. With it, the nightly run that waits for it to end. One blob,
 * written by compare-and-set.
 */
const activeRunSchema = z.object({
  run: runRequestSchema,
  /** When it became the active run. */
  since: timestamp,
  /** The number of the active run: one more than that of the run before. Absent before 0.2. */
  number: z.int().positive().optional(),
  waiting: runRequestSchema.optional(),
});
export type ActiveRun = z.output<typeof activeRunSchema>;

/** The new content of the record, absent where it stays as it is, and the outcome for the caller. */
export interface Change<Outcome> {
  readonly next?: ActiveRun | undefined;
  readonly outcome: Outcome;
}

/** Next to the folders of the runs. */
export const activeRunName = 'turn.json';

/** Others may write it at the same time. Each write that succeeds lets one of them continue. */
const tries = 20;

export function activeRunRecord(blobs: BlobStore) {
  async function readTagged(): Promise<{ active: ActiveRun; tag: string } | undefined> {
    const found = await blobs.readTagged(activeRunName);
    if (found === undefined) return undefined;
    const active = parsed(activeRunName, found.content, activeRunSchema);
    // Version 0.1 takes `since` from the clock of the app. No run became active after the blob was written.
    const latest = found.modified?.toISOString() ?? active.since;
    return { active: latest < active.since ? { ...active, since: latest } : active, tag: found.tag };
  }

  return {
    /** `undefined` before the first run. */
    read: async (): Promise<ActiveRun | undefined> => (await readTagged())?.active,

    /**
     * Writes what `decide` returns, unless someone else has written in the meantime: then `decide` is asked again.
     * @throws Error when it cannot be written
     */
    async change<Outcome>(
      decide: (active: ActiveRun | undefined) => Change<Outcome> | Promise<Change<Outcome>>,
    ): Promise<Outcome> {
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const found = await readTagged();
        const { next, outcome } = await decide(found?.active);
        if (next === undefined) return outcome;
        const content = JSON.stringify(next);
        const isWritten = await (found === undefined
          ? blobs.create(activeRunName, content)
          : blobs.replace(activeRunName, content, found.tag));
        if (isWritten) return outcome;
      }
      throw new Error(
        `The record of the active run (${activeRunName}) could not be written. No run was started, and nothing was sent. Check the storage account for a lease or an immutability policy on this blob.`,
      );
    },
  };
}
