import { approvalPage, cancellationPage } from './decisionPages.js';
import { notFoundPage, tooLatePage } from './messagePages.js';
import type { Page } from './page.js';
import type { Request } from './pageAnswer.js';
import { paths } from './paths.js';
import type { Decided, Decider } from '../runs/approveOrCancel.js';
import { runIdSchema, type RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { runStatus } from '../records/runStatus.js';
import { readReason } from './forms.js';
import type { Principal } from '../access/principal.js';

const decisions = {
  approved: {
    page: approvalPage,
    isTooLate: (status: string) =>
      status === 'held' ? undefined : 'The run is not paused, so there is nothing to approve.',
  },
  cancelled: { page: cancellationPage, isTooLate: () => undefined },
} as const;

/**
 * A decision about a run in two steps: GET asks for the reason and says what will happen; POST decides and redirects to
 * the run. If the reason is missing, the form asks again.
 * @param decide makes the decision, and queues the messages it needs
 */
export async function decisionAnswer(
  request: Request,
  decision: keyof typeof decisions,
  visitor: Principal,
  runs: RunStore,
  decide: (runId: RunId, decider: Decider) => Promise<Decided<unknown>>,
): Promise<Page | { readonly seeOther: string }> {
  const runId = runIdSchema.safeParse(request.params['runId']);
  const run = runId.success ? await runStatus(runId.data, runs) : undefined;
  if (run === undefined) return notFoundPage;
  const { page, isTooLate } = decisions[decision];
  const why = run.endedAt === undefined ? isTooLate(run.status) : 'The run has ended.';
  if (why !== undefined) return tooLatePage(why, run.runId);
  if (request.method !== 'POST') return page({ run, reason: '', errors: [] }, visitor);
  const { reason, errors } = readReason(new URLSearchParams(await request.text()));
  if (errors.length > 0) return page({ run, reason, errors }, visitor);
  const decided = await decide(run.runId, { by: visitor.name, reason });
  if (decided.outcome === 'unknown run') return notFoundPage;
  if (decided.outcome === 'too late') return tooLatePage(decided.why, run.runId);
  return { seeOther: `${paths.run(run.runId)}?done=${decision}` };
}
