import { IdsByList } from '../child/draft.js';
import type { FillRates } from '../child/changes/fillRates.js';
import type { PlainDate } from '../child/dates.js';
import type { FindingRule } from '../child/findingRules.js';
import { windowOf, type WindowMonths } from '../child/window.js';
import { silentTables } from '../ssd/silentTables.js';
import type { Survey } from '../ssd/survey.js';
import { decidePerson, decidingBy, type DecidingDependencies } from './decidePerson.js';

/** What the records of a run would be like, and nothing about one child. */
export interface TriedChildren {
  readonly survey: Survey;
  readonly personsRead: number;
  readonly inCohort: number;
  readonly heldBack: number;
  readonly fill: FillRates;
  /** How often each was found. */
  readonly findings: ReadonlyMap<FindingRule, number>;
}

/** Reads and builds every child as a run would that has sent nothing before, and keeps nothing of it but the numbers. */
export async function tryChildren(
  today: PlainDate,
  {
    windowMonths,
    rangeSize,
    ...dependencies
  }: Omit<DecidingDependencies, 'changedRules'> & {
    readonly windowMonths: WindowMonths;
    readonly rangeSize: number;
  },
): Promise<TriedChildren> {
  const { ssd } = dependencies;
  const survey = await ssd.survey();
  const source = {
    window: windowOf(today, windowMonths),
    survey,
    absentTables: silentTables(survey, await ssd.missingTables()),
    lostItems: new IdsByList(),
  };
  // A profile is tried, whatever the council has said about rules.
  const by = decidingBy({ today }, source, undefined, undefined, { ...dependencies, changedRules: [] });
  const findings = new Map<FindingRule, number>();
  const count = (rule: FindingRule) => findings.set(rule, (findings.get(rule) ?? 0) + 1);
  for (const { rule } of await ssd.findingsOfUnassignedRows(survey)) count(rule);
  const about = { known: undefined, listed: undefined, allowed: undefined, isTwice: false };
  for (const range of await ssd.ranges(rangeSize)) {
    const { persons } = await ssd.read(range, 'SELECT 1 AS nothing');
    for (const person of persons) {
      for (const { rule } of decidePerson(person, about, by).findings) count(rule);
    }
  }
  return {
    survey,
    personsRead: by.cohort.passed,
    inCohort: by.figures.cohort,
    heldBack: by.figures.held,
    fill: by.fill.rates(),
    findings,
  };
}
