import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { approveRun, cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { requestRun, type Requested } from '../../shared/runs/requestRun.js';
import { failRun } from '../../shared/runs/finishRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import type { RunId } from '../../shared/records/runId.js';
import type { RunStore } from '../../shared/records/runStore.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { settlePoisonedChunk } from '../../shared/runs/settlePoisoned.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, killedAt, nightly, type Dependencies } from './world.js';
import { unhurried } from '../records/whole.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

const byHand = { trigger: 'http', requestedBy: 'a person', scope: 'outstanding' } as const;
const decider = { by: 'a person', reason: 'a reason' };

/** A run that a guard holds: nobody is left in the SSD. */
async function aHeldRun(): Promise<{ runId: string; dependencies: Dependencies }> {
  await world.night(world.dependencies('first'));
  world.later(24 * 60);
  const dependencies = world.dependencies('empty');
  const runId = await world.night(dependencies);
  assert.equal((await statusOf(runId, dependencies)).status, 'held');
  return { runId: runId ?? '', dependencies };
}

describe('one run at a time', () => {
  test('is known from its request to its end', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'requested');
    const messages = await extractRun(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    assert.deepEqual(await requestRun(byHand, dependencies), { outcome: 'busy', runId });
    for (const message of messages) await sendChunk(message, dependencies);
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'started');
  });

  test('also among many who ask in the same moment', async () => {
    const dependencies = world.dependencies('first');
    const requested = await Promise.all(Array.from({ length: 8 }, () => requestRun(byHand, dependencies)));
    const started = requested.flatMap((each) => (each.outcome === 'started' ? [each.message.runId] : []));
    assert.equal(started.length, 1);
    const [winner] = started;
    for (const each of requested) {
      if (each.outcome !== 'started') assert.deepEqual(each, { outcome: 'busy', runId: winner });
    }
  });

  test('lets the nightly run wait for one that is going on, and begins it when that has ended', async () => {
    const dependencies = world.dependencies('first');
    const first = await world.begin(dependencies, byHand);
    const waiting = await requestRun(nightly, dependencies);
    assert.equal(waiting.outcome, 'waits');
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });

    for (const message of await extractRun(first, dependencies)) await sendChunk(message, dependencies);
    // Whoever asks now would be before the night.
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'busy');
    const { extracts } = await resumeStalledRuns(dependencies);
    assert.deepEqual(extracts, [{ runId: waiting.runId }]);
    assert.equal((await statusOf(waiting.runId, dependencies)).trigger, 'timer');
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
  });

  test('is not kept from its turn for longer than two days by a run that nothing can end', async () => {
    const dependencies = world.dependencies('first');
    await world.begin(dependencies);
    world.later(49 * 60);
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'started');
  });
});

