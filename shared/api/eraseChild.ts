import type { Invocation } from '../composition/handledBy.js';
import { eraseChild, planErasure, RunGoingOnError, type ErasurePlan } from '../dataSubject/erasure.js';
import { answerDeadline } from '../records/inTime.js';
import { erasureRequestSchema, needsAboutChild } from './aboutChild.js';
import type { ErasureAnswer, Problem } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';
import { readBody } from '../requests/fields.js';

export function handler(request: Request, { container, log }: Invocation) {
  return apiAnswer(request, needsAboutChild, async ({ body, by }) => {
    const parts = container();
    const deadline = answerDeadline(parts.now);
    const asked = readBody(body, erasureRequestSchema);
    if ('errors' in asked) return { status: 400, jsonBody: asked };
    const asker = { by, reason: asked.reason };
    const { staging } = await parts.withDatabase();
    const dependencies = { ...parts, staging };
    if (!asked.confirm) {
      const plan = await planErasure(asked.childId, asker, dependencies, deadline);
      log('A person asked what is stored about a child. The ledger records who.');
      return unerased(plan);
    }
    try {
      const done = await eraseChild(asked.childId, asker, dependencies, deadline);
      if (!done.erased) {
        log('An erasure needs another call. The ledger records what was erased, and who asked.');
        return unerased(done.plan);
      }
      log('Stored copies about a child were erased. The ledger records which, and who asked.');
      return { jsonBody: { erased: true, ...done.erasure } satisfies ErasureAnswer };
    } catch (error) {
      if (!(error instanceof RunGoingOnError)) throw error;
      return { status: 409, jsonBody: { error: error.message, runId: error.runId } satisfies Problem };
    }
  });
}

function unerased({ complete, removed, kept }: ErasurePlan) {
  const jsonBody = { erased: false, complete, wouldRemove: removed, wouldKeep: kept } satisfies ErasureAnswer;
  return { jsonBody };
}
