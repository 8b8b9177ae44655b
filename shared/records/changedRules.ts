import { z } from 'zod';
import type { Severity } from '../child/findingRules.js';
import { ruleEffects, type RuleChanges } from '../child/rules/changedRules.js';
import type { OwnFigures } from './figures.js';
import { count } from './scalars.js';

/** A rule that the council had changed on the day of a run. A rule is any text: a later version may not have it. */
export const changedRuleSchema = z.object({
  rule: z.string(),
  effect: z
    .enum(ruleEffects)
    .describe(
      '`hold`: a child that the rule is about is not sent, and DfE keeps what it has; `silence`: what the rule finds is counted and not listed.',
    ),
  reason: z.string().describe("The council's own words."),
  since: z.string().describe('The first day on which it counts.'),
  until: z.string().optional().describe('The last day.'),
  count: count.describe('How many children it holds, or how many findings it silences, in this run.'),
});
export type ChangedRuleRecord = Readonly<z.output<typeof changedRuleSchema>>;

/** Every changed rule of a run, with what it did. */
export function changedRulesIn(changes: RuleChanges): ChangedRuleRecord[] {
  const counts = changes.counts();
  return changes.inForce.map((one) => ({ ...one, count: counts[one.rule] ?? 0 }));
}

/** The severity of what a rule finds in a run, as the council has changed it; `undefined` where it has not. */
export function changedSeverity(
  rule: string,
  changed: readonly ChangedRuleRecord[] = [],
): Severity | undefined {
  return changed.some((one) => one.rule === rule && one.effect === 'hold') ? 'child held' : undefined;
}

/** A few children are many percent of a small cohort. */
const fewHeld = 5;
const manyShare = 0.05;

/**
 * Whether the council's rules hold so many children that someone should look. It does not pause the run: the others would not be
 * sent either, and what DfE has of the held children is right until it is told otherwise.
 */
export function holdsMany({ heldByCouncil, cohort }: Pick<OwnFigures, 'heldByCouncil' | 'cohort'>): boolean {
  return heldByCouncil > fewHeld && heldByCouncil > cohort * manyShare;
}
