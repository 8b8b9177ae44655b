import type { Invocation } from '../composition/handledBy.js';
import { rehearsalFile } from '../downloads/rehearsalFile.js';
import { inEachFormat } from '../downloads/tableFile.js';
import { rehearsalOfRun, type ComparedRehearsal } from '../records/rehearsalOfRun.js';
import { plannedRun } from '../requests/plannedRun.js';
import { noFiguresPage, notFoundPage, notPlannedPage } from './messagePages.js';
import { pageAnswer, type Answer, type Request } from './pageAnswer.js';
import { otherDayPage, rehearsalPage } from './rehearsalPage.js';

export const handler = handlerOf(rehearsalPage);
export const downloadRehearsal = inEachFormat((format) =>
  handlerOf((rehearsal) => rehearsalFile(rehearsal, format)),
);

function handlerOf(answer: (rehearsal: ComparedRehearsal) => Answer) {
  return (request: Request, invocation: Invocation) =>
    pageAnswer(request, invocation, 'reader', async () => {
      const { runs } = invocation.container();
      const day = request.query.get('date') ?? undefined;
      const run = await plannedRun(request.params['runId'], runs);
      if (run === 'unknown run') return notFoundPage;
      if (run === 'not planned') return notPlannedPage;
      const found = await rehearsalOfRun(run, day, runs);
      if (found === 'no figures') return noFiguresPage;
      return 'now' in found ? answer(found) : otherDayPage(found);
    });
}
