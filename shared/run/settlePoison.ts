import { endRun, failRun, type EndRunDependencies } from './endRun.js';
import { answeredEntryOf, type Ledger } from './ledger.js';
import type { ChunkMessage, ExtractMessage, Result } from './runRecords.js';

/**
 * Records a chunk that could not be sent however often it was tried: what DfE has not answered for stays outstanding
 * for the next run, and the run can end. A chunk that got its result after all keeps it.
 * @returns false when it had a result already
 */
export async function settlePoisonedChunk(
  message: ChunkMessage,
  dependencies: EndRunDependencies & { readonly ledger: Ledger },
): Promise<boolean> {
  const { runs, ledger, now } = dependencies;
  const { runId, chunk: number } = message;
  const chunk = await runs.readChunk(message);
  const answers = new Map((await runs.readAnswers(runId, number)).map((answer) => [answer.personId, answer]));
  const result: Result = {
    chunk: number,
    recordedAt: now().toISOString(),
    posts: 0,
    children: (chunk?.children ?? []).map(
      ({ personId, hash }) => answers.get(personId) ?? { outcome: 'outstanding', personId, hash },
    ),
  };
  const givenUp = await runs.createResult(runId, result);
  const kept = givenUp ? result : ((await runs.readResult(runId, number)) ?? result);
  await ledger.recordAnswer(answeredEntryOf(runId, kept));
  await endRun(runId, dependencies);
  return givenUp;
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
