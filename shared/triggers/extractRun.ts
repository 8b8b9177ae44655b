import type { Invocation } from '../composition/handledBy.js';
import { readExtractMessage } from '../records/messages.js';
import { extractRun, type ExtractDependencies } from '../runs/extractRun.js';
import { reportRun, type ReportDependencies } from '../telemetry/reportRun.js';

type Dependencies = ReportDependencies & { readonly withDatabase: () => Promise<ExtractDependencies> };

/** Extracts the run that a message names, and queues its first chunks. */
export async function handler(
  entry: unknown,
  { container, queue, log }: Invocation<Dependencies>,
): Promise<void> {
  const { runId } = readExtractMessage(entry);
  const dependencies = container();
  const chunks = await extractRun(runId, await dependencies.withDatabase());
  queue({ chunks });
  log(`Run ${runId}: extract done, ${String(chunks.length)} chunks queued.`);
  await reportRun(runId, dependencies);
}
