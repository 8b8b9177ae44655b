import type { Invocation } from '../composition/handledBy.js';
import { recordDownload } from '../downloads/recordDownload.js';
import { reconciliationTable } from '../downloads/reconciliationTable.js';
import {
  childrenFile,
  fileOfRun,
  findingsFile,
  fullAnswersFile,
  refusedFile,
  type RunFile,
} from '../downloads/runFile.js';
import { inEachFormat, type TableFormat } from '../downloads/tableFile.js';
import { answerDeadline } from '../records/inTime.js';
import { notFoundPage, notPlannedPage } from './messagePages.js';
import { pageAnswer, type Request } from './pageAnswer.js';

export const downloadChildren = inEachFormat((format) => handlerOf(childrenFile, format));
export const downloadFindings = inEachFormat((format) => handlerOf(findingsFile, format));
export const downloadRefused = inEachFormat((format) => handlerOf(refusedFile, format));
export const downloadFullAnswers = inEachFormat((format) => handlerOf(fullAnswersFile, format));

function handlerOf<From extends string | number>(file: RunFile<From>, format: TableFormat) {
  return (request: Request, invocation: Invocation) =>
    pageAnswer(request, invocation, 'data-officer', async ({ name: by }) => {
      // An address that is not right leads to the beginning.
      const query = { from: request.query.get('from') ?? undefined };
      const from = file.querySchema.safeParse(query).data?.from;
      const asked = { runIdInPath: request.params['runId'], from, format, by };
      const made = await fileOfRun(file, asked, invocation.container());
      if (made === 'unknown run') return notFoundPage;
      return made === 'not planned' ? notPlannedPage : made;
    });
}

/** Names children by their ids: this file is for the data officer. */
export const downloadReconciliation = inEachFormat(
  (format) => (request: Request, invocation: Invocation) =>
    pageAnswer(request, invocation, 'data-officer', async ({ name: by }) => {
      const container = invocation.container();
      const deadline = answerDeadline(container.now);
      const { staging } = await container.withDatabase();
      await recordDownload({ at: container.now(), by, what: 'reconciliation' }, container);
      const table = await reconciliationTable(staging.children(), deadline);
      return { name: `reconciliation-${container.today()}`, table, format };
    }),
);
