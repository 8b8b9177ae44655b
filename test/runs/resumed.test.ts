import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { addToDate } from '../../shared/child/dates.js';
import type { RowCounts } from '../../shared/ssd/selects.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { ssdTables } from '../../shared/child/sourceRows.js';
import { isSsdTable, personColumnOf } from '../../shared/ssd/tables.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { chunkMessageOf } from '../../shared/records/chunk.js';
import { chunkHashOf } from '../../shared/records/chunkHash.js';
import { runsNow } from '../../shared/dataSubject/runsNow.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { parseFaults } from '../local/dfe/faults.js';
import { aWorld, killedAt, nightly, ssds, tries, type Dependencies, type Interference } from './world.js';
import type { RunStore } from '../../shared/records/runStore.js';

const world = aWorld(12);
const { names } = builtInProfile('systemc');
const everyone: NewRunRequest = { trigger: 'http', requestedBy: 'a person', scope: 'all' };

/** Small ranges and chunks, so that there are many of each, and lists, so that they count as well. */
const small = { rangeSize: 3, chunkLimits: { maxChildren: 4, maxBytes: 190_000 } };
let ids: string[] = [];
const lists = { cohortList: `${ssds.later}.listed`, allowList: `${ssds.later}.allowed` };

/** DfE knows the first night, and has refused a child of it. */
beforeEach(async () => {
  ids = (await world.expected('later')).map(({ la_child_id: id }) => id);
  await makeList(lists.cohortList, [...ids.slice(1), 'NOBODY']);
  await makeList(lists.allowList, ids.slice(0, -1));
  await world.fresh();
  world.dfe.setFaults(parseFaults(`refuse=${ids[0] ?? ''}`));
  await world.night(world.dependencies('first'));
  world.dfe.setFaults({});
});

async function makeList(table: string, members: readonly string[]): Promise<void> {
  await query(`DROP TABLE IF EXISTS ${table}`);
  await query(`CREATE TABLE ${table} (person_id varchar(48))`);
  for (const id of members) await query(`INSERT INTO ${table} VALUES (@id)`, { id });
}

/** A process of its own that counts the ranges it reads. */
function anAttempt(
  overrides: Partial<Dependencies> = {},
  interference?: Interference,
): { readonly dependencies: Dependencies; readonly read: () => number } {
  const dependencies = world.dependencies('later', { ...small, ...overrides }, interference);
  const { ssd } = dependencies;
  const read = ssd.read.bind(ssd);
  let ranges = 0;
  Object.defineProperty(ssd, 'read', {
    value: (...wanted: Parameters<typeof read>) => {
      ranges += 1;
      return read(...wanted);
    },
  });
  return { dependencies, read: () => ranges };
}

/** What an attempt has left: all that a plan says but when and of which run, and what stands in the chunks and findings that it names. */
async function outcomeOf(runId: RunId, { runs }: Dependencies) {
  const plan = await runs.plan.read(runId);
  assert.ok(plan !== undefined);
  const { attempt, chunkHashes = [], ...planned } = plan;
  const numbers = Array.from({ length: plan.chunks }, (_, at) => at + 1);
  const contents = await Promise.all(
    numbers.map((chunk) => runs.chunk.read(chunkMessageOf(runId, plan, chunk))),
  );
  assert.deepEqual(
    contents.map((chunk) => chunk && chunkHashOf(chunk)),
    chunkHashes,
  );
  const findings: unknown[] = [];
  for await (const finding of runs.findings.all(runId, attempt)) findings.push(finding);
  const { sinceRunBefore, ...figures } = plan.figures;
  const { new: added, stillThere, mended } = sinceRunBefore;
  return {
    ...planned,
    plannedAt: '',
    number: 0,
    figures: { ...figures, added, stillThere, mended },
    contents: contents.map((chunk) => chunk?.children),
    findings,
  };
}

/** Lets an extract begin, be killed at a write, and be done. */
async function killedAndRepeated(
  wish: NewRunRequest,
  overrides: () => Partial<Dependencies>,
  killer: Interference,
  between: () => Promise<void> = () => Promise.resolve(),
) {
  const runId = await world.begin(world.dependencies('later'), wish);
  const first = anAttempt(overrides(), killer);
  const wasKilled = await extractRun(runId, first.dependencies).then(
    () => false,
    () => true,
  );
  await between();
  const second = anAttempt(overrides());
  await extractRun(runId, second.dependencies);
  const outcome = await outcomeOf(runId, second.dependencies);
  await failRun(runId, 'a test', second.dependencies);
  return { runId, wasKilled, first, second, outcome };
}

