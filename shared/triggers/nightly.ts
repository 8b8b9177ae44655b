import type { Invocation } from '../composition/handledBy.js';
import { requestRun, type RequestRunDependencies } from '../runs/requestRun.js';
import { resumeStalledRuns, type ResumeDependencies } from '../runs/resumeStalledRuns.js';

/** The part of a `Timer` that is read. */
interface Timer {
  readonly isPastDue: boolean;
}

/**
 * Requests the nightly run, unless the end of the SSD's refresh has. If another run is in progress, resumes that one if
 * it has stalled.
 */
export async function handler(
  timer: Timer,
  { container, queue, log, warn }: Invocation<RequestRunDependencies & ResumeDependencies>,
): Promise<void> {
  const dependencies = container();
  const requested = await requestRun(
    { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' },
    dependencies,
  );
  if (dependencies.isStartedByRefresh && (requested.outcome === 'started' || requested.outcome === 'waits')) {
    warn(
      'The timer requested a run, because the refresh of the SSD has started none on this date, or its run failed. If the refresh has not ended, the run reads the SSD as it was before, or a safety check pauses it.',
    );
  }
  if (requested.outcome === 'started') {
    queue({ extracts: [requested.message] });
    const late = timer.isPastDue
      ? ' It is late: the app was not running, or was paused, at the scheduled time.'
      : '';
    log(`Run ${requested.message.runId}: requested by the schedule.${late}`);
    return;
  }
  if (requested.outcome === 'already') {
    log(`Not needed: the refresh of the SSD has started run ${requested.runId}, the one of this date.`);
  }
  if (requested.outcome === 'waits') {
    warn(`Run ${requested.runId}: is waiting for run ${requested.behind} to end.`);
  }
  if (requested.outcome === 'busy') {
    warn(
      `Skipped: run ${requested.runId} of the same date is paused by a safety check and waits for approval.`,
    );
  }
  queue(await resumeStalledRuns(dependencies));
}