describe('a nightly run that waits when the next one comes', () => {
  /** A run that a person asked for, and the first night waiting behind it. */
  async function aWaitingNight() {
    const dependencies = world.dependencies('first');
    const byHandId = await world.begin(dependencies, byHand);
    const waitingId = (await world.request(dependencies)) ?? '';
    world.later(24 * 60);
    return { dependencies, byHandId, waitingId };
  }

  async function assertReplaced(dependencies: Dependencies, runId: string): Promise<void> {
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'replaced');
    assert.ok(status.endedAt !== undefined);
    assert.match(status.explanation ?? '', /next nightly run took its place/);
    assert.equal(status.totals?.posts, 0);
  }

  test('ends as replaced, and the next one waits in its place', async () => {
    const { dependencies, byHandId, waitingId } = await aWaitingNight();
    const nextId = await world.request(dependencies);
    await assertReplaced(dependencies, waitingId);
    assert.equal((await statusOf(nextId, dependencies)).status, 'requested');
    for (const message of await extractRun(byHandId, dependencies)) await sendChunk(message, dependencies);
    await world.ticks(dependencies);
    assert.equal((await statusOf(nextId, dependencies)).status, 'completed');
    await assertReplaced(dependencies, waitingId);
  });

  test('ends as replaced when the run it waited for has ended just then, and the next one begins', async () => {
    const { dependencies, byHandId, waitingId } = await aWaitingNight();
    for (const message of await extractRun(byHandId, dependencies)) await sendChunk(message, dependencies);
    const nextId = await world.night(dependencies);
    await resumeStalledRuns(dependencies);
    await assertReplaced(dependencies, waitingId);
    assert.equal((await statusOf(nextId, dependencies)).status, 'completed');
  });

  test('ends as replaced when a guard holds the run it waited for', async () => {
    await world.night(world.dependencies('first'));
    const empty = world.dependencies('empty');
    const heldId = await world.begin(empty, byHand);
    const waitingId = (await world.request(empty)) ?? '';
    await extractRun(heldId, empty);
    const next = world.dependencies('later');
    const nextId = await world.night(next);
    await resumeStalledRuns(next);
    assert.equal((await statusOf(heldId, next)).status, 'expired');
    await assertReplaced(next, waitingId);
    assert.equal((await statusOf(nextId, next)).status, 'completed');
  });

  test('ends as replaced wherever the next one is killed', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (let nth = 1; nth <= 3; nth += 1) {
        await world.fresh();
        const { dependencies, waitingId, byHandId } = await aWaitingNight();
        await requestRun(nightly, world.dependencies('first', {}, killedAt(nth, moment))).catch(
          () => undefined,
        );
        for (const message of await extractRun(byHandId, dependencies))
          await sendChunk(message, dependencies);
        await world.ticks(dependencies);
        const where = `killed ${moment} write ${String(nth)}`;
        const ends = (await recentRuns(10, dependencies.runs, unhurried)).runs.map(({ status }) => status);
        const { status } = await statusOf(waitingId, dependencies);
        // Killed before it had the place, it has replaced nothing.
        assert.equal(status, nth === 1 && moment === 'before' ? 'completed' : 'replaced', where);
        assert.ok(ends.includes('completed') && !ends.includes('requested'), `${where}: ${ends.join()}`);
      }
    }
  });

  test('is ended by a tick, when an earlier version has left it as requested', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const leftId = await leftBehind(runId, dependencies, 'aaaaaa');
    await resumeStalledRuns(dependencies);
    await assertReplaced(dependencies, leftId);
    assert.equal((await statusOf(runId, dependencies)).status, 'requested');
  });

  for (const outcome of ['started', 'waits'] as const) {
    test(`is not a run that is asked for (${outcome}) while a tick looks`, async () => {
      const dependencies = world.dependencies('first');
      await world.night(dependencies);
      if (outcome === 'waits') await world.begin(dependencies, byHand);
      let asked: Requested | undefined;
      const { runs } = dependencies;
      const runIds = async () => {
        asked = await requestRun(nightly, dependencies);
        return runs.runIds();
      };
      await resumeStalledRuns({ ...dependencies, runs: { ...runs, runIds } });
      assert.equal(asked?.outcome, outcome);
      const runId = asked.outcome === 'started' ? asked.message.runId : asked.runId;
      assert.equal((await statusOf(runId, dependencies)).status, 'requested');
    });
  }
});

/** A run of the past like the one that has the turn, which has no end and neither has the turn nor waits. */
async function leftBehind(runId: RunId, { runs }: Dependencies, random: string, wish = {}): Promise<RunId> {
  const request = await runs.request.read(runId);
  assert.ok(request);
  const leftId = runId.replace(/.{6}$/, random);
  await runs.request.create({ ...request, ...wish, runId: leftId });
  return leftId;
}

