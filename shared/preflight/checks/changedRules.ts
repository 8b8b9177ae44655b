import type { PlainDate } from '../../child/dates.js';
import { changedOn, hasRunOut, type ChangedRule } from '../../child/rules/changedRules.js';
import { list, pass, shortMs, warn, type Check } from '../check.js';

export const changedRules = {
  name: 'changedRules',
  limitMs: shortMs,
  look: ({ changedRules: changed, today: todayOf }) => {
    const today = todayOf();
    const found = foundOn(today, changed);
    const runOut = changed.filter((one) => hasRunOut(one, today));
    if (runOut.length === 0) return pass(found);
    const ended = list(runOut.map(({ rule, until = '' }) => `${rule} (until ${until})`));
    return warn(
      `${found} No longer changed, because the last day has passed: ${ended}.`,
      'This does not stop a run. Take what has run out off the list in the file of RULES_FILE, or give it a later last day (docs/findings.md, "Change a rule").',
    );
  },
  remedy: 'Correct the file that RULES_FILE names (docs/findings.md, "Change a rule").',
} as const satisfies Check;

function foundOn(today: PlainDate, changed: readonly ChangedRule[]): string {
  const inForce = changedOn(today, changed);
  const of = (wanted: ChangedRule['effect']) =>
    inForce.flatMap(({ rule, effect }) => (effect === wanted ? [rule] : []));
  const later = changed.flatMap(({ rule, since }) => (since > today ? [`${rule} (from ${since})`] : []));
  const named = [
    { what: 'Rules that hold a child', rules: of('hold') },
    { what: 'Silenced rules', rules: of('silence') },
    { what: 'Changed from a later day', rules: later },
  ].flatMap(({ what, rules }) => (rules.length === 0 ? [] : [`${what}: ${list(rules)}.`]));
  return named.length === 0 ? 'The council has changed no rule (RULES_FILE).' : named.join(' ');
}
