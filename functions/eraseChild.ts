import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { ErasureAnswer, Problem } from '../shared/api/answers.js';
import type { ErasurePlan } from '../shared/dataSubject/erasure.js';

const needs = {
  role: 'data-officer',
  body: { example: { childId: 'the id in the SSD', reason: 'why' } },
} as const;

// A POST, so that the child's id stands in no URL: hosts and gateways log those.
app.http('eraseChild', {
  route: 'children/erasure',
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async ({ body, by }) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { readErasureRequest } = await import('../shared/api/aboutChild.js');
      const { answerDeadline } = await import('../shared/records/inTime.js');
      const { eraseChild, planErasure, RunGoingOnError } = await import('../shared/dataSubject/erasure.js');
      const container = theContainer();
      const deadline = answerDeadline(container.now);
      const unerased = ({ complete, removed, kept }: ErasurePlan) => ({
        jsonBody: {
          erased: false,
          complete,
          wouldRemove: removed,
          wouldKeep: kept,
        } satisfies ErasureAnswer,
      });

      const asked = readErasureRequest(body);
      if ('errors' in asked) return { status: 400, jsonBody: asked };
      const asker = { by, reason: asked.reason };
      const { staging } = await container.withDatabase();
      const dependencies = { ...container, staging };
      if (!asked.confirm) {
        const plan = await planErasure(asked.childId, asker, dependencies, deadline);
        context.log('What is stored about a child was asked for; the ledger records by whom.');
        return unerased(plan);
      }
      try {
        const done = await eraseChild(asked.childId, asker, dependencies, deadline);
        if (!done.erased) {
          context.log('An erasure needs another call; the ledger records how far it came, and by whom.');
          return unerased(done.plan);
        }
        context.log('Stored copies about a child were erased; the ledger records which, and by whom.');
        return { jsonBody: { erased: true, ...done.erasure } satisfies ErasureAnswer };
      } catch (error) {
        if (!(error instanceof RunGoingOnError)) throw error;
        return { status: 409, jsonBody: { error: error.message, runId: error.runId } satisfies Problem };
      }
    });
  },
});
