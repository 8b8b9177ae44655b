import { notFoundPage, notPlannedPage } from './messagePages.js';
import type { Page } from './page.js';
import type { Plan } from '../records/plan.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { plannedRun } from '../api/plannedRun.js';

/** The run that a path names with its plan, or the page that says why there is none. */
export async function plannedRunForPage(
  runIdInPath: string | undefined,
  runs: RunStore,
): Promise<{ readonly runId: RunId; readonly plan: Plan } | { readonly page: Page }> {
  const planned = await plannedRun(runIdInPath, 'children', runs);
  if (!('answer' in planned)) return planned;
  return { page: planned.answer.status === 404 ? notFoundPage : notPlannedPage };
}
