import type { Invocation } from '../composition/handledBy.js';
import { cancelRun } from '../runs/approveOrCancel.js';
import { reportRun } from '../telemetry/reportRun.js';
import type { Cancelled } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';
import { answerToUndecided, cancellationRequestSchema, readDecision } from './decision.js';

const needs = { role: 'operator', body: 'may be empty' } as const;

export function handler(request: Request, { container, log }: Invocation) {
  return apiAnswer(request, needs, async (caller) => {
    const decision = readDecision(request, caller, cancellationRequestSchema);
    if ('answer' in decision) return decision.answer;
    const { runId, decider } = decision;
    const dependencies = container();
    const decided = await cancelRun(runId, decider, dependencies);
    if (decided.outcome !== 'done') return answerToUndecided(decided, runId);
    log(`Run ${runId}: cancelled.`);
    await reportRun(runId, dependencies);
    return { status: 202, jsonBody: { runId, ended: decided.summary !== undefined } satisfies Cancelled };
  });
}
