import type { z } from 'zod';
import { childrenOfRun } from '../records/childrenOfRun.js';
import { recordDownload } from '../downloads/recordDownload.js';
import { findingsSinceRunBefore } from '../records/findingsOfRun.js';
import { fullAnswersOfRun } from '../records/fullAnswersOfRun.js';
import { answerDeadline, type Deadline } from '../records/inTime.js';
import { refusedOfRun } from '../records/refusalsOfRun.js';
import type { Plan } from '../records/plan.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import {
  chunksFileRequestSchema,
  fieldsOf,
  findingsFileRequestSchema,
  type FileRequest,
} from '../downloads/fileRequest.js';
import { childrenTable } from '../downloads/childrenTable.js';
import { findingsTable } from '../downloads/findingsTable.js';
import { fullAnswersTable } from '../downloads/fullAnswersTable.js';
import { pageAnswer, type Context, type Request as PageRequest } from './pageAnswer.js';
import { plannedRunForPage } from './plannedRunForPage.js';
import { reconciliationTable } from '../downloads/reconciliationTable.js';
import { refusedTable } from '../downloads/refusedTable.js';
import type { Table } from '../downloads/table.js';
import type { TableFormat } from '../downloads/tableFile.js';

type Request = FileRequest & PageRequest;

/** A file about one run. */
interface RunFile<From> {
  /** The file is called by it and by the run. */
  readonly name: string;
  /** As the record of downloads calls it. */
  readonly what: Parameters<typeof recordDownload>[0]['what'];
  readonly querySchema: z.ZodType<{ readonly from?: From | undefined }>;
  readonly tableOf: (
    planned: { readonly runId: RunId; readonly plan: Plan },
    runs: RunStore,
    part: { readonly from: From | undefined; readonly deadline: Deadline },
  ) => Promise<Table>;
}

/** Each of these files leads to children: it is for the data officer, and its download is recorded. */
function downloadOfRun<From extends string | number>(
  request: Request,
  context: Context,
  format: TableFormat,
  { name, what, querySchema, tableOf }: RunFile<From>,
) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../composition/container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    // An address that is not right leads to the beginning.
    const from = querySchema.safeParse(fieldsOf(request.query)).data?.from;
    const planned = await plannedRunForPage(request.params['runId'], runs);
    if ('page' in planned) return planned.page;
    const { runId } = planned;
    await recordDownload({ at: now(), by: visitor.name, what, runId }, container);
    const table = await tableOf(planned, runs, { from, deadline });
    return { name: `${name}-${runId}`, table, format, from: from?.toString() };
  });
}

/** The row ids of ssd_person are child ids. */
export function downloadFindings(request: Request, context: Context, format: TableFormat) {
  return downloadOfRun(request, context, format, {
    name: 'findings',
    what: 'findings',
    querySchema: findingsFileRequestSchema,
    tableOf: ({ runId, plan }, runs, part) => findingsTable(findingsSinceRunBefore(runId, plan, runs, part)),
  });
}

/** Each child that the run sends or removes: who approves a run looks here for whom. Names children by their ids. */
export function downloadChildren(request: Request, context: Context, format: TableFormat) {
  return downloadOfRun(request, context, format, {
    name: 'children',
    what: 'children',
    querySchema: chunksFileRequestSchema,
    tableOf: ({ runId, plan }, runs, part) => childrenTable(childrenOfRun(runId, plan, runs, part)),
  });
}

/** Names children by their ids. */
export function downloadRefused(request: Request, context: Context, format: TableFormat) {
  return downloadOfRun(request, context, format, {
    name: 'refused',
    what: 'refused children',
    querySchema: chunksFileRequestSchema,
    tableOf: ({ runId }, runs, part) => refusedTable(refusedOfRun(runId, runs, part)),
  });
}

/** May quote what was sent about children. */
export function downloadFullAnswers(request: Request, context: Context, format: TableFormat) {
  return downloadOfRun(request, context, format, {
    name: 'full-answers',
    what: 'full answers',
    querySchema: chunksFileRequestSchema,
    tableOf: ({ runId }, runs, part) => fullAnswersTable(fullAnswersOfRun(runId, runs, part)),
  });
}

/** Names children by their ids: this file is for the data officer. */
export function downloadReconciliation(request: PageRequest, context: Context, format: TableFormat) {
  return pageAnswer(request, context, 'data-officer', async (visitor) => {
    const { theContainer } = await import('../composition/container.js');
    const container = theContainer();
    const deadline = answerDeadline(container.now);
    const { staging } = await container.withDatabase();
    await recordDownload({ at: container.now(), by: visitor.name, what: 'reconciliation' }, container);
    const table = await reconciliationTable(staging.children(), deadline);
    return { name: `reconciliation-${container.today()}`, table, format };
  });
}