/** Kills an attempt at the nth write of a blob of this name. */
function killedAfter(blob: string, nth: number, moment: 'before' | 'after' = 'after'): Interference {
  let writes = 0;
  return {
    around: async (write, name) => {
      if (name?.endsWith(blob) === true) writes += 1;
      if (writes === nth && moment === 'before') throw new Error('killed before a write');
      const result = await write();
      if (writes === nth) throw new Error('killed after a write');
      return result;
    },
  };
}

/** Does something after the nth write of a blob of this name, and kills the attempt at a later write. */
function after(blob: string, nth: number, act: () => Promise<void>, killedAtWrite?: number): Interference {
  let writes = 0;
  let writesSince: number | undefined;
  return {
    around: async (write, name) => {
      if (writesSince !== undefined) writesSince += 1;
      const result = await write();
      if (writesSince !== undefined && writesSince === killedAtWrite) throw new Error('killed after a write');
      if (name?.endsWith(blob) === true && (writes += 1) === nth) {
        await act();
        writesSince = 0;
      }
      return result;
    },
  };
}

const never: Interference = { around: (write) => write() };

/** What an attempt found after its last checkpoint. */
const stale = { rule: 'upn-shape', table: 'ssd_person', rowId: 'C', column: 'pers_upn', found: '' } as const;

/** What comes of an extract that nobody kills. */
async function undisturbed(wish: NewRunRequest, overrides: () => Partial<Dependencies>) {
  const { outcome, second, first } = await killedAndRepeated(wish, overrides, never);
  assert.equal(second.read(), 0);
  return { outcome, ranges: first.read() };
}

