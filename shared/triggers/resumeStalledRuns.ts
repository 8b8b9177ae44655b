import type { Invocation } from '../composition/handledBy.js';
import { resumeStalledRuns, type ResumeDependencies } from '../runs/resumeStalledRuns.js';
import { reportNewestRuns, type ReportDependencies } from '../telemetry/reportRun.js';

/** Queues again what stalled runs have lost, and reports what has not been reported. */
export async function handler(
  _timer: unknown,
  { container, queue, log, warn }: Invocation<ResumeDependencies & ReportDependencies>,
): Promise<void> {
  const dependencies = container();
  const messages = await resumeStalledRuns(dependencies);
  queue(messages);
  for (const { runId } of messages.extracts) log(`Run ${runId}: its extract was queued.`);
  const [chunk] = messages.chunks;
  if (chunk !== undefined) {
    warn(
      `Run ${chunk.runId}: had lost its messages, or had waited for DfE; ${String(messages.chunks.length)} chunks were queued again.`,
    );
  }
  if (!(await reportNewestRuns(dependencies))) {
    warn('The result of a run could not be reported to Application Insights. It will be tried again.');
  }
}
