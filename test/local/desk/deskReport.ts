import type { RunStatus } from '../../../shared/records/runStatus.js';
import { changedSeverity } from '../../../shared/records/changedRules.js';
import { ruleTextOf, severityOf } from '../../../shared/records/findingsOfRun.js';

/** What a run found in a council's own SSD, for its data analyst: numbers, and nothing about a child. */
export function deskReport({ figures, cohortReport, changedRules, warnings = [] }: RunStatus): string {
  if (figures === undefined || cohortReport === undefined) return '';
  const { ageGate, sets, inNoSet, unclear, cohortList, notOnAllowList } = cohortReport;
  const parts = [
    section('Who is in the cohort', [
      ['people in ssd_person', ageGate.persons],
      ['  in the age range', ageGate.passed],
      ['  too old', ageGate.tooOld],
      ['  born after the window', ageGate.bornAfterWindow],
      ['  no date of birth and no expected one', ageGate.withoutDates],
      ['  expected outside the window', ageGate.expectedOutsideWindow],
      ['  a date that decides cannot be read', ageGate.unreadableDates ?? 0],
      ['  no id', ageGate.withoutId],
      ...Object.entries(sets).map(([set, { on, letsIn, aloneLetsIn }]): Line => [
        `in the age range, by ${set}${on ? '' : ' (off)'}`,
        letsIn,
        `${String(aloneLetsIn)} by nothing else`,
      ]),
      ['in the age range, and in no set', inNoSet],
      ['unclear, by a value that is missing or cannot be read', unclear ?? 0],
      ...(notOnAllowList === undefined ? [] : [['not on COHORT_ALLOW_LIST_TABLE', notOnAllowList] as const]),
      ...(cohortList === undefined
        ? []
        : [
            ['in the cohort, and not on COHORT_LIST_TABLE', cohortList.inCohortAndNotListed] as const,
            ['on COHORT_LIST_TABLE, and not in the cohort', cohortList.listedAndNotInCohort] as const,
          ]),
      ['children in the cohort', figures.cohort],
    ]),
    section('What DfE would get', [
      ['new', figures.new],
      ['changed', figures.updated],
      ['removed, because they have left', figures.leavers],
      ['unchanged', figures.unchanged],
      ['held back, by a finding', figures.held],
    ]),
    section(
      'Findings by rule',
      Object.entries(figures.findings).map(([rule, count]): Line => {
        const severity = severityOf({ rule, severity: changedSeverity(rule, changedRules) });
        return [rule, count, `${severity}: ${ruleTextOf(rule).meaning}`];
      }),
    ),
    section(
      'Rows linked to the row they belong to',
      (figures.relations ?? [])
        .filter(({ rows }) => rows > 0)
        .map(({ relation, rows, withKey, found }): Line => [
          relation,
          found,
          `of ${String(rows)} rows, ${String(withKey)} with a value`,
        ]),
    ),
    ...warnings.map(({ table, column, found, remedy }) => `Warning: ${table}.${column}: ${found} ${remedy}`),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

type Line = readonly [name: string, count: number, more?: string];

function section(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const names = Math.max(...lines.map(([name]) => name.length));
  const counts = Math.max(...lines.map(([, count]) => String(count).length));
  return [
    title,
    ...lines.map(([name, count, more = '']) =>
      `  ${name.padEnd(names)}  ${String(count).padStart(counts)}  ${more}`.trimEnd(),
    ),
  ].join('\n');
}
