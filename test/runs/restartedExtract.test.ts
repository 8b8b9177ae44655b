import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { addToDate } from '../../shared/child/dates.js';
import type { RowCounts } from '../../shared/ssd/selects.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { nightly, ssds, type Dependencies } from './world.js';
import { actsAfter, killedAfter } from './interference.js';
import {
  world,
  names,
  everyone,
  small,
  ids,
  lists,
  anAttempt,
  outcomeOf,
  undisturbed,
  sentBy,
  renamed,
  query,
} from './extractAttempts.js';
import { holding } from '../child/rules/changed.js';
import { inventedTerms } from '../settings/someTerms.js';

describe('an extract starts anew', () => {
  /** Kills an extract after its second range, changes something, and repeats it. @returns how many ranges each has read */
  async function changed(
    between: () => Promise<void>,
    overrides: Partial<Dependencies> = {},
  ): Promise<{ readonly ranges: number; readonly runId: RunId; readonly second: Dependencies }> {
    const runId = await world.begin(world.dependencies('later'), everyone);
    const first = anAttempt({}, killedAfter('checkpoint.json', 2));
    await assert.rejects(extractRun(runId, first.dependencies));
    assert.equal(first.read(), 2);
    await between();
    const second = anAttempt(overrides);
    await extractRun(runId, second.dependencies);
    return { ranges: second.read(), runId, second: second.dependencies };
  }

  async function ranges(overrides: Partial<Dependencies> = {}): Promise<number> {
    const { dependencies } = anAttempt(overrides);
    return (await dependencies.ssd.ranges(dependencies.rangeSize)).length;
  }

  test('not as long as the SSD, the settings and the version are the same', async () => {
    const { ranges: read } = await changed(() => Promise.resolve());
    assert.equal(read, (await ranges()) - 2);
  });

  test('when a table of the SSD has more rows than before, and does not treat a child with a new id as a leaver', async () => {
    const last = ids.at(-1) ?? '';
    const referral = 'a referral of the refresh';
    const restore = async () => {
      await renamed('0first', last);
      await query('DELETE FROM SSD.ssd_cin_episodes WHERE cine_referral_id = @referral', { referral });
    };
    try {
      const {
        ranges: read,
        runId,
        second,
      } = await changed(async () => {
        // The refresh has given the child an id that lies in the first range, which was read already.
        await renamed(last, '0first');
        await query(
          'INSERT INTO SSD.ssd_cin_episodes (cine_referral_id, cine_person_id) VALUES (@referral, @id)',
          { referral, id: 'NOBODY' },
        );
      });
      assert.equal(read, await ranges());
      const sent = await sentBy(runId, second);
      assert.ok(sent.includes('0first'), 'the child is sent under its new id');
    } finally {
      await restore();
    }
  });

  test('when its newest dates are other ones, though every table has as many rows', async () => {
    const today = addToDate(world.dependencies('later').today(), { days: 0 });
    const [episode] = await query(
      'SELECT cine_referral_id AS id, cine_referral_date AS date FROM SSD.ssd_cin_episodes ORDER BY cine_referral_date LIMIT 1',
    );
    const put = (date: unknown) =>
      query(
        'UPDATE SSD.ssd_cin_episodes SET cine_referral_date = CAST(@date AS date) WHERE cine_referral_id = @id',
        { date: String(date), id: String(episode?.['id']) },
      );
    const last = ids.at(-1) ?? '';
    try {
      const {
        ranges: read,
        runId,
        second,
      } = await changed(async () => {
        await renamed(last, '0first');
        await put(today);
      });
      assert.equal(read, await ranges());
      assert.ok((await sentBy(runId, second)).includes('0first'), 'the child is sent under its new id');
    } finally {
      await renamed('0first', last);
      await put(episode?.['date']);
    }
  });

  test('when the rows were other ones in between, though they are the same again', async () => {
    const runId = await world.begin(world.dependencies('later'), everyone);
    const first = anAttempt({ rangeSize: 1 }, killedAfter('checkpoint.json', 6));
    const asItIs = await first.dependencies.ssd.rowCounts();
    const counts: RowCounts[] = [asItIs, { ...asItIs, ssd_cin_plans: 0 }];
    Object.defineProperty(first.dependencies.ssd, 'rowCounts', {
      value: () => Promise.resolve(counts.shift() ?? asItIs),
    });
    await assert.rejects(extractRun(runId, first.dependencies));
    assert.deepEqual(counts, []);
    const second = anAttempt({ rangeSize: 1 });
    await extractRun(runId, second.dependencies);
    assert.equal(second.read(), await ranges({ rangeSize: 1 }));
    assert.equal((await second.dependencies.runs.plan.read(runId))?.held, false);
  });

  const others: readonly [string, Partial<Dependencies>][] = [
    ['version of the app', { version: '0.2.0-gother' }],
    ['mode', { mode: 'snapshot' }],
    ['window', { terms: { ...inventedTerms, window: { months: 12 } } }],
    ['profile', { profile: builtInProfile('mosaic') }],
    ['chunk limit', { chunkLimits: { maxChildren: 3, maxBytes: 190_000 } }],
    ['set of children', { inclusionSets: ['referral'] }],
    ['rule about care workers', { careWorkerGates: [] }],
    ['rule that the council has changed', { changedRules: [holding('cin-4014')] }],
  ];
  for (const [what, overrides] of others) {
    test(`with another ${what}`, async () => {
      const { ranges: read } = await changed(() => Promise.resolve(), overrides);
      assert.equal(read, await ranges(overrides));
    });
  }

  for (const list of ['cohortList', 'allowList'] as const) {
    const name = lists[list];
    const changes: readonly [string, string][] = [
      ['has got an id since', `INSERT INTO ${name} VALUES ('NOBODY 2')`],
      [
        'has as many ids as before, and another one',
        `UPDATE ${name} SET person_id = '!' WHERE person_id = @last`,
      ],
    ];
    for (const [change, sql] of changes) {
      test(`with a list (${list}) that ${change}`, async () => {
        const ssd = () => new SsdReader(world.database, ssds.later, names, { [list]: name });
        const runId = await world.begin(world.dependencies('later'), everyone);
        const first = anAttempt({ ssd: ssd() }, killedAfter('checkpoint.json', 2));
        await assert.rejects(extractRun(runId, first.dependencies));
        await query(sql, sql.includes('@last') ? { last: ids.at(-2) ?? '' } : {});
        const second = anAttempt({ ssd: ssd() });
        await extractRun(runId, second.dependencies);
        assert.equal(second.read(), await ranges());
      });
    }
  }

  test('from a checkpoint that it cannot read', async () => {
    const spoil = async () => {
      const [runId = ''] = await anAttempt().dependencies.runs.runIds();
      await world.blobs().write(`runs/${runId}/checkpoint.json`, '{"rangesDone":1}');
    };
    const { ranges: read } = await changed(spoil);
    assert.equal(read, await ranges());
  });

  test('from a checkpoint whose chunks are not there', async () => {
    const lose = async () => {
      const { runs } = anAttempt().dependencies;
      const [runId = ''] = await runs.runIds();
      const checkpoint = await runs.checkpoint.read(runId);
      assert.ok(checkpoint);
      const { chunks } = checkpoint;
      const full = chunks.full + 3;
      const hashes = Array.from({ length: full }, () => '');
      await runs.checkpoint.write(runId, { ...checkpoint, chunks: { full, open: 0, hashes } });
    };
    const { ranges: read, runId, second } = await changed(lose);
    assert.equal(read, await ranges());
    const { contents } = await outcomeOf(runId, second);
    await failRun(runId, 'a test', second);
    assert.deepEqual(contents, (await undisturbed(everyone, () => ({}))).outcome.contents);
  });
});

