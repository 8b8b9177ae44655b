import { createHash } from 'node:crypto';
import { addToDate, type PlainDate } from '../../shared/child/dates.js';
import type { Figures } from '../../shared/records/figures.js';
import type { Plan } from '../../shared/records/plan.js';
import type { Result } from '../../shared/records/result.js';
import type { RunId } from '../../shared/records/runId.js';
import type { Summary } from '../../shared/records/summary.js';
import type { RunStore } from '../../shared/records/runStore.js';

/** What a past night came to. */
interface PastNight {
  /** How many nights ago. */
  readonly ago: number;
  readonly status: Summary['status'];
  readonly accepted: number;
  readonly refused: number;
  readonly outstanding: number;
  /** Writes the results of its chunks as well, 100 children each. */
  readonly withResults?: boolean;
}

const dayMs = 24 * 60 * 60_000;
const perChunk = 100;

/** Writes the records of a night as the app writes them, without payloads. `today` is the date of the night 0 ago. */
export async function writePastNight(
  night: PastNight,
  today: PlainDate,
  now: Date,
  runs: RunStore,
): Promise<RunId> {
  const { ago, status, accepted, refused, outstanding } = night;
  const at = new Date(now.getTime() - ago * dayMs);
  const runId = idAt(at);
  const requestedAt = at.toISOString();
  const date = addToDate(today, { days: -ago });
  const children = accepted + refused + outstanding;
  const chunks = Math.ceil(children / perChunk);
  const asked = {
    runId,
    trigger: 'timer',
    requestedAt,
    requestedBy: 'timer',
    today: date,
    scope: 'outstanding',
  } as const;
  await runs.request.create(asked);
  await runs.progress.write(runId, {
    rangesDone: 90,
    ranges: 90,
    personsRead: 52_000,
    cohort: 45_000,
    toSend: children,
  });
  await runs.plan.create(
    runId,
    planOf(requestedAt, chunks, figuresOf(children, idAt(new Date(at.getTime() - dayMs)))),
  );
  const totals = { chunks, posts: chunks, accepted, refused, outstanding, superseded: 0 };
  if (night.withResults === true) {
    for (let chunk = 1; chunk <= chunks; chunk += 1) {
      await runs.result.create(
        runId,
        resultOf(runId, chunk, requestedAt, Math.round((refused / children) * perChunk)),
      );
    }
  }
  const endedAt = new Date(at.getTime() + 25 * 60_000).toISOString();
  await runs.summary.create(runId, { status, endedAt, totals });
  return runId;
}

function idAt(at: Date): RunId {
  const time = at.toISOString().replace(/[-:.]/g, '');
  return `${time}-${createHash('sha256').update(time).digest('hex').slice(0, 6)}`;
}

const findings = { 'upn-shape': 412, 'postcode-shape': 96, 'date-missing': 31, 'child-id': 2 };

function figuresOf(toSend: number, before: RunId): Figures {
  return {
    personsRead: 52_000,
    cohort: 45_000,
    held: 2,
    new: Math.round(toSend / 10),
    updated: toSend - Math.round(toSend / 10),
    unchanged: 45_000 - toSend,
    leavers: 7,
    withdrawn: 0,
    refusedBefore: 12,
    toSend,
    namedNotFound: 0,
    sentInTwoSteps: 0,
    olderReferralsOpen: 0,
    olderReferralsClosedInWindow: 0,
    olderReferralsWithItemInWindow: 0,
    heldByCouncil: 0,
    idChurn: {},
    ssdRows: { ssd_person: 52_000 },
    findings,
    findingsBySeverity: { 'value left out': 508, 'item left out': 31, 'child held': 2 },
    sinceRunBefore: {
      runId: before,
      new: { 'upn-shape': 3 },
      stillThere: findings,
      mended: { 'flag-unknown': 5 },
    },
  };
}

function planOf(plannedAt: string, chunks: number, figures: Figures): Plan {
  return {
    plannedAt,
    attempt: 'a1',
    chunks,
    lanes: 4,
    windowStart: '2026-04-01',
    receiver: { receiver: 'test', baseUrl: 'https://dfe.invalid' },
    stagingTable: 'ssd_api_data_staging',
    figures,
    cohortReport: {
      ageGate: {
        persons: 60_000,
        passed: 52_000,
        tooOld: 8_000,
        bornAfterWindow: 0,
        withoutDates: 0,
        expectedOutsideWindow: 0,
        withoutId: 0,
      },
      sets: {},
      inNoSet: 7_000,
    },
    objections: [],
    held: false,
    dryRun: false,
  };
}

const reasons = [
  '400: child_details.postcode: must be a postcode',
  '400: child_details.unique_pupil_number: must be 13 characters',
  '422: the record is not accepted',
];

function resultOf(runId: RunId, chunk: number, recordedAt: string, refused: number): Result {
  const children = Array.from({ length: perChunk }, (_, index) => {
    const personId = String(1_000_000 + chunk * perChunk + index);
    const about = { personId, hash: createHash('sha256').update(personId).digest('hex') };
    if (index >= refused) return { ...about, outcome: 'accepted', receipt: `receipt-${personId}` } as const;
    const reason = reasons[index % reasons.length] ?? '';
    return { ...about, outcome: 'refused', reason, mayHold: false, claimId: runId } as const;
  });
  return { chunk, recordedAt, posts: 1 + refused, children };
}