describe('a run that has lost its turn without an end', () => {
  const cancellation = { at: '2026-08-11T02:00:00.000Z', by: 'schedule' };
  const progress = { rangesDone: 1, ranges: 2, personsRead: 1, cohort: 1, toSend: 1 };

  test('gets one at the next tick, whatever it was doing, and the run that has the turn does not', async () => {
    const dependencies = world.dependencies('first');
    const { runs } = dependencies;
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    const plan = await runs.plan.read(runId);
    assert.ok(plan);
    const left: [RunId, string][] = [];
    const leave = async (random: string, status: string, wish = {}) => {
      const leftId = await leftBehind(runId, dependencies, random, wish);
      left.push([leftId, status]);
      return leftId;
    };
    await leave('aaaaaa', 'failed', byHand);
    await runs.progress.write(await leave('bbbbbb', 'failed'), progress);
    await runs.plan.create(await leave('cccccc', 'failed'), plan);
    const expired = await leave('dddddd', 'expired');
    await runs.plan.create(expired, { ...plan, held: true });
    await runs.approval.create(expired, cancellation);
    await runs.cancellation.create(expired, { ...cancellation, cause: 'expiry' });
    await runs.plan.create(await leave('eeeeee', 'completed'), { ...plan, dryRun: true });
    const unreadable = await leave('ffffff', 'failed');
    for (const record of ['plan', 'cancellation']) {
      await world.blobs().write(`runs/${unreadable}/${record}.json`, '{"version":"of the future"}');
    }
    const past = '20250101T020000000Z-abcdef';
    await world.blobs().write(`runs/${past}/request.json`, '{"version":"of the past"}');
    await resumeStalledRuns(dependencies);
    for (const [id, status] of left) assert.equal((await runs.summary.read(id))?.status, status, id);
    assert.equal((await runs.summary.read(past))?.status, 'failed');
    assert.match((await runs.summary.read(expired))?.explanation ?? '', /approved at the moment/);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
  });

  test('does not come of an approval at the moment when the next night ends the run that was held', async () => {
    const { runId, dependencies: held } = await aHeldRun();
    world.later(24 * 60);
    // The approver's process ends right after it has recorded the approval.
    const dependencies = world.dependencies('later');
    const { runs } = dependencies;
    const approvedBefore: RunStore['cancellation'] = {
      ...runs.cancellation,
      create: async (...wanted) => {
        await runs.approval.create(runId, { at: cancellation.at, ...decider });
        return runs.cancellation.create(...wanted);
      },
    };
    const next = await requestRun(nightly, {
      ...dependencies,
      runs: { ...runs, cancellation: approvedBefore },
    });
    assert.equal(next.outcome, 'waits', 'its chunks may be under way');
    await world.ticks(dependencies);
    const { status, explanation, totals, figures } = await statusOf(runId, held);
    assert.equal(status, 'expired');
    assert.match(explanation ?? '', /approved at the moment/);
    assert.deepEqual([totals?.posts, totals?.outstanding], [0, figures?.toSend]);
    assert.equal((await statusOf(next.runId, dependencies)).status, 'completed');
  });
});