describe('a refresh of the SSD, while DfE holds all its children,', () => {
  const guardLimits = { maxLeaversPercent: 5, maxTableFallPercent: 10, maxIdChurnPercent: 5 };
  const strict = { ...small, guardLimits };
  const last = () => ids.at(-1) ?? '';
  beforeEach(async () => {
    await world.fresh();
    await world.run(world.dependencies('later'));
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
    world.later(24 * 60);
  });
  const empty = async () => {
    await query('CREATE TABLE SSD.kept AS SELECT * FROM SSD.ssd_person');
    await query('DELETE FROM SSD.ssd_person');
  };
  const reload = async () => {
    await query('INSERT INTO SSD.ssd_person SELECT * FROM SSD.kept');
    await query('DROP TABLE SSD.kept');
  };
  const removed = async () => {
    const held = new Set(world.dfe.children().map(({ la_child_id: id }) => id));
    return (await world.expected('later')).filter(({ la_child_id: id }) => !held.has(id)).length;
  };
  const sendAll = async (runId: RunId) => {
    const { dependencies } = anAttempt(strict);
    for (const content of await extractRun(runId, dependencies))
      await dependencies.put({ queue: 'chunks', content });
    await world.drain(dependencies);
    return runStatus(runId, dependencies.runs);
  };

  test('that empties ssd_person before a range and breaks the extract after it removes no child once it has ended', async () => {
    // Killed at every write while it is empty, until it is planned and held; the SSD ends with the very same rows.
    let deaths = 0;
    for (;;) {
      const runId = await world.begin(world.dependencies('later'), nightly);
      const { dependencies } = anAttempt(strict, actsAfter('checkpoint.json', 2, empty, deaths + 1));
      await assert.rejects(extractRun(runId, dependencies));
      await reload();
      if ((await dependencies.runs.plan.read(runId))?.held === true) break;
      deaths += 1;
      assert.equal((await sendAll(runId))?.status, 'completed');
      assert.equal(await removed(), 0, `killed at write ${String(deaths)}`);
      world.later(24 * 60);
    }
    assert.ok(deaths > 5, `${String(deaths)} deaths`);
  });

  test('that empties ssd_person and fills it again between two counts pauses the run', async () => {
    const runId = await world.begin(world.dependencies('later'), nightly);
    const dependencies = world.dependencies('later', strict);
    const { ssd } = dependencies;
    const read = ssd.read.bind(ssd);
    let ranges = 0;
    Object.defineProperty(ssd, 'read', {
      value: async (...wanted: Parameters<typeof read>) => {
        ranges += 1;
        if (ranges !== 3) return read(...wanted);
        await empty();
        try {
          return await read(...wanted);
        } finally {
          await reload();
        }
      },
    });
    await extractRun(runId, dependencies);
    const status = await runStatus(runId, dependencies.runs);
    assert.equal(status?.status, 'held');
    assert.ok(status.objections?.some(({ guard }) => guard === 'ssdChanging'));
  });

  for (const isKilled of [true, false]) {
    test(`that gives a child an id in a range that was read already, at equal counts, ${isKilled ? 'starts anew' : 'pauses the run'}`, async () => {
      const runId = await world.begin(world.dependencies('later'), nightly);
      const rename = () => renamed(last(), '0first');
      const { dependencies } = anAttempt(
        strict,
        actsAfter('checkpoint.json', 3, rename, isKilled ? 1 : undefined),
      );
      try {
        const extracted = extractRun(runId, dependencies);
        await (isKilled ? assert.rejects(extracted) : extracted);
        const status = isKilled ? await sendAll(runId) : await runStatus(runId, dependencies.runs);
        assert.equal(status?.status, isKilled ? 'completed' : 'held');
        if (isKilled) assert.deepEqual(world.dfe.children(), await world.expected('later'));
      } finally {
        await renamed('0first', last());
      }
    });
  }
});
