import { askedBy, severities } from '../child/findingRules.js';
import { compareText } from '../child/ordering.js';
import {
  ruleTextOf,
  severityOf,
  type ComparedFinding,
  type FindingsPlace,
} from '../records/findingsOfRun.js';
import { Rest } from '../records/inTime.js';
import type { Table } from './table.js';

const columns = [
  'severity',
  'rule',
  'table',
  'row id',
  'child id',
  'legacy id',
  'parent record',
  'team',
  'worker',
  'column',
  'what was found',
  'what it means',
  'what to do',
  'state',
  'asked by',
];

/**
 * Findings as a work-list: by severity, then by table; what has been corrected is at the end. Each part of
 * a list that needs several files is ordered in the same way. It names children: only for people with the role
 * data-officer.
 */
export async function findingsTable(
  findings: AsyncIterable<ComparedFinding | Rest<FindingsPlace>>,
): Promise<Table> {
  const all: ComparedFinding[] = [];
  let rest: FindingsPlace | undefined;
  for await (const finding of findings) {
    if (finding instanceof Rest) rest = finding.from;
    else all.push(finding);
  }
  const rows = all.sort(byOrder).map(cellsOf);
  return { columns, rows, rest: rest === undefined ? undefined : { from: rest } };
}

/** Sorting keeps the order of the source for findings of the same severity and table. */
function byOrder(a: ComparedFinding, b: ComparedFinding): number {
  return (
    Number(a.state === 'mended') - Number(b.state === 'mended') ||
    severities.indexOf(severityOf(a.finding)) - severities.indexOf(severityOf(b.finding)) ||
    compareText(a.finding.table, b.finding.table)
  );
}

function cellsOf({ finding, state }: ComparedFinding): string[] {
  const text = ruleTextOf(finding.rule);
  const { rule, table, rowId, childId, legacyId, parentId, team, worker, column, found } = finding;
  // Findings of an earlier version name the row only.
  const where = [rowId, childId, legacyId, parentId, team, worker].map((cell) => cell ?? '');
  const told = [found, text.meaning, text.remedy, state, askedBy(text)];
  return [severityOf(finding), rule, table, ...where, column, ...told];
}
