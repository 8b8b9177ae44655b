import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { extractQueue } from '../shared/host/queues.js';

const messages = output.storageQueue(extractQueue);

app.http('pageRerun', {
  route: 'dashboard/rerun',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  extraOutputs: [messages],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'operator', async (visitor) => {
      const { theContainer } = await import('../shared/container.js');
      const { readRerunForm, wishOf } = await import('../shared/http/forms.js');
      const { mayAs } = await import('../shared/http/principal.js');
      const { busyPage, forbiddenPage } = await import('../shared/pages/messagePages.js');
      const { paths } = await import('../shared/pages/paths.js');
      const { emptyForm, rerunConfirmationPage, rerunPage } = await import('../shared/pages/rerunPage.js');
      const { requestRun } = await import('../shared/run/requestRun.js');

      if (request.method !== 'POST') return rerunPage(emptyForm, [], visitor);
      const body = new URLSearchParams(await request.text());
      const form = readRerunForm(body);
      const asked = wishOf(form);
      if (form.scope === 'children' && !mayAs(visitor, 'data-officer')) {
        return forbiddenPage(visitor, 'data-officer');
      }
      if ('errors' in asked) return rerunPage(form, asked.errors, visitor);
      const { wish } = asked;
      if (body.get('confirmed') !== 'yes') return rerunConfirmationPage(form, wish.children?.length ?? 0);
      const requestedBy = visitor.name;
      const requested = await requestRun({ ...wish, trigger: 'http', requestedBy }, theContainer());
      if (requested.outcome !== 'started') return busyPage(requested.runId);
      const { runId } = requested.message;
      context.extraOutputs.set(messages, requested.message);
      context.log(`Run ${runId}: asked for on the pages, scope ${wish.scope}.`);
      return { seeOther: `${paths.run(runId)}?done=started` };
    });
  },
});
