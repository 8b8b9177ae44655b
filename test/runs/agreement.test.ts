import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { categoryNames } from '../../shared/child/categories.js';
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

  test('the ledger says how far back plans and placements of a run go, and not what the settings say later', async () => {
    const window = { months: 24, plans: 12, placements: 6 };
    const runId = await world.run(world.dependencies('first', { terms: { ...unsigned, window } }));
    assert.ok(runId);
    const later = world.dependencies('first', { terms: { ...agreedTerms, window: { months: 36 } } });
    await world.approve(runId, later);
    const terms = await later.ledger.termsOf(runId);
    assert.deepEqual(
      [terms?.windowMonths, terms?.plansMonths, terms?.placementsMonths],
      [window.months, window.plans, window.placements],
    );
  });

  test('a run that was planned with more months of plans or placements than the settings say now is not sent', async () => {
    for (const fewer of [{ plans: 12 }, { placements: 12 }]) {
      const wider = world.dependencies('first', { terms: agreedTerms });
      const runId = await world.begin(wider);
      for (const content of await extractRun(runId, wider)) await wider.put({ queue: 'chunks', content });
      const window = { months: 24, ...fewer };
      const narrower = world.dependencies('first', { terms: { ...agreedTerms, window } });
      await world.drain(narrower);
      assert.equal(world.dfe.children().length, 0);
      assert.equal((await statusOf(runId, narrower)).totals?.accepted, 0);
    }
  });
});

describe('a category that is left out of a running service', () => {
  test('is removed at DfE once approved, its blocks return with the next run, and all returns when it is shared again', async () => {
    await world.run(world.dependencies('first', { terms: agreedTerms }));
    const before = world.dfe.children();
    const leftOut: Terms['leftOut'] = [
      'disabilities',
      'postcodes',
      'placements',
      'careWorkers',
      'assessmentFactors',
    ];
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
