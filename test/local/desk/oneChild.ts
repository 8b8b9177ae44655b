import { chunkMessageOf } from '../../../shared/records/chunk.js';
import type { FindingRecord } from '../../../shared/records/findingRecord.js';
import { ruleTextOf, severityOf } from '../../../shared/records/findingsOfRun.js';
import type { Plan } from '../../../shared/records/plan.js';
import type { RunId } from '../../../shared/records/runId.js';
import type { RunStore } from '../../../shared/records/runStore.js';

/**
 * The record of one child with its findings, for the screen of a person who has asked for it, and for nothing else: it is
 * a real child's.
 */
export async function oneChild(id: string, runId: RunId, plan: Plan, runs: RunStore): Promise<string> {
  const payload = await payloadOf(id, runId, plan, runs);
  const findings: FindingRecord[] = [];
  for await (const finding of runs.findings.all(runId, plan.attempt)) {
    if (finding.childId === id || (finding.table === 'ssd_person' && finding.rowId === id)) {
      findings.push(finding);
    }
  }
  return [
    ...(payload === undefined
      ? [
          'There is no record of this child: it is not in the cohort, or is held back, or its id is written in another way.',
        ]
      : [
          'The record of a real child follows. It is on this screen only: do not copy it or show it to anyone who may not see it.',
          JSON.stringify(payload, null, 2),
        ]),
    findings.length === 0 ? 'No finding names this child.' : 'Findings that name this child:',
    ...findings.map(lineOf),
  ].join('\n');
}

async function payloadOf(id: string, runId: RunId, plan: Plan, runs: RunStore): Promise<unknown> {
  for (let chunk = 1; chunk <= plan.chunks; chunk += 1) {
    const read = await runs.chunk.read(chunkMessageOf(runId, plan, chunk));
    const child = read?.children.find(({ personId }) => personId === id);
    if (child !== undefined) return child.payload;
  }
  return undefined;
}

function lineOf(finding: FindingRecord): string {
  const { rule, table, column, rowId, found } = finding;
  const { meaning, remedy } = ruleTextOf(rule);
  const row = rowId === null ? '' : `, row ${rowId}`;
  return `  ${severityOf(finding)}: ${table}.${column}${row}: found ${found}. ${meaning} ${remedy}`;
}
