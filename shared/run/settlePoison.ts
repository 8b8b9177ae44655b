import { endRun, failRun, type EndRunDependencies } from './endRun.js';
import type { Telemetry } from './events.js';
import { nextInLane } from './lanes.js';
import { answeredEntryOf, type Ledger } from './ledger.js';
import { childrenRejected, having } from './runEvents.js';
import { unlessUnreadable } from './runStore.js';
import type { ChunkMessage, ExtractMessage, Result } from './runRecords.js';

export interface Settled {
  /** False when it had a result already. */
  readonly givenUp: boolean;
  /** The message of the chunk that comes next. */
  readonly next: ChunkMessage | undefined;
}

/**
 * Records a chunk that could not be sent however often it was tried: what DfE has not answered for stays outstanding
 * for the next run, and the run can end. A chunk that got its result after all keeps it.
 */
export async function settlePoisonedChunk(
  message: ChunkMessage,
  dependencies: EndRunDependencies & { readonly ledger: Ledger; readonly telemetry: Telemetry },
): Promise<Settled> {
  const { runs, ledger, telemetry, now } = dependencies;
  const { runId, chunk: number } = message;
  // A chunk that cannot be read is a chunk that cannot be sent: the run ends without it all the same.
  const chunk = await unlessUnreadable(runs.readChunk(message));
  const known = await unlessUnreadable(runs.readAnswers(runId, number));
  const answers = new Map(known?.children.map((answer) => [answer.personId, answer]));
  const result: Result = {
    chunk: number,
    recordedAt: now().toISOString(),
    posts: known?.posts ?? 0,
    children: (chunk?.children ?? []).map(
      ({ personId, hash }) => answers.get(personId) ?? { outcome: 'outstanding', personId, hash },
    ),
  };
  const givenUp = await runs.createResult(runId, result);
  const kept = givenUp ? result : ((await runs.readResult(runId, number)) ?? result);
  await ledger.recordAnswer(answeredEntryOf(runId, kept));
  const outstanding = having('outstanding', kept);
  // Also when a poison message comes again: what was recorded first may have been lost.
  if (givenUp || outstanding > 0) {
    const dimensions = { runId, chunk: String(number) };
    telemetry.record({ name: 'ChunkPoisoned', dimensions, measurements: { outstanding } });
    for (const event of childrenRejected(runId, kept)) telemetry.record(event);
  }
  await endRun(runId, dependencies);
  return { givenUp, next: await nextInLane(message, !givenUp, dependencies) };
}

/**
 * Ends a run whose extract failed however often it was tried. One that has its plan had only its messages to give:
 * `tendRuns` gives them again.
 */
export async function settlePoisonedExtract(
  { runId }: ExtractMessage,
  dependencies: EndRunDependencies,
): Promise<void> {
  if ((await dependencies.runs.readPlan(runId)) !== undefined) return;
  await failRun(
    runId,
    'The extract failed each time it was tried: see the exceptions of function extractRun. Every child that DfE has not answered for is outstanding for the next run.',
    dependencies,
  );
}
