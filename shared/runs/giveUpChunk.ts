import type { FinishRunDependencies } from './finishRun.js';
import type { Telemetry } from '../telemetry/events.js';
import type { Ledger } from '../records/ledger.js';
import { answeredEntryOf } from '../records/ledgerEntries.js';
import { childrenRejected } from '../telemetry/runEvents.js';
import type { Chunk, ChunkMessage } from '../records/chunk.js';
import { type Result, countOutcome } from '../records/result.js';
import type { TurnedAway } from '../records/turnedAway.js';

export interface GiveUpDependencies extends FinishRunDependencies {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
}

/**
 * Records a chunk that is not sent: what DfE has answered is kept, what it has not answered for stays outstanding for
 * the next run. A chunk that has a result keeps it.
 * @param children those of the chunk, as far as they can be trusted
 * @param failure why, where the run's records do not agree
 * @returns the result that counts, and whether this call wrote it
 */
export async function giveUpChunk(
  { runId, chunk }: Pick<ChunkMessage, 'runId' | 'chunk'>,
  children: Chunk['children'],
  failure: TurnedAway | undefined,
  { runs, ledger, telemetry, now }: GiveUpDependencies,
): Promise<{ readonly result: Result; readonly givenUp: boolean }> {
  const known = await runs.answers.readable({ runId, chunk });
  const answers = new Map(known?.children.map((answer) => [answer.personId, answer]));
  const open = children.filter(({ personId }) => !answers.has(personId));
  const mine: Result = {
    chunk,
    recordedAt: now().toISOString(),
    posts: known?.posts ?? 0,
    ...(failure === undefined ? {} : { failure }),
    children: [
      ...answers.values(),
      ...open.map(({ personId, hash }) => ({ outcome: 'outstanding' as const, personId, hash })),
    ],
  };
  const givenUp = await runs.result.create(runId, mine);
  const result = givenUp ? mine : ((await runs.result.read({ runId, chunk })) ?? mine);
  await ledger.recordAnswer(answeredEntryOf(runId, result));
  const outstanding = countOutcome('outstanding', result);
  // Also when a poison message comes again: what was recorded first may have been lost.
  if (givenUp || outstanding > 0 || result.failure !== undefined) {
    const dimensions = { runId, chunk: String(chunk) };
    telemetry.record({ name: 'ChunkPoisoned', dimensions, measurements: { outstanding } });
    for (const event of childrenRejected(runId, result)) telemetry.record(event);
  }
  return { result, givenUp };
}
