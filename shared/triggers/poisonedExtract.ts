import type { Invocation } from '../composition/handledBy.js';
import { extractMessageSchema } from '../records/messages.js';
import type { FinishRunDependencies } from '../runs/finishRun.js';
import { settlePoisonedExtract } from '../runs/settlePoisoned.js';
import { reportRun, type ReportDependencies } from '../telemetry/reportRun.js';

/** Gives up the extract whose message failed too often. */
export async function handler(
  entry: unknown,
  { container, warn, error }: Invocation<FinishRunDependencies & ReportDependencies>,
): Promise<void> {
  const message = extractMessageSchema.safeParse(entry);
  if (!message.success) {
    error('A poison message that names no run was dropped: this app does not write such messages.');
    return;
  }
  const { runId } = message.data;
  const dependencies = container();
  if (await settlePoisonedExtract(message.data, dependencies)) {
    error(`Run ${runId}: failed, its extract was given up.`);
  } else {
    warn(
      `Run ${runId}: its extract is not given up: it made progress, or the run was planned, or it is not the active run.`,
    );
  }
  await reportRun(runId, dependencies);
}
