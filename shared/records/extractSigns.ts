import { z } from 'zod';
import type { BlobStore } from './blobStore.js';
import { record } from './record.js';
import { nameIn } from './runFolder.js';
import type { RunId } from './runId.js';

/** Of one attempt at an extract. */
const extractSignSchema = z.object({ isOver: z.boolean() });

/** Signs of the attempts at the extract of a run that are at work. */
export function extractSigns(blobs: BlobStore) {
  const { readable, write } = record((name: string) => name, extractSignSchema)(blobs);
  const nameOf = (runId: RunId, sign: string) => nameIn(runId, `extracts/${sign}.json`);
  return {
    /** @param sign six hexadecimal digits of the attempt's own */
    begin: (runId: RunId, sign: string) => write(nameOf(runId, sign), { isOver: false }),
    end: (runId: RunId, sign: string) => write(nameOf(runId, sign), { isOver: true }),

    /** Whether an attempt has begun since then and has not said that it has ended. */
    async mayBeAtWork(runId: RunId, since: Date): Promise<boolean> {
      const signs = await blobs.list(nameIn(runId, 'extracts/'));
      const recent = signs.filter(({ modified }) => modified >= since);
      const read = await Promise.all(recent.map(({ name }) => readable(name)));
      return read.some((sign) => sign?.isOver !== true);
    },
  };
}
