import { createHash } from 'node:crypto';
import { findingRules, type FindingRule, type FindingRuleText } from '../child/findings.js';
import type { FindingFigures, FindingRecord, Plan, RunId } from './runRecords.js';
import { unlessUnreadable, type RunStore } from './runStore.js';

/** How a finding stands against an earlier run. `mended`: it was in the earlier run, and is in this one no more. */
export type FindingState = 'new' | 'still there' | 'mended';

export interface ComparedFinding {
  readonly finding: FindingRecord;
  readonly state: FindingState;
}

/** A run, and the attempt at its extract that made its plan. */
export interface Extracted {
  readonly runId: RunId;
  readonly attempt: string;
}

/** Reads findings from the first to the last, anew at each call. */
export type Findings = () => AsyncIterable<FindingRecord>;

/**
 * The findings of `current` and whether they are new, then those of `earlier` that are mended. Two findings are the same
 * when rule, table, row id and column are the same; for rows without an id also the child and the parent record must be
 * the same.
 *
 * Both are read as they are asked for and only a short hash of each finding is kept: 100,000 take about 10 MB.
 */
export async function* compareFindings(
  current: Findings,
  earlier: Findings,
): AsyncGenerator<ComparedFinding, void, undefined> {
  const before = new Set<string>();
  for await (const finding of earlier()) before.add(identityOf(finding));
  const now = new Set<string>();
  for await (const finding of current()) {
    const identity = identityOf(finding);
    now.add(identity);
    yield { finding, state: before.has(identity) ? 'still there' : 'new' };
  }
  for await (const finding of earlier()) {
    if (!now.has(identityOf(finding))) yield { finding, state: 'mended' };
  }
}

/**
 * The findings of a run and what is mended since `earlier`, the run compared with.
 */
export function findingsOfRun(
  current: Extracted,
  earlier: Extracted | undefined,
  runs: RunStore,
): AsyncGenerator<ComparedFinding, void, undefined> {
  return compareFindings(
    () => runs.findings(current.runId, current.attempt),
    () => (earlier === undefined ? none() : runs.findings(earlier.runId, earlier.attempt)),
  );
}

/** The findings of a run and what is mended since the run that its plan compares them with. */
export async function findingsSinceRunBefore(
  runId: RunId,
  plan: Plan,
  runs: RunStore,
): Promise<AsyncGenerator<ComparedFinding, void, undefined>> {
  const earlierId = plan.figures.sinceRunBefore.runId;
  const earlierPlan = earlierId === undefined ? undefined : await runs.readPlan(earlierId);
  const earlier =
    earlierId === undefined || earlierPlan === undefined
      ? undefined
      : { runId: earlierId, attempt: earlierPlan.attempt };
  return findingsOfRun({ runId, attempt: plan.attempt }, earlier, runs);
}

/** Counts the findings that the extract of a run has written, and compares them with those of an earlier run. */
export async function findingFigures(
  current: Extracted,
  earlier: Extracted | undefined,
  runs: RunStore,
): Promise<FindingFigures> {
  const findings = new Counts();
  const findingsBySeverity = new Counts();
  const states = { new: new Counts(), 'still there': new Counts(), mended: new Counts() };
  for await (const { finding, state } of findingsOfRun(current, earlier, runs)) {
    states[state].add(finding.rule);
    if (state === 'mended') continue;
    findings.add(finding.rule);
    findingsBySeverity.add(ruleTextOf(finding.rule).severity);
  }
  return {
    findings: findings.all(),
    findingsBySeverity: findingsBySeverity.all(),
    sinceRunBefore: {
      ...(earlier === undefined ? {} : { runId: earlier.runId }),
      new: states.new.all(),
      stillThere: states['still there'].all(),
      mended: states.mended.all(),
    },
  };
}

/** What a rule means; a rule that this version no longer has says so. */
export function ruleTextOf(rule: string): FindingRuleText {
  return isRule(rule) ? findingRules[rule] : goneRule;
}

const goneRule: FindingRuleText = {
  severity: 'remark',
  meaning: 'An earlier version of this system found it; this version no longer has the rule.',
  remedy: 'Nothing.',
};

function isRule(rule: string): rule is FindingRule {
  return Object.hasOwn(findingRules, rule);
}

/**
 * The newest earlier run that read the SSD to its end. One that a guard held is passed over unless somebody approved
 * it: its SSD was empty or half built, everything would look mended, and be new again the night after. So is a dry run,
 * which no guard holds.
 */
export async function runBefore(
  runId: RunId,
  runs: RunStore,
): Promise<{ readonly runId: RunId; readonly plan: Plan } | undefined> {
  for (const earlier of await runs.runIds()) {
    if (earlier >= runId) continue;
    // What another version has written cannot be compared with, and must not keep the night from its run.
    const plan = await unlessUnreadable(runs.readPlan(earlier));
    if (plan === undefined || plan.dryRun) continue;
    if (!plan.held || (await runs.readApproval(earlier)) !== undefined) return { runId: earlier, plan };
  }
  return undefined;
}

/** 96 bits tell many more findings apart than there are. */
const identityBytes = 12;

function identityOf({ rule, table, rowId, column, childId, parentId }: FindingRecord): string {
  const whose = rowId === null ? [childId ?? null, parentId ?? null] : [];
  return createHash('sha256')
    .update(JSON.stringify([rule, table, rowId, column, ...whose]))
    .digest()
    .toString('base64', 0, identityBytes);
}

async function* none(): AsyncGenerator<FindingRecord, void, undefined> {
  // There is no run to compare with.
}

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
