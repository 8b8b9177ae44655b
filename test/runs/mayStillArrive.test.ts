import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { landsWithinMs } from '../../shared/host/durations.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import { noDeadline } from '../../shared/records/inTime.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { Dependencies } from './world.js';
import { statusOf } from './statusOf.js';
import { world, day, approvedRequest, planned, deliveredSlowly, assertPutRight } from './slowPosts.js';

describe('the row of a child whose removal may still arrive', () => {
  test('is not erased before it can no longer arrive, so that a child who comes back is not lost', async () => {
    await world.fresh();
    await world.run(world.dependencies('first'));
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
    await world.run(world.dependencies('first'));
    world.later(day);
    const [later, first] = await Promise.all([world.expected('later'), world.expected('first')]);
    const changed = later.find(({ la_child_id: id, ...now }) => {
      const { la_child_id, ...before } = first.find((child) => child.la_child_id === id) ?? {
        la_child_id: '',
      };
      return la_child_id !== '' && JSON.stringify(now) !== JSON.stringify(before);
    });
    const child = changed?.la_child_id ?? '';
    const ofChild: NewRunRequest = { ...approvedRequest, scope: 'children', children: [child] };
    const { runId, chunks, dependencies } = await planned('later', {}, ofChild);
    const late = await deliveredSlowly(chunks, 'later');
    await failRun(runId, 'abandoned', dependencies);
    world.dfe.setFaults(parseFaults(`refuse=${child}`));
    const rerun = world.dependencies('first');
    const { status, totals } = await statusOf((await world.run(rerun, ofChild)) ?? '', rerun);
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
    await world.run(world.dependencies('first', { post: twice }));
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
    await world.run(world.dependencies('first'));
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
    const rerunId = await world.run(rerun, approvedRequest);
    assert.equal((await statusOf(rerunId ?? '', rerun)).status, 'completedWithFailures');
    await late.land(rerun, 'were killed');
    await assertPutRight('first');
  });

  test('that was thirty days ahead does not send the same children for thirty days', async () => {
    await abandonedUnder(30 * day);
    await assertPutRight('later');
  });
});