describe('an approval', () => {
  test('says that it came too late when the run was cancelled or expired in that moment, and nothing is sent', async () => {
    for (const cause of ['decision', 'expiry'] as const) {
      const { runId, dependencies: held } = await aHeldRun();
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

describe('a run that died', () => {
  test('between its record and its message begins at a later tick', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, []);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('with its messages lost is completed by the tick of the next night, which then has its turn', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first] = await extractRun(runId, dependencies);
    assert.ok(first);
    await sendChunk(first, dependencies);
    world.loseMessages();
    const { posts } = world.dfe.statistics;

    world.later(24 * 60);
    const next = world.dependencies('later');
    const nextId = await world.night(next);
    const resumed = await statusOf(runId, dependencies);
    assert.equal(resumed.status, 'completed');
    assert.equal(resumed.chunks?.done, resumed.chunks?.planned);
    assert.equal(world.dfe.statistics.posts, posts + (resumed.chunks?.planned ?? 0) - 1);
    await world.ticks(next);
    assert.equal((await statusOf(nextId, next)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('right before its summary gets it at a later tick', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    const noSummary = world.dependencies(
      'first',
      {},
      {
        around: (write, name) =>
          name?.endsWith('summary.json') ? Promise.reject(new Error('killed')) : write(),
      },
    );
    for (const message of messages) await sendChunk(message, noSummary).catch(() => undefined);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    const { posts } = world.dfe.statistics;
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.equal(world.dfe.statistics.posts, posts);
  });

  test('while extracting has released nothing to any sender', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    const states = new Set((await world.stagingRows()).map((row) => row['submission_status']));
    assert.ok(states.has('Staged') && !states.has('Pending'));
  });

  test('is left alone while it shows signs of life', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    assert.ok(messages.length > 1);
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
    world.later(40);
    assert.deepEqual((await resumeStalledRuns(dependencies)).chunks, messages);
    // The tick itself was a sign; it is the host's clock that tells.
    world.later(-40);
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
  });

  test('is not one whose sender gives signs, however long its POST takes', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [message, ...others] = await extractRun(runId, dependencies);
    assert.ok(message);
    for (const other of others) await sendChunk(other, dependencies);
    const signs = new Set<() => Promise<unknown>>();
    const ticks: number[] = [];
    await sendChunk(message, {
      ...dependencies,
      every: (ms, act) => {
        assert.ok(ms < 10 * 60_000, 'more than one sign in the time after which a run counts as dead');
        signs.add(act);
        return () => signs.delete(act);
      },
      post: async (children) => {
        for (let sign = 0; sign < 3; sign += 1) {
          world.later(25);
          for (const give of signs) await give();
          ticks.push((await resumeStalledRuns(dependencies)).chunks.length);
        }
        return dependencies.post(children);
      },
    });
    assert.deepEqual(ticks, [0, 0, 0]);
    assert.equal(signs.size, 0, 'and none when it has ended');
  });

  test('and whose sender has died without a sign gets its message again', async () => {
    const dependencies = world.dependencies('first');
    const [message] = await extractRun(await world.begin(dependencies), dependencies);
    assert.ok(message);
    let resumed: readonly ChunkMessage[] = [];
    await sendChunk(message, {
      ...dependencies,
      post: async (children) => {
        world.later(35);
        resumed = (await resumeStalledRuns(dependencies)).chunks;
        return dependencies.post(children);
      },
    });
    assert.ok(resumed.some(({ chunk }) => chunk === message.chunk));
  });

  test('twice at the extract leaves the chunks of the attempt that made the plan', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [one, other] = await Promise.all([
      extractRun(runId, dependencies),
      extractRun(runId, world.dependencies('first')),
    ]);
    assert.deepEqual(one, other);
    for (const message of [...one, ...other]) await sendChunk(message, dependencies);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
    assert.equal(world.dfe.statistics.posts, one.length);
  });
});

describe('a held run', () => {
  test('has sent nothing, and says why and what to do', async () => {
    const { runId, dependencies } = await aHeldRun();
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

  test('keeps others out until it is decided', async () => {
    const { runId, dependencies } = await aHeldRun();
    assert.deepEqual(await requestRun(byHand, dependencies), { outcome: 'busy', runId });
  });

  test('that is approved sends just what it had planned', async () => {
    const { runId, dependencies } = await aHeldRun();
    const before = world.dfe.children().length;
    await world.approve(runId, dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.accepted, before);
    assert.deepEqual(world.dfe.children(), []);
    assert.equal(status.approval?.by, 'a person');
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
  });

  test('that is approved and then loses its messages is completed by a later tick', async () => {
    const { runId, dependencies } = await aHeldRun();
    await approveRun(runId, decider, dependencies);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), []);
  });

  test('that is cancelled ends, and the next run finds everything as it was', async () => {
    const { runId, dependencies } = await aHeldRun();
    const held = world.dfe.children();
    await cancelRun(runId, decider, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'cancelled');
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
    const next = world.dependencies('first');
    const status = await statusOf(await world.night(next, byHand), next);
    assert.equal(status.figures?.toSend, 0);
    assert.deepEqual(world.dfe.children(), held);
  });

  test('ends when nobody approves it in time', async () => {
    const { runId, dependencies } = await aHeldRun();
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'held');
    world.later(21 * 60);
    await resumeStalledRuns(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'expired');
  });

  for (const moment of ['before', 'after'] as const) {
    test(`comes to its end when it is killed ${moment} any write while it is decided`, async () => {
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
          const { runId } = await aHeldRun();
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
    const { runId, dependencies } = await aHeldRun();
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

  test('behind which the nightly run waits ends for it', async () => {
    await world.night(world.dependencies('first'));
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

    async function aNightHeldAt(time: Date) {
      const dayBefore = new Date(time.getTime() - 24 * 60 * 60_000);
      await world.night(world.dependencies('first', { now: () => dayBefore }));
      const telemetry = recordedTelemetry();
      const dependencies = world.dependencies('empty', { telemetry, now: () => time });
      const runId = await world.begin(dependencies);
      return { dependencies, runId, telemetry };
    }

    test('stays held, and its approval good: the second request is skipped, with its reason', async () => {
      const { dependencies, runId, telemetry } = await aNightHeldAt(noon);
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

    test('stays held also when the second request came first to wait for it', async () => {
      const { dependencies, runId } = await aNightHeldAt(noon);
      const waiting = await requestRun(nightly, dependencies);
      assert.equal(waiting.outcome, 'waits');
      await extractRun(runId, dependencies);
      await resumeStalledRuns(dependencies);
      assert.equal((await statusOf(runId, dependencies)).status, 'held');
      await world.approve(runId, dependencies);
      assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, [{ runId: waiting.runId }]);
    });

    test('ends when it is another date in London by then, though not in UTC', async () => {
      const { dependencies, runId } = await aNightHeldAt(new Date('2026-08-12T22:30:00Z'));
      await extractRun(runId, dependencies);
      const next = { ...dependencies, now: () => new Date('2026-08-12T23:30:00Z') };
      assert.equal((await requestRun(nightly, next)).outcome, 'started');
      assert.equal((await statusOf(runId, dependencies)).status, 'expired');
    });
  });

  test('ends with the next night, which starts afresh', async () => {
    const { runId, dependencies } = await aHeldRun();
    world.later(24 * 60);
    const next = world.dependencies('later');
    const status = await statusOf(await world.night(next), next);
    assert.equal((await statusOf(runId, dependencies)).status, 'expired');
    assert.equal(status.status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('is not held that was approved when it was asked for', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('empty');
    const runId = await world.night(dependencies, { ...byHand, approve: true });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.ok((status.objections?.length ?? 0) > 0);
    assert.deepEqual(world.dfe.children(), []);
  });

  test('of a small SSD is not what the next night is compared with', async () => {
    const { dependencies } = await aHeldRun();
    world.later(24 * 60);
    const again = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(again.status, 'held');
  });

  test('that was never held cannot be approved, and one that is not there neither', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
    const unknown = '20260101T000000000Z-000000';
    assert.equal((await approveRun(unknown, decider, dependencies)).outcome, 'unknown run');
    assert.equal((await cancelRun(unknown, decider, dependencies)).outcome, 'unknown run');
  });
});

describe('a guard', () => {
  test('holds a run whose SSD is being refreshed while it is read', async () => {
    const dependencies = world.dependencies('first');
    const { ssd } = dependencies;
    const atBegin = await ssd.rowCounts();
    const counts = [atBegin, { ...atBegin, ssd_address: 0 }];
    Object.defineProperty(ssd, 'rowCounts', { value: () => Promise.resolve(counts.shift()) });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /ssd_address/);
    assert.deepEqual(world.dfe.children(), []);
  });

  test('holds a run whose SSD was refreshed in between, though its rows are as many as before', async () => {
    const dependencies = world.dependencies('first', { rangeSize: 1 });
    const { ssd } = dependencies;
    const asItIs = await ssd.rowCounts();
    let counted = 0;
    const rowCounts = () => {
      counted += 1;
      return Promise.resolve(counted === 3 ? { ...asItIs, ssd_cin_plans: 0 } : asItIs);
    };
    Object.defineProperty(ssd, 'rowCounts', { value: rowCounts });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /ssd_cin_plans/);
  });

  test('holds a run that would send to another receiver than the one whose acknowledgements the table holds', async () => {
    await world.night(world.dependencies('first'));
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    const dependencies = world.dependencies('later', { receiver });
    const runId = await world.night(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /live\.example/);
    // Once it is approved, the table is that receiver's.
    await world.approve(runId ?? '', dependencies);
    const next = world.dependencies('later', { receiver });
    assert.equal((await statusOf(await world.night(next), next)).status, 'completed');
  });

  test('reports how many ids DfE holds, how many of them are gone and how many are new', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const { figures } = await statusOf(await world.night(dependencies), dependencies);
    assert.ok((figures?.idChurn['episodes']?.held ?? 0) > 10);
    const limits = { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 0 };
    const strict = world.dependencies('first', { guardLimits: limits });
    const status = await statusOf(await world.night(strict), strict);
    assert.equal(status.status, 'held');
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['idChurn'],
    );
  });
});

describe('a run that is cancelled', () => {
  test('before its extract ends reading and sends nothing', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    await cancelRun(runId, decider, dependencies);
    assert.deepEqual(await extractRun(runId, dependencies), []);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.match(status.explanation ?? '', /Cancelled by a person: a reason/);
    assert.equal(world.dfe.statistics.posts, 0);
  });

  test('between two ranges stops there', async () => {
    let runId = '';
    const dependencies = world.dependencies(
      'first',
      {},
      {
        around: async (write, name) => {
          const result = await write();
          if (name?.endsWith('progress.json')) await cancelRun(runId, decider, world.dependencies('first'));
          return result;
        },
      },
    );
    runId = await world.begin(dependencies);
    assert.deepEqual(await extractRun(runId, dependencies), []);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.equal(status.progress?.rangesDone, 1);
  });

  test('while sending sends no further chunk, and the rest goes out with the next night', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first, ...others] = await extractRun(runId, dependencies);
    assert.ok(first);
    await sendChunk(first, dependencies);
    await cancelRun(runId, decider, dependencies);
    for (const message of others) await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, 1);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.equal(status.totals?.outstanding, (status.figures?.toSend ?? 0) - (status.totals?.accepted ?? 0));

    await world.night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('when all is sent has simply completed', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.night(dependencies);
    assert.equal((await cancelRun(runId ?? '', decider, dependencies)).outcome, 'too late');
  });
});

