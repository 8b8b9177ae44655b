import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// A POST, so that the child's id stands in no URL: hosts and gateways log those.
app.http('listDisclosures', {
  route: 'children/disclosures',
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { readAboutChild } = await import('../shared/http/aboutChild.js');
    const { disclosuresAbout } = await import('../shared/run/subjectAccess.js');
    const { requesterOf } = await import('../shared/http/requester.js');
    const headers = { 'cache-control': 'no-store' };
    const container = theContainer();

    const wish = readAboutChild(await request.text());
    if ('errors' in wish) return { status: 400, headers, jsonBody: wish };
    const { staging } = await container.withDatabase();
    const disclosures = await disclosuresAbout(
      wish.childId,
      { by: requesterOf(request.headers, process.env), reason: wish.reason },
      { ...container, keyOf: (personId) => staging.keyOf(personId) },
    );
    context.log('What was disclosed about a child was asked for; the ledger records by whom.');
    return { headers, jsonBody: { disclosures } };
  },
});
