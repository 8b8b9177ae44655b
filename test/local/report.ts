import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCategory, titlesOf } from '../../shared/child/categories.js';
import type { RunStatus } from '../../shared/records/runStatus.js';
import type { DfeStatistics } from './dfe/statistics.js';

/** One line while a run is under way. */
export function progressLine(run: RunStatus): string {
  const { progress, chunks, totals } = run;
  const parts = [
    `${count(progress?.cohort, 'child', 'children')} of ${count(progress?.personsRead, 'person', 'people')} so far`,
    `${count(chunks?.planned, 'batch', 'batches')} queued`,
    `${String(chunks?.done ?? 0)} sent`,
    `${String(totals?.accepted ?? 0)} accepted`,
    `${String(totals?.refused ?? 0)} refused`,
  ];
  return parts.join(' · ');
}

function count(number: number | undefined, one: string, many: string): string {
  return `${String(number ?? 0)} ${number === 1 ? one : many}`;
}

const inWords: Readonly<Record<RunStatus['status'], string>> = {
  requested: 'requested',
  extracting: 'reading the SSD',
  sending: 'sending',
  completed: 'completed',
  completedWithFailures: 'completed with failures',
  held: 'paused by a safety check',
  cancelled: 'cancelled',
  expired: 'expired without approval',
  unreadable: 'unreadable',
  unavailable: 'stopped, because DfE is unavailable',
  failed: 'failed',
  replaced: 'replaced by the next nightly run',
};

/** The outcome of a run, for a person. */
export function summaryOf(run: RunStatus): string {
  const { figures, terms, totals } = run;
  const seconds = (Date.parse(run.endedAt ?? run.requestedAt) - Date.parse(run.requestedAt)) / 1000;
  const lines = [
    `Run ${run.runId} for ${run.today}: ${inWords[run.status]} in ${seconds.toFixed(1)} s`,
    ...(run.explanation === undefined ? [] : [`  ${run.explanation}`]),
  ];
  if (terms !== undefined && terms.leftOut.length > 0) {
    lines.push(`  left out  by the settings: ${titlesOf(terms.leftOut.filter(isCategory))}`);
  }
  if (figures !== undefined) {
    const findings = Object.values(figures.findings).reduce((sum, number) => sum + number, 0);
    const byCouncil =
      figures.heldByCouncil === 0
        ? ''
        : ` (${String(figures.heldByCouncil)} by a rule that the council has changed)`;
    lines.push(
      `  SSD       ${String(figures.personsRead)} people in the age range, ${String(figures.cohort)} children in the cohort, ${String(figures.held)} held back${byCouncil}, ${String(findings)} findings`,
      `  changes   ${String(figures.new)} new, ${String(figures.updated)} changed, ${String(figures.unchanged)} unchanged, ${String(figures.leavers)} left, ${String(figures.refusedBefore)} refused before and unchanged`,
    );
  }
  if (totals !== undefined) {
    lines.push(
      `  sent      ${count(totals.chunks, 'batch', 'batches')} in ${count(totals.posts, 'POST', 'POSTs')}: ${String(totals.accepted)} accepted, ${String(totals.refused)} refused, ${String(totals.outstanding)} outstanding for the next run`,
    );
  }
  return lines.join('\n');
}

/** The outcome of the whole command; `run.json` of `--out`. */
export interface Outcome {
  /** True when every run completed. */
  readonly completed: boolean;
  readonly nights: readonly RunStatus[];
  readonly dfe: { readonly children: number; readonly statistics: DfeStatistics };
  readonly seconds: number;
  /** Of this process: app, database and simulated DfE; Azurite is another. */
  readonly peakMemoryMiB: number;
}

/** Writes `payloads.jsonl`, `staging.jsonl` and `run.json`. */
export async function writeOutcome(
  folder: string,
  outcome: Outcome,
  payloads: readonly object[],
  staging: readonly object[],
): Promise<void> {
  const lines = (records: readonly object[]) =>
    records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'payloads.jsonl'), lines(payloads));
  await writeFile(join(folder, 'staging.jsonl'), lines(staging));
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(outcome, null, 2)}\n`);
}
