import { mayAs } from '../access/principal.js';
import type { Invocation } from '../composition/handledBy.js';
import { requestRun } from '../runs/requestRun.js';
import { newRunOf, readRerunForm } from './forms.js';
import { busyPage, forbiddenPage } from './messagePages.js';
import { pageAnswer, type Request } from './pageAnswer.js';
import { paths } from './paths.js';
import { emptyForm, rerunConfirmationPage, rerunPage } from './rerunPage.js';

/** Asks what to run, then for a confirmation, then requests the run. */
export function handler(request: Request, invocation: Invocation) {
  const { container, queue, log } = invocation;
  return pageAnswer(request, invocation, 'operator', async (visitor) => {
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
    const requested = await requestRun({ ...newRun, trigger: 'http', requestedBy }, container());
    if (requested.outcome !== 'started') return busyPage(requested.runId);
    const { runId } = requested.message;
    queue({ extracts: [requested.message] });
    log(`Run ${runId}: requested on the web pages, scope ${newRun.scope}.`);
    return { seeOther: `${paths.run(runId)}?done=started` };
  });
}
