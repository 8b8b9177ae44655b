import { isUnreadable } from '../cells.js';
import { PartlyKnown, unknown, type Drafted, type Maybe } from '../draft.js';
import { classOf } from '../findings.js';
import { within } from '../inTime.js';
import type { Building } from './building.js';
import { byTexts } from '../ordering.js';
import type { Child } from '../payload.js';
import type { PersonRows } from '../sourceRows.js';

type Health = NonNullable<Child['health_and_wellbeing']>;
type Score = Health['sdq_assessments'][number];

const inOrder = byTexts<Score>(
  ({ date }) => date,
  ({ score }) => String(score).padStart(2, '0'),
);

/** The Strengths and Difficulties scores completed in the window, by date (attributes 45 and 46). */
export function healthOf(rows: PersonRows, { rules, values }: Building): Maybe<Drafted<Health>> {
  if (rules.absentTables.has('ssd_sdq_scores')) return unknown;
  const scores = new Map<string, Score>();
  let isComplete = true;
  for (const row of rows.ssd_sdq_scores) {
    const { csdq_sdq_completed_date: date } = row;
    const source = values.places.of('ssd_sdq_scores', row);
    if (date === null || isUnreadable(date)) {
      if (date === null) values.leaveOut('date-missing', source, 'csdq_sdq_completed_date', classOf(null));
      else values.unreadable(date, source, 'csdq_sdq_completed_date');
      isComplete = false;
      continue;
    }
    if (within(rules.window, date) === 'no') {
      values.outOfScope('ssd_sdq_scores', 'outsideWindow', row);
      continue;
    }
    const score = values.sdqScore(row.csdq_sdq_score, source, 'csdq_sdq_score');
    if (score === undefined) values.leaveOut('sdq-score', source, 'csdq_sdq_score', classOf(null));
    if (score === undefined || score === unknown) isComplete = false;
    else {
      const key = `${date} ${String(score)}`;
      if (scores.has(key)) values.outOfScope('ssd_sdq_scores', 'sameAsAnother', row);
      scores.set(key, { date, score });
    }
  }
  const known = [...scores.values()].sort(inOrder);
  if (isComplete) return known.length > 0 ? { sdq_assessments: known, purge: false } : undefined;
  const merged = new PartlyKnown((held) => {
    const knownScores = new Set(known.map((score) => JSON.stringify(score)));
    return [...held.filter((one) => !knownScores.has(JSON.stringify(one))), ...known].sort(byDateOfScore);
  });
  return { sdq_assessments: merged, purge: false };
}

function byDateOfScore(a: unknown, b: unknown): number {
  return byTexts<unknown>(
    (score) => attributeOf(score, 'date'),
    (score) => attributeOf(score, 'score').padStart(2, '0'),
  )(a, b);
}

function attributeOf(score: unknown, attribute: 'date' | 'score'): string {
  const value: unknown =
    typeof score === 'object' && score !== null ? Reflect.get(score, attribute) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
