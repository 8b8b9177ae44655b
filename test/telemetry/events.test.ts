import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { observed } from '../../shared/database/observed.js';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { reportNewestRuns, reportRun } from '../../shared/telemetry/reportRun.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { sqlCalled } from '../../shared/telemetry/runEvents.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { settlePoisonedChunk } from '../../shared/runs/settlePoisoned.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { counted } from '../database/countedDatabase.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from './recordedTelemetry.js';
import type { Interference } from '../runs/interference.js';
import { aWorld, nightly, ssds, type Dependencies } from '../runs/world.js';

const world = aWorld(12);
beforeEach(async () => {
  await world.fresh();
  await upnsAre(`'ABC123'`);
});

/** @param upn of every child, as SQL; one that is none is a finding */
function upnsAre(upn: string): Promise<unknown> {
  return world.database.query(`UPDATE ${ssds.first}.ssd_person SET pers_upn = ${upn}`);
}

const byHand = { trigger: 'http', requestedBy: 'a person', scope: 'outstanding' } as const;

async function aNight(overrides: Partial<Dependencies> = {}) {
  const telemetry = recordedTelemetry();
  const dependencies = world.dependencies('first', { telemetry, ...overrides });
  const runId = await world.night(dependencies);
  assert.ok(runId !== undefined);
  const status = await runStatus(runId, dependencies.runs);
  assert.ok(status?.figures && status.totals);
  return { telemetry, dependencies, runId, figures: status.figures, totals: status.totals };
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

describe('the events of a night', () => {
  test('say when it begins, what each chunk came to, and the figures and totals it ended with', async () => {
    const { telemetry, runId, figures, totals } = await aNight();
    const asked = { runId, trigger: 'timer', scope: 'outstanding', dryRun: 'false' };
    assert.deepEqual(
      telemetry.named('RunStarted').map(({ dimensions }) => dimensions),
      [{ ...asked, mode: 'changes' }],
    );
    const chunks = telemetry.named('ChunkSent');
    assert.deepEqual(
      chunks.map(({ dimensions }) => dimensions),
      Array.from({ length: totals.chunks }, (_, index) => ({ runId, chunk: String(index + 1) })),
    );
    assert.equal(total(chunks.map(({ measurements }) => measurements.accepted)), totals.accepted);
    assert.equal(total(chunks.map(({ measurements }) => measurements.children)), figures.toSend);
    assert.equal(total(chunks.map(({ measurements }) => measurements.posts)), totals.posts);

    const [completed, ...others] = telemetry.named('RunCompleted');
    assert.deepEqual(others, []);
    assert.deepEqual(completed?.dimensions, { ...asked, status: 'completed' });
    const { durationMs, findings, newFindings, ...counts } = completed.measurements;
    assert.ok(durationMs > 0);
    assert.equal(findings, total(Object.values(figures.findings)));
    assert.equal(newFindings, findings, 'on the first night every finding is new');
    assert.deepEqual(counts, {
      personsRead: figures.personsRead,
      cohort: figures.cohort,
      held: figures.held,
      new: figures.new,
      updated: figures.updated,
      unchanged: figures.unchanged,
      leavers: figures.leavers,
      withdrawn: figures.withdrawn,
      refusedBefore: figures.refusedBefore,
      toSend: figures.toSend,
      ...totals,
    });
    assert.deepEqual(telemetry.named('RunHeld'), []);
    assert.deepEqual(telemetry.named('RunFailed'), []);
  });

  test('count the findings of each rule once, with what is new and what is mended', async () => {
    const { telemetry, figures } = await aNight();
    const counted = telemetry.named('FindingsCounted');
    assert.ok(counted.length > 0);
    assert.deepEqual(
      Object.fromEntries(counted.map((event) => [event.dimensions.rule, event.measurements.findings])),
      figures.findings,
    );
    const upn = (events: typeof counted) => events.find(({ dimensions }) => dimensions.rule === 'upn-shape');
    const { cohort } = figures;
    assert.deepEqual(upn(counted)?.measurements, { findings: cohort, new: cohort, mended: 0 });
    world.later(24 * 60);
    await upnsAre('NULL');
    const later = recordedTelemetry();
    await world.night(world.dependencies('first', { telemetry: later }));
    const mended = upn(later.named('FindingsCounted'))?.measurements;
    assert.deepEqual(mended, { findings: 0, new: 0, mended: cohort });
  });

  test('count the children that DfE refused, by rule and not by child', async () => {
    const children = await world.expected('first');
    const [one = '', two = ''] = children.map((child) => child.la_child_id);
    world.dfe.setFaults(parseFaults(`refuse=${one}+${two}`));
    const { telemetry, totals } = await aNight({ chunkLimits: { maxChildren: 100, maxBytes: 1_000_000 } });
    const rejected = telemetry.named('ChildRejected');
    assert.ok(totals.refused > 0);
    assert.equal(total(rejected.map(({ measurements }) => measurements.children)), totals.refused);
    assert.ok(rejected.every(({ dimensions }) => /^[1-5]\d\d( |$)/.test(dimensions.rule)));
    assert.ok(!JSON.stringify(telemetry.sent).includes(one));
  });

  test('say that a chunk was given up, and with how many children', async () => {
    world.dfe.setFaults(parseFaults('500=100%'));
    const probe = () => Promise.resolve('accepted' as const);
    const { telemetry, totals, figures } = await aNight({ probe });
    const poisoned = telemetry.named('ChunkPoisoned');
    assert.equal(poisoned.length, totals.chunks);
    assert.equal(total(poisoned.map(({ measurements }) => measurements.outstanding)), figures.toSend);
    assert.deepEqual(
      telemetry.named('RunCompleted').map(({ dimensions }) => dimensions.status),
      ['completedWithFailures'],
    );
  });

  test('say so again when a chunk that was given up comes again', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const [message] = await extractRun(await world.begin(dependencies), dependencies);
    assert.ok(message);
    await settlePoisonedChunk(message, dependencies);
    await settlePoisonedChunk(message, dependencies);
    const [first, second, ...others] = telemetry.named('ChunkPoisoned');
    assert.ok((first?.measurements.outstanding ?? 0) > 0);
    assert.deepEqual(second, first);
    assert.deepEqual(others, []);
  });
});

