import type { z } from 'zod';
import { childrenOfRun } from '../records/childrenOfRun.js';
import { findingsSinceRunBefore, type FindingsPlace } from '../records/findingsOfRun.js';
import { fullAnswersOfRun } from '../records/fullAnswersOfRun.js';
import { answerDeadline, type Deadline } from '../records/inTime.js';
import { refusedOfRun } from '../records/refusalsOfRun.js';
import type { RunStore } from '../records/runStore.js';
import type { SsdNames } from '../ssd/profile.js';
import { plannedRun, type PlannedRun } from '../requests/plannedRun.js';
import { childrenTable } from './childrenTable.js';
import { chunksFileRequestSchema, findingsFileRequestSchema } from './fileRequest.js';
import { findingsTable } from './findingsTable.js';
import { fullAnswersTable } from './fullAnswersTable.js';
import { recordDownload, type Download, type DownloadDependencies } from './recordDownload.js';
import { refusedTable } from './refusedTable.js';
import type { Table } from './table.js';
import type { TableFile, TableFormat } from './tableFile.js';

/** What files are made from. */
interface FileSources {
  readonly runs: RunStore;
  readonly ssdNames: SsdNames;
}

/** A file about one run. Each leads to children: it is for the data officer, and its download is recorded. */
export interface RunFile<From extends string | number> {
  /** The file is called by it and by the run. */
  readonly name: string;
  /** As the record of downloads calls it. */
  readonly what: Download['what'];
  readonly querySchema: z.ZodType<{ readonly from?: From | undefined }>;
  readonly tableOf: (
    run: PlannedRun,
    from: FileSources,
    part: { readonly from: From | undefined; readonly deadline: Deadline },
  ) => Promise<Table>;
}

/** The row ids of ssd_person are child ids. */
export const findingsFile: RunFile<FindingsPlace> = {
  name: 'findings',
  what: 'findings',
  querySchema: findingsFileRequestSchema,
  tableOf: ({ runId, plan }, { runs }, part) =>
    findingsTable(findingsSinceRunBefore(runId, plan, runs, part)),
};

/** Each child that the run sends or removes, by its id: the person who approves a run sees here who they are. */
export const childrenFile: RunFile<number> = {
  name: 'children',
  what: 'children',
  querySchema: chunksFileRequestSchema,
  tableOf: ({ runId, plan }, { runs }, part) => childrenTable(childrenOfRun(runId, plan, runs, part)),
};

/** Names children by their ids. */
export const refusedFile: RunFile<number> = {
  name: 'refused',
  what: 'refused children',
  querySchema: chunksFileRequestSchema,
  tableOf: ({ runId }, { runs, ssdNames }, part) => refusedTable(refusedOfRun(runId, runs, part), ssdNames),
};

/** May quote what was sent about children. */
export const fullAnswersFile: RunFile<number> = {
  name: 'full-answers',
  what: 'full answers',
  querySchema: chunksFileRequestSchema,
  tableOf: ({ runId }, { runs }, part) => fullAnswersTable(fullAnswersOfRun(runId, runs, part)),
};

/** A file of the run that a path names, or why there is none. */
export async function fileOfRun<From extends string | number>(
  file: RunFile<From>,
  asked: {
    readonly runIdInPath: string | undefined;
    readonly from: From | undefined;
    readonly format: TableFormat;
    readonly by: string;
  },
  dependencies: DownloadDependencies & FileSources & { readonly now: () => Date },
): Promise<TableFile | 'unknown run' | 'not planned'> {
  const { now } = dependencies;
  const { from, format, by } = asked;
  const deadline = answerDeadline(now);
  const run = await plannedRun(asked.runIdInPath, dependencies.runs);
  if (typeof run === 'string') return run;
  const { runId } = run;
  await recordDownload({ at: now(), by, what: file.what, runId }, dependencies);
  const table = await file.tableOf(run, dependencies, { from, deadline });
  return { name: `${file.name}-${runId}`, table, format, from: from?.toString() };
}
