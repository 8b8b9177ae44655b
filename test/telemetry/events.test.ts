import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { observed } from '../../shared/database/observed.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { reportNewestRuns } from '../../shared/telemetry/reportRun.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { sqlCalled } from '../../shared/telemetry/runEvents.js';
import { settlePoisonedChunk } from '../../shared/runs/settlePoisoned.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { holding } from '../child/rules/changed.js';
import { counted } from '../database/countedDatabase.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from './recordedTelemetry.js';
import { byHand, nightly, ssds } from '../runs/world.js';
import { world, upnsAre, aRecordedRun } from './aRecordedRun.js';

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

describe('the events of a run', () => {
  test('say when it begins, the outcome of each chunk, and the figures and totals it ended with', async () => {
    const { telemetry, runId, figures, totals } = await aRecordedRun();
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
      sentInTwoSteps: figures.sentInTwoSteps,
      olderReferralsOpen: figures.olderReferralsOpen,
      olderReferralsClosedInWindow: figures.olderReferralsClosedInWindow,
      olderReferralsWithItemInWindow: figures.olderReferralsWithItemInWindow,
      heldByCouncil: figures.heldByCouncil,
      ...totals,
    });
    assert.deepEqual(telemetry.named('RunHeld'), []);
    assert.deepEqual(telemetry.named('RunFailed'), []);
  });

  test('count the findings of each rule once, with what is new and what is fixed', async () => {
    const { telemetry, figures } = await aRecordedRun();
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
    await world.run(world.dependencies('first', { telemetry: later }));
    const mended = upn(later.named('FindingsCounted'))?.measurements;
    assert.deepEqual(mended, { findings: 0, new: 0, mended: cohort });
  });

  test('give a rule by which the council holds a child its severity, and never the reason', async () => {
    const ethnicityIs = (value: string) =>
      world.database.query(`UPDATE ${ssds.first}.ssd_person SET pers_ethnicity = ${value}`);
    await ethnicityIs('NULL');
    const changedRules = [holding('cin-4220', { reason: 'our own words' })];
    const { telemetry, figures } = await aRecordedRun({ changedRules });
    const severities = telemetry
      .named('FindingsCounted')
      .flatMap(({ dimensions: { rule, severity } }) => (rule === 'cin-4220' ? [severity] : []));
    assert.deepEqual(severities, ['child held']);
    assert.ok(figures.heldByCouncil > 0);
    assert.ok(!JSON.stringify(telemetry.sent).includes('our own words'));
    await ethnicityIs("'WBRI'");
  });

  test('count the children that DfE refused, by rule and not by child', async () => {
    const children = await world.expected('first');
    const [one = '', two = ''] = children.map((child) => child.la_child_id);
    world.dfe.setFaults(parseFaults(`refuse=${one}+${two}`));
    const { telemetry, totals } = await aRecordedRun({
      chunkLimits: { maxChildren: 100, maxBytes: 1_000_000 },
    });
    const rejected = telemetry.named('ChildRejected');
    assert.ok(totals.refused > 0);
    assert.equal(total(rejected.map(({ measurements }) => measurements.children)), totals.refused);
    assert.ok(rejected.every(({ dimensions }) => /^[1-5]\d\d( |$)/.test(dimensions.rule)));
    assert.ok(!JSON.stringify(telemetry.sent).includes(one));
  });

  test('say that a chunk was given up, and with how many children', async () => {
    world.dfe.setFaults(parseFaults('500=100%'));
    const probe = () => Promise.resolve('accepted' as const);
    const { telemetry, totals, figures } = await aRecordedRun({ probe });
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
    const { figures, totals } = await aRecordedRun({
      ssd: new SsdReader(database, ssds.first, builtInProfile('systemc').names),
      staging: new StagingTable(database, stagingTable),
    });
    const calls = telemetry.named('SqlCall');
    const having = (operation: string) => calls.filter((call) => call.dimensions.operation === operation);
    return { asked, calls, having, figures, totals };
  }

  test('are reported for a run, each transaction once, with how long it took and how many rows came', async () => {
    const { asked, calls, having, figures, totals } = await anObservedNight();
    assert.ok(calls.every(({ dimensions }) => dimensions.outcome === 'done'));
    assert.ok(calls.every(({ measurements }) => measurements.durationMs > 0));
    assert.equal(having('transaction').length, asked.transactions);
    assert.ok(asked.transactions > 2 * totals.chunks, 'each chunk is claimed and settled');
    assert.ok(calls.length < asked.roundTrips);
    const rows = having('readTogether').map(({ measurements }) => measurements.rows ?? 0);
    assert.ok(total(rows) > figures.personsRead);
  });

  test('are only reads when nothing has changed, apart from the removal of old rows of leavers', async () => {
    await aRecordedRun();
    world.later(24 * 60);
    const { asked, calls, having } = await anObservedNight();
    assert.equal(calls.length, asked.roundTrips);
    assert.equal(having('read').length + having('readTogether').length, calls.length - 1);
  });

  test('are reported with the error code of the database or driver, and nothing else', () => {
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
  test('is reported with its reason: another run is in progress, or it waits for that one', async () => {
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
  test('is reported as skipped, not as failed: nothing was lost', async () => {
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