describe('an extract that is killed', () => {
  const named: NewRunRequest = { ...everyone, scope: 'children' };
  const cases: readonly [string, () => NewRunRequest, () => Partial<Dependencies>][] = [
    ['of all children', () => everyone, () => ({})],
    [
      'of named children, with lists',
      () => ({ ...named, children: ['NOBODY', ...ids.slice(0, 3), ids.at(-2) ?? '', 'NOBODY 2'] }),
      () => ({ ssd: new SsdReader(world.database, ssds.later, names, lists) }),
    ],
    ['of a dry run', () => ({ ...everyone, dryRun: true }), () => ({ mode: 'partial' })],
  ];
  for (const [what, wish, overrides] of cases) {
    test(`${what} gives what it gives undisturbed wherever it is killed, and reads no more than one range again`, async (t) => {
      // The findings of the second are compared with those of the first, as those of all that follow are.
      await undisturbed(wish(), overrides);
      const { outcome, ranges } = await undisturbed(wish(), overrides);
      assert.ok(ranges >= 4, `${String(ranges)} ranges`);
      let deaths = 0;
      for (let nth = 1; ; nth += 1) {
        const killed = await killedAndRepeated(wish(), overrides, killedAt(nth, 'after'));
        assert.deepEqual(killed.outcome, outcome, `killed after write ${String(nth)}`);
        if (!killed.wasKilled) break;
        deaths += 1;
        const again = killed.first.read() + killed.second.read() - ranges;
        assert.ok(again === 0 || again === 1, `${String(again)} ranges again, killed at ${String(nth)}`);
      }
      assert.ok(deaths > 2 * ranges);
      t.diagnostic(`${String(deaths)} deaths in ${String(ranges)} ranges`);
    });
  }

  test('again and again, after each range, comes to its end', async () => {
    const { outcome } = await undisturbed(everyone, () => ({}));
    const runId = await world.begin(world.dependencies('later'), everyone);
    let tries = 0;
    const once = async () => {
      const attempt = anAttempt({}, killedAfter('checkpoint.json', 1));
      await extractRun(runId, attempt.dependencies);
      return attempt.dependencies;
    };
    let done: Dependencies | undefined;
    while (done === undefined && tries < 50) {
      tries += 1;
      done = await once().catch(() => undefined);
    }
    assert.ok(done !== undefined && tries > 4);
    const { runs } = done;
    const plan = await runs.plan.read(runId);
    assert.equal(plan?.figures.toSend, outcome.figures.toSend);
    assert.deepEqual((await outcomeOf(runId, done)).contents, outcome.contents);
  });
});

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

  test('when a table of the SSD has more rows than before, and takes nobody for a leaver who has another id', async () => {
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
    ['window', { windowMonths: 12 }],
    ['profile', { profile: builtInProfile('mosaic') }],
    ['chunk limit', { chunkLimits: { maxChildren: 3, maxBytes: 190_000 } }],
    ['set of children', { inclusionSets: ['referral'] }],
    ['rule about care workers', { careWorkerGates: [] }],
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
    await world.night(world.dependencies('later'));
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

  test('that empties ssd_person before a range and breaks the extract after it: nobody is removed once it has ended', async () => {
    // Killed at every write while it is empty, until it is planned and held; the SSD ends with the very same rows.
    let deaths = 0;
    for (;;) {
      const runId = await world.begin(world.dependencies('later'), nightly);
      const { dependencies } = anAttempt(strict, after('checkpoint.json', 2, empty, deaths + 1));
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

  test('that empties ssd_person and fills it again between two counts holds the run', async () => {
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
    test(`that gives a child an id in a range that was read already, at equal counts, ${isKilled ? 'starts anew' : 'holds the run'}`, async () => {
      const runId = await world.begin(world.dependencies('later'), nightly);
      const rename = () => renamed(last(), '0first');
      const { dependencies } = anAttempt(
        strict,
        after('checkpoint.json', 3, rename, isKilled ? 1 : undefined),
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

describe('an extract whose message was delivered in vain', () => {
  test('is not given up as long as ranges are finished, and comes to its end', async () => {
    const { outcome, ranges } = await undisturbed(everyone, () => ({}));
    assert.ok(ranges > tries, `${String(ranges)} ranges`);
    const runId = await world.begin(world.dependencies('later'), everyone);
    const killed = () => anAttempt({}, killedAfter('checkpoint.json', 1)).dependencies;
    const delivered = () =>
      extractRun(runId, killed()).then(
        () => true,
        () => false,
      );
    for (;;) {
      let isDone = false;
      for (let delivery = 0; delivery < tries && !isDone; delivery += 1) isDone = await delivered();
      if (isDone) break;
      const { dependencies } = anAttempt();
      const message = { queue: 'extracts', content: { runId } } as const;
      // A poison message may come twice.
      for (let time = 0; time < 2; time += 1) await world.settlePoison(message, dependencies);
      assert.equal(await dependencies.runs.summary.read(runId), undefined);
      world.later(40);
      assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, [{ runId }]);
    }
    assert.deepEqual((await outcomeOf(runId, anAttempt().dependencies)).contents, outcome.contents);
  });

  test('fails once no range is finished any more', async () => {
    const runId = await world.begin(world.dependencies('later'), everyone);
    await assert.rejects(extractRun(runId, anAttempt({}, killedAfter('checkpoint.json', 2)).dependencies));
    const { dependencies } = anAttempt();
    const message = { queue: 'extracts', content: { runId } } as const;
    await world.settlePoison(message, dependencies);
    world.later(40);
    assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, [{ runId }]);
    await assert.rejects(extractRun(runId, anAttempt({}, killedAt(1, 'before')).dependencies));
    await world.settlePoison(message, dependencies);
    assert.equal((await runStatus(runId, dependencies.runs))?.status, 'failed');
  });
});

describe('an extract whose run has ended', () => {
  const ends: readonly [string, (runId: RunId, dependencies: Dependencies) => Promise<unknown>][] = [
    ['was cancelled', (runId, dependencies) => cancelRun(runId, { by: 'a person' }, dependencies)],
    ['was given up', (runId, dependencies) => failRun(runId, 'a test', dependencies)],
  ];
  for (const [what, end] of ends) {
    test(`because it ${what} stages nobody and writes no chunk from then on, and counts as at work until it stops`, async () => {
      const runId = await world.begin(world.dependencies('later'), everyone);
      const other = world.dependencies('later');
      const gate = Promise.withResolvers<undefined>();
      const reached = Promise.withResolvers<undefined>();
      const slow = world.dependencies('later', small);
      const { ssd } = slow;
      const read = ssd.read.bind(ssd);
      Object.defineProperty(ssd, 'read', {
        value: async (...wanted: Parameters<typeof read>) => {
          const result = await read(...wanted);
          reached.resolve(undefined);
          await gate.promise;
          return result;
        },
      });
      const before = await world.stagingRows();
      const extract = extractRun(runId, slow);
      await reached.promise;
      await end(runId, other);
      assert.equal((await runsNow(other)).active, runId);
      gate.resolve(undefined);
      assert.deepEqual(await extract, []);
      assert.equal((await runsNow(other)).active, undefined);
      assert.deepEqual(await world.stagingRows(), before);
      assert.deepEqual(await world.blobs().list(`runs/${runId}/chunks/`), []);
    });
  }

  test('while it was staging writes no chunk of what it has staged', async () => {
    const runId = await world.begin(world.dependencies('later'), everyone);
    const other = world.dependencies('later');
    const cancelled: Interference = {
      around: async (write, blob) => {
        if (blob === undefined) await cancelRun(runId, { by: 'a person' }, other);
        return write();
      },
    };
    await extractRun(runId, anAttempt({}, cancelled).dependencies);
    assert.deepEqual(await world.blobs().list(`runs/${runId}/chunks/`), []);
  });

  test('before its message came leaves nothing, and does not count as at work', async () => {
    const runId = await world.begin(world.dependencies('later'), everyone);
    const other = world.dependencies('later');
    assert.equal((await runsNow(other)).active, runId);
    await cancelRun(runId, { by: 'a person' }, other);
    assert.equal((await runsNow(other)).active, undefined);
    await extractRun(runId, anAttempt().dependencies);
    assert.deepEqual(await world.blobs().list(`runs/${runId}/chunks/`), []);
  });

  test('because its process was killed counts as at work until the host would have ended it', async () => {
    const runId = await world.begin(world.dependencies('later'), everyone);
    const other = world.dependencies('later');
    let isDead = false;
    const dead: Interference = {
      around: async (write, blob) => {
        if (blob?.endsWith('checkpoint.json') === true) isDead = true;
        if (isDead) throw new Error('killed');
        return write();
      },
    };
    await assert.rejects(extractRun(runId, anAttempt({}, dead).dependencies));
    await cancelRun(runId, { by: 'a person' }, other);
    world.later(119);
    assert.equal((await runsNow(other)).active, runId);
    world.later(20);
    assert.equal((await runsNow(other)).active, undefined);
  });
});

describe('two attempts at one extract', () => {
  test('that begin at the same checkpoint give one plan, with all its chunks', async () => {
    const { outcome } = await undisturbed(everyone, () => ({}));
    const runId = await world.begin(world.dependencies('later'), everyone);
    await assert.rejects(extractRun(runId, anAttempt({}, killedAfter('checkpoint.json', 3)).dependencies));
    const attempts = [anAttempt(), anAttempt()];
    await Promise.all(attempts.map(({ dependencies }) => extractRun(runId, dependencies)));
    assert.deepEqual((await outcomeOf(runId, anAttempt().dependencies)).contents, outcome.contents);
  });

  test('of which one goes on from where the other is, and ends first, give one plan, which the other leaves as it is', async () => {
    const { outcome } = await undisturbed(everyone, () => ({}));
    const runId = await world.begin(world.dependencies('later'), everyone);
    const { held, reached, letGo } = heldAfter('checkpoint.json', 3);
    const slow = anAttempt({}, held);
    const slowly = extractRun(runId, slow.dependencies);
    await reached;
    const quick = anAttempt();
    const messages = await extractRun(runId, quick.dependencies);
    const planned = await outcomeOf(runId, quick.dependencies);
    assert.deepEqual(planned.contents, outcome.contents);
    letGo();
    assert.deepEqual(await slowly, messages);
    assert.ok(slow.read() + quick.read() < 2 * (await rangesOf(quick.dependencies)));
    assert.deepEqual(await outcomeOf(runId, quick.dependencies), planned);
  });

  test('of which one goes on while the other still fills its chunk give one plan', async () => {
    const { outcome } = await undisturbed(everyone, () => ({}));
    const runId = await world.begin(world.dependencies('later'), everyone);
    // What the slow one does after its second range is in its chunks, and in no checkpoint.
    const slow = anAttempt({}, killedAfter('plan.json', 1, 'before'));
    const { runs } = slow.dependencies;
    let writes = 0;
    const checkpoint: RunStore['checkpoint'] = {
      ...runs.checkpoint,
      write: (...wanted) => {
        writes += 1;
        return writes > 2 ? Promise.resolve() : runs.checkpoint.write(...wanted);
      },
    };
    await assert.rejects(extractRun(runId, { ...slow.dependencies, runs: { ...runs, checkpoint } }));
    assert.ok(writes > 2);
    // In larger ranges, so that the other may have findings of more of them.
    const quick = anAttempt({ rangeSize: 2 * small.rangeSize });
    const { attempt = '' } = (await runs.checkpoint.read(runId)) ?? {};
    await quick.dependencies.runs.findings.write(runId, attempt, 99, [stale]);
    await extractRun(runId, quick.dependencies);
    assert.equal(quick.read(), (await rangesOf(quick.dependencies)) - 1);
    const { contents, findings } = await outcomeOf(runId, quick.dependencies);
    assert.deepEqual([contents, findings], [outcome.contents, outcome.findings]);
  });
});

test('a checkpoint names no child but the last one of its range, and holds nothing of any', async () => {
  const runId = await world.begin(world.dependencies('later'), {
    ...everyone,
    scope: 'children',
    children: ids,
  });
  const { dependencies } = anAttempt();
  await extractRun(runId, dependencies);
  const runId2 = await afterIt(runId, dependencies);
  await assert.rejects(extractRun(runId2, anAttempt({}, killedAfter('checkpoint.json', 3)).dependencies));
  const checkpoint = await dependencies.runs.checkpoint.read(runId2);
  assert.ok(checkpoint !== undefined && checkpoint.upTo !== null);
  const text = JSON.stringify({ ...checkpoint, upTo: null });
  const persons = await query(
    'SELECT pers_person_id, pers_forename, pers_surname, pers_upn FROM SSD.ssd_person',
  );
  const values = persons.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string');
  assert.ok(values.length > 20);
  for (const value of values) assert.ok(!text.includes(JSON.stringify(value)), 'a value of a child');
});

test('the rows of the SSD are counted about twenty times, however many ranges there are', async () => {
  const { dependencies } = anAttempt();
  const { ssd } = dependencies;
  const bounds = Array.from({ length: 199 }, (_, at) => `!${String(at).padStart(3, '0')}`);
  const many = [null, ...bounds].map((after, at) => ({ after, upTo: bounds[at] ?? null }));
  Object.defineProperty(ssd, 'ranges', { value: () => Promise.resolve(many) });
  const rowCounts = ssd.rowCounts.bind(ssd);
  let counts = 0;
  Object.defineProperty(ssd, 'rowCounts', {
    value: () => {
      counts += 1;
      return rowCounts();
    },
  });
  await extractRun(await world.begin(dependencies, everyone), dependencies);
  // At the beginning, and twenty times after it, the last time at the end.
  assert.equal(counts, 21);
});

async function afterIt(runId: RunId, dependencies: Dependencies): Promise<RunId> {
  await failRun(runId, 'a test', dependencies);
  return world.begin(dependencies, { ...everyone, scope: 'children', children: ids });
}

async function rangesOf({ ssd, rangeSize }: Dependencies): Promise<number> {
  return (await ssd.ranges(rangeSize)).length;
}

/** The ids of the children that a plan sends. */
async function sentBy(runId: RunId, { runs }: Dependencies): Promise<string[]> {
  const plan = await runs.plan.read(runId);
  assert.ok(plan);
  const numbers = Array.from({ length: plan.chunks }, (_, at) => at + 1);
  const chunks = await Promise.all(numbers.map((n) => runs.chunk.read(chunkMessageOf(runId, plan, n))));
  return chunks.flatMap((chunk) => chunk?.children.map(({ personId }) => personId) ?? []);
}

/** Gives a child another id in every table. */
async function renamed(from: string, to: string): Promise<void> {
  for (const table of Object.keys(ssdTables).filter(isSsdTable)) {
    const column = personColumnOf(table);
    if (column === undefined) continue;
    await query(`UPDATE SSD.${table} SET ${column} = @to WHERE ${column} = @from`, { from, to });
  }
}

function query(sql: string, parameters?: Readonly<Record<string, string>>) {
  return world.database.query(sql.replaceAll('SSD.', `${ssds.later}.`), parameters);
}

/** Stops an attempt after the nth write of a blob of this name, until it is let go. */
function heldAfter(blob: string, nth: number) {
  const gate = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  let writes = 0;
  const held: Interference = {
    around: async (write, name) => {
      const result = await write();
      if (name?.endsWith(blob) === true) {
        writes += 1;
        if (writes === nth) {
          reached.resolve(undefined);
          await gate.promise;
        }
      }
      return result;
    },
  };
  return { held, reached: reached.promise, letGo: () => gate.resolve(undefined) };
}
