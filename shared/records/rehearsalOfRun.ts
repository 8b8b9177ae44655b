import { addToDate, type PlainDate } from '../child/dates.js';
import { aYearBefore, monthOf } from '../child/rehearsal/days.js';
import type { FiguresOfDay } from '../child/rehearsal/rehearsal.js';
import { planToCompareWith } from './findingsOfRun.js';
import type { RehearsalRecord } from './rehearsal.js';
import type { Plan } from './plan.js';
import { dateIn, idsFrom, type RunId } from './runId.js';
import type { RunStore } from './runStore.js';

/** The figures of one run for one day. */
export interface RehearsalColumn {
  readonly runId: RunId;
  /** The date of the run. */
  readonly today: PlainDate;
  readonly day: PlainDate;
  /** How many children were counted. */
  readonly children: number;
  readonly figures: FiguresOfDay;
}

/** The figures of a run for a day, next to those of two earlier runs. */
export interface ComparedRehearsal {
  /** The days that the run has figures for, the earliest first. */
  readonly days: readonly PlainDate[];
  readonly now: RehearsalColumn;
  /** The run of a month before, for the same day. */
  readonly monthBefore: RehearsalColumn | undefined;
  /**
   * The run of a year before, for the day one year earlier; it may have been deleted since, its figures stay. Without
   * one, what this run says of that day.
   */
  readonly yearBefore: RehearsalColumn | undefined;
}

/** The run kept no figures for the day that was asked for. */
export interface DayNotKept {
  readonly runId: RunId;
  readonly days: readonly PlainDate[];
}

/**
 * The figures of a run that has read the SSD, or why there are none.
 * @param day as it was asked for; without one the last day that the run has, which is the next 31 March
 */
export async function rehearsalOfRun(
  { runId, plan: { attempt } }: { readonly runId: RunId; readonly plan: Plan },
  day: string | undefined,
  runs: RunStore,
): Promise<ComparedRehearsal | DayNotKept | 'no figures'> {
  const kept = await runs.rehearsal.readable({ runId, attempt });
  const days = kept?.days.map((one) => one.day) ?? [];
  const wanted = day ?? days.at(-1);
  if (kept === undefined || wanted === undefined) return 'no figures';
  const now = columnOf(runId, kept, wanted);
  if (now === undefined) return { runId, days };
  const ids = await runs.runIds();
  const dayBefore = aYearBefore(now.day);
  const [monthBefore, yearBefore] = await Promise.all([
    columnAMonthBefore(runId, ids, now.day, runs),
    columnAYearBefore(now.today, dayBefore, runs),
  ]);
  return { days, now, monthBefore, yearBefore: yearBefore ?? columnOf(runId, kept, dayBefore) };
}

/** How much older a run of a month before must be, and how much older it may be, in days. */
const aMonth = { least: 28, most: 60 };

/** Several runs in a row may be dry runs, or have been paused. */
const mostRunsRead = 10;

/** The newest run of about a month before that read the SSD to its end and has figures for the day. */
async function columnAMonthBefore(
  later: RunId,
  ids: readonly RunId[],
  day: PlainDate,
  runs: RunStore,
): Promise<RehearsalColumn | undefined> {
  const from = idsOn(addToDate(dateIn(later), { days: -aMonth.most }));
  const before = idsOn(addToDate(dateIn(later), { days: 1 - aMonth.least }));
  const ofAge = ids.filter((runId) => runId >= from && runId < before);
  for (const runId of ofAge.slice(0, mostRunsRead)) {
    const plan = await planToCompareWith(runId, runs);
    const kept = plan && (await runs.rehearsal.readable({ runId, attempt: plan.attempt }));
    const column = kept && columnOf(runId, kept, day);
    if (column !== undefined) return column;
  }
  return undefined;
}

/** The last run of a month that is a year old or up to two months older, and has figures for the day. */
async function columnAYearBefore(
  today: PlainDate,
  day: PlainDate,
  runs: RunStore,
): Promise<RehearsalColumn | undefined> {
  const latest = addToDate(today, { years: -1 });
  for (const months of [0, -1, -2]) {
    const kept = await runs.rehearsalOfMonth.readable(monthOf(addToDate(latest, { months })));
    const column = kept && kept.today <= latest ? columnOf(kept.runId, kept, day) : undefined;
    if (column !== undefined) return column;
  }
  return undefined;
}

/** The first characters of the ids of runs that were requested on a date of UTC. */
function idsOn(date: PlainDate): string {
  return idsFrom(new Date(date));
}

function columnOf(
  runId: RunId,
  { today, children, days }: RehearsalRecord,
  day: string,
): RehearsalColumn | undefined {
  const kept = days.find((one) => one.day === day);
  return kept && { runId, today, children, ...kept };
}
