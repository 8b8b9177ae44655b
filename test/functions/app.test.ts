// Long, since every file that starts the Functions app costs many seconds.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { plainDate } from '../../shared/child/dates.js';
import { preflightChecks } from '../../shared/preflight/answer.js';
import { runStatusSchema } from '../../shared/records/runStatus.js';
import { runStore } from '../../shared/records/runStore.js';
import type { FunctionsHost } from '../local/host/functionsHost.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const children = 30;
const brokenUpn = 'ABC123';

let stack: Stack;
let host: FunctionsHost;

before(async () => {
  stack = await Stack.start({ settings: { CHUNK_MAX_CHILDREN: '10' } });
  const source = { kind: 'synthetic', children, seed: 'functions' } as const;
  await stack.withDatabase(async (database) => {
    await fillSsd(database, stack.schema, source, today);
    await database.query(`UPDATE ${stack.schema}.ssd_person SET pers_upn = '${brokenUpn}'`);
  });
  host = await stack.startApp(today);
});
after(() => stack.stop());

function call(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(`${host.baseUrl}${path}`, {
    ...options,
    headers: { 'x-functions-key': host.functionKey },
  });
}

function post(body: unknown): Promise<Response> {
  return call('/api/runs', { method: 'POST', body: JSON.stringify(body) });
}

const requested = z.object({ runId: z.string(), statusUrl: z.url() });

async function ended(runId: string) {
  for (;;) {
    await host.idle();
    const status = runStatusSchema.parse(await (await call(`/api/runs/${runId}`)).json());
    if (status.endedAt !== undefined) return status;
  }
}