describe('the calls of the database', () => {
  /** A night whose calls are told. */
  async function anObservedNight() {
    const telemetry = recordedTelemetry();
    const asked = counted(world.database);
    const database = observed(asked, (call) => {
      telemetry.record(sqlCalled(call));
    });
    const { stagingTable } = world.dependencies('first');
    const { figures, totals } = await aNight({
      ssd: new SsdReader(database, ssds.first, builtInProfile('systemc').names),
      staging: new StagingTable(database, stagingTable),
    });
    const calls = telemetry.named('SqlCall');
    const having = (operation: string) => calls.filter((call) => call.dimensions.operation === operation);
    return { asked, calls, having, figures, totals };
  }

  test('are told of a night, each transaction once, with what they took and the rows that came', async () => {
    const { asked, calls, having, figures, totals } = await anObservedNight();
    assert.ok(calls.every(({ dimensions }) => dimensions.outcome === 'done'));
    assert.ok(calls.every(({ measurements }) => measurements.durationMs > 0));
    assert.equal(having('transaction').length, asked.transactions);
    assert.ok(asked.transactions > 2 * totals.chunks, 'each chunk is claimed and settled');
    assert.ok(calls.length < asked.roundTrips);
    const rows = having('readTogether').map(({ measurements }) => measurements.rows ?? 0);
    assert.ok(total(rows) > figures.personsRead);
  });

  test('are only reads when nothing has changed', async () => {
    await aNight();
    world.later(24 * 60);
    const { asked, calls, having } = await anObservedNight();
    assert.equal(calls.length, asked.roundTrips);
    assert.equal(having('read').length + having('readTogether').length, calls.length);
  });

  test('are told with a code as databases and drivers have them, and with nothing else', () => {
    const codeOf = (code: string) => {
      const event = sqlCalled({ operation: 'write', outcome: 'failed', code, durationMs: 1 });
      return 'code' in event.dimensions ? event.dimensions.code : undefined;
    };
    for (const code of ['1205', '40613', '23505', '40P01', 'ETIMEOUT', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
      assert.equal(codeOf(code), code);
    }
    for (const value of ['', 'A123456789012', '2014-05-06', 'SW1A 1AA', 'Ffion', '1234567']) {
      assert.equal(codeOf(value), undefined);
    }
  });
});

describe('a request that begins no run', () => {
  test('is told with its reason: another run is going on, or it waits for that one', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies);
    await requestRun(byHand, dependencies);
    await requestRun(nightly, dependencies);
    const skipped = telemetry.named('RunSkipped');
    assert.deepEqual(
      skipped.map(({ dimensions }) => [dimensions.trigger, dimensions.reason]),
      [
        ['http', 'busy'],
        ['timer', 'waits'],
      ],
    );
    assert.ok(skipped.every(({ dimensions }) => dimensions.runId !== runId));
  });
});

