import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { record } from './record.js';
import { nameIn, numbered } from './runFolder.js';
import type { RunId } from './runId.js';
import { timestamp } from './scalars.js';

/**
 * The full answers of DfE in one attempt at a chunk, where the result keeps only a part of them. They may quote the
 * children, so they are kept and deleted like the payloads.
 */
const fullAnswersSchema = z.object({
  chunk: z.int().positive(),
  at: timestamp,
  answers: z.array(
    z.object({
      status: z.int(),
      /** The ids of the children that were posted. */
      children: z.array(z.string()),
      text: z.string(),
      /** When the text was removed at the request of one of the children; it is empty then. */
      erasedAt: timestamp.optional(),
    }),
  ),
});
export type FullAnswers = z.output<typeof fullAnswersSchema>;

export function fullAnswersRecord(blobs: BlobStore) {
  const { read, write } = record((name: string) => name, fullAnswersSchema)(blobs);
  return {
    /** @param name of the blob, as `list` gives it */
    read,

    /** @param claimId of the attempt: each has a blob of its own */
    write: (runId: RunId, claimId: string, answers: FullAnswers): Promise<void> =>
      write(nameIn(runId, `${folder}${numbered(answers.chunk)}-${claimId}.json`), answers),

    /** In the order of the chunks. */
    async list(runId: RunId): Promise<{ readonly name: string; readonly chunk: number }[]> {
      const found = await blobs.list(nameIn(runId, folder));
      return found.map(({ name }) => ({ name, chunk: Number(/(\d+)-\w+\.json$/.exec(name)?.[1]) }));
    },
  };
}

const folder = 'full-answers/';
