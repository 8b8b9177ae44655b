import { createHash } from 'node:crypto';
import { z } from 'zod';
import { findingRules, isFindingRule, type FindingRuleText, type Severity } from '../child/findingRules.js';
import type { ChangedRuleRecord } from './changedRules.js';
import { noDeadline, readInTime, Rest, type Deadline } from './inTime.js';
import type { FindingFigures } from './figures.js';
import type { FindingRecord } from './findingRecord.js';
import type { Plan } from './plan.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';
import { isPaused, approvalOf } from './runState.js';

/** How a finding compares with an earlier run. `mended`: it was in the earlier run, and is no longer in this one. */
export type FindingState = 'new' | 'still there' | 'mended';

export interface ComparedFinding {
  readonly finding: FindingRecord;
  readonly state: FindingState;
}

/** A run, and the attempt at its extract that made its plan. */
interface ExtractAttempt {
  readonly runId: RunId;
  readonly attempt: string;
  /** The rules that the council had changed. */
  readonly changedRules?: readonly ChangedRuleRecord[] | undefined;
}

/**
 * Where a list of findings begins: at a range of children of the run, or, once those are listed, at one of the run before,
 * whose findings that are gone are listed.
 */
export const findingsPlaceSchema = z
  .string()
  .regex(/^(gone-)?[1-9]\d{0,8}$/, 'must be what the last line of the file before said');
export type FindingsPlace = z.output<typeof findingsPlaceSchema>;

interface Part {
  readonly from?: FindingsPlace | undefined;
  readonly deadline: Deadline;
}

/** The findings of a run, and those of the run that its plan compares it with that are gone; see `findingsOfRun`. */
export async function* findingsSinceRunBefore(
  runId: RunId,
  plan: Plan,
  runs: RunStore,
  part: Part,
): AsyncGenerator<ComparedFinding | Rest<FindingsPlace>, void, undefined> {
  const earlierId = plan.figures.sinceRunBefore.runId;
  const earlierPlan = earlierId === undefined ? undefined : await runs.plan.read(earlierId);
  const earlier =
    earlierId === undefined || earlierPlan === undefined
      ? undefined
      : { runId: earlierId, attempt: earlierPlan.attempt };
  const { attempt, changedRules } = plan;
  yield* findingsOfRun({ runId, attempt, changedRules }, earlier, runs, part);
}

/**
 * The findings of `current`, each new or still there, then those of `earlier` that are gone (`mended`). Two findings
 * are the same when rule, table, row id and column are the same; for rows without an id also the child and the parent
 * record must be the same. What `current` has silenced is not gone. When the time is over, the last item names the range that comes next.
 *
 * Both are read as they are asked for, one blob for some hundred children, and only a short hash of each finding is
 * kept: 100,000 take about 10 MB. The findings they are compared with are read completely each time.
 */
export async function* findingsOfRun(
  current: ExtractAttempt,
  earlier: ExtractAttempt | undefined,
  runs: RunStore,
  { from = '1', deadline }: Part,
): AsyncGenerator<ComparedFinding | Rest<FindingsPlace>, void, undefined> {
  const blobs = await runs.findings.names(current.runId, current.attempt);
  const blobsBefore = earlier === undefined ? [] : await runs.findings.names(earlier.runId, earlier.attempt);
  const isAtGone = from.startsWith(gone);
  const first = Number(from.replace(gone, ''));
  const read = (place: Place) => runs.findings.read(place.blob);

  if (!isAtGone) {
    const before = await identitiesIn(blobsBefore, runs);
    for await (const findings of readInTime(placesFrom(first, blobs), read, deadline)) {
      if (findings instanceof Rest) {
        yield new Rest(String(findings.from.number));
        return;
      }
      for (const finding of findings) {
        yield { finding, state: before.has(identityOf(finding)) ? 'still there' : 'new' };
      }
    }
    if (blobsBefore.length > 0 && deadline.isOver()) {
      yield new Rest(`${gone}1`);
      return;
    }
  }
  const now = await identitiesIn(blobs, runs);
  const silenced = new Set(
    current.changedRules?.flatMap(({ rule, effect }) => (effect === 'silence' ? [rule] : [])),
  );
  for await (const findings of readInTime(placesFrom(isAtGone ? first : 1, blobsBefore), read, deadline)) {
    if (findings instanceof Rest) {
      yield new Rest(`${gone}${String(findings.from.number)}`);
      return;
    }
    for (const finding of findings) {
      if (!silenced.has(finding.rule) && !now.has(identityOf(finding))) yield { finding, state: 'mended' };
    }
  }
}

const gone = 'gone-';

interface Place {
  readonly blob: string;
  /** From 1. */
  readonly number: number;
}

function placesFrom(first: number, blobs: readonly string[]): Place[] {
  return blobs.map((blob, index) => ({ blob, number: index + 1 })).slice(first - 1);
}

async function identitiesIn(blobs: readonly string[], runs: RunStore): Promise<Set<string>> {
  const identities = new Set<string>();
  for await (const findings of readInTime(blobs, (blob) => runs.findings.read(blob), noDeadline)) {
    if (findings instanceof Rest) break;
    for (const finding of findings) identities.add(identityOf(finding));
  }
  return identities;
}

/** Counts the findings that the extract of a run has written, and compares them with those of an earlier run. */
export async function findingFigures(
  current: ExtractAttempt,
  earlier: ExtractAttempt | undefined,
  runs: RunStore,
): Promise<FindingFigures> {
  const findings = new Counts();
  const findingsBySeverity = new Counts();
  const states = { new: new Counts(), 'still there': new Counts(), mended: new Counts() };
  for await (const compared of findingsOfRun(current, earlier, runs, { deadline: noDeadline })) {
    if (compared instanceof Rest) throw new Error('The findings were not read to their end.');
    const { finding, state } = compared;
    states[state].add(finding.rule);
    if (state === 'mended') continue;
    findings.add(finding.rule);
    findingsBySeverity.add(severityOf(finding));
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
  return isFindingRule(rule) ? findingRules[rule] : goneRule;
}

/** What a finding means for its child: as the council had it in its run, otherwise as its rule says. */
export function severityOf({ rule, severity }: Pick<FindingRecord, 'rule' | 'severity'>): Severity {
  return severity ?? ruleTextOf(rule).severity;
}

const goneRule: FindingRuleText = {
  severity: 'remark',
  meaning: 'An earlier version of this system found it; this version no longer has the rule.',
  remedy: 'Nothing.',
};

/**
 * The newest earlier run that read the SSD to its end. A run that was paused is skipped unless it was approved: its
 * SSD was empty or half built, so every finding would look corrected, and be new again in the next run. A dry run is
 * skipped too: no safety check pauses it.
 */
export async function runBefore(
  runId: RunId,
  runs: RunStore,
): Promise<{ readonly runId: RunId; readonly plan: Plan } | undefined> {
  for (const earlier of await runs.runIds()) {
    if (earlier >= runId) continue;
    const plan = await planToCompareWith(earlier, runs);
    if (plan !== undefined) return { runId: earlier, plan };
  }
  return undefined;
}

/** The plan of a run that `runBefore` does not skip. */
export async function planToCompareWith(runId: RunId, runs: RunStore): Promise<Plan | undefined> {
  // What another version has written cannot be compared with, and must not stop the next run.
  const plan = await runs.plan.readable(runId);
  if (plan === undefined || plan.dryRun) return undefined;
  return isPaused(plan, await approvalOf(runId, plan, runs)) ? undefined : plan;
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

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
