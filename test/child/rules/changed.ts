import { plainDate } from '../../../shared/child/dates.js';
import type { RuleCode } from '../../../shared/child/rules/catalogue.js';
import type { ChangedRule } from '../../../shared/child/rules/changedRules.js';

/** A rule that holds its children on every day since. */
export function holding(rule: RuleCode, more: Partial<ChangedRule> = {}): ChangedRule {
  return { rule, effect: 'hold', reason: 'agreed', since: plainDate('2026-01-01'), ...more };
}

/** A rule that is silenced on every day since. */
export function silencing(rule: RuleCode, more: Partial<ChangedRule> = {}): ChangedRule {
  return { ...holding(rule, more), effect: 'silence' };
}
