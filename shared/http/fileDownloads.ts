import { recordDownload } from '../run/downloads.js';
import { findingsSinceRunBefore } from '../run/findingsOfRun.js';
import { answerDeadline } from '../run/inTime.js';
import { refusedOfRun } from '../run/refusalsOfRun.js';
import { chunksFileWishSchema, fieldsOf, findingsFileWishSchema, type FileRequest } from './fileWish.js';
import { findingsTable } from './findingsTable.js';
import { pageAnswer, type Context, type Request as PageRequest } from './pageAnswer.js';
import { plannedRunForPage } from './plannedRunForPage.js';
import { reconciliationTable } from './reconciliationTable.js';
import { fullAnswersOfRun } from '../run/fullAnswersOfRun.js';
import { fullAnswersTable } from './fullAnswersTable.js';
import { refusedTable } from './refusedTable.js';
import type { TableFormat } from './tableFile.js';

type Request = FileRequest & PageRequest;

/** The row ids of ssd_person are child ids: this file is for the data officer. */
export function downloadFindings(request: Request, context: Context, format: TableFormat) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    // An address that is not right leads to the beginning.
    const from = findingsFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
    const planned = await plannedRunForPage(request.params['runId'], runs);
    if ('page' in planned) return planned.page;
    const { runId, plan } = planned;
    await recordDownload({ at: now(), by: visitor.name, what: 'findings', runId }, container);
    const table = await findingsTable(findingsSinceRunBefore(runId, plan, runs, { from, deadline }));
    return { name: `findings-${runId}`, table, format, from };
  });
}

/** Names children by their ids: this file is for the data officer. */
export function downloadRefused(request: Request, context: Context, format: TableFormat) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    // An address that is not right leads to the beginning.
    const from = chunksFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
    const planned = await plannedRunForPage(request.params['runId'], runs);
    if ('page' in planned) return planned.page;
    const { runId } = planned;
    await recordDownload({ at: now(), by: visitor.name, what: 'refused children', runId }, container);
    const table = await refusedTable(refusedOfRun(runId, runs, { from, deadline }));
    return { name: `refused-${runId}`, table, format, from: from?.toString() };
  });
}

/** Names children by their ids: this file is for the data officer. */
export function downloadReconciliation(request: PageRequest, context: Context, format: TableFormat) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../container.js');
    const container = theContainer();
    const deadline = answerDeadline(container.now);
    const { staging } = await container.withDatabase();
    await recordDownload({ at: container.now(), by: visitor.name, what: 'reconciliation' }, container);
    const table = await reconciliationTable(staging.children(), deadline);
    return { name: `reconciliation-${container.today()}`, table, format };
  });
}

/** May quote what was sent about children: this file is for the data officer. */
export function downloadFullAnswers(request: Request, context: Context, format: TableFormat) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    // An address that is not right leads to the beginning.
    const from = chunksFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
    const planned = await plannedRunForPage(request.params['runId'], runs);
    if ('page' in planned) return planned.page;
    const { runId } = planned;
    await recordDownload({ at: now(), by: visitor.name, what: 'full answers', runId }, container);
    const table = await fullAnswersTable(fullAnswersOfRun(runId, runs, { from, deadline }));
    return { name: `full-answers-${runId}`, table, format, from: from?.toString() };
  });
}
