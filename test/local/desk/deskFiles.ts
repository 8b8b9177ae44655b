import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childrenTable } from '../../../shared/downloads/childrenTable.js';
import { excelCsv } from '../../../shared/downloads/excelCsv.js';
import { findingsTable } from '../../../shared/downloads/findingsTable.js';
import { childrenOfRun } from '../../../shared/records/childrenOfRun.js';
import { findingsSinceRunBefore } from '../../../shared/records/findingsOfRun.js';
import { noDeadline } from '../../../shared/records/inTime.js';
import type { Plan } from '../../../shared/records/plan.js';
import type { RunStatus } from '../../../shared/records/runStatus.js';
import type { RunStore } from '../../../shared/records/runStore.js';

/**
 * Writes what a data officer works with: `findings.csv` and `children.csv`, which name children by their ids, and
 * `run.json`, which has figures only. No file has a record.
 */
export async function writeDeskFiles(
  folder: string,
  run: RunStatus,
  plan: Plan,
  runs: RunStore,
): Promise<void> {
  const { runId } = run;
  const part = { deadline: noDeadline };
  const findings = await findingsTable(findingsSinceRunBefore(runId, plan, runs, part));
  const children = await childrenTable(childrenOfRun(runId, plan, runs, { from: undefined, ...part }));
  await mkdir(folder, { recursive: true });
  // Others who use this machine may not read them.
  const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  await write('findings.csv', excelCsv(findings));
  await write('children.csv', excelCsv(children));
  await write('run.json', `${JSON.stringify(run, null, 2)}\n`);
}
