import { readInTime, Rest, type Deadline } from './inTime.js';
import type { FullAnswers } from './fullAnswers.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';

/** One of DfE's answers in full, and when its attempt was over. May quote the children that it is about. */
export type FullAnswerOfRun = FullAnswers['answers'][number] & Pick<FullAnswers, 'chunk' | 'at'>;

/** How many blobs are in memory at a time: each may hold a megabyte. */
const blobsAtATime = 4;

/**
 * What DfE said in full in a run, in the order of its chunks. When the time is over, the last item names the chunk that
 * comes next.
 * @param from the first chunk
 */
export async function* fullAnswersOfRun(
  runId: RunId,
  runs: RunStore,
  { from = 1, deadline }: { readonly from?: number | undefined; readonly deadline: Deadline },
): AsyncGenerator<FullAnswerOfRun | Rest<number>, void, undefined> {
  const blobs = (await runs.fullAnswers.list(runId)).filter(({ chunk }) => chunk >= from);
  const byChunk = [...Map.groupBy(blobs, ({ chunk }) => chunk)];
  const read = ([, attempts]: (typeof byChunk)[number]) =>
    Promise.all(attempts.map(({ name }) => runs.fullAnswers.read(name)));
  for await (const records of readInTime(byChunk, read, deadline, blobsAtATime)) {
    if (records instanceof Rest) {
      yield new Rest(records.from[0]);
      return;
    }
    for (const record of records) {
      for (const answer of record?.answers ?? [])
        yield { ...answer, chunk: record?.chunk ?? 0, at: record?.at ?? '' };
    }
  }
}
