import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { approveRun, cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import type { RunStore } from '../../shared/records/runStore.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { killedAt } from './interference.js';
import { aWorld, byHand, nightly, type Dependencies } from './world.js';
import { aPausedRun, decider } from './pausedRun.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('an approval', () => {
  test('is too late when the run is cancelled or expires at that moment, and nothing is sent', async () => {
    for (const cause of ['decision', 'expiry'] as const) {
      const { runId, dependencies: held } = await aPausedRun(world);
      const before = world.dfe.children();
      const { runs } = held;
      const cancelledBefore: RunStore['approval'] = {
        ...runs.approval,
        create: async (...wanted) => {
          await runs.cancellation.create(runId, { at: '2026-08-11T02:00:00.000Z', by: 'somebody', cause });
          return runs.approval.create(...wanted);
        },
      };
      const dependencies = { ...held, runs: { ...runs, approval: cancelledBefore } };
      assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late', cause);
      await world.ticks(held);
      assert.equal((await statusOf(runId, held)).totals?.posts, 0);
      assert.deepEqual(world.dfe.children(), before);
      world.later(24 * 60);
    }
  });
});

describe('a paused run', () => {
  test('has sent nothing, and says why and what to do', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    const held = world.dfe.children();
    const status = await statusOf(runId, dependencies);
    assert.match(status.explanation ?? '', /The SSD has no child of the cohort/);
    assert.match(status.explanation ?? '', new RegExp(`POST /api/runs/${runId}/approval`));
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['emptyCohort', 'ssdShrunk'],
    );
    assert.deepEqual(world.dfe.children(), held);
    const states = new Set((await world.stagingRows()).map((row) => row['submission_status']));
    assert.ok(!states.has('Pending') && !states.has('Error'));
  });

  test('lets no other run begin until someone approves or cancels it', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    assert.deepEqual(await requestRun(byHand, dependencies), { outcome: 'busy', runId });
  });

  test('that is approved sends just what it had planned', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    const before = world.dfe.children().length;
    await world.approve(runId, dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.accepted, before);
    assert.deepEqual(world.dfe.children(), []);
    assert.equal(status.approval?.by, 'a person');
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
  });

  test('that is approved and then loses its messages is completed at a later check', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    await approveRun(runId, decider, dependencies);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), []);
  });

  test('that is cancelled ends, and the next run finds everything as it was', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    const held = world.dfe.children();
    await cancelRun(runId, decider, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'cancelled');
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
    const next = world.dependencies('first');
    const status = await statusOf(await world.run(next, byHand), next);
    assert.equal(status.figures?.toSend, 0);
    assert.deepEqual(world.dfe.children(), held);
  });

  test('ends when no one approves it in time', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'held');
    world.later(21 * 60);
    await resumeStalledRuns(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'expired');
  });

  for (const moment of ['before', 'after'] as const) {
    test(`ends even when it is killed ${moment} any write while it is approved, cancelled or expiring`, async () => {
      for (const decide of [
        (runId: string, dependencies: Dependencies) => world.approve(runId, dependencies),
        (runId: string, dependencies: Dependencies) => cancelRun(runId, decider, dependencies),
        async (_: string, dependencies: Dependencies) => {
          world.later(21 * 60);
          await resumeStalledRuns(dependencies);
        },
      ]) {
        for (let nth = 1; nth <= 4; nth += 1) {
          await world.fresh();
          const { runId } = await aPausedRun(world);
          const dying = world.dependencies('empty', {}, killedAt(nth, moment));
          await decide(runId, dying).catch(() => undefined);
          world.later(21 * 60);
          await world.ticks(world.dependencies('empty'));
          const status = await statusOf(runId, world.dependencies('empty'));
          assert.ok(
            status.endedAt !== undefined,
            `${status.status} after a kill ${moment} write ${String(nth)}`,
          );
        }
      }
    });
  }

  test('that would now go to another receiver than it was planned for sends nothing', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    const { posts } = world.dfe.statistics;
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    const decided = await approveRun(runId, decider, { ...dependencies, receiver });
    assert.ok(decided.outcome === 'too late' && decided.why.includes('another receiver'));
    await world.ticks(dependencies);
    assert.equal(world.dfe.statistics.posts, posts);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.match(status.explanation ?? '', /another receiver/);
  });

  test('ends when the nightly run is waiting for it', async () => {
    await world.run(world.dependencies('first'));
    const empty = world.dependencies('empty');
    const byHandId = await world.begin(empty, byHand);
    const next = world.dependencies('later');
    const nightId = await world.request(next);
    await extractRun(byHandId, empty);
    assert.equal((await statusOf(byHandId, empty)).status, 'held');
    await world.ticks(next);
    await world.ticks(next);
    assert.equal((await statusOf(byHandId, empty)).status, 'expired');
    assert.equal((await statusOf(nightId, next)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  describe('that the timer asked for, when the timer asks again on the same date', () => {
    const noon = new Date('2026-08-12T12:00:00Z');

    async function aRunPausedAt(time: Date) {
      const dayBefore = new Date(time.getTime() - 24 * 60 * 60_000);
      await world.run(world.dependencies('first', { now: () => dayBefore }));
      const telemetry = recordedTelemetry();
      const dependencies = world.dependencies('empty', { telemetry, now: () => time });
      const runId = await world.begin(dependencies);
      return { dependencies, runId, telemetry };
    }

    test('stays paused and can be approved: the second request is skipped, with its reason', async () => {
      const { dependencies, runId, telemetry } = await aRunPausedAt(noon);
      await extractRun(runId, dependencies);
      const again = { ...dependencies, now: () => new Date(noon.getTime() + 10 * 60 * 60_000) };
      assert.deepEqual(await requestRun(nightly, again), { outcome: 'busy', runId });
      await resumeStalledRuns(again);
      assert.deepEqual(
        telemetry.named('RunSkipped').map(({ dimensions }) => [dimensions.trigger, dimensions.reason]),
        [['timer', 'held']],
      );
      assert.equal((await statusOf(runId, dependencies)).status, 'held');
      await world.approve(runId, again);
      assert.equal((await statusOf(runId, dependencies)).status, 'completed');
      assert.deepEqual(world.dfe.children(), []);
    });

    test('stays paused also when the second request was already waiting for it', async () => {
      const { dependencies, runId } = await aRunPausedAt(noon);
      const waiting = await requestRun(nightly, dependencies);
      assert.equal(waiting.outcome, 'waits');
      await extractRun(runId, dependencies);
      await resumeStalledRuns(dependencies);
      assert.equal((await statusOf(runId, dependencies)).status, 'held');
      await world.approve(runId, dependencies);
      assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, [{ runId: waiting.runId }]);
    });

    test('ends when it is another date in London by then, though not in UTC', async () => {
      const { dependencies, runId } = await aRunPausedAt(new Date('2026-08-12T22:30:00Z'));
      await extractRun(runId, dependencies);
      const next = { ...dependencies, now: () => new Date('2026-08-12T23:30:00Z') };
      assert.equal((await requestRun(nightly, next)).outcome, 'started');
      assert.equal((await statusOf(runId, dependencies)).status, 'expired');
    });
  });

  test('ends when the next nightly run starts afresh', async () => {
    const { runId, dependencies } = await aPausedRun(world);
    world.later(24 * 60);
    const next = world.dependencies('later');
    const status = await statusOf(await world.run(next), next);
    assert.equal((await statusOf(runId, dependencies)).status, 'expired');
    assert.equal(status.status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('does not pause when it was approved as it was requested', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('empty');
    const runId = await world.run(dependencies, { ...byHand, approve: true });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.ok((status.objections?.length ?? 0) > 0);
    assert.deepEqual(world.dfe.children(), []);
  });

  test('with a small SSD is not what the next run is compared with', async () => {
    const { dependencies } = await aPausedRun(world);
    world.later(24 * 60);
    const again = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(again.status, 'held');
  });

  test('cannot be approved when it was never paused or does not exist', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
    const unknown = '20260101T000000000Z-000000';
    assert.equal((await approveRun(unknown, decider, dependencies)).outcome, 'unknown run');
    assert.equal((await cancelRun(unknown, decider, dependencies)).outcome, 'unknown run');
  });
});

describe('a safety check', () => {
  test('pauses a run whose SSD is being refreshed while it is read', async () => {
    const dependencies = world.dependencies('first');
    const { ssd } = dependencies;
    const atBegin = await ssd.rowCounts();
    const counts = [atBegin, { ...atBegin, ssd_address: 0 }];
    Object.defineProperty(ssd, 'rowCounts', { value: () => Promise.resolve(counts.shift()) });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /ssd_address/);
    assert.deepEqual(world.dfe.children(), []);
  });

  test('pauses a run whose SSD was refreshed in between, though its rows are as many as before', async () => {
    const dependencies = world.dependencies('first', { rangeSize: 1 });
    const { ssd } = dependencies;
    const asItIs = await ssd.rowCounts();
    let counted = 0;
    const rowCounts = () => {
      counted += 1;
      return Promise.resolve(counted === 3 ? { ...asItIs, ssd_cin_plans: 0 } : asItIs);
    };
    Object.defineProperty(ssd, 'rowCounts', { value: rowCounts });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /ssd_cin_plans/);
  });

  test('pauses a run that would send to another receiver than the one whose acknowledgements the table holds', async () => {
    await world.run(world.dependencies('first'));
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    const dependencies = world.dependencies('later', { receiver });
    const runId = await world.run(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /live\.example/);
    // Once it is approved, the table is that receiver's.
    await world.approve(runId ?? '', dependencies);
    const next = world.dependencies('later', { receiver });
    assert.equal((await statusOf(await world.run(next), next)).status, 'completed');
  });

  test('reports how many ids DfE holds, how many of them are gone and how many are new', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const { figures } = await statusOf(await world.run(dependencies), dependencies);
    assert.ok((figures?.idChurn['episodes']?.held ?? 0) > 10);
    const limits = { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 0 };
    const strict = world.dependencies('first', { guardLimits: limits });
    const status = await statusOf(await world.run(strict), strict);
    assert.equal(status.status, 'held');
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['idChurn'],
    );
  });
});
