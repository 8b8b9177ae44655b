import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { Disclosures } from '../shared/api/answers.js';

const needs = {
  role: 'data-officer',
  body: { example: { childId: 'the id in the SSD', reason: 'why' } },
} as const;

// A POST, so that the child's id stands in no URL: hosts and gateways log those.
app.http('listDisclosures', {
  route: 'children/disclosures',
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async ({ body, by }) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { readAboutChild } = await import('../shared/api/aboutChild.js');
      const { answerDeadline } = await import('../shared/records/inTime.js');
      const { disclosuresAbout } = await import('../shared/dataSubject/disclosures.js');
      const container = theContainer();
      const deadline = answerDeadline(container.now);

      const asked = readAboutChild(body);
      if ('errors' in asked) return { status: 400, jsonBody: asked };
      const { staging } = await container.withDatabase();
      const { disclosures, next } = await disclosuresAbout(
        asked.childId,
        { by, reason: asked.reason },
        { ...container, idKey: () => staging.idKey() },
        deadline,
        asked.from,
      );
      context.log('What was disclosed about a child was asked for; the ledger records by whom.');
      const complete = next === undefined;
      const jsonBody = { disclosures: [...disclosures], complete, next } satisfies Disclosures;
      return { jsonBody };
    });
  },
});
