// Long, since every file that starts Azurite costs seconds.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { openDatabase } from '../../shared/database/open.js';
import { readOnly } from '../../shared/database/readOnly.js';
import { childrenOfRun } from '../../shared/records/childrenOfRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { migrate } from '../local/migrations.js';
import { parseFaults } from '../local/dfe/faults.js';
import { unhurried, whole } from '../records/whole.js';
import { aWorld, ssds, type Dependencies } from './world.js';
import { statusOf } from './statusOf.js';

const world = aWorld(24, 'Azurite');

describe('a run', () => {
  beforeEach(() => world.fresh());

  test('sends every child of the cohort, and DfE then holds just what the SSD says', async () => {
    const dependencies = world.dependencies('first');
    const status = await statusOf(await world.run(dependencies), dependencies);

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
    await world.run(world.dependencies('first'));
    const [child] = world.dfe.children();
    assert.ok(child !== undefined);
    const row = await world.stagingRow(child.la_child_id);
    assert.equal(row?.['submission_status'], 'Sent');
    assert.equal(row['row_state'], 'Unchanged');
    assert.match(String(row['api_response']), /^\d{4}-\d{2}-\d{2}_.*\.json$/);
    assert.equal(row['previous_json_payload'], row['json_payload']);
  });

  test('posts nothing when nothing has changed', async () => {
    await world.run(world.dependencies('first'));
    const { posts } = world.dfe.statistics;
    let besidesBlobs = 0;
    const dependencies = world.dependencies(
      'first',
      {},
      {
        around: (write, blob) => {
          if (blob === undefined) besidesBlobs += 1;
          return write();
        },
      },
    );
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(world.dfe.statistics.posts, posts);
    // The message that starts the extract; an unchanged child costs the database nothing but a read.
    assert.equal(besidesBlobs, 1);
    assert.equal(status.status, 'completed');
    assert.equal(status.figures?.unchanged, status.figures?.cohort);
    assert.equal(status.chunks?.planned, 0);
  });

  for (const arrays of ['replace', 'merge'] as const) {
    test(`conveys changes, removals, leavers and newcomers when DfE is to ${arrays} arrays`, async () => {
      await world.fresh({ arrays });
      await world.run(world.dependencies('first'));
      const dependencies = world.dependencies('later');
      const status = await statusOf(await world.run(dependencies), dependencies);
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
      assert.ok((status.figures?.updated ?? 0) > 0, 'some child has changed');

      await world.run(world.dependencies('first'));
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  }

  test('does the same with the staging table in a database of its own, while that of the SSD is only read', async () => {
    const own = await openDatabase('embedded:');
    const name = 'ssd_api_data_staging';
    await migrate(own, name);
    const apart = (ssd: 'first' | 'later') =>
      world.dependencies(ssd, {
        ssd: new SsdReader(readOnly(world.database), ssds[ssd], builtInProfile('systemc').names),
        staging: new StagingTable(own, name, { app: () => world.time() }, true),
        rangeSize: 7,
      });
    try {
      for (const ssd of ['first', 'later'] as const) {
        const dependencies = apart(ssd);
        const status = await statusOf(await world.run(dependencies), dependencies);
        assert.equal(status.status, 'completed', status.explanation);
        assert.deepEqual(world.dfe.children(), await world.expected(ssd));
      }
      const rows = await world.database.query(`SELECT COUNT(*) AS rows FROM ${name}`);
      assert.equal(Number(rows[0]?.['rows']), 0);
    } finally {
      await own.close();
    }
  });

  test('sends every child of the cohort in the mode snapshot', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('first', { mode: 'snapshot' });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.totals?.accepted, status.figures?.cohort);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('keeps chunks within the number of bytes that a POST may have', async () => {
    const maxBytes = 4000;
    const dependencies = world.dependencies('first', { chunkLimits: { maxChildren: 100, maxBytes } });
    await world.run(dependencies);
    assert.ok(world.dfe.statistics.posts > 1);
    assert.ok(world.dfe.statistics.largestBodyBytes <= maxBytes);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('a child whose payload alone is larger than a POST may be', () => {
  beforeEach(() => world.fresh());

  test('is held back with a finding, holds up no other child, and does not count as a leaver', async () => {
    await world.run(world.dependencies('first'));
    const held = world.dfe.children();
    const chunkLimits = { maxChildren: 100, maxBytes: 1500 };
    const dependencies = world.dependencies('later', { chunkLimits });
    const { figures, totals } = await statusOf(await world.run(dependencies), dependencies);
    const tooLarge = figures?.findings['payload-too-large'] ?? 0;
    assert.ok(tooLarge > 0 && tooLarge < held.length);
    assert.equal(figures?.held, tooLarge);
    assert.equal(totals?.accepted, figures.toSend);
    assert.ok(world.dfe.statistics.largestBodyBytes > 1500, 'the first night had a larger limit');
    await world.run(world.dependencies('later'));
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });
});

describe('a child that DfE refuses', () => {
  beforeEach(() => world.fresh());

  async function runWithARefusal() {
    const expected = await world.expected('first');
    const bad = expected[2]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    const dependencies = world.dependencies('first');
    const runId = await world.run(dependencies);
    return { expected, bad, status: await statusOf(runId, dependencies) };
  }

  test('is isolated in the same run, and all others are accepted', async () => {
    const { expected, bad, status } = await runWithARefusal();
    const others = expected.filter((child) => child.la_child_id !== bad);
    assert.deepEqual(world.dfe.children(), others);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.refused, 1);
    const row = await world.stagingRow(bad);
    assert.equal(row?.['submission_status'], 'Error');
    assert.match(String(row['api_response']), /^400: /);
    assert.equal(row['previous_json_payload'], null);
  });

  test('is not sent again by the next run, unless someone asks for it', async () => {
    const { expected } = await runWithARefusal();
    const { posts } = world.dfe.statistics;
    await world.run(world.dependencies('first'));
    assert.equal(world.dfe.statistics.posts, posts);

    world.dfe.setFaults({});
    const wish = { trigger: 'http', requestedBy: 'a person', scope: 'refused' } as const;
    await world.run(world.dependencies('first'), wish);
    assert.equal(world.dfe.statistics.posts, posts + 1);
    assert.deepEqual(world.dfe.children(), expected);
  });
});

describe('a rerun', () => {
  beforeEach(() => world.fresh());

  test('of named children sends these and no other', async () => {
    await world.run(world.dependencies('first'));
    const { acceptedChildren } = world.dfe.statistics;
    const children = world.dfe
      .children()
      .slice(0, 2)
      .map((child) => child.la_child_id);
    const wish = { trigger: 'http', requestedBy: 'a person', scope: 'children', children } as const;
    await world.run(world.dependencies('first'), { ...wish, children });
    assert.equal(world.dfe.statistics.acceptedChildren, acceptedChildren + 2);
  });

  test('of all children sends the whole cohort', async () => {
    await world.run(world.dependencies('first'));
    const { acceptedChildren } = world.dfe.statistics;
    await world.run(world.dependencies('first'), {
      trigger: 'http',
      requestedBy: 'a person',
      scope: 'all',
    });
    assert.equal(world.dfe.statistics.acceptedChildren, acceptedChildren * 2);
  });
});

describe('when DfE is down', () => {
  beforeEach(() => world.fresh());

  test('the run ends, and the next run sends every child', async () => {
    world.dfe.setFaults({ down: true });
    const dependencies = world.dependencies('first');
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'unavailable');
    assert.equal(status.totals?.outstanding, status.figures?.toSend);

    world.dfe.setFaults({});
    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('a key that DfE does not know marks no child as refused', async () => {
    world.dfe.setFaults(parseFaults('403=100%'));
    const dependencies = world.dependencies('first');
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.totals?.refused, 0);
    assert.equal(status.status, 'unavailable');
  });
});

describe('a child whose id cannot be sent any more', () => {
  beforeEach(() => world.fresh());

  test('is held back, and does not count as a leaver', async () => {
    await world.run(world.dependencies('first'));
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
      const status = await statusOf(await world.run(dependencies), dependencies);
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
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    for (const message of messages) await sendChunk(message, dependencies);
    const { posts } = world.dfe.statistics;
    assert.deepEqual(await extractRun(runId, dependencies), []);
    for (const message of messages) await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, posts);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
  });

  test('an extract that is repeated before anything was sent gives the same chunks', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    assert.ok(messages.length > 1);
    assert.deepEqual(await extractRun(runId, dependencies), messages);
  });
});

describe('a chunk of an older run', () => {
  beforeEach(() => world.fresh());

  test('does not send a child that has changed since; the newer state goes out', async () => {
    await world.run(world.dependencies('first'));
    const older = world.dependencies('later');
    const runId = await world.begin(older);
    const messages = await extractRun(runId, older);
    const planned = await statusOf(runId, older);
    assert.ok((planned.figures?.toSend ?? 0) > 3);

    // Before its chunks leave, the run counts as dead, and a newer one stages what the SSD said at first.
    world.later(49 * 60);
    await world.run(world.dependencies('first'));
    const { posts } = world.dfe.statistics;
    for (const message of messages) await sendChunk(message, older);
    assert.equal(world.dfe.statistics.posts, posts);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
    const status = await statusOf(runId, older);
    assert.equal(status.status, 'failed');
  });

  test('whose answer comes after a newer run has sent the child does not touch what the table says', async () => {
    await world.run(world.dependencies('first'));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const older = world.dependencies('later');
    const runId = await world.begin(older);
    const [message] = await extractRun(runId, older);
    assert.ok(message);
    const answered: Dependencies = {
      ...older,
      post: async (children) => {
        const answer = await older.post(children);
        await held;
        return answer;
      },
    };
    const late = sendChunk(message, answered);
    while (world.dfe.statistics.posts < 5) await setImmediate();

    world.later(49 * 60);
    await world.run(world.dependencies('first'));
    release();
    await late;
    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('an answer that never came', () => {
  beforeEach(() => world.fresh());

  for (const arrays of ['merge', 'replace'] as const) {
    test(`leaves DfE up to date after the next run when it is to ${arrays} arrays, whatever the children have become`, async () => {
      await world.fresh({ arrays });
      await world.run(world.dependencies('first'));
      world.dfe.setFaults(parseFaults('lost=100%'));
      const chunkLimits = { maxChildren: 100, maxBytes: 190_000 };
      const dependencies = world.dependencies('later', { chunkLimits });
      const failed = await statusOf(await world.run(dependencies), dependencies);
      assert.equal(failed.status, 'completedWithFailures');
      assert.deepEqual(world.dfe.children(), await world.expected('later'));

      // Every change is taken back: nothing looks changed against what DfE acknowledged.
      world.dfe.setFaults({});
      await world.run(world.dependencies('first'));
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  }

  test('loses nothing that DfE did answer for in the same chunk', async () => {
    const expected = await world.expected('first');
    const bad = expected[0]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    const dependencies = world.dependencies('first', {
      chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
    });
    let posts = 0;
    const breaking: Dependencies = {
      ...dependencies,
      post: async (children) => {
        posts += 1;
        // The second half of the first split gets no answer, once.
        if (posts === 6)
          return { kind: 'none', why: 'later', status: 503, text: '', mayHold: true, tries: 1 };
        return dependencies.post(children);
      },
    };
    const status = await statusOf(await world.run(breaking), dependencies);
    assert.equal(status.totals?.refused, 1);
    assert.equal(status.totals.accepted, expected.length - 1);
    assert.deepEqual(
      world.dfe.children(),
      expected.filter(({ la_child_id }) => la_child_id !== bad),
    );
    assert.equal(world.dfe.statistics.acceptedChildren, expected.length - 1);
  });
});

describe('the mode partial', () => {
  for (const arrays of ['merge', 'blocks'] as const) {
    test(`brings DfE to what the SSD says when ${arrays === 'merge' ? 'it merges' : 'blocks that are not sent stay'}`, async () => {
      await world.fresh({ arrays });
      await world.run(world.dependencies('first'));
      await world.run(world.dependencies('later', { mode: 'partial' }));
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
    });
  }
});

describe('a dry run', () => {
  beforeEach(() => world.fresh());

  test('finds what would be sent, and sends and changes nothing', async () => {
    await world.run(world.dependencies('first'));
    const before = await world.stagingRows();
    const { posts } = world.dfe.statistics;
    const dependencies = world.dependencies('later');
    const runId = await world.run(dependencies, {
      trigger: 'http',
      requestedBy: 'a person',
      scope: 'outstanding',
      dryRun: true,
    });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.ok((status.figures?.toSend ?? 0) > 3);
    assert.equal(world.dfe.statistics.posts, posts);
    assert.deepEqual(await world.stagingRows(), before);

    const plan = await dependencies.runs.plan.read(runId ?? '');
    assert.ok(plan);
    const children = await whole(childrenOfRun(runId ?? '', plan, dependencies.runs, unhurried));
    assert.ok(children.every(({ outcome }) => outcome === 'not sent'));
    assert.equal(children.length, status.figures?.toSend);

    // And what it found is what the next night sends.
    const next = world.dependencies('later');
    const sent = await statusOf(await world.run(next), next);
    assert.equal(sent.figures?.toSend, status.figures?.toSend);
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });
});
