import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { landsWithinMs } from '../../shared/host/durations.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { noDeadline } from '../../shared/records/inTime.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import type { RunId } from '../../shared/records/runId.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { parseFaults } from '../local/dfe/faults.js';
import { aWorld, nightly, type Dependencies, type SsdName } from './world.js';
import { statusOf } from './statusOf.js';

const world = aWorld(12);
const day = 24 * 60;
const byHand = { trigger: 'http', requestedBy: 'a person', scope: 'outstanding', approve: true } as const;

/** A POST that is on its way: it has left the sender and waits in the network until it is let in. */
class SlowPost {
  readonly #children: Promise<readonly object[]>;
  #leave: (children: readonly object[]) => void = () => undefined;
  readonly #answer: Promise<Answer>;
  #answered: (answer: Answer) => void = () => undefined;

  constructor() {
    this.#children = new Promise((resolve) => (this.#leave = resolve));
    this.#answer = new Promise((resolve) => (this.#answered = resolve));
  }

  readonly post: Dependencies['post'] = (children) => {
    this.#leave(children);
    return this.#answer;
  };

  /** Until the sender has posted. */
  async isUnderWay(): Promise<void> {
    await this.#children;
  }

  /** DfE takes it. @returns DfE's answer, which the sender has not heard yet */
  async lands({ post }: Dependencies): Promise<Answer> {
    return post(await this.#children);
  }

  /** The sender hears the answer. */
  hears(answer: Answer): void {
    this.#answered(answer);
  }
}
type Answer = Awaited<ReturnType<Dependencies['post']>>;

/** A run that is extracted, and whose chunks a test delivers itself. */
async function planned(
  ssd: SsdName,
  more: Partial<Dependencies> = {},
  wish: NewRunRequest = byHand,
): Promise<{ runId: RunId; chunks: ChunkMessage[]; dependencies: Dependencies }> {
  const dependencies = world.dependencies(ssd, more);
  const runId = await world.begin(dependencies, wish);
  return { runId, chunks: await extractRun(runId, dependencies), dependencies };
}

/** A first delivery of every chunk whose POST is slow: none of them ends before it is told to. */
async function deliveredSlowly(
  chunks: readonly ChunkMessage[],
  ssd: SsdName,
  more: Partial<Dependencies> = {},
) {
  const deliveries = chunks.map((chunk) => {
    const slow = new SlowPost();
    const dependencies = world.dependencies(ssd, { ...more, post: slow.post });
    return { slow, done: sendChunk(chunk, dependencies).catch(() => undefined) };
  });
  for (const { slow } of deliveries) await slow.isUnderWay();
  return {
    /** DfE takes them all, and each sender hears of it or has been killed. */
    land: async (dependencies: Dependencies, senders: 'hear' | 'were killed') => {
      for (const { slow, done } of deliveries) {
        const answer = await slow.lands(dependencies);
        if (senders === 'were killed') continue;
        slow.hears(answer);
        await done;
      }
    },
  };
}

/** The next night sends what is in doubt once more, is green, and DfE holds just what the SSD says; so is the one after. */
async function assertPutRight(ssd: SsdName, more: Partial<Dependencies> = {}): Promise<void> {
  const expected = await world.expected(ssd);
  for (const night of ['the next night', 'the night after']) {
    world.later(day);
    const dependencies = world.dependencies(ssd, more);
    const runId = await world.night(dependencies, { ...nightly, approve: true });
    assert.ok(runId !== undefined);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed', night);
    assert.deepEqual(world.dfe.children(), expected, night);
  }
}

/** How much is sent of a child, and a DfE that understands it. */
const modes = [
  { arrays: 'replace', mode: 'changes' },
  { arrays: 'merge', mode: 'changes' },
  { arrays: 'merge', mode: 'snapshot' },
  { arrays: 'blocks', mode: 'partial' },
] as const;

for (const { arrays, mode } of modes) {
  describe(`a POST that DfE takes late (${arrays}, ${mode})`, () => {
    const more = { mode };

    /**
     * Each chunk of a night on `before` is delivered twice, the first POST is slow, the second ends the run. Then the SSD
     * says `after`, and a rerun is accepted.
     */
    async function overtaken(before: SsdName, after: SsdName) {
      const { runId, chunks, dependencies } = await planned(before, more);
      assert.ok(chunks.length > 0);
      const late = await deliveredSlowly(chunks, before, more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      assert.equal((await statusOf(runId, dependencies)).status, 'completed', 'DfE holds it, late or not');
      world.later(5);
      const rerun = world.dependencies(after, more);
      const rerunId = await world.night(rerun, byHand);
      assert.ok(rerunId !== undefined);
      assert.deepEqual(world.dfe.children(), await world.expected(after));
      return { late, rerun, rerunId };
    }

    for (const senders of ['hear', 'were killed'] as const) {
      const which =
        senders === 'hear' ? '' : ', also when its sender was killed before it could note the answer';

      test(`is put right after a rerun that it overwrites${which}`, async () => {
        await world.fresh({ arrays });
        const { late, rerun, rerunId } = await overtaken('first', 'later');
        const { status, totals, explanation } = await statusOf(rerunId, rerun);
        assert.equal(status, 'completedWithFailures');
        assert.ok((totals?.inDoubt ?? 0) > 0);
        assert.match(explanation ?? '', /may still arrive/);
        await late.land(rerun, senders);
        assert.notDeepEqual(world.dfe.children(), await world.expected('later'), 'it has overwritten');
        await assertPutRight('later', more);
      });

      test(`is put right when it removes a child that has come back${which}`, async () => {
        await world.fresh({ arrays });
        await world.night(world.dependencies('first', more));
        world.later(day);
        const { late, rerun } = await overtaken('empty', 'first');
        await late.land(rerun, senders);
        assert.deepEqual(world.dfe.children(), []);
        await assertPutRight('first', more);
      });

      test(`is put right when it brings back a child that was removed${which}`, async () => {
        await world.fresh({ arrays });
        const { late, rerun } = await overtaken('first', 'empty');
        const removed = (await world.expected('first'))[0]?.la_child_id ?? '';
        assert.equal(await rerun.staging.heldAtDfe(removed), 'DfE may hold the child', 'an erasure waits');
        assert.equal(await rerun.staging.removeIfNotHeld(removed), false);
        await late.land(rerun, senders);
        assert.notDeepEqual(world.dfe.children(), []);
        await assertPutRight('empty', more);
        assert.equal(await rerun.staging.heldAtDfe(removed), 'DfE holds nothing');
      });

      test(`is put right when its run was abandoned${which}`, async () => {
        await world.fresh({ arrays });
        const { chunks, runId } = await planned('first', more);
        world.later(2 * day - 10);
        const late = await deliveredSlowly(chunks, 'first', more);
        world.later(11);
        const next = world.dependencies('later', more);
        const nextId = await world.night(next);
        assert.ok(nextId !== undefined && nextId !== runId);
        assert.equal((await statusOf(runId, next)).status, 'failed');
        assert.equal((await statusOf(nextId, next)).status, 'completedWithFailures');
        await late.land(next, senders);
        await assertPutRight('later', more);
      });
    }

    test('changes nothing, and nothing is sent again, when it carries what DfE has accepted since', async () => {
      await world.fresh({ arrays });
      const { chunks, dependencies } = await planned('first', more);
      const late = await deliveredSlowly(chunks, 'first', more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      await late.land(dependencies, 'hear');
      world.later(day);
      const next = world.dependencies('first', { mode: 'changes' });
      const runId = await world.night(next);
      const status = await statusOf(runId ?? '', next);
      assert.equal(status.figures?.toSend, 0);
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });

    test('is no doubt any more once it can no longer land', async () => {
      await world.fresh({ arrays });
      const { chunks, dependencies } = await planned('first', more);
      await deliveredSlowly(chunks, 'first', more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      world.later(landsWithinMs / 60_000 + 1);
      const rerun = world.dependencies('later', more);
      const runId = await world.night(rerun, byHand);
      assert.equal((await statusOf(runId ?? '', rerun)).status, 'completed');
    });
  });
}

describe('the row of a child whose removal may still arrive', () => {
  test('is not erased before it can no longer arrive, so that a child who comes back is not lost', async () => {
    await world.fresh();
    await world.night(world.dependencies('first'));
    world.later(day);
    const { chunks, dependencies } = await planned('empty');
    await deliveredSlowly(chunks, 'empty');
    for (const chunk of chunks) await sendChunk(chunk, dependencies);
    assert.deepEqual(world.dfe.children(), []);
    const child = (await world.expected('first'))[0]?.la_child_id ?? '';
    const ask = () =>
      eraseChild(
        child,
        { by: 'an officer', reason: 'asked' },
        { ...dependencies, blobs: world.blobs() },
        noDeadline,
      );
    assert.match(JSON.stringify(await ask()), /may still take it.*three hours/);
    assert.equal(await dependencies.staging.heldAtDfe(child), 'a POST may still arrive');
    world.later(landsWithinMs / 60_000 + 1);
    await ask();
    assert.equal(await dependencies.staging.heldAtDfe(child), 'no row');
  });
});

describe('a child that DfE refuses while an older POST may still arrive', () => {
  test('is not called answered, and is sent again by the next run', async () => {
    await world.fresh();
    await world.night(world.dependencies('first'));
    world.later(day);
    const [later, first] = await Promise.all([world.expected('later'), world.expected('first')]);
    const changed = later.find(({ la_child_id: id, ...now }) => {
      const { la_child_id, ...before } = first.find((child) => child.la_child_id === id) ?? {
        la_child_id: '',
      };
      return la_child_id !== '' && JSON.stringify(now) !== JSON.stringify(before);
    });
    const child = changed?.la_child_id ?? '';
    const ofChild: NewRunRequest = { ...byHand, scope: 'children', children: [child] };
    const { runId, chunks, dependencies } = await planned('later', {}, ofChild);
    const late = await deliveredSlowly(chunks, 'later');
    await failRun(runId, 'abandoned', dependencies);
    world.dfe.setFaults(parseFaults(`refuse=${child}`));
    const rerun = world.dependencies('first');
    const { status, totals } = await statusOf((await world.night(rerun, ofChild)) ?? '', rerun);
    assert.deepEqual([status, totals?.refused, totals?.inDoubt], ['completedWithFailures', 1, 1]);
    world.dfe.setFaults({});
    await late.land(rerun, 'were killed');
    assert.notDeepEqual(world.dfe.children(), first, 'it has overwritten');
    await assertPutRight('first');
  });
});

describe('after going back to a version without open posts, and an upgrade again', () => {
  test('what that version has posted last is in doubt as well', async () => {
    await world.fresh();
    const { post } = world.dependencies('first');
    const twice: Dependencies['post'] = async (children) => {
      const answer = await post(children);
      return answer.kind === 'accepted' ? { ...answer, mayLandAgain: true } : answer;
    };
    await world.night(world.dependencies('first', { post: twice }));
    const kept = await world.database.query('SELECT person_id, open_posts FROM ssd_api_data_staging');
    assert.ok(kept.every((row) => row['open_posts'] !== null));
    world.later(day);
    // It writes its own columns, and leaves those alone that it does not know.
    const { runId, chunks, dependencies } = await planned('later');
    const late = await deliveredSlowly(chunks, 'later');
    for (const { person_id, open_posts } of kept) {
      await world.database.query(
        'UPDATE ssd_api_data_staging SET open_posts = @open, sent_run_number = 1 WHERE person_id = @id',
        { id: String(person_id), open: String(open_posts) },
      );
    }
    await failRun(runId, 'killed by the upgrade', dependencies);
    const at = world.time().toISOString();
    world.later(30);
    const { runId: rerunId, chunks: again, dependencies: rerun } = await planned('first');
    // The database of the tests has a clock of its own.
    await world.database.query('UPDATE ssd_api_data_staging SET last_updated = CAST(@at AS timestamp)', {
      at,
    });
    for (const chunk of again) await sendChunk(chunk, rerun);
    assert.equal((await statusOf(rerunId, rerun)).status, 'completedWithFailures');
    await late.land(rerun, 'were killed');
    assert.notDeepEqual(world.dfe.children(), await world.expected('first'), 'it has overwritten');
    await assertPutRight('first');
  });
});

describe('a wrong clock of the database', () => {
  function withDatabaseClock(minutes: number): Pick<Dependencies, 'staging'> {
    const database = () => new Date(world.time().getTime() + minutes * 60_000);
    const clocks = { database, app: () => world.time() };
    return { staging: new StagingTable(world.database, 'ssd_api_data_staging', clocks) };
  }

  async function abandonedUnder(minutes: number) {
    await world.fresh();
    await world.night(world.dependencies('first'));
    world.later(day);
    const { runId, chunks, dependencies } = await planned('later', withDatabaseClock(minutes));
    const late = await deliveredSlowly(chunks, 'later', withDatabaseClock(minutes));
    await failRun(runId, 'killed', dependencies);
    return late;
  }

  test('that was three hours behind does not end a doubt too early', async () => {
    const late = await abandonedUnder(-180);
    world.later(30);
    const rerun = world.dependencies('first');
    const rerunId = await world.night(rerun, byHand);
    assert.equal((await statusOf(rerunId ?? '', rerun)).status, 'completedWithFailures');
    await late.land(rerun, 'were killed');
    await assertPutRight('first');
  });

  test('that was thirty days ahead does not send the same for thirty nights', async () => {
    await abandonedUnder(30 * day);
    await assertPutRight('later');
  });
});