describe('a nightly run that the next one replaces', () => {
  test('is told as skipped, not as failed: nothing was lost by it', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    await world.begin(dependencies, byHand);
    const waitingId = await world.request(dependencies);
    await world.request(dependencies);
    await reportNewestRuns(dependencies);
    await reportNewestRuns(dependencies);
    const replaced = telemetry
      .named('RunSkipped')
      .filter(({ dimensions }) => dimensions.reason === 'replaced');
    assert.deepEqual(
      replaced.map(({ dimensions }) => [dimensions.runId, dimensions.trigger]),
      [[waitingId, 'timer']],
    );
    assert.deepEqual(telemetry.named('RunFailed'), []);
  });
});

describe('what became of a run', () => {
  /** A run that a guard holds: nobody is left in the SSD. */
  async function aHeldRun() {
    await world.night(world.dependencies('first'));
    world.later(24 * 60);
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('empty', { telemetry });
    const runId = await world.night(dependencies);
    assert.ok(runId !== undefined);
    return { telemetry, dependencies, runId };
  }

  test('is told when a guard holds it, with the guards that do, and again when it ends', async () => {
    const { telemetry, dependencies, runId } = await aHeldRun();
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

  test('is told when it fails without having come to a plan', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies);
    await cancelRun(runId, { by: 'a person' }, dependencies);
    await reportRun(runId, dependencies);
    const [failed] = telemetry.named('RunFailed');
    assert.equal(failed?.measurements.cohort, undefined);
    assert.equal(failed?.measurements.accepted, 0);
  });

  test('is told once, however often it is asked for', async () => {
    const { telemetry, dependencies, runId } = await aNight();
    const { length } = telemetry.sent;
    assert.ok(await reportRun(runId, dependencies));
    assert.ok(await reportNewestRuns(dependencies));
    assert.equal(telemetry.sent.length, length);
  });

  test('is told later when Application Insights cannot be reached, and the run goes on all the same', async () => {
    const telemetry = recordedTelemetry();
    telemetry.isReachable = false;
    const { dependencies, totals, figures } = await aNight({ telemetry });
    assert.equal(totals.accepted, figures.cohort);
    assert.equal(await reportNewestRuns(dependencies), false);
    telemetry.isReachable = true;
    assert.equal(await reportNewestRuns(dependencies), true);
    assert.equal(telemetry.named('RunCompleted').length, 1);
    assert.ok(telemetry.named('FindingsCounted').length > 0);
  });

  test('is told by a tick when nothing else is left that would: a run that the next night has ended', async () => {
    const { telemetry, dependencies, runId } = await aHeldRun();
    world.later(24 * 60);
    await world.request(dependencies);
    assert.deepEqual(telemetry.named('RunFailed'), []);
    await reportNewestRuns(dependencies);
    const ends = telemetry.named('RunFailed').map(({ dimensions }) => [dimensions.runId, dimensions.status]);
    assert.deepEqual(ends, [[runId, 'expired']]);
  });

  test('is told although a run before it cannot be read', async () => {
    const telemetry = recordedTelemetry();
    telemetry.isReachable = false;
    const { dependencies, runId } = await aNight({ telemetry });
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
        const runId = await world.night(world.dependencies('first', { telemetry, chunkLimits }, killer));
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

  test('is no sign that a run goes on: one that has lost its messages gets them again', async () => {
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

  test('is told by a second process as well, when both come at the same time', async () => {
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
