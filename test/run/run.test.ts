import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { extractRun } from '../../shared/run/extractRun.js';
import { reasonToHold } from '../../shared/run/guards.js';
import { requestRun } from '../../shared/run/requestRun.js';
import { activeRun, runStatus } from '../../shared/run/runStatus.js';
import type { RunStore } from '../../shared/run/runStore.js';
import { sendChunk } from '../../shared/run/sendChunk.js';
import { parseFaults } from '../local/dfe/faults.js';
import { aWorld, night, ssds } from './world.js';

const world = aWorld();

async function statusOf(runs: RunStore, runId: string | undefined) {
  assert.ok(runId !== undefined, 'the night has a run');
  const status = await runStatus(runId, runs);
  assert.ok(status !== undefined, 'the run has a status');
  return status;
}

describe('a night', () => {
  beforeEach(() => world.fresh());

  test('sends every child of the cohort, and DfE then holds just what the SSD says', async () => {
    const dependencies = world.dependencies('first');
    const status = await statusOf(dependencies.runs, await night(dependencies));

    const expected = await world.expected('first');
    assert.ok(expected.length > 5);
    assert.deepEqual(world.dfe.children(), expected);
    assert.equal(status.status, 'completed');
    assert.equal(status.figures?.cohort, expected.length);
    assert.equal(status.figures.new, expected.length);
    assert.equal(status.totals?.accepted, expected.length);
    assert.equal(world.dfe.statistics.posts, Math.ceil(expected.length / 5));
  });

  test('records the receipt and what DfE acknowledged in the staging table', async () => {
    await night(world.dependencies('first'));
    const [child] = world.dfe.children();
    assert.ok(child !== undefined);
    const row = await world.stagingRow(child.la_child_id);
    assert.equal(row?.['submission_status'], 'Sent');
    assert.equal(row['row_state'], 'Unchanged');
    assert.match(String(row['api_response']), /^\d{4}-\d{2}-\d{2}_.*\.json$/);
    assert.equal(row['previous_json_payload'], row['json_payload']);
  });

  test('posts nothing when nothing has changed', async () => {
    await night(world.dependencies('first'));
    const { posts } = world.dfe.statistics;
    const dependencies = world.dependencies('first');
    const status = await statusOf(dependencies.runs, await night(dependencies));
    assert.equal(world.dfe.statistics.posts, posts);
    assert.equal(status.status, 'completed');
    assert.equal(status.figures?.unchanged, status.figures?.cohort);
    assert.equal(status.chunks?.planned, 0);
  });

  for (const arrays of ['replace', 'merge'] as const) {
    test(`conveys changes, removals, leavers and newcomers when DfE is to ${arrays} arrays`, async () => {
      await world.fresh({ arrays });
      await night(world.dependencies('first'));
      const dependencies = world.dependencies('later');
      const status = await statusOf(dependencies.runs, await night(dependencies));
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
      assert.ok((status.figures?.updated ?? 0) > 0, 'some child has changed');

      await night(world.dependencies('first'));
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  }

  test('sends every child of the cohort in the mode snapshot', async () => {
    await night(world.dependencies('first'));
    const dependencies = world.dependencies('first', { mode: 'snapshot' });
    const status = await statusOf(dependencies.runs, await night(dependencies));
    assert.equal(status.totals?.accepted, status.figures?.cohort);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('keeps chunks within the number of bytes that a POST may have', async () => {
    const maxBytes = 4000;
    const dependencies = world.dependencies('first', { chunkLimits: { maxChildren: 100, maxBytes } });
    await night(dependencies);
    assert.ok(world.dfe.statistics.posts > 1);
    assert.ok(world.dfe.statistics.largestBodyBytes <= maxBytes);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('a child that DfE refuses', () => {
  beforeEach(() => world.fresh());

  async function nightWithARefusal() {
    const expected = await world.expected('first');
    const bad = expected[2]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    const dependencies = world.dependencies('first');
    const runId = await night(dependencies);
    return { expected, bad, status: await statusOf(dependencies.runs, runId) };
  }

  test('is isolated in the same run, and all others are accepted', async () => {
    const { expected, bad, status } = await nightWithARefusal();
    const others = expected.filter((child) => child.la_child_id !== bad);
    assert.deepEqual(world.dfe.children(), others);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.refused, 1);
    const row = await world.stagingRow(bad);
    assert.equal(row?.['submission_status'], 'Error');
    assert.match(String(row['api_response']), /^400: /);
    assert.equal(row['previous_json_payload'], null);
  });

  test('is not sent again on the next night, unless someone asks for it', async () => {
    const { expected } = await nightWithARefusal();
    const { posts } = world.dfe.statistics;
    await night(world.dependencies('first'));
    assert.equal(world.dfe.statistics.posts, posts);

    world.dfe.setFaults({});
    const wish = { trigger: 'http', requestedBy: 'a person', scope: 'refused' } as const;
    await night(world.dependencies('first'), wish);
    assert.equal(world.dfe.statistics.posts, posts + 1);
    assert.deepEqual(world.dfe.children(), expected);
  });
});

describe('a rerun', () => {
  beforeEach(() => world.fresh());

  test('of named children sends these and no other', async () => {
    await night(world.dependencies('first'));
    const { acceptedChildren } = world.dfe.statistics;
    const children = world.dfe
      .children()
      .slice(0, 2)
      .map((child) => child.la_child_id);
    const wish = { trigger: 'http', requestedBy: 'a person', scope: 'children', children } as const;
    await night(world.dependencies('first'), { ...wish, children });
    assert.equal(world.dfe.statistics.acceptedChildren, acceptedChildren + 2);
  });

  test('of all children sends the whole cohort', async () => {
    await night(world.dependencies('first'));
    const { acceptedChildren } = world.dfe.statistics;
    await night(world.dependencies('first'), { trigger: 'http', requestedBy: 'a person', scope: 'all' });
    assert.equal(world.dfe.statistics.acceptedChildren, acceptedChildren * 2);
  });
});

describe('when DfE is down', () => {
  beforeEach(() => world.fresh());

  test('the run completes with failures, and every child is sent the next night', async () => {
    world.dfe.setFaults({ down: true });
    const dependencies = world.dependencies('first');
    const status = await statusOf(dependencies.runs, await night(dependencies));
    assert.equal(status.status, 'completedWithFailures');
    assert.equal(status.totals?.outstanding, status.figures?.toSend);

    world.dfe.setFaults({});
    await night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('a key that DfE does not know marks no child as refused', async () => {
    world.dfe.setFaults(parseFaults('403=100%'));
    const dependencies = world.dependencies('first');
    const status = await statusOf(dependencies.runs, await night(dependencies));
    assert.equal(status.totals?.refused, 0);
    assert.equal(status.status, 'completedWithFailures');
  });
});

describe('a guard', () => {
  beforeEach(() => world.fresh());

  test('holds a run that finds the SSD empty while DfE holds children', async () => {
    await night(world.dependencies('first'));
    const held = world.dfe.children();
    const dependencies = world.dependencies('empty');
    const status = await statusOf(dependencies.runs, await night(dependencies));
    assert.equal(status.status, 'held');
    assert.match(status.explanation ?? '', /being rebuilt/);
    assert.deepEqual(world.dfe.children(), held);

    // The SSD is back: the night after finds nothing to do.
    const after = world.dependencies('first');
    const next = await statusOf(after.runs, await night(after));
    assert.equal(next.status, 'completed');
    assert.equal(next.figures?.toSend, 0);
  });
});

describe('guards', () => {
  const figures = {
    personsRead: 100,
    cohort: 100,
    held: 0,
    new: 0,
    updated: 0,
    unchanged: 0,
    leavers: 0,
    withdrawn: 0,
    refusedBefore: 0,
    toSend: 0,
    findings: {},
  };
  const leaving = (leavers: number, acknowledged: number, percent: number) =>
    reasonToHold({ ...figures, leavers }, acknowledged, percent);

  test('let the asked-for share of children leave, and no more', () => {
    assert.equal(leaving(50, 1000, 5), undefined);
    assert.match(leaving(51, 1000, 5) ?? '', /51 of 1000 children that DfE holds \(5\.1 %\) have left/);
  });

  test('let a handful leave a small authority, unless none may leave at all', () => {
    assert.equal(leaving(5, 10, 5), undefined);
    assert.notEqual(leaving(6, 10, 5), undefined);
    assert.notEqual(leaving(1, 1000, 0), undefined);
    assert.equal(leaving(0, 1000, 0), undefined);
  });
});

describe('a child whose id cannot be sent any more', () => {
  beforeEach(() => world.fresh());

  test('is held back, and is not taken for one that has left', async () => {
    await night(world.dependencies('first'));
    const held = world.dfe.children();
    const tooLong = 'x'.repeat(30);
    const id = held[0]?.la_child_id ?? '';
    const rename = async (from: string, to: string) => {
      for (const column of ['ssd_person.pers_person_id', 'ssd_cin_episodes.cine_person_id']) {
        const [table = '', name = ''] = column.split('.');
        const sql = `UPDATE ${ssds.first}.${table} SET ${name} = @to WHERE ${name} = @from`;
        await world.database.query(sql, { from, to });
      }
    };
    // As an older staging table has it: DfE took longer ids until June 2026.
    await world.database.query('ALTER TABLE ssd_api_data_staging ALTER COLUMN person_id TYPE varchar(48)');
    const sql = 'UPDATE ssd_api_data_staging SET person_id = @to WHERE person_id = @from';
    await world.database.query(sql, { from: id, to: tooLong });
    await rename(id, tooLong);
    try {
      const dependencies = world.dependencies('first');
      const status = await statusOf(dependencies.runs, await night(dependencies));
      assert.equal(status.figures?.held, 1);
      assert.equal(status.figures.leavers, 0);
      assert.equal(status.figures.findings['child-id'], 1);
      assert.deepEqual(world.dfe.children(), held);
    } finally {
      await rename(tooLong, id);
    }
  });
});

describe('repeated messages', () => {
  beforeEach(() => world.fresh());

  test('change nothing: a chunk with a result is not posted again', async () => {
    const dependencies = world.dependencies('first');
    const { runId } = await requestRun(
      { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' },
      dependencies,
    );
    const messages = await extractRun(runId, dependencies);
    for (const message of messages) await sendChunk(message, dependencies);
    const { posts } = world.dfe.statistics;
    assert.deepEqual(await extractRun(runId, dependencies), []);
    for (const message of messages) await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, posts);
    assert.equal((await statusOf(dependencies.runs, runId)).status, 'completed');
  });

  test('an extract that is repeated before anything was sent gives the same chunks', async () => {
    const dependencies = world.dependencies('first');
    const { runId } = await requestRun(
      { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' },
      dependencies,
    );
    const messages = await extractRun(runId, dependencies);
    assert.ok(messages.length > 1);
    assert.deepEqual(await extractRun(runId, dependencies), messages);
  });
});

describe('a change that is staged while a chunk is under way', () => {
  beforeEach(() => world.fresh());

  test('stays outstanding, and the next night brings DfE up to date', async () => {
    await night(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const wish = { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' } as const;
    const { runId } = await requestRun(wish, dependencies);
    const messages = await extractRun(runId, dependencies);

    // Before the chunks leave, another extract stages what the SSD said at first.
    const meanwhile = world.dependencies('first');
    await extractRun((await requestRun(wish, meanwhile)).runId, meanwhile);
    for (const message of messages) await sendChunk(message, dependencies);
    assert.deepEqual(world.dfe.children(), await world.expected('later'));

    await night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('the run that is going on', () => {
  beforeEach(() => world.fresh());

  test('is known from its request to its end', async () => {
    const dependencies = world.dependencies('first');
    const wish = { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' } as const;
    const { runId } = await requestRun(wish, dependencies);
    assert.equal(await activeRun(dependencies.runs, dependencies.now()), runId);
    assert.equal((await statusOf(dependencies.runs, runId)).status, 'requested');
    const messages = await extractRun(runId, dependencies);
    assert.equal((await statusOf(dependencies.runs, runId)).status, 'sending');
    for (const message of messages) await sendChunk(message, dependencies);
    assert.equal(await activeRun(dependencies.runs, dependencies.now()), undefined);
  });
});
