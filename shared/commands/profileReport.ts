import type { SourceWarning } from '../records/sourceWarnings.js';
import type { TriedChildren } from '../runs/tryChildren.js';
import { findingRules } from '../child/findingRules.js';
import { count } from '../preflight/check.js';
import type { UnfitColumn } from '../ssd/columnTypes.js';
import type { ProfileFit } from '../ssd/profileFit.js';
import { columnsOfUses, valueUses, type ValueReading } from '../ssd/valueReadings.js';

/** What `npm run profile -- check` found, to be written for the analyst who makes the profile. */
interface CheckedProfile {
  readonly fit: ProfileFit;
  /** What the preflight says of absent tables and columns. */
  readonly absence: string;
  readonly unfit: readonly UnfitColumn[];
  readonly tried: TriedChildren;
  readonly warnings: readonly SourceWarning[];
}

interface Report {
  readonly text: string;
  /** How many lines say what to correct. What may be right, such as an attribute that a council does not record, is not counted. */
  readonly problems: number;
}

/** A value that fewer rows have is counted and not shown: it may be someone's own words, or a name. */
const fewestRowsShown = 10;
const mostShown = 20;
const longestShown = 60;

/** The SSD lacks what every run needs: only names can be reported. */
export function reportOnNeeded({ needed, likely }: ProfileFit): Report {
  const lines = [
    'The SSD does not have what every run needs, so nothing else was looked at:',
    ...needed.map((name) => `  ${name}`),
    ...likelyLines(likely),
  ];
  return { text: `${lines.join('\n')}\n`, problems: needed.length };
}

export function reportOn({ fit, absence, unfit, tried, warnings }: CheckedProfile): Report {
  const values = valueUses.flatMap((use) => {
    const reading = fit.readings.get(use);
    return reading === undefined || reading.values === 0 ? [] : [{ use, reading }];
  });
  // An involvement may rightly have a role that is not reported, and an identifier be of another type.
  const isList = (use: string) => ['uascStatuses', 'careWorkerRoles', 'formerUpnTypes'].includes(use);
  const unread = values.filter(({ use, reading }) => !isList(use) && shownOf(reading).length > 0);
  const complete = values.filter(({ reading }) => reading.others.length === 0);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [
      'NAMES',
      [
        ...absence.split('\n'),
        ...fit.wrongNames.map(
          (name) => `To correct: ${name} is in the profile, and the SSD has no such name.`,
        ),
        ...likelyLines(fit.likely),
      ],
    ],
    [
      'TYPES OF COLUMNS',
      unfit.length === 0
        ? ['Each can be read.']
        : unfit.map(
            ({ column, type, expected, effect }) =>
              `To correct: ${column} is ${type}, and ${expected} is expected: ${effect}.`,
          ),
    ],
    [
      'VALUES (in how many rows)',
      [
        `Every value is read: ${complete.length === 0 ? 'nowhere' : complete.map(({ use }) => use).join(', ')}.`,
        ...values
          .filter((one) => !complete.includes(one))
          .flatMap(({ use, reading }) => valueLines(use, reading, isList(use))),
      ],
    ],
    [
      'ENTRIES OF THE PROFILE THAT NO ROW HAS',
      fit.dead.length === 0 ? ['None.'] : fit.dead.map((entry) => `To correct or remove: ${entry}`),
    ],
    ['ROWS THAT FIND THE ROW THEY BELONG TO', relationLines(tried)],
    [
      'FILL RATES (records that have the attribute, of those that could)',
      Object.entries(tried.fill)
        .filter(([, { of }]) => of > 0)
        .map(
          ([path, { filled, of }]) =>
            `${percentOf(filled, of).padStart(5)}  ${path} (${String(filled)} of ${String(of)})`,
        ),
    ],
    ['FINDINGS OF A RUN (docs/findings.md explains each)', findingLines(tried)],
    [
      'WARNINGS',
      warnings.length === 0
        ? ['None.']
        : warnings.flatMap(({ kind, found, remedy }) => [
            `${kind === 'notFilled' ? 'Perhaps to correct' : 'To correct'}: ${found}`,
            `  ${remedy}`,
          ]),
    ],
  ];
  const problems =
    fit.wrongNames.length +
    fit.likely.length +
    unfit.length +
    unread.length +
    fit.dead.length +
    warnings.filter(({ kind }) => kind !== 'notFilled').length;
  const people = `${String(tried.personsRead)} people in the age range, ${String(tried.inCohort)} in the cohort, ${String(tried.heldBack)} held back.`;
  const text = [
    people,
    ...sections.map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n')),
  ];
  return { text: `${text.join('\n\n')}\n`, problems };
}

function likelyLines(likely: ProfileFit['likely']): string[] {
  return likely.map(({ table, column, name }) => {
    if (column === undefined) {
      return `To correct: the SSD has no ${table}. Is it ${name}? Then: "tableNames": { "${table}": "${name}" }`;
    }
    const then = `Then: "columnNames": { "${table}": { "${column}": "${name}" } }`;
    return name.toLowerCase() === column
      ? `To correct: the profile has another name for ${table}.${column}, and the SSD has this one. Is it the same? ${then}`
      : `To correct: the SSD has no ${table}.${column}. Is it ${name}? ${then}`;
  });
}

function shownOf({ others }: ValueReading): ValueReading['others'] {
  return others.filter(({ rows }) => rows >= fewestRowsShown).slice(0, mostShown);
}

function valueLines(use: (typeof valueUses)[number], reading: ValueReading, isList: boolean): string[] {
  const { table, columns } = columnsOfUses[use];
  const { values, read, others } = reading;
  const head = `${use} (${table}.${columns.join(', ')}): ${String(read)} of ${String(values)} ${isList ? 'are in the list' : 'are read'}.`;
  const shown = shownOf(reading);
  const rest = others.filter((one) => !shown.includes(one));
  return [
    head,
    ...shown.map(
      ({ text, rows }) => `  ${isList ? 'Not in the list' : 'To correct'}: ${plain(text)} (${String(rows)})`,
    ),
    ...(rest.length === 0
      ? []
      : [
          `  Not shown: ${count(rest.length, 'other value')}, in ${count(
            rest.reduce((sum, { rows }) => sum + rows, 0),
            'row',
          )}.`,
        ]),
  ];
}

/** On one line, without signs that a terminal obeys. */
function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line;
}

function relationLines({ survey }: TriedChildren): string[] {
  const withRows = survey.relations.filter(({ rows }) => rows > 0);
  const partly = withRows.filter(({ rows, found }) => found < rows);
  return [
    `Every row does in ${String(withRows.length - partly.length)} of ${String(withRows.length)} relations.`,
    ...partly.map(
      ({ relation, rows, found }) =>
        `${percentOf(found, rows).padStart(5)}  ${relation} (${String(found)} of ${String(rows)})`,
    ),
  ];
}

function findingLines({ findings }: TriedChildren): string[] {
  if (findings.size === 0) return ['None.'];
  return [...findings]
    .sort(([, one], [, other]) => other - one)
    .map(([rule, count]) => `${String(count).padStart(6)}  ${rule}: ${findingRules[rule].meaning}`);
}

function percentOf(part: number, of: number): string {
  const percent = (100 * part) / of;
  return `${percent > 0 && percent < 1 ? '< 1' : String(Math.floor(percent))} %`;
}
