import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { categoryNames } from '../../shared/child/categories.js';
import { londonDate } from '../../shared/child/dates.js';
import { whyNotAsPlanned } from '../../shared/runs/asPlanned.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { approveRun } from '../../shared/runs/approveOrCancel.js';
import type { Terms } from '../../shared/settings/terms.js';
import { agreedTerms } from '../settings/someTerms.js';
import { decider } from './pausedRun.js';
import { statusOf } from './statusOf.js';
import { aWorld, byHand, type Dependencies } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

const unsigned: Terms = { ...agreedTerms, agreement: undefined, missing: ['AGREEMENT_REFERENCE'] };
const guardsOf = async (runId: string, dependencies: Dependencies) =>
  (await statusOf(runId, dependencies)).objections?.map(({ guard }) => guard);

describe('without a signed agreement', () => {
  test('a run is paused, nobody can approve it, and it sends once the settings are right', async () => {
    const without = world.dependencies('first', { terms: unsigned });
    const runId = await world.run(without, { ...byHand, approve: true });
    assert.ok(runId);
    assert.equal((await statusOf(runId, without)).status, 'held');
    assert.deepEqual(await guardsOf(runId, without), ['agreement']);
    const approved = await approveRun(runId, decider, without);
    assert.equal(approved.outcome, 'too late');
    assert.match('why' in approved ? approved.why : '', /AGREEMENT_REFERENCE is not given/);
    assert.equal(world.dfe.children().length, 0);

    const signed = world.dependencies('first', { terms: agreedTerms });
    const outcome = await approveRun(runId, decider, signed);
    assert.equal(outcome.outcome, 'done');
    const messages = 'messages' in outcome ? outcome.messages : [];
    for (const content of messages) await signed.put({ queue: 'chunks', content });
    await world.drain(signed);
    assert.equal((await statusOf(runId, signed)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('a dry run shows what would be sent', async () => {
    const without = world.dependencies('first', { terms: unsigned });
    const runId = await world.run(without, { ...byHand, dryRun: true });
    assert.equal((await statusOf(runId, without)).status, 'completed');
    assert.equal(world.dfe.children().length, 0);
  });

  test('what an earlier version has queued is not sent, and the next run sends it', async () => {
    const planned = world.dependencies('first');
    const runId = await world.begin(planned);
    for (const content of await extractRun(runId, planned)) await planned.put({ queue: 'chunks', content });
    const without = world.dependencies('first', { terms: unsigned });
    await world.drain(without);
    assert.equal(world.dfe.children().length, 0);
    const status = await statusOf(runId, without);
    assert.equal(status.status, 'completedWithFailures');
    assert.equal(status.totals?.accepted, 0);
    world.later(24 * 60);
    await world.run(world.dependencies('first', { terms: agreedTerms }));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('the date of the agreement is held against the clock, not against the date that a run reports on', async () => {
    const date = londonDate(new Date(world.time().getTime() + 24 * 60 * 60_000));
    const agreement = agreedTerms.agreement && { ...agreedTerms.agreement, date };
    const tomorrow = { terms: { ...agreedTerms, agreement }, today: () => date };
    const runId = await world.run(world.dependencies('first', tomorrow));
    assert.ok(runId);
    assert.deepEqual(await guardsOf(runId, world.dependencies('first', tomorrow)), ['agreement']);

    world.later(24 * 60);
    const outcome = await approveRun(runId, decider, world.dependencies('first', tomorrow));
    assert.equal(outcome.outcome, 'done');
  });

  test('a run that was paused before the date of the agreement can be approved on it', async () => {
    const date = londonDate(new Date(world.time().getTime() + 24 * 60 * 60_000));
    const agreement = agreedTerms.agreement && { ...agreedTerms.agreement, date };
    const dependencies = world.dependencies('first', { terms: { ...agreedTerms, agreement } });
    const runId = await world.run(dependencies);
    assert.ok(runId);
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'too late');
    world.later(24 * 60);
    assert.equal((await approveRun(runId, decider, dependencies)).outcome, 'done');
  });

  test('the ledger says on what terms a run was sent', async () => {
    const dependencies = world.dependencies('first', { terms: agreedTerms });
    const runId = await world.run(dependencies);
    assert.ok(runId);
    const terms = await dependencies.ledger.termsOf(runId);
    assert.equal(terms?.agreement?.reference, 'DSA-2026-014');
    assert.deepEqual(terms.leftOut, []);
    assert.deepEqual(terms.shared, categoryNames);
    assert.deepEqual(terms.children, []);
    assert.notEqual(await dependencies.ledger.firstAndLast(), undefined);
  });

  test('the ledger says how many months were sent, whatever the settings say when the run is approved', async () => {
    const without = world.dependencies('first', { terms: unsigned });
    const runId = await world.run(without);
    assert.ok(runId);
    const more = world.dependencies('first', { terms: { ...agreedTerms, window: { months: 36 } } });
    assert.equal((await approveRun(runId, decider, more)).outcome, 'done');
    assert.equal((await more.ledger.termsOf(runId))?.windowMonths, 24);
  });

  test('the ledger says how far back plans and placements of a run go, and not what the settings say later', async () => {
    const window = { months: 24, plans: 12, placements: 6 };
    const runId = await world.run(world.dependencies('first', { terms: { ...unsigned, window } }));
    assert.ok(runId);
    const later = world.dependencies('first', { terms: { ...agreedTerms, window } });
    await world.approve(runId, later);
    const plan = await later.runs.plan.read(runId);
    const terms = await later.ledger.termsOf(runId);
    assert.deepEqual(
      [terms?.plansStart, terms?.placementsStart],
      [plan?.terms?.plansStart, plan?.terms?.placementsStart],
    );
    assert.notEqual(terms?.plansStart, terms?.windowStart);
  });
});

describe('a run that was planned with more months of history than are sent now', () => {
  const fewer: readonly Terms[] = [
    { ...agreedTerms, window: { months: 12 } },
    { ...agreedTerms, window: { months: 24, plans: 12 } },
    { ...agreedTerms, window: { months: 24, placements: 12 } },
  ];

  test('cannot be approved', async () => {
    for (const terms of fewer) {
      await world.fresh();
      const runId = await world.run(world.dependencies('first', { terms: unsigned }));
      assert.ok(runId);
      const outcome = await approveRun(runId, decider, world.dependencies('first', { terms }));
      assert.equal(outcome.outcome, 'too late');
      assert.match('why' in outcome ? outcome.why : '', /fewer months of history/);
    }
  });

  test('is not sent where an earlier version planned it, which says only when its window begins', () => {
    const today = '2026-08-11';
    const destination = world.dependencies('first', { terms: { ...agreedTerms, window: { months: 24 } } });
    const plan = { receiver: destination.receiver, stagingTable: destination.stagingTable };
    const why = (windowStart: string) =>
      whyNotAsPlanned({ ...plan, windowStart, areInvented: true }, destination, today);
    assert.equal(why('2024-04-01'), undefined);
    assert.match(why('2023-04-01') ?? '', /fewer months of history/);
  });
});

describe('a category that is left out of a running service', () => {
  test('is removed at DfE once approved, its blocks return with the next run, and all returns when it is shared again', async () => {
    await world.run(world.dependencies('first', { terms: agreedTerms }));
    const before = world.dfe.children();
    const leftOut: Terms['leftOut'] = ['disabilities', 'placements', 'careWorkers', 'assessmentFactors'];
    const keys = ['disabilities', 'child_looked_after_placements', 'care_worker_details', 'factors'];
    const said = JSON.stringify(before);
    assert.ok(keys.every((key) => said.includes(`"${key}"`)));

    const narrower = world.dependencies('first', { terms: { ...agreedTerms, leftOut } });
    const runId = await world.run(narrower);
    assert.ok(runId);
    assert.deepEqual(await guardsOf(runId, narrower), ['categories']);
    assert.deepEqual(world.dfe.children(), before);
    await world.approve(runId, narrower);
    const first = await statusOf(runId, narrower);
    assert.equal(first.status, 'completed');
    assert.ok((first.figures?.sentInTwoSteps ?? 0) > 0);
    assert.deepEqual(first.terms?.leftOut, leftOut);
    const rated = Object.keys(first.figures?.fill ?? {});
    assert.ok(rated.length > 20 && !rated.some((path) => keys.some((key) => path.includes(key))));
    const named = Object.keys(first.figures?.findings ?? {});
    assert.ok(!named.includes('no-placement') && !named.includes('column-absent'), named.join());

    const next = await world.run(narrower, byHand);
    assert.equal((await statusOf(next, narrower)).status, 'completed');
    const after = JSON.stringify(world.dfe.children());
    assert.ok(keys.every((key) => !after.includes(`"${key}"`)));
    assert.ok(after.includes('"date_of_birth"') && after.includes('"child_and_family_assessments"'));
    const idle = await world.run(narrower, byHand);
    assert.equal((await statusOf(idle, narrower)).figures?.toSend, 0);

    const again = await world.run(world.dependencies('first', { terms: agreedTerms }), byHand);
    assert.equal((await statusOf(again, narrower)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('pauses the run of everyone also after a run of one child that was approved in advance', async () => {
    await world.run(world.dependencies('first', { terms: agreedTerms }));
    const [child] = world.dfe.children();
    assert.ok(child);
    const narrower = world.dependencies('first', { terms: { ...agreedTerms, leftOut: ['disabilities'] } });
    const children = [child.la_child_id];
    await world.run(narrower, { ...byHand, scope: 'children', children, approve: true });
    const runId = await world.run(narrower, byHand);
    assert.ok(runId);
    assert.deepEqual(await guardsOf(runId, narrower), ['categories']);
  });

  test('stops a run that was planned to share it', async () => {
    const wider = world.dependencies('first', { terms: agreedTerms });
    const runId = await world.begin(wider);
    for (const content of await extractRun(runId, wider)) await wider.put({ queue: 'chunks', content });
    const narrower = world.dependencies('first', { terms: { ...agreedTerms, leftOut: ['sdq'] } });
    await world.drain(narrower);
    assert.equal(world.dfe.children().length, 0);
    assert.equal((await statusOf(runId, narrower)).totals?.accepted, 0);
  });
});
