// Long, since every file that starts the Functions app costs many seconds.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { plainDate } from '../../shared/child/dates.js';
import { roles, type Role } from '../../shared/access/principal.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import { runStatusSchema } from '../../shared/records/runStatus.js';
import { openApiDocument, type Operation } from '../../infra/tools/docs/openApi.js';
import { schemaErrors } from '../docs/openApiSchemas.js';
import { chunkedBody } from '../local/host/chunkedBody.js';
import { putInEnvironment } from '../local/host/environment.js';
import { startFunctionsHost, type FunctionsHost } from '../local/host/functionsHost.js';
import { principalHeaders } from '../local/host/signedIn.js';
import { projectRoot } from '../local/migrations.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const unknownRunId = '20260101T000000000Z-000000';

let stack: Stack;
let host: FunctionsHost;
let blobs: AzureBlobStore;
let runs: RunStore;
/** A run that has ended, and a child that it has sent. */
let night: { readonly runId: RunId; readonly childId: string };

before(async () => {
  stack = await Stack.start({});
  await stack.withDatabase((database) =>
    fillSsd(database, stack.schema, { kind: 'synthetic', children: 10, seed: 'api' }, today),
  );
  // The callers below play App Service authentication: it alone sets the headers of a principal.
  host = await startFunctionsHost({
    appRoot: projectRoot,
    settings: {
      ...stack.environment(today),
      WEBSITE_AUTH_ENABLED: 'True',
      // The runs that are made here do not have the turn: its next tick would end them.
      'AzureWebJobs.resumeStalledRuns.Disabled': 'true',
    },
    acceptClientPrincipal: true,
    speedUp: { maxPollingInterval: 0.2, visibilityTimeout: 1 },
  });
  const service = BlobServiceClient.fromConnectionString(stack.storage);
  blobs = new AzureBlobStore(service.getContainerClient('csc-runs'));
  runs = runStore(blobs);
  const { runId } = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
  night = { runId, childId: stack.dfe.children()[0]?.la_child_id ?? '' };
});
after(async () => {
  await host.stop();
  await stack.stop();
});

