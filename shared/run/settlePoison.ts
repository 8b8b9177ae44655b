import { endRun, failRun, type EndRunDependencies } from './endRun.js';
import type { ChunkMessage, ExtractMessage } from './runRecords.js';

/**
 * Records a chunk that could not be sent however often it was tried: its children stay outstanding for the next run,
 * and the run can end. A chunk that got its result after all keeps it.
 * @returns false when it had a result already
 */
export async function settlePoisonedChunk(
  message: ChunkMessage,
  dependencies: EndRunDependencies,
): Promise<boolean> {
  const { runs, now } = dependencies;
  const chunk = await runs.readChunk(message);
  const givenUp = await runs.createResult(message.runId, {
    chunk: message.chunk,
    recordedAt: now().toISOString(),
    posts: 0,
    children: (chunk?.children ?? []).map(({ personId, hash }) => ({
      outcome: 'outstanding' as const,
      personId,
      hash,
    })),
  });
  await endRun(message.runId, dependencies);
  return givenUp;
}

/** Ends a run whose extract failed however often it was tried. */
export async function settlePoisonedExtract(
  { runId }: ExtractMessage,
  dependencies: EndRunDependencies,
): Promise<void> {
  // An extract that wrote its plan had only its messages to give: the chunks without a result stay outstanding.
  await failRun(
    runId,
    'The extract failed each time it was tried: see the exceptions of function extractRun. Every child that DfE has not answered for is outstanding for the next run.',
    dependencies,
  );
}
