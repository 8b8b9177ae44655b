import type { PlainDate } from '../dates.js';
import type { FindingRule } from '../findingRules.js';
import type { Finding } from '../findings.js';
import type { RuleCode } from './catalogue.js';

/*
 * What DfE would ask about is sent as it is. How serious a rule is, is the council's to say: it may hold the children that a
 * rule is about, or silence the rule. A held child is neither sent nor removed: DfE keeps what it has. Nothing else that
 * is wrong in a value holds a child.
 */

export const ruleEffects = ['hold', 'silence'] as const;
export type RuleEffect = (typeof ruleEffects)[number];

/** A rule that the council has changed. */
export interface ChangedRule {
  readonly rule: RuleCode;
  readonly effect: RuleEffect;
  /** In the council's own words. */
  readonly reason: string;
  /** The first day on which it counts, and the last; without a last day until the council takes it back. */
  readonly since: PlainDate;
  readonly until?: PlainDate | undefined;
}

export function hasRunOut({ until }: ChangedRule, today: PlainDate): boolean {
  return until !== undefined && until < today;
}

/** The changed rules that count on a day. */
export function changedOn(today: PlainDate, changed: readonly ChangedRule[]): readonly ChangedRule[] {
  return changed.filter((one) => one.since <= today && !hasRunOut(one, today));
}

/** Findings as the council's rules make them. */
interface Judged {
  readonly findings: readonly Finding[];
  /** The rules that hold the child; none when it is sent. */
  readonly holding: ReadonlySet<FindingRule>;
  /** The rule of each finding that is not recorded. */
  readonly silenced: readonly FindingRule[];
}

/** @param changed the rules that count on the day of the run */
export function judged(findings: readonly Finding[], changed: readonly ChangedRule[]): Judged {
  const effects = new Map<FindingRule, RuleEffect>(changed.map(({ rule, effect }) => [rule, effect]));
  const holding = new Set<FindingRule>();
  const silenced: FindingRule[] = [];
  const recorded = findings.flatMap((finding): Finding[] => {
    switch (effects.get(finding.rule)) {
      case 'hold':
        holding.add(finding.rule);
        return [{ ...finding, severity: 'child held' }];
      case 'silence':
        silenced.push(finding.rule);
        return [];
      case undefined:
        return [finding];
    }
  });
  return { findings: recorded, holding, silenced };
}

/**
 * Judges the findings of a run, and counts: by rule, the children it holds or the findings it silences. A child that is not sent
 * for another reason is not counted as held by a rule.
 */
export class RuleChanges {
  readonly inForce: readonly ChangedRule[];
  readonly #counts: Map<string, number>;

  /** @param before the counts of the attempt that this one continues */
  constructor(inForce: readonly ChangedRule[], before: Readonly<Record<string, number>> = {}) {
    this.inForce = inForce;
    this.#counts = new Map(Object.entries(before));
  }

  /** @param findings about one child, or about none */
  judge(findings: readonly Finding[]): { readonly findings: readonly Finding[]; readonly isHeld: boolean } {
    const { findings: recorded, holding, silenced } = judged(findings, this.inForce);
    this.#count([...holding, ...silenced]);
    return { findings: recorded, isHeld: holding.size > 0 };
  }

  /** @param findings about one child that is not sent whatever the rules say */
  judgeHeldAnyway(findings: readonly Finding[]): readonly Finding[] {
    const { findings: recorded, silenced } = judged(findings, this.inForce);
    this.#count(silenced);
    return recorded;
  }

  #count(rules: readonly FindingRule[]): void {
    for (const rule of rules) this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