interface Ask {
  /** Those of whoever is signed in; `undefined` for nobody. */
  readonly as?: readonly Role[] | undefined;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function call(method: string, path: string, { as, key, body, headers }: Ask = {}): Promise<Response> {
  return fetch(`${host.baseUrl}/api/${path}`, {
    method,
    headers: {
      ...principalHeaders(as && { name: as.join(' and '), roles: as }),
      ...(key === '' ? {} : { 'x-functions-key': key ?? host.functionKey }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** As if its guards had objected to a run: the app reads the plan anew each time. */
async function aHeldRun(digits: string): Promise<RunId> {
  const runId = night.runId.replace(/.{6}$/, digits);
  const plan = await runs.plan.read(night.runId);
  const request = await runs.request.read(night.runId);
  assert.ok(plan && request);
  await runs.request.create({ ...request, runId });
  const objections = [{ guard: 'leavers', explanation: 'Too many have left.' }];
  await runs.plan.create(runId, { ...plan, chunks: 0, held: true, objections });
  return runId;
}

/** Does something while a held run has the turn. */
async function whileARunIsHeld(digits: string, ask: () => Promise<Response>): Promise<Response> {
  const runId = await aHeldRun(digits);
  const run = await runs.request.read(runId);
  assert.ok(run && (await runs.activeRun.read()));
  const since = new Date().toISOString();
  await runs.activeRun.change(() => ({ next: { run, since }, outcome: true }));
  try {
    return await ask();
  } finally {
    await call('DELETE', `runs/${runId}`, { as: ['operator'] });
  }
}

/** A run that was asked for and has no plan yet. */
async function aRunWithoutPlan(digits: string): Promise<RunId> {
  const request = await runs.request.read(night.runId);
  assert.ok(request);
  const runId = night.runId.replace(/.{6}$/, digits);
  await runs.request.create({ ...request, runId });
  return runId;
}

const officer: Ask = { as: ['data-officer'] };
const operator: Ask = { as: ['operator'] };
const reader: Ask = { as: ['reader'] };
const reason = 'a test';
const aboutTheChild = (more: object = {}): Ask => ({
  ...officer,
  body: { childId: night.childId, reason, ...more },
});
const dryRun = async (): Promise<Response> => {
  const answer = await call('POST', 'runs', { ...operator, body: { scope: 'all', dryRun: true, reason } });
  await host.idle();
  return answer;
};

/** @param digits of a run that no other case makes */
function answersForRehearsal(
  format: 'csv' | 'xlsx',
  name: string,
  digits: string,
): Readonly<Record<string, () => Promise<Response>>> {
  const file = (runId: string, query = '') =>
    call('GET', `runs/${runId}/rehearsal.${format}${query}`, reader);
  return {
    [`${name} 200`]: () => file(night.runId),
    [`${name} 400`]: () => file(night.runId, '?date=2026-03-30'),
    [`${name} 404`]: () => file(unknownRunId),
    [`${name} 409`]: async () => file(await aRunWithoutPlan(digits)),
  };
}

/** How each answer comes about that the document tells of, but for 401, 403 and 411, which are asked for below. */
/** @param digit of runs that no other case makes */
function answersForLists(
  format: 'csv' | 'xlsx',
  children: string,
  findings: string,
  digit: '1' | '3',
): Readonly<Record<string, () => Promise<Response>>> {
  const list = (runId: string, what: string) => call('GET', `runs/${runId}/${what}`, officer);
  return Object.fromEntries(
    [
      { name: children, file: `children.${format}`, digits: `dddd${digit}1` },
      { name: findings, file: `findings.${format}`, digits: `dddd${digit}2` },
    ].flatMap(({ name, file, digits }) => [
      [`${name} 200`, () => list(night.runId, file)],
      [`${name} 400`, () => list(night.runId, `${file}?from=x`)],
      [`${name} 404`, () => list(unknownRunId, file)],
      [`${name} 409`, async () => list(await aRunWithoutPlan(digits), file)],
    ]),
  );
}

const answers: Readonly<Record<string, () => Promise<Response>>> = {
  'requestRun 202': dryRun,
  'requestRun 400': () => call('POST', 'runs', { ...operator, body: { scope: 'all', approve: true } }),
  'requestRun 409': () =>
    whileARunIsHeld('aaaaa1', () => call('POST', 'runs', { ...operator, body: { scope: 'refused' } })),
  'listRuns 200': () => call('GET', 'runs?limit=100', reader),
  'listRuns 400': () => call('GET', 'runs?limit=0', reader),
  'getRun 200': () => call('GET', `runs/${night.runId}`, reader),
  'getRun 404': () => call('GET', `runs/${unknownRunId}`, reader),
  'cancelRun 202': async () => call('DELETE', `runs/${await aHeldRun('ccccc1')}`, operator),
  'cancelRun 400': () => call('DELETE', `runs/${night.runId}`, { ...operator, body: { why: 'a test' } }),
  'cancelRun 404': () => call('DELETE', `runs/${unknownRunId}`, operator),
  'cancelRun 409': () => call('DELETE', `runs/${night.runId}`, operator),
  'approveRun 202': async () =>
    call('POST', `runs/${await aHeldRun('bbbbb1')}/approval`, { ...operator, body: { reason } }),
  'approveRun 400': async () => call('POST', `runs/${await aHeldRun('bbbbb2')}/approval`, operator),
  'approveRun 404': () => call('POST', `runs/${unknownRunId}/approval`, { ...operator, body: { reason } }),
  'approveRun 409': () => call('POST', `runs/${night.runId}/approval`, { ...operator, body: { reason } }),
  ...answersForLists('csv', 'getChildren', 'getFindings', '1'),
  ...answersForLists('xlsx', 'getChildrenXlsx', 'getFindingsXlsx', '3'),
  ...answersForRehearsal('csv', 'getRehearsal', 'dddd51'),
  ...answersForRehearsal('xlsx', 'getRehearsalXlsx', 'dddd61'),
  'listDisclosures 200': () => call('POST', 'children/disclosures', aboutTheChild()),
  'listDisclosures 400': () => call('POST', 'children/disclosures', officer),
  'eraseChild 200': () => call('POST', 'children/erasure', aboutTheChild({ confirm: true })),
  'eraseChild 400': () => call('POST', 'children/erasure', officer),
  'eraseChild 409': () =>
    whileARunIsHeld('aaaaa2', () => call('POST', 'children/erasure', aboutTheChild({ confirm: true }))),
  'supportBundle 200': () => call('GET', 'support-bundle', reader),
  'getEvidence 200': () => call('GET', 'evidence', reader),
  'preflight 200': () => call('POST', 'preflight', operator),
};

interface Told {
  readonly name: string;
  readonly method: string;
  /** With an unknown run where one is named. */
  readonly path: string;
  readonly role: Role;
  readonly operation: Operation;
}

const told: readonly Told[] = Object.entries(openApiDocument().paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, { security }]) => security.some((one) => 'functionKey' in one))
    .map(([method, operation]) => ({
      name: operation.operationId,
      method: method.toUpperCase(),
      path: path.replace(/^\/api\//, '').replace('{runId}', unknownRunId),
      role: z.enum(roles).parse(operation['x-role']),
      operation,
    })),
);

/** Holds an answer to what the document says of it. */
async function assertAsTold(response: Response, { name, operation }: Told): Promise<void> {
  const { status, headers } = response;
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  const { content } = operation.responses[String(status)] ?? {};
  assert.ok(content, `${name} answered ${String(status)}`);
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const { schema } = content[type] ?? {};
  assert.ok(schema, `${name} answered ${String(status)} as ${type}`);
  const text = await response.text();
  assert.deepEqual(schemaErrors(schema, type === 'application/json' ? JSON.parse(text) : text), []);
}

/** Sends a body without saying how long it is. */
function inChunks(method: string, path: string, body: string, as: readonly Role[]): Promise<Response> {
  return fetch(`${host.baseUrl}/api/${path}`, {
    method,
    headers: { ...principalHeaders({ name: 'chunks', roles: as }), 'x-functions-key': host.functionKey },
    ...chunkedBody(body),
  });
}

const problem = z.object({ error: z.string(), role: z.enum(roles).optional() });

describe('an answer of the HTTP API is what the OpenAPI document says', () => {
  test('for every answer that it lists', () => {
    const all = told.flatMap(({ name, operation }) =>
      Object.keys(operation.responses).map((status) => `${name} ${status}`),
    );
    assert.deepEqual(
      Object.keys(answers).sort(),
      all.filter((answer) => !/ (40[13]|411)$/.test(answer)).sort(),
    );
  });

  for (const [answer, ask] of Object.entries(answers)) {
    test(answer, async () => {
      const [name, status] = answer.split(' ');
      const expected = told.find((one) => one.name === name);
      assert.ok(expected);
      const response = await ask();
      assert.equal(response.status, Number(status));
      await assertAsTold(response, expected);
    });
  }

  test('and so are a preview of an erasure, and the status of a paused run', async () => {
    const heldRun = await aHeldRun('bbbbb3');
    for (const [name, response] of [
      ['eraseChild', await call('POST', 'children/erasure', aboutTheChild())],
      ['getRun', await call('GET', `runs/${heldRun}`, reader)],
    ] as const) {
      const expected = told.find((one) => one.name === name);
      assert.ok(expected);
      assert.equal(response.status, 200);
      await assertAsTold(response, expected);
    }
  });
});

describe('an empty request starts nothing', () => {
  const acting = told.filter(({ method }) => method !== 'GET');

  /** The calls that are answered with `status` by `ask`. */
  const answeredWith = async (status: number, ask: (one: Told) => Promise<Response>): Promise<string[]> => {
    const names: string[] = [];
    for (const one of acting) {
      const response = await ask(one);
      if (response.status !== status) continue;
      names.push(one.name);
      const text = await response.clone().text();
      await assertAsTold(response, one);
      // What it says to send is what the call takes.
      const [, example = ''] = /such as (\{.*\})"/.exec(text) ?? [];
      const { schema } = one.operation.requestBody?.content['application/json'] ?? {};
      assert.ok(schema, one.name);
      assert.deepEqual(schemaErrors(schema, JSON.parse(example.replaceAll('\\', ''))), [], text);
    }
    return names;
  };
  const needABody = acting
    .filter(({ name }) => !['cancelRun', 'preflight'].includes(name))
    .map(({ name }) => name);

  for (const body of [undefined, '', ' \n'])
    test(`without a body (${body === undefined ? 'none' : JSON.stringify(body)}), every call is refused, except those that need none`, async () => {
      const ask = ({ method, path, role }: Told) =>
        fetch(`${host.baseUrl}/api/${path}`, {
          method,
          headers: { ...principalHeaders({ name: 'a', roles: [role] }), 'x-functions-key': host.functionKey },
          ...(body === undefined ? {} : { body }),
        });
      assert.deepEqual(await answeredWith(400, ask), needABody);
    });

  test('with a body in chunks, which the host drops, the same calls are refused', async () => {
    const ask = ({ method, path, role }: Told) => inChunks(method, path, '{"reason":"a test"}', [role]);
    assert.deepEqual(await answeredWith(411, ask), needABody);
  });

  test('a dry run in chunks starts no run at all', async () => {
    const before = await runs.runIds();
    const turn = await runs.activeRun.read();
    const { posts } = stack.dfe.statistics;
    const response = await inChunks('POST', 'runs', '{"dryRun":true}', ['operator']);
    assert.equal(response.status, 411);
    await host.idle();
    assert.deepEqual(await runs.runIds(), before);
    assert.deepEqual(await runs.activeRun.read(), turn);
    assert.equal(stack.dfe.statistics.posts, posts);
  });

  test('a request that does not say which children starts no run', async () => {
    const before = await runs.runIds();
    for (const body of [{}, { dryRun: true }, { reason }]) {
      const response = await call('POST', 'runs', { ...operator, body });
      assert.equal(response.status, 400);
      assert.deepEqual(await response.json(), {
        errors: [{ field: 'scope', problem: 'must be one of outstanding, refused, all or children' }],
      });
    }
    assert.deepEqual(await runs.runIds(), before);
  });

  test('a run is cancelled without a body, also when its reason is missing', async () => {
    const held = await aHeldRun('eeeee1');
    assert.equal((await inChunks('DELETE', `runs/${held}`, '{"reason":"stop"}', ['operator'])).status, 202);
    assert.equal((await runs.summary.read(held))?.status, 'cancelled');
  });

  test('a form that arrives empty does nothing', async () => {
    const before = await runs.runIds();
    const held = await aHeldRun('eeeee2');
    for (const path of ['rerun', `runs/${held}/approval`, `runs/${held}/cancellation`]) {
      for (const sent of [
        {},
        { body: new URLSearchParams({ confirmed: 'yes' }) },
        chunkedBody('confirmed=yes&scope=all&reason=a+test'),
      ]) {
        const response = await fetch(`${host.baseUrl}/api/dashboard/${path}`, {
          method: 'POST',
          headers: {
            ...principalHeaders({ name: 'a', roles: ['operator'] }),
            'sec-fetch-site': 'same-origin',
          },
          ...sent,
        });
        assert.equal(response.status, 400, path);
      }
    }
    assert.deepEqual(await runs.runIds(), [...before, held].sort().reverse());
    assert.deepEqual(
      [await runs.approval.read(held), await runs.cancellation.read(held)],
      [undefined, undefined],
    );
  });
});

describe('the HTTP API', () => {
  for (const one of told) {
    const { name, method, path, role } = one;
    // Any role but that of the refresh may read, and an operator may what the pipeline may. What of requestRun the refresh
    // may is in test/api/requestRun.test.ts.
    const enough: readonly Role[] = role === 'deployer' ? ['deployer', 'operator'] : [role];
    const others: readonly Role[] =
      role === 'reader'
        ? ['ssd-refresh']
        : roles.filter(
            (other) => !enough.includes(other) && !(name === 'requestRun' && other === 'ssd-refresh'),
          );

    test(`refuses ${name} to a person without the role ${role}, and names it`, async () => {
      const response = await call(method, path, { as: others });
      assert.equal(response.status, 403);
      assert.equal(problem.parse(await response.clone().json()).role, role);
      await assertAsTold(response, one);
    });

    test(`does not refuse ${name} to a person with the role ${role} and no other`, async () => {
      const response = await call(method, path, { as: [role] });
      assert.ok(![401, 403].includes(response.status), String(response.status));
    });

    test(`asks for a key at ${name}, also when the caller is signed in`, async () => {
      assert.equal((await call(method, path, { key: '', as: roles })).status, 401);
    });

    test(`refuses ${name} to the key alone where everyone has to sign in`, async () => {
      const restore = putInEnvironment({ HTTP_NEEDS_SIGN_IN: 'true' });
      try {
        const response = await call(method, path);
        assert.equal(response.status, 401);
        assert.equal(problem.parse(await response.clone().json()).role, role);
        assert.equal(response.headers.get('www-authenticate'), 'Bearer');
        await assertAsTold(response, one);
      } finally {
        restore();
      }
    });
  }

  test('opens to a key alone what names no child', async () => {
    assert.equal((await call('GET', 'runs')).status, 200);
    assert.equal((await call('POST', 'preflight')).status, 200);
    assert.equal((await call('DELETE', `runs/${unknownRunId}`)).status, 404);
  });

  test('opens nothing to a key alone that names children, where Entra ID is in front', async () => {
    const naming = { body: { scope: 'children', children: [night.childId], reason } };
    for (const response of [
      await call('GET', `runs/${night.runId}/children.csv`),
      await call('GET', `runs/${night.runId}/findings.csv`),
      await call('GET', `runs/${night.runId}/children.xlsx`),
      await call('GET', `runs/${night.runId}/findings.xlsx`),
      await call('POST', 'children/disclosures', { body: { childId: night.childId, reason } }),
      await call('POST', 'children/erasure', { body: { childId: night.childId, reason } }),
      await call('POST', 'runs', naming),
    ]) {
      assert.equal(response.status, 401);
      assert.match(problem.parse(await response.json()).error, /role data-officer/);
    }
  });

  test('lets an operator name children for a run only with the role data officer', async () => {
    const body = { scope: 'children', children: [night.childId], dryRun: true, reason };
    const refused = await call('POST', 'runs', { ...operator, body });
    assert.equal(refused.status, 403);
    assert.equal(problem.parse(await refused.json()).role, 'data-officer');
    const taken = await call('POST', 'runs', { as: ['operator', 'data-officer'], body });
    assert.equal(taken.status, 202);
    await host.idle();
  });

  test('records who asked for a run, who approved one, and why', async () => {
    const { runId: asked } = z.object({ runId: z.string() }).parse(await (await dryRun()).json());
    assert.equal((await runs.request.read(asked))?.requestedBy, 'operator');
    const held = await aHeldRun('bbbbb4');
    await call('POST', `runs/${held}/approval`, { ...operator, body: { reason: 'figures are right' } });
    const status = runStatusSchema.parse(await (await call('GET', `runs/${held}`, reader)).json());
    assert.deepEqual([status.approval?.by, status.approval?.reason], ['operator', 'figures are right']);
  });

  test('records who downloads a list that names children, and records no child', async () => {
    const runId = night.runId;
    await call('GET', `runs/${runId}/children.csv`, { as: ['reader', 'data-officer'] });
    await call('GET', `runs/${runId}/findings.xlsx`, { as: ['operator', 'data-officer'] });
    const entries = await blobs.list('downloads/');
    const records = await Promise.all(
      entries.map(async ({ name }): Promise<unknown> => JSON.parse((await blobs.read(name)) ?? '')),
    );
    const downloadSchema = z.strictObject({
      at: z.iso.datetime(),
      by: z.string(),
      what: z.string(),
      runId: z.string(),
    });
    const taken = records.map((record) => downloadSchema.parse(record));
    for (const [by, what] of [
      ['reader and data-officer', 'children'],
      ['operator and data-officer', 'findings'],
    ]) {
      assert.equal(
        taken.filter((one) => one.by === by && one.what === what && one.runId === runId).length,
        1,
      );
    }
  });

  test('does nothing for a page on another site that uses the cookie of a sign-in', async () => {
    const held = await aHeldRun('bbbbb5');
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site };
      const response = await call('POST', `runs/${held}/approval`, {
        ...operator,
        headers,
        body: { reason },
      });
      assert.equal(response.status, 403);
      assert.match(problem.parse(await response.json()).error, /another site/);
    }
    assert.equal(await runs.approval.read(held), undefined);
    const headers = { 'sec-fetch-site': 'same-origin' };
    const own = await call('POST', `runs/${held}/approval`, { ...operator, headers, body: { reason } });
    assert.equal(own.status, 202);
  });

  test('does not trust the header unless the platform says that it sets it', async () => {
    const restore = putInEnvironment({ WEBSITE_AUTH_ENABLED: '' });
    try {
      const held = await aHeldRun('bbbbb6');
      // Neither does a forged header give a role, nor does it put a name into the record.
      const answer = await call('POST', `runs/${held}/approval`, { ...reader, body: { reason } });
      assert.equal(answer.status, 202);
      assert.equal((await runs.approval.read(held))?.by, 'function key');
      assert.equal((await call('GET', `runs/${held}`, { as: roles, key: 'wrong' })).status, 401);
      assert.equal((await call('GET', `runs/${night.runId}/children.csv`)).status, 200);
    } finally {
      restore();
    }
  });
});
