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
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'operator', async (visitor) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { readRerunForm, newRunOf } = await import('../shared/pages/forms.js');
      const { mayAs } = await import('../shared/access/principal.js');
      const { busyPage, forbiddenPage } = await import('../shared/pages/messagePages.js');
      const { paths } = await import('../shared/pages/paths.js');
      const { emptyForm, rerunConfirmationPage, rerunPage } = await import('../shared/pages/rerunPage.js');
      const { requestRun } = await import('../shared/runs/requestRun.js');

      if (request.method !== 'POST') return rerunPage(emptyForm, [], visitor);
      const body = new URLSearchParams(await request.text());
      const form = readRerunForm(body);
      const asked = newRunOf(form);
      if (form.scope === 'children' && !mayAs(visitor, 'data-officer')) {
        return forbiddenPage(visitor, 'data-officer');
      }
      if ('errors' in asked) return rerunPage(form, asked.errors, visitor);
      const { newRun } = asked;
      if (body.get('confirmed') !== 'yes') return rerunConfirmationPage(form, newRun.children?.length ?? 0);
      const requestedBy = visitor.name;
      const requested = await requestRun({ ...newRun, trigger: 'http', requestedBy }, theContainer());
      if (requested.outcome !== 'started') return busyPage(requested.runId);
      const { runId } = requested.message;
      context.extraOutputs.set(messages, requested.message);
      context.log(`Run ${runId}: asked for on the pages, scope ${newRun.scope}.`);
      return { seeOther: `${paths.run(runId)}?done=started` };
    });
  },
});