describe('the app', () => {
  test('registers one function for each trigger', () => {
    const triggers = host.functions.map(
      ({ name, trigger, queue, route, schedule }) => `${name} ${trigger} ${queue ?? route ?? schedule ?? ''}`,
    );
    assert.deepEqual(triggers.sort(), [
      'approveRun httpTrigger /api/runs/{runId}/approval',
      'cancelRun httpTrigger /api/runs/{runId}',
      'downloadChildren httpTrigger /api/dashboard/runs/{runId}/children.csv',
      'downloadChildrenXlsx httpTrigger /api/dashboard/runs/{runId}/children.xlsx',
      'downloadFindings httpTrigger /api/dashboard/runs/{runId}/findings.csv',
      'downloadFindingsXlsx httpTrigger /api/dashboard/runs/{runId}/findings.xlsx',
      'downloadFullAnswers httpTrigger /api/dashboard/runs/{runId}/full-answers.csv',
      'downloadFullAnswersXlsx httpTrigger /api/dashboard/runs/{runId}/full-answers.xlsx',
      'downloadReconciliation httpTrigger /api/dashboard/reconciliation.csv',
      'downloadReconciliationXlsx httpTrigger /api/dashboard/reconciliation.xlsx',
      'downloadRefused httpTrigger /api/dashboard/runs/{runId}/refused.csv',
      'downloadRefusedXlsx httpTrigger /api/dashboard/runs/{runId}/refused.xlsx',
      'downloadRehearsal httpTrigger /api/dashboard/runs/{runId}/rehearsal.csv',
      'downloadRehearsalXlsx httpTrigger /api/dashboard/runs/{runId}/rehearsal.xlsx',
      'downloadSupportBundle httpTrigger /api/dashboard/support-bundle',
      'eraseChild httpTrigger /api/children/erasure',
      'extractRun queueTrigger csc-extracts',
      'getChildren httpTrigger /api/runs/{runId}/children.csv',
      'getChildrenXlsx httpTrigger /api/runs/{runId}/children.xlsx',
      'getEvidence httpTrigger /api/evidence',
      'getFindings httpTrigger /api/runs/{runId}/findings.csv',
      'getFindingsXlsx httpTrigger /api/runs/{runId}/findings.xlsx',
      'getRehearsal httpTrigger /api/runs/{runId}/rehearsal.csv',
      'getRehearsalXlsx httpTrigger /api/runs/{runId}/rehearsal.xlsx',
      'getRun httpTrigger /api/runs/{runId}',
      'listDisclosures httpTrigger /api/children/disclosures',
      'listRuns httpTrigger /api/runs',
      'nightly timerTrigger 0 0 2 * * *',
      'pageApproval httpTrigger /api/dashboard/runs/{runId}/approval',
      'pageCancellation httpTrigger /api/dashboard/runs/{runId}/cancellation',
      'pageChildren httpTrigger /api/dashboard/children',
      'pageDashboard httpTrigger /api/dashboard',
      'pageRehearsal httpTrigger /api/dashboard/runs/{runId}/rehearsal',
      'pageRerun httpTrigger /api/dashboard/rerun',
      'pageRun httpTrigger /api/dashboard/runs/{runId}',
      'pageStyles httpTrigger /api/dashboard/assets/{file}',
      'poisonedChunk queueTrigger csc-chunks-poison',
      'poisonedExtract queueTrigger csc-extracts-poison',
      'preflight httpTrigger /api/preflight',
      'requestRun httpTrigger /api/runs',
      'resumeStalledRuns timerTrigger 0 */5 * * * *',
      'sendChunk queueTrigger csc-chunks',
      'supportBundle httpTrigger /api/support-bundle',
    ]);
  });

  test('plays a nightly run from the timer to the summary', async () => {
    const status = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
    assert.equal(status.status, 'completed');
    assert.equal(status.trigger, 'timer');
    assert.equal(status.totals?.accepted, status.figures?.cohort);
    assert.equal(stack.dfe.children().length, status.figures?.cohort);
  });

  test('asks for a key', async () => {
    assert.equal((await fetch(`${host.baseUrl}/api/runs`)).status, 401);
    assert.equal((await call('/api/runs')).status, 200);
  });

  test('answers a preflight with every check, and sends no child for it', async () => {
    const before = stack.dfe.children().length;
    const response = await call('/api/preflight', { method: 'POST' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { outcome, checks } = z
      .object({ outcome: z.string(), checks: z.array(z.object({ check: z.string(), outcome: z.string() })) })
      .parse(await response.json());
    assert.notEqual(outcome, 'fail');
    assert.deepEqual(
      checks.map(({ check }) => check),
      [...preflightChecks],
    );
    assert.deepEqual(
      checks.filter((check) => check.outcome !== 'pass' && check.check !== 'ssdIndexes'),
      [],
    );
    assert.equal(stack.dfe.children().length, before);
    assert.equal((await fetch(`${host.baseUrl}/api/preflight`, { method: 'POST' })).status, 401);
  });

  test('starts a rerun through the API and gives the address of its status', async () => {
    const response = await post({ scope: 'all', reason: 'a test' });
    assert.equal(response.status, 202);
    const { runId, statusUrl } = requested.parse(await response.json());
    assert.equal(statusUrl, `${host.baseUrl}/api/runs/${runId}`);
    const status = await ended(runId);
    assert.equal(status.trigger, 'http');
    assert.equal(status.reason, 'a test');
    assert.equal(status.totals?.accepted, status.figures?.cohort);
  });

  test('gives the same address to a caller who ends the address with a slash', async () => {
    const body = JSON.stringify({ scope: 'all', dryRun: true });
    const { runId, statusUrl } = requested.parse(
      await (await call('/api/runs/', { method: 'POST', body })).json(),
    );
    assert.equal(statusUrl, `${host.baseUrl}/api/runs/${runId}`);
    await ended(runId);
  });

  test('refuses a second run while one is in progress, and names that one', async () => {
    const first = requested.parse(await (await post({ scope: 'all' })).json());
    const second = await post({ scope: 'outstanding' });
    assert.equal(second.status, 409);
    assert.deepEqual(z.object({ runId: z.string() }).parse(await second.json()), { runId: first.runId });
    await ended(first.runId);
  });

  test('shows by a dry run which children would be sent, with the reason that was given', async () => {
    const { posts } = stack.dfe.statistics;
    const { runId } = requested.parse(
      await (await post({ scope: 'all', dryRun: true, reason: 'a look' })).json(),
    );
    const status = await ended(runId);
    assert.equal(status.status, 'completed');
    assert.equal(status.reason, 'a look');
    assert.equal(stack.dfe.statistics.posts, posts);
    const response = await call(`/api/runs/${runId}/children.csv`);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const [, ...rows] = (await response.text()).trimEnd().split('\r\n');
    assert.equal(rows.length, status.figures?.cohort);
    assert.ok(rows.every((row) => row.includes(',unchanged,') && row.includes(',not sent,')));
  });

  test('pauses a run that would purge nearly everyone, until it is approved or cancelled through the API', async () => {
    const service = BlobServiceClient.fromConnectionString(stack.storage);
    const runs = runStore(new AzureBlobStore(service.getContainerClient('csc-runs')));
    const aHeldRun = async () => {
      const { runId } = requested.parse(await (await post({ scope: 'all', dryRun: true })).json());
      await ended(runId);
      // As if its guards had objected: the app reads the plan anew each time.
      const heldId = runId.replace(/-.{6}$/, '-beefed');
      const plan = await runs.plan.read(runId);
      const request = await runs.request.read(runId);
      assert.ok(plan && request);
      await runs.request.create({ ...request, runId: heldId, dryRun: false });
      const objections = [{ guard: 'leavers', explanation: 'Too many have left.' }];
      const figures = { ...plan.figures, toSend: 0 };
      await runs.plan.create(heldId, { ...plan, chunks: 0, figures, dryRun: false, held: true, objections });
      return heldId;
    };
    const decide = (runId: string, path: string, method: string) =>
      call(`/api/runs/${runId}${path}`, { method, body: JSON.stringify({ reason: 'a test' }) });

    const approved = await aHeldRun();
    const held = runStatusSchema.parse(await (await call(`/api/runs/${approved}`)).json());
    assert.equal(held.status, 'held');
    assert.match(held.explanation ?? '', /Too many have left\..*approval/);
    assert.equal((await decide(approved, '/approval', 'POST')).status, 202);
    const status = await ended(approved);
    assert.equal(status.status, 'completed');
    assert.deepEqual([status.approval?.by, status.approval?.reason], ['function key', 'a test']);
    assert.equal((await decide(approved, '/approval', 'POST')).status, 409);

    const cancelled = await aHeldRun();
    assert.equal((await decide(cancelled, '', 'DELETE')).status, 202);
    assert.equal((await ended(cancelled)).status, 'cancelled');
    assert.equal((await decide(cancelled, '', 'DELETE')).status, 409);
    assert.equal((await decide('20260101T000000000Z-000000', '', 'DELETE')).status, 404);
    assert.equal((await decide('nothing', '/approval', 'POST')).status, 404);
    const wrong = { method: 'DELETE', body: JSON.stringify({ why: 'a test' }) };
    assert.equal((await call(`/api/runs/${cancelled}`, wrong)).status, 400);
  });

  test('says what was disclosed about a child, and erases the copies that need not be kept', async () => {
    const [child] = stack.dfe.children();
    const childId = child?.la_child_id;
    const ask = (path: string, body: object) =>
      call(`/api/children/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await ask('disclosures', { childId, reason: 'a subject access request' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { disclosures } = z
      .object({ disclosures: z.array(z.object({ outcome: z.string(), copy: z.string() })) })
      .parse(await answer.json());
    assert.ok(disclosures.length > 0 && disclosures.every(({ outcome }) => outcome === 'accepted'));

    const reason = 'an erasure request';
    const erasure = z.object({ erased: z.literal(true), kept: z.array(z.object({ kind: z.string() })) });
    const { kept } = erasure.parse(await (await ask('erasure', { childId, reason, confirm: true })).json());
    assert.ok(kept.some(({ kind }) => kind === 'staging row'));
    for (const { copy } of disclosures) {
      const service = BlobServiceClient.fromConnectionString(stack.storage);
      const blob = service.getContainerClient('csc-runs').getBlockBlobClient(copy);
      const { children } = z
        .object({ children: z.array(z.object({ personId: z.string(), payload: z.object({}).loose() })) })
        .parse(JSON.parse((await blob.downloadToBuffer()).toString('utf8')));
      assert.deepEqual(children.find(({ personId }) => personId === childId)?.payload, {});
    }
    assert.equal((await ask('disclosures', { childId })).status, 400);
    assert.equal((await ask('erasure', { childId: '', reason })).status, 400);
  });

  const wrongBodies: [string, unknown, string][] = [
    ['an unknown scope', { scope: 'some' }, 'scope'],
    ['an unknown field', { scope: 'all', scop: 'all' }, 'scop'],
    ['children without their scope', { scope: 'all', children: ['C1'] }, 'children'],
    ['no scope', { dryRun: true }, 'scope'],
    ['the scope without children', { scope: 'children' }, 'children'],
  ];
  for (const [name, body, field] of wrongBodies) {
    test(`answers 400 to ${name} and names the field`, async () => {
      const response = await post(body);
      assert.equal(response.status, 400);
      const { errors } = z
        .object({ errors: z.array(z.object({ field: z.string() })) })
        .parse(await response.json());
      assert.deepEqual(
        errors.map((error) => error.field),
        [field],
      );
    });
  }

  test('answers 400 to a body that is not JSON', async () => {
    assert.equal((await call('/api/runs', { method: 'POST', body: '{' })).status, 400);
  });

  test('lists the newest runs first, as many as asked for', async () => {
    const list = z.object({ runs: z.array(runStatusSchema) });
    const { runs } = list.parse(await (await call('/api/runs?limit=2')).json());
    assert.equal(runs.length, 2);
    assert.ok((runs[0]?.runId ?? '') > (runs[1]?.runId ?? ''));
    assert.equal((await call('/api/runs?limit=0')).status, 400);
    assert.equal((await call('/api/runs?limit=2&limit=2')).status, 400);
  });

  test('answers 404 for a run that is not there, whatever its id looks like', async () => {
    assert.equal((await call('/api/runs/20260101T000000000Z-000000')).status, 404);
    assert.equal((await call('/api/runs/..%2Fsomething')).status, 404);
  });

  test('gives the findings of a run as a CSV file that is stored nowhere on the way', async () => {
    await ended(requested.parse(await (await post({ scope: 'outstanding' })).json()).runId);
    const { runId } = requested.parse(await (await post({ scope: 'outstanding' })).json());
    const { figures } = await ended(runId);
    const response = await call(`/api/runs/${runId}/findings.csv`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.equal(response.headers.get('content-disposition'), `attachment; filename="findings-${runId}.csv"`);
    assert.equal(response.headers.get('cache-control'), 'no-store');

    const bytes = Buffer.from(await response.arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [header, ...rows] = bytes.subarray(3).toString('utf8').trimEnd().split('\r\n');
    assert.match(
      header ?? '',
      /^severity,rule,table,row id,child id,legacy id,parent record,team,worker,column,/,
    );
    const count = Object.values(figures?.findings ?? {}).reduce((sum, number) => sum + number, 0);
    assert.equal(rows.length, count);
    const upns = rows.filter((row) => row.startsWith('value left out,upn-shape,ssd_person,'));
    assert.equal(upns.length, figures?.cohort);
    assert.ok(upns.every((row) => row.endsWith(',still there,')));
    assert.ok(!rows.join().includes(brokenUpn));
  });

  test('gives no findings without a key, for an unknown run, or before they are all known', async () => {
    const { runs } = z
      .object({ runs: z.array(z.object({ runId: z.string() })) })
      .parse(await (await call('/api/runs?limit=1')).json());
    const path = `/api/runs/${runs[0]?.runId ?? ''}/findings.csv`;
    assert.equal((await fetch(`${host.baseUrl}${path}`)).status, 401);
    assert.equal((await call('/api/runs/20260101T000000000Z-000000/findings.csv')).status, 404);
    assert.equal((await call('/api/runs/..%2Fsomething/findings.csv')).status, 404);

    const runId = '20260102T000000000Z-000000';
    const service = BlobServiceClient.fromConnectionString(stack.storage);
    const requestedAt = '2026-01-02T00:00:00.000Z';
    await runStore(new AzureBlobStore(service.getContainerClient('csc-runs'))).request.create({
      runId,
      requestedAt,
      trigger: 'timer',
      requestedBy: 'schedule',
      today,
      scope: 'outstanding',
    });
    assert.equal((await call(`/api/runs/${runId}/findings.csv`)).status, 409);
  });
});
