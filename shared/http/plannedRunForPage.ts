import { notFoundPage, notPlannedPage } from '../pages/messagePages.js';
import type { Page } from '../pages/page.js';
import type { Plan, RunId } from '../run/runRecords.js';
import type { RunStore } from '../run/runStore.js';
import { plannedRun } from './plannedRun.js';

/** The run that a path names with its plan, or the page that says why there is none. */
export async function plannedRunForPage(
  runIdInPath: string | undefined,
  runs: RunStore,
): Promise<{ readonly runId: RunId; readonly plan: Plan } | { readonly page: Page }> {
  const planned = await plannedRun(runIdInPath, 'children', runs);
  if (!('answer' in planned)) return planned;
  return { page: planned.answer.status === 404 ? notFoundPage : notPlannedPage };
}