describe('a chunk that must not be sent any more', () => {
  async function aChunk(): Promise<{ dependencies: Dependencies; message: ChunkMessage; runId: string }> {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [message] = await extractRun(runId, dependencies);
    assert.ok(message);
    return { dependencies, message, runId };
  }

  test('is not, when the settings name another receiver since', async () => {
    const { dependencies, message } = await aChunk();
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    await sendChunk(message, { ...dependencies, receiver });
    assert.equal(world.dfe.statistics.posts, 0);
  });

  test('leaves the table to the receiver whose acknowledgements it holds', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    world.loseMessages();
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    await world.ticks(world.dependencies('later', { receiver }));
    assert.ok((await statusOf(runId, dependencies)).endedAt !== undefined);
    const live = world.dependencies('later', { receiver });
    const status = await statusOf(await world.night(live), live);
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['otherReceiver'],
    );
  });

  test('is not, when its run has failed since', async () => {
    const { dependencies, message, runId } = await aChunk();
    await failRun(runId, 'a test', dependencies);
    await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(await extractRun(runId, dependencies), []);
  });
});

describe('two attempts at a chunk at the same time', () => {
  test('settle no doubt of each other: what was taken without an answer is put right by the next night', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('later', {
      chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
    });
    const runId = await world.begin(dependencies);
    const [message] = await extractRun(runId, dependencies);
    assert.ok(message);
    const toldToSlowDown = { kind: 'none', why: 'later', status: 429, text: '', tries: 1 } as const;
    let hasPosted: () => void = () => undefined;
    const posted = new Promise<void>((resolve) => (hasPosted = resolve));
    const one = sendChunk(message, {
      ...dependencies,
      post: async () => {
        // It has claimed; meanwhile the other one claims and posts, and DfE takes it.
        await posted;
        return { ...toldToSlowDown, mayHold: false };
      },
    });
    const other = sendChunk(message, {
      ...dependencies,
      post: async (children) => {
        await dependencies.post(children);
        hasPosted();
        return { kind: 'none', why: 'later', status: 'network', text: '', mayHold: true, tries: 1 };
      },
    });
    const attempts = await Promise.allSettled([one, other]);
    assert.ok(attempts.every(({ status }) => status === 'rejected'));
    assert.deepEqual(world.dfe.children(), await world.expected('later'));

    world.later(49 * 60);
    await world.night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('a record that another version has written', () => {
  const holding = { maxLeaversPercent: 0, maxTableFallPercent: 100, maxIdChurnPercent: 100 };
  test('keeps no later night from its run, and shows as unreadable', async () => {
    const old = '20260101T020000000Z-abcdef';
    const { runs } = world.dependencies('first');
    const request = { ...nightly, runId: old, requestedAt: '2026-01-01T02:00:00.000Z' };
    await runs.request.create({ ...request, today: plainDate('2026-01-01') });
    await world.blobs().write(`runs/${old}/plan.json`, '{"version":"of the past"}');
    const dependencies = world.dependencies('first');
    assert.equal((await statusOf(await world.night(dependencies), dependencies)).status, 'completed');
    const { runs: listed } = await recentRuns(10, runs, unhurried);
    assert.deepEqual(
      listed.map(({ status }) => status),
      ['completed', 'unreadable'],
    );
  });

  for (const [what, kind] of [
    ['that is going on', {}],
    ['that a guard holds', { guardLimits: holding }],
  ] as const) {
    test(`of a run ${what} does not keep the next night from its run`, async () => {
      await world.night(world.dependencies('first'));
      const before = world.dependencies('later', kind);
      const runId = await world.begin(before);
      const messages = await extractRun(runId, before);
      assert.equal(messages.length === 0, 'guardLimits' in kind);
      await world.blobs().write(`runs/${runId}/plan.json`, '{"version":"another"}');

      const dependencies = world.dependencies('later');
      const next = await world.night(dependencies);
      assert.notEqual(next, runId);
      assert.equal((await statusOf(next, dependencies)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
      assert.equal((await dependencies.runs.summary.read(runId))?.status, 'failed');
      // What is left of its messages comes to an end by itself.
      for (const message of messages) {
        await assert.rejects(sendChunk(message, dependencies));
        assert.equal((await settlePoisonedChunk(message, dependencies)).next, undefined);
      }
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
    });
  }

  test('hides no other run, even when it is the request', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.night(dependencies);
    const old = '20260101T020000000Z-abcdef';
    await world.blobs().write(`runs/${old}/request.json`, '{"version":"of the past"}');
    const { runs: listed } = await recentRuns(10, dependencies.runs, unhurried);
    assert.deepEqual(
      listed.map((run) => run.runId),
      [runId],
    );
  });

  test('of a chunk ends its chunk and not the run', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first, ...others] = await extractRun(runId, dependencies);
    assert.ok(first);
    await world.blobs().write(first.blob, '{}');
    await assert.rejects(sendChunk(first, dependencies));
    await settlePoisonedChunk(first, dependencies);
    for (const message of others) await sendChunk(message, dependencies);
    assert.equal((await statusOf(runId, dependencies)).chunks?.done, 1 + others.length);
    assert.ok((await statusOf(runId, dependencies)).endedAt !== undefined);
  });
});

describe('a run of named children', () => {
  test('says how many of them are not there', async () => {
    await world.night(world.dependencies('first'));
    const dependencies = world.dependencies('first');
    const there = world.dfe.children()[0]?.la_child_id ?? '';
    const runId = await world.night(dependencies, {
      ...byHand,
      scope: 'children',
      children: [there, 'NOBODY'],
    });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.figures?.namedNotFound, 1);
    assert.equal(status.totals?.accepted, 1);
  });
});

describe('a chunk that is given up', () => {
  test('keeps what DfE has answered, in the result and in the ledger', async () => {
    const expected = await world.expected('first');
    const bad = expected[0]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    const chunkLimits = { maxChildren: 100, maxBytes: 190_000 };
    const dependencies = world.dependencies('first', { chunkLimits });
    let posts = 0;
    const runId = await world.night({
      ...dependencies,
      post: async (children) => {
        posts += 1;
        // After the first two splits DfE is down.
        if (posts > 3) return { kind: 'none', why: 'later', status: 503, text: '', mayHold: true, tries: 1 };
        return dependencies.post(children);
      },
    });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completedWithFailures');
    const accepted = world.dfe.children().length;
    assert.equal(status.totals?.accepted, accepted);
    assert.equal(status.totals.outstanding, expected.length - accepted - status.totals.refused);
    const answer = await dependencies.ledger.answerTo(runId ?? '', 1);
    assert.equal(answer?.children.filter(({ outcome }) => outcome === 'accepted').length, accepted);
  });
});
