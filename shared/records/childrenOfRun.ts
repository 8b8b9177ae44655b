import { type Chunk, type ChunkMessage, chunkMessageOf } from './chunk.js';
import type { Plan } from './plan.js';
import type { Result } from './result.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';
import { isPaused, approvalOf } from './runState.js';
import { itemsOfChunks, type ListPart, type Rest } from './inTime.js';

type ResultChild = Result['children'][number];

/**
 * What became of a child. `not sent`: the run is a dry run, or paused; `no answer yet`: it is still sending, and DfE may
 * hold the child already.
 */
export type ChildOutcome =
  | Pick<Extract<ResultChild, { outcome: 'accepted' }>, 'outcome' | 'receipt'>
  | Pick<Extract<ResultChild, { outcome: 'refused' }>, 'outcome' | 'reason'>
  | { readonly outcome: 'outstanding' | 'superseded' | Unanswered };
type Unanswered = 'not sent' | 'no answer yet';

/** A child that a run sends or would send. Holds nothing of the record but its hash. */
export type ChildOfRun = Pick<Chunk['children'][number], 'personId' | 'hash' | 'change'> & {
  readonly chunk: number;
} & ChildOutcome;

/** How many chunks are in memory at a time. */
const chunksAtATime = 4;

/**
 * Every child that a run sends or would send, in the order of its chunks, with what became of it so far. When the time is
 * over, the last item names the chunk that comes next.
 * @param from the first chunk
 * @throws Error when a chunk is gone: a list with a gap would look complete
 */
export async function* childrenOfRun(
  runId: RunId,
  plan: Pick<Plan, 'attempt' | 'chunks' | 'held' | 'dryRun'>,
  runs: RunStore,
  part: ListPart,
): AsyncGenerator<ChildOfRun | Rest<number>, void, undefined> {
  const isQueued = !plan.dryRun && !isPaused(plan, await approvalOf(runId, plan, runs));
  const unanswered = isQueued ? 'no answer yet' : 'not sent';
  const chunks = Array.from({ length: plan.chunks }, (_, index) => index + 1);
  const read = (chunk: number) => childrenOfChunk(chunkMessageOf(runId, plan, chunk), unanswered, runs);
  yield* itemsOfChunks(chunks, part, read, chunksAtATime);
}

async function childrenOfChunk(
  message: ChunkMessage,
  unanswered: Unanswered,
  runs: RunStore,
): Promise<ChildOfRun[]> {
  const chunk = await runs.chunk.read(message);
  if (chunk === undefined) {
    throw new Error(
      `The blob ${message.blob} is gone. Nothing was answered: the list of children would have a gap.`,
    );
  }
  const answers = new Map<string, ResultChild>();
  for (const answer of await answersTo(message, runs)) answers.set(answer.personId, answer);
  return chunk.children.map(({ personId, hash, change }) => ({
    personId,
    hash,
    change,
    chunk: message.chunk,
    ...outcomeOf(answers.get(personId), unanswered),
  }));
}

/** What is known while a chunk is not finished are the answers so far; its result says all of them again. */
async function answersTo({ runId, chunk }: ChunkMessage, runs: RunStore): Promise<readonly ResultChild[]> {
  return (
    (await runs.result.read({ runId, chunk }))?.children ??
    (await runs.answers.read({ runId, chunk }))?.children ??
    []
  );
}

function outcomeOf(answer: ResultChild | undefined, unanswered: Unanswered): ChildOutcome {
  switch (answer?.outcome) {
    case undefined:
      return { outcome: unanswered };
    case 'accepted':
      return { outcome: answer.outcome, receipt: answer.receipt };
    case 'refused':
      return { outcome: answer.outcome, reason: answer.reason };
    case 'outstanding':
    case 'superseded':
      return { outcome: answer.outcome };
  }
}
