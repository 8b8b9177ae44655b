import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { NewRunRequest } from '../../shared/runs/requestRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { runsNow } from '../../shared/dataSubject/runsNow.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { killedAfter, killedAt, stopsAfter, type Interference } from './interference.js';
import { ssds, tries, type Dependencies } from './world.js';
import type { RunStore } from '../../shared/records/runStore.js';
import { holding, silencing } from '../child/rules/changed.js';
import {
  world,
  names,
  everyone,
  small,
  ids,
  lists,
  anAttempt,
  outcomeOf,
  killedAndRepeated,
  undisturbed,
  query,
} from './extractAttempts.js';

/** What an attempt found after its last checkpoint. */
const stale = { rule: 'upn-shape', table: 'ssd_person', rowId: 'C', column: 'pers_upn', found: '' } as const;

describe('an extract that is killed', () => {
  const named: NewRunRequest = { ...everyone, scope: 'children' };
  const cases: readonly [string, () => NewRunRequest, () => Partial<Dependencies>][] = [
    ['of all children', () => everyone, () => ({})],
    [
      'of named children, with lists',
      () => ({ ...named, children: ['NOBODY', ...ids.slice(0, 3), ids.at(-2) ?? '', 'NOBODY 2'] }),
      () => ({ ssd: new SsdReader(world.database, ssds.later, names, lists) }),
    ],
    [
      'of children whom a rule of the council holds, with another rule silenced',
      () => everyone,
      () => ({ changedRules: [holding('cin-4014'), silencing('cin-1530')] }),
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

  test('again and again, after each range, finishes', async () => {
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

describe('an extract whose message was delivered in vain', () => {
  test('is not given up while it still finishes ranges, and completes', async () => {
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
    test(`because it ${what} stages no child and writes no chunk from then on, and counts as at work until it stops`, async () => {
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

  test('give one plan when one continues from where the other is and ends first; the other leaves that plan as it is', async () => {
    const { outcome } = await undisturbed(everyone, () => ({}));
    const runId = await world.begin(world.dependencies('later'), everyone);
    const { interference, reached, goOn } = stopsAfter('checkpoint.json', 3);
    const slow = anAttempt({}, interference);
    const slowly = extractRun(runId, slow.dependencies);
    await reached;
    const quick = anAttempt();
    const messages = await extractRun(runId, quick.dependencies);
    const planned = await outcomeOf(runId, quick.dependencies);
    assert.deepEqual(planned.contents, outcome.contents);
    goOn();
    assert.deepEqual(await slowly, messages);
    assert.ok(slow.read() + quick.read() < 2 * (await rangesOf(quick.dependencies)));
    assert.deepEqual(await outcomeOf(runId, quick.dependencies), planned);
  });

  test('give one plan when one continues while the other is still filling its chunk', async () => {
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

test('a checkpoint names only the last child of its range, and holds nothing else about any child', async () => {
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
