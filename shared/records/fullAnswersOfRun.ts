import type { FullAnswers } from './fullAnswers.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';
import { itemsOfChunks, type ListPart, type Rest } from './inTime.js';

/** One of DfE's answers in full, and when its attempt was over. May quote the children that it is about. */
export type FullAnswerOfRun = FullAnswers['answers'][number] & Pick<FullAnswers, 'chunk' | 'at'>;

/** How many blobs are in memory at a time: each may hold a megabyte. */
const blobsAtATime = 4;

/**
 * The full answers of DfE in a run, in the order of its chunks. When the time is over, the last item names the chunk
 * that comes next.
 * @param from the first chunk
 */
export async function* fullAnswersOfRun(
  runId: RunId,
  runs: RunStore,
  part: ListPart,
): AsyncGenerator<FullAnswerOfRun | Rest<number>, void, undefined> {
  const byChunk = Map.groupBy(await runs.fullAnswers.list(runId), ({ chunk }) => chunk);
  const read = async (chunk: number) => {
    const attempts = byChunk.get(chunk) ?? [];
    const records = await Promise.all(attempts.map(({ name }) => runs.fullAnswers.read(name)));
    return records
      .filter((record) => record !== undefined)
      .flatMap(({ answers, at }) => answers.map((answer) => ({ ...answer, chunk, at })));
  };
  yield* itemsOfChunks([...byChunk.keys()], part, read, blobsAtATime);
}
