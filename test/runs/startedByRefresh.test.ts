import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { londonDate } from '../../shared/child/dates.js';
import { runRequestSchema } from '../../shared/records/runRequest.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import type { Summary } from '../../shared/records/summary.js';
import { finishLostRun } from '../../shared/runs/finishRun.js';
import { requestRun, type NewRunRequest } from '../../shared/runs/requestRun.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';

const refresh: NewRunRequest = {
  trigger: 'http',
  startedBy: 'refresh',
  requestedBy: 'program of the refresh',
  scope: 'outstanding',
};
const timer: NewRunRequest = { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' };
const byHand: NewRunRequest = { trigger: 'http', requestedBy: 'a person', scope: 'outstanding' };

/** Requests at times of one's choice, and no database: nothing is read or sent. */
function someNights() {
  let time = new Date('2026-08-11T00:30:00Z');
  const runs = runStore(new MemoryBlobs(() => time));
  const telemetry = recordedTelemetry();
  const dependencies = (store: RunStore = runs) => ({
    runs: store,
    telemetry,
    now: () => time,
    today: () => londonDate(time),
    isStartedByRefresh: true,
    randomHex: () => randomBytes(3).toString('hex'),
  });
  return {
    runs,
    telemetry,
    dependencies,
    ask: (wanted: NewRunRequest, at: string) => {
      time = new Date(at);
      return requestRun(wanted, dependencies());
    },
    /** The id of the run that begins. */
    begun: async (wanted: NewRunRequest, at: string): Promise<RunId> => {
      time = new Date(at);
      const requested = await requestRun(wanted, dependencies());
      assert.equal(requested.outcome, 'started');
      return requested.message.runId;
    },
    end: async (runId: RunId, status: Summary['status']) => {
      const totals = { chunks: 0, posts: 0, accepted: 0, refused: 0, outstanding: 0, superseded: 0 };
      await runs.summary.create(runId, { status, endedAt: time.toISOString(), totals });
    },
    skipped: () =>
      telemetry.named('RunSkipped').map(({ dimensions }) => [dimensions.trigger, dimensions.reason]),
    stoodIn: () => telemetry.named('TimerStoodIn').map(({ dimensions }) => dimensions.runId),
  };
}

const already = (runId: RunId, startedBy: 'refresh' | undefined) => ({
  outcome: 'already',
  runId,
  startedBy,
});

describe('the timer, after the end of the refresh has started the run of the date', () => {
  test('does nothing while that run is going on, and once it has ended, and says so', async () => {
    const { begun, ask, end, skipped, stoodIn } = someNights();
    const runId = await begun(refresh, '2026-08-11T00:30:00Z');
    assert.deepEqual(await ask(timer, '2026-08-11T02:00:00Z'), already(runId, 'refresh'));
    await end(runId, 'completed');
    assert.deepEqual(await ask(timer, '2026-08-11T03:00:00Z'), already(runId, 'refresh'));
    assert.deepEqual(skipped(), [
      ['timer', 'refreshed'],
      ['timer', 'refreshed'],
    ]);
    assert.deepEqual(stoodIn(), []);
  });

  test('does nothing when a person has cancelled that run, or has asked for another one since', async () => {
    const { begun, ask, end } = someNights();
    const runId = await begun(refresh, '2026-08-11T00:30:00Z');
    await end(runId, 'cancelled');
    await end(await begun(byHand, '2026-08-11T01:00:00Z'), 'completed');
    assert.deepEqual(await ask(timer, '2026-08-11T02:00:00Z'), already(runId, 'refresh'));
  });

  test('does nothing while that run waits for one that a person has asked for', async () => {
    const { begun, ask, skipped } = someNights();
    const before = await begun(byHand, '2026-08-11T00:10:00Z');
    const waiting = await ask(refresh, '2026-08-11T00:30:00Z');
    assert.ok(waiting.outcome === 'waits' && waiting.behind === before);
    assert.deepEqual(await ask(refresh, '2026-08-11T00:31:00Z'), already(waiting.runId, 'refresh'));
    assert.deepEqual(await ask(timer, '2026-08-11T02:00:00Z'), already(waiting.runId, 'refresh'));
    assert.deepEqual(skipped(), [
      ['refresh', 'waits'],
      ['timer', 'refreshed'],
    ]);
  });

  for (const status of ['failed', 'unavailable'] as const) {
    test(`starts a run when that one ended as ${status}`, async () => {
      const { begun, end, stoodIn } = someNights();
      await end(await begun(refresh, '2026-08-11T00:30:00Z'), status);
      assert.deepEqual(stoodIn(), []);
      const runId = await begun(timer, '2026-08-11T02:00:00Z');
      assert.deepEqual(stoodIn(), [runId]);
    });
  }

  for (const [night, ended, due] of [
    ['when the clocks go back', '2026-10-24T23:30:00Z', '2026-10-25T02:00:00Z'],
    ['when the clocks go forward', '2026-03-29T00:30:00Z', '2026-03-29T02:00:00Z'],
  ] as const) {
    test(`does nothing in the night ${night}: the date is that of London`, async () => {
      const { begun, ask } = someNights();
      const runId = await begun(refresh, ended);
      assert.deepEqual(await ask(timer, due), already(runId, 'refresh'));
    });
  }

  test('starts its run when the refresh ended before midnight in London, which was another date', async () => {
    const { begun, end } = someNights();
    await end(await begun(refresh, '2026-08-10T22:59:00Z'), 'completed');
    await begun(timer, '2026-08-11T02:00:00Z');
  });
});

describe('the timer, when the call of the refresh was lost', () => {
  test('starts the run, and reports that it had to', async () => {
    const { begun, end, stoodIn, skipped } = someNights();
    await end(await begun(refresh, '2026-08-10T00:30:00Z'), 'completed');
    const runId = await begun(timer, '2026-08-11T02:00:00Z');
    assert.deepEqual(stoodIn(), [runId]);
    assert.deepEqual(skipped(), []);
  });

  test('reports nothing where no refresh starts runs', async () => {
    const { dependencies, stoodIn } = someNights();
    const requested = await requestRun(timer, { ...dependencies(), isStartedByRefresh: false });
    assert.equal(requested.outcome, 'started');
    assert.deepEqual(stoodIn(), []);
  });
});

describe('the end of the refresh', () => {
  test('gets the same run when it calls again, also twice at once', async () => {
    const { dependencies, runs, skipped } = someNights();
    const requested = await Promise.all(Array.from({ length: 4 }, () => requestRun(refresh, dependencies())));
    const [runId, ...more] = await runs.runIds();
    assert.ok(runId !== undefined && more.length === 0);
    assert.equal(requested.filter(({ outcome }) => outcome === 'started').length, 1);
    for (const each of requested) {
      if (each.outcome !== 'started') assert.deepEqual(each, already(runId, 'refresh'));
    }
    assert.deepEqual(skipped(), [], 'a repeated call is none that was skipped');
  });

  test('starts nothing when the timer has started the run of the date, and learns which', async () => {
    const { begun, ask, end, skipped } = someNights();
    const runId = await begun(timer, '2026-08-11T02:00:00Z');
    assert.deepEqual(await ask(refresh, '2026-08-11T02:10:00Z'), already(runId, undefined));
    await end(runId, 'completed');
    assert.deepEqual(await ask(refresh, '2026-08-11T04:00:00Z'), already(runId, undefined));
    assert.deepEqual(skipped(), [
      ['refresh', 'late'],
      ['refresh', 'late'],
    ]);
  });

  test('starts a run when the one of the timer has failed', async () => {
    const { begun, end } = someNights();
    await end(await begun(timer, '2026-08-11T02:00:00Z'), 'failed');
    await begun(refresh, '2026-08-11T04:00:00Z');
  });

  test('comes first when both ask at the same moment and its request is written first', async () => {
    const { runs, dependencies } = someNights();
    let first: RunId | undefined;
    // The timer has looked at the runs that there are, and has not yet written that it begins.
    const runIds = async () => {
      const found = await runs.runIds();
      if (first === undefined) {
        const requested = await requestRun(refresh, dependencies());
        assert.equal(requested.outcome, 'started');
        first = requested.message.runId;
      }
      return found;
    };
    const late = await requestRun(timer, dependencies({ ...runs, runIds }));
    assert.ok(first !== undefined);
    assert.deepEqual(late, already(first, 'refresh'));
    assert.equal((await runs.runIds()).length, 1);
  });

  test('has a run of its own on each date, whatever became of the one before', async () => {
    const { begun, ask, runs } = someNights();
    const yesterday = await begun(refresh, '2026-08-10T00:30:00Z');
    const next = await ask(refresh, '2026-08-11T00:30:00Z');
    assert.ok(next.outcome === 'waits' && next.behind === yesterday);
    const after = await ask(refresh, '2026-08-12T00:30:00Z');
    assert.ok(after.outcome === 'waits' || after.outcome === 'started');
    await finishLostRun(next.runId, { runs, now: () => new Date('2026-08-12T00:35:00Z') });
    assert.equal((await runs.summary.read(next.runId))?.status, 'replaced');
  });

  test('is read by the release before as a request through the HTTP API', async () => {
    const { begun, runs } = someNights();
    const request = await runs.request.read(await begun(refresh, '2026-08-11T00:30:00Z'));
    assert.deepEqual([request?.trigger, request?.startedBy], ['http', 'refresh']);
    const before = runRequestSchema.omit({ startedBy: true });
    assert.equal(before.parse(request).trigger, 'http');
  });
});
