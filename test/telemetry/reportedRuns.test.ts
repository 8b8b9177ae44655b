import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { reportNewestRuns, reportRun } from '../../shared/telemetry/reportRun.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { recordedTelemetry } from './recordedTelemetry.js';
import type { Interference } from '../runs/interference.js';
import { world, aRecordedRun } from './aRecordedRun.js';

describe('what became of a run', () => {
  /** A run that a guard holds: nobody is left in the SSD. */
  async function aPausedRun() {
    await world.run(world.dependencies('first'));
    world.later(24 * 60);
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('empty', { telemetry });
    const runId = await world.run(dependencies);
    assert.ok(runId !== undefined);
    return { telemetry, dependencies, runId };
  }

  test('is reported when a safety check pauses it, with the checks that did, and again when it ends', async () => {
    const { telemetry, dependencies, runId } = await aPausedRun();
    const [held, ...others] = telemetry.named('RunHeld');
    assert.deepEqual(others, []);
    const plan = await dependencies.runs.plan.read(runId);
    assert.equal(held?.dimensions.guards, plan?.objections.map(({ guard }) => guard).join(','));
    assert.equal(held?.measurements.leavers, plan?.figures.leavers);
    await cancelRun(runId, { by: 'a person' }, dependencies);
    await reportRun(runId, dependencies);
    assert.deepEqual(
      telemetry.named('RunFailed').map(({ dimensions }) => dimensions.status),
      ['cancelled'],
    );
    assert.equal(telemetry.named('RunHeld').length, 1);
  });

  test('is reported when it fails before it has a plan', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies);
    await cancelRun(runId, { by: 'a person' }, dependencies);
    await reportRun(runId, dependencies);
    const [failed] = telemetry.named('RunFailed');
    assert.equal(failed?.measurements.cohort, undefined);
    assert.equal(failed?.measurements.accepted, 0);
  });

  test('is reported once, however often reporting is tried', async () => {
    const { telemetry, dependencies, runId } = await aRecordedRun();
    const { length } = telemetry.sent;
    assert.ok(await reportRun(runId, dependencies));
    assert.ok(await reportNewestRuns(dependencies));
    assert.equal(telemetry.sent.length, length);
  });

  test('is reported later when Application Insights cannot be reached, and the run still continues', async () => {
    const telemetry = recordedTelemetry();
    telemetry.isReachable = false;
    const { dependencies, totals, figures } = await aRecordedRun({ telemetry });
    assert.equal(totals.accepted, figures.cohort);
    assert.equal(await reportNewestRuns(dependencies), false);
    telemetry.isReachable = true;
    assert.equal(await reportNewestRuns(dependencies), true);
    assert.equal(telemetry.named('RunCompleted').length, 1);
    assert.ok(telemetry.named('FindingsCounted').length > 0);
  });

  test('is reported by the check for stalled runs when nothing else would: a run that the next one ended', async () => {
    const { telemetry, dependencies, runId } = await aPausedRun();
    world.later(24 * 60);
    await world.request(dependencies);
    assert.deepEqual(telemetry.named('RunFailed'), []);
    await reportNewestRuns(dependencies);
    const ends = telemetry.named('RunFailed').map(({ dimensions }) => [dimensions.runId, dimensions.status]);
    assert.deepEqual(ends, [[runId, 'expired']]);
  });

  test('is reported even when a run before it cannot be read', async () => {
    const telemetry = recordedTelemetry();
    telemetry.isReachable = false;
    const { dependencies, runId } = await aRecordedRun({ telemetry });
    const old = '20250101T020000000Z-abcdef';
    await world.blobs().write(`runs/${old}/request.json`, '{"version":"of the past"}');
    telemetry.isReachable = true;
    assert.equal(await reportNewestRuns(dependencies), true);
    const told = telemetry.named('RunCompleted').map(({ dimensions }) => dimensions.runId);
    assert.deepEqual(told, [runId]);
  });

  for (const record of ['plan.json', 'reported-plan.json', 'summary.json', 'reported-end.json']) {
    for (const moment of ['before', 'after'] as const) {
      test(`is not lost when the process is killed ${moment} it writes ${record}`, async () => {
        const telemetry = recordedTelemetry();
        const chunkLimits = { maxChildren: 100, maxBytes: 1_000_000 };
        const killer = killedAtBlob(record, moment);
        const runId = await world.run(world.dependencies('first', { telemetry, chunkLimits }, killer));
        assert.ok(killer.hasKilled());
        await world.ticks(world.dependencies('first', { telemetry, chunkLimits }));
        const isToldTwice = record === 'reported-end.json' && moment === 'before';
        assert.deepEqual(
          telemetry.named('RunCompleted').map(({ dimensions }) => dimensions.runId),
          isToldTwice ? [runId, runId] : [runId],
        );
        assert.ok(telemetry.named('FindingsCounted').length > 0);
      });
    }
  }

  test('does not count as a sign of life: a run that lost its messages gets them again', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    const before = await dependencies.runs.lastSign(runId);
    await reportRun(runId, dependencies);
    assert.ok((await dependencies.runs.reports.read(runId)).has('plan'));
    assert.deepEqual(await dependencies.runs.lastSign(runId), before);
    world.later(31);
    assert.deepEqual((await resumeStalledRuns(dependencies)).chunks, messages);
  });

  test('is reported by both of two processes that report at the same time', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies);
    for (const message of await extractRun(runId, dependencies)) await sendChunk(message, dependencies);
    const told = await Promise.all([reportRun(runId, dependencies), reportRun(runId, dependencies)]);
    assert.deepEqual(told, [true, true]);
    assert.ok(telemetry.named('RunCompleted').length >= 1);
  });
});

/** As `killedAt`, at the first write of a blob of this name. */
function killedAtBlob(name: string, moment: 'before' | 'after'): Interference & { hasKilled(): boolean } {
  let hasKilled = false;
  return {
    hasKilled: () => hasKilled,
    around: async (write, blob) => {
      const now = !hasKilled && blob?.endsWith(`/${name}`) === true;
      hasKilled ||= now;
      if (now && moment === 'before') throw new Error('killed before a write');
      const result = await write();
      if (now) throw new Error('killed after a write');
      return result;
    },
  };
}
