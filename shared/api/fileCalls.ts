import { childrenOfRun } from '../records/childrenOfRun.js';
import { recordDownload } from '../downloads/recordDownload.js';
import { findingsSinceRunBefore } from '../records/findingsOfRun.js';
import { answerDeadline } from '../records/inTime.js';
import { apiAnswer } from './apiAnswer.js';
import { readFields } from './body.js';
import { childrenTable } from '../downloads/childrenTable.js';
import {
  chunksFileRequestSchema,
  fieldsOf,
  findingsFileRequestSchema,
  type FileRequest,
} from '../downloads/fileRequest.js';
import { findingsTable } from '../downloads/findingsTable.js';
import { plannedRun } from './plannedRun.js';
import { tableFile, type TableFormat } from '../downloads/tableFile.js';

type Request = FileRequest & Parameters<typeof apiAnswer>[0];

/** Names children by their ids: this file is for the data officer. */
export function getChildren(request: Request, format: TableFormat) {
  return apiAnswer(request, 'data-officer', async ({ by }) => {
    const { theContainer } = await import('../composition/container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    const query = readFields(fieldsOf(request.query), chunksFileRequestSchema);
    if ('errors' in query) return { status: 400, jsonBody: query };
    const { from } = query;
    const planned = await plannedRun(request.params['runId'], 'children', runs);
    if ('answer' in planned) return planned.answer;
    const { runId, plan } = planned;
    await recordDownload({ at: now(), by, what: 'children', runId }, container);
    const table = await childrenTable(childrenOfRun(runId, plan, runs, { from, deadline }));
    return tableFile({ name: `children-${runId}`, table, format, from: from?.toString() });
  });
}

/** The row ids of ssd_person are child ids: this file is for the data officer. */
export function getFindings(request: Request, format: TableFormat) {
  return apiAnswer(request, 'data-officer', async ({ by }) => {
    const { theContainer } = await import('../composition/container.js');
    const container = theContainer();
    const { runs, now } = container;
    const deadline = answerDeadline(now);
    const query = readFields(fieldsOf(request.query), findingsFileRequestSchema);
    if ('errors' in query) return { status: 400, jsonBody: query };
    const { from } = query;
    const planned = await plannedRun(request.params['runId'], 'findings', runs);
    if ('answer' in planned) return planned.answer;
    const { runId, plan } = planned;
    await recordDownload({ at: now(), by, what: 'findings', runId }, container);
    const table = await findingsTable(findingsSinceRunBefore(runId, plan, runs, { from, deadline }));
    return tableFile({ name: `findings-${runId}`, table, format, from });
  });
}
