import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { parsed } from './record.js';
import { runRequestSchema } from './runRequest.js';
import { timestamp } from './scalars.js';

/** The run that is going on, and the nightly run that waits for it to end. One blob, written by compare-and-set. */
const activeRunSchema = z.object({
  run: runRequestSchema,
  /** When it got the turn. */
  since: timestamp,
  /** The number of the run that has the turn: one more than that of the run before. Absent before 0.2. */
  number: z.int().positive().optional(),
  waiting: runRequestSchema.optional(),
});
export type ActiveRun = z.output<typeof activeRunSchema>;

/** What to write in place of the active run, nothing where it stays, and what comes of it. */
export interface Change<Outcome> {
  readonly next?: ActiveRun | undefined;
  readonly outcome: Outcome;
}

/** Beside the folders of the runs. */
export const activeRunName = 'turn.json';

/** Others may write it at the same time, and each of them gets on by it. */
const tries = 20;

export function activeRunRecord(blobs: BlobStore) {
  async function readTagged(): Promise<{ active: ActiveRun; tag: string } | undefined> {
    const found = await blobs.readTagged(activeRunName);
    if (found === undefined) return undefined;
    const active = parsed(activeRunName, found.content, activeRunSchema);
    // Version 0.1 takes `since` from the clock of the app. No turn has begun after it was written down.
    const latest = found.modified?.toISOString() ?? active.since;
    return { active: latest < active.since ? { ...active, since: latest } : active, tag: found.tag };
  }

  return {
    /** `undefined` before the first run. */
    read: async (): Promise<ActiveRun | undefined> => (await readTagged())?.active,

    /**
     * Writes what `decide` makes of the active run, if it was not written meanwhile; else `decide` is asked again.
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
        `The turn of the runs (${activeRunName}) could not be written: look at the storage account for a lease or an immutability policy on it. No run was begun, and nothing was sent.`,
      );
    },
  };
}
