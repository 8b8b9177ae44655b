import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { plainDate } from '../../shared/child/dates.js';
import type { EventName } from '../../shared/telemetry/events.js';
import { roles } from '../../shared/access/principal.js';
import { paths } from '../../shared/pages/paths.js';
import { runStatusSchema } from '../../shared/records/runStatus.js';
import { runStore } from '../../shared/records/runStore.js';
import { parseFaults } from '../local/dfe/faults.js';
import type { FunctionsHost } from '../local/host/functionsHost.js';
import { startIngestion } from '../local/ingestion.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const source = { kind: 'synthetic', children: 40, seed: 'privacy' } as const;
/** No child's, and so no value of the generator: in the SSD instead of the UPNs, so that there are findings. */
const brokenUpn = 'BROKENUPN1';

/** Values shorter than this stand in many a text by chance. */
const shortestTelling = 4;

/** Everything that tells who a child is: ids, UPNs, names, dates of birth, postcodes. */
function tellingValues(): Set<string> {
  const values = new Set<string>([brokenUpn]);
  const ssd = generateSsd({ ...source, today });
  const telling =
    /^(pers_(person_id|legacy_id|upn|forename|surname|dob|expected_dob)|addr_address_postcode)$/;
  for (const { row } of ssd.entries()) {
    for (const [column, value] of Object.entries(row)) {
      if (telling.test(column) && typeof value === 'string' && value.length >= shortestTelling) {
        values.add(value);
      }
    }
  }
  return values;
}

test('nothing that identifies a child leaves the app except in payload blobs, the staging table, the request to DfE, and the answers whose purpose it is', async (t) => {
  const ingestion = await startIngestion();
  t.after(() => ingestion.close());
  const seen: string[] = [];
  const queued = queueMessagesSeen(t);
  const stack = await Stack.start({
    // Refusals, bad answers and failures: errors are where values leak.
    faults: parseFaults('refuse=10%,500=20%,count=10%,reset=10%'),
    settings: {
      CHUNK_MAX_CHILDREN: '8',
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    },
    signedIn: () => ({ name: analyst, roles }),
    onLog: (entry) => seen.push(JSON.stringify(entry)),
  });
  t.after(() => stack.stop());
  await stack.withDatabase(async (database) => {
    await fillSsd(database, stack.schema, source, today);
    await database.query(
      `UPDATE ${stack.schema}.ssd_person SET pers_upn = '${brokenUpn}' WHERE pers_upn IS NULL`,
    );
  });
  const host = await stack.startApp(today);
  const bundles: string[] = [];
  const status = await runNight(host, AbortSignal.timeout(60_000), (run) => seen.push(JSON.stringify(run)));
  await everythingElse(host, stack, status.runId, seen);
  await everyPage(host, stack, status.runId, seen);
  bundles.push(
    await supportBundle(host, 'support-bundle'),
    await supportBundle(host, 'dashboard/support-bundle'),
  );
  seen.push(...bundles);
  await host.runTimer('resumeStalledRuns');
  await stack.stopApp();

  const names = await blobNames(stack.storage);
  assert.ok(names.length > 5, 'blob names were seen');
  seen.push(...names, ...queued(), ...ingestion.bodies);
  assert.ok((status.totals?.accepted ?? 0) > 0 && (status.totals?.refused ?? 0) > 0);
  assert.ok(seen.length > 50, 'logs, statuses, blob names and messages were seen');
  assert.ok(queued().length > 3, 'queue messages were seen');
  const told = new Set(ingestion.events().map(({ data }) => data.baseData.name ?? ''));
  const expected: EventName[] = [
    'RunStarted',
    'RunHeld',
    'RunCompleted',
    'RunFailed',
    'RunSkipped',
    'ChunkSent',
    'ChildRejected',
    'FindingsCounted',
    'ApiCall',
    'SqlCall',
  ];
  for (const name of expected) assert.ok(told.has(name), `${name} was seen`);
  const urls = ingestion.items().flatMap(({ data }) => data.baseData.data ?? []);
  assert.ok(
    urls.some((url) => url.includes('/csc-runs/')),
    'URLs of blobs were seen',
  );

  const values = tellingValues();
  assert.ok(values.size > 150);
  // A short id may be a port by chance.
  const text = seen.join('\n').replace(/127\.0\.0\.1:\d+/g, '');
  const leaked = [...values].filter((value) => stands(value, text));
  // Only how many: a failing test must not print them either.
  assert.equal(leaked.length, 0);
  assert.equal(inBundles(bundles, stack).length, 0);
});

/** What people type who should not have: a reason names no one. */
const typed = 'Child Smith, 12 Acacia Ave';
const analyst = 'Alex Analyst';

/**
 * What support bundles hold of the children, of the people who did something, and of the secrets. No value of any row may be
 * in one, whichever column it is from: dates, ids of rows, workers and teams among them.
 */
function inBundles(bundles: readonly string[], stack: Stack): string[] {
  assert.equal(bundles.length, 2);
  const texts = bundles.flatMap((bundle) => textsIn(JSON.parse(bundle)));
  // What the app itself has of this kind: times, ids of runs, and the date that the runs report on.
  const own = /^(\d{8}T\d{9}Z-[0-9a-f]{6}|\d{4}-\d\d-\d\dT[\d:.]+Z|2026-08-11)$/;
  const text = texts.filter((each) => !own.test(each)).join('\n');
  assert.match(text, /child_details/, 'fields that were refused are named');
  const environment = stack.environment(today);
  const secrets = ['DFE_CLIENT_ID', 'DFE_CLIENT_SECRET', 'DFE_SUPPLIER_KEY', 'DFE_SCOPE', 'RESULTS_STORAGE'];
  const canaries = [
    ...valuesOfRows(),
    ...tellingValues(),
    ...[typed, 'Acacia', analyst, host(stack)],
    ...[...secrets, 'SSD_CONNECTION_STRING', 'AzureWebJobsStorage'].map((name) => environment[name] ?? ''),
  ];
  assert.ok(canaries.length > 1000);
  return canaries.filter((value) => value !== '' && stands(value, text));
}

/** Where the simulated DfE listens, as a host that support need not know. */
function host(stack: Stack): string {
  return new URL(stack.dfe.tokenUrl).host;
}

/** Every text of a JSON document; its numbers are counts. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}

/** The values of all rows that say more than a code does: those with a digit. */
function valuesOfRows(): Set<string> {
  const ssd = generateSsd({ ...source, today });
  const values = [...ssd.entries()].flatMap(({ row }) => Object.values(row));
  return new Set(
    values.filter(
      (value): value is string =>
        typeof value === 'string' && value.length > shortestTelling && /\d/.test(value),
    ),
  );
}

/** Every other request that the app answers, about `runId` and about one child; answers about children are not kept. */
async function everythingElse(
  host: FunctionsHost,
  stack: Stack,
  runId: string,
  seen: string[],
): Promise<void> {
  const call = async (method: string, path: string, body?: object): Promise<string> => {
    const response = await fetch(`${host.baseUrl}/api/${path}`, {
      method,
      headers: { 'x-functions-key': host.functionKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.status < 300 || response.status === 409, `${method} ${path}: ${response.status}`);
    return response.text();
  };
  const ended = async (id: string) => {
    for (;;) {
      await host.idle();
      const status = runStatusSchema.parse(JSON.parse(await call('GET', `runs/${id}`)));
      if (status.endedAt !== undefined) return status;
    }
  };
  const begun = (answer: string) => z.object({ runId: z.string() }).parse(JSON.parse(answer)).runId;
  const child = stack.dfe.children()[0]?.la_child_id ?? '';
  const reason = typed;

  for (const format of ['csv', 'xlsx']) {
    await call('GET', `runs/${runId}/children.${format}`);
    await call('GET', `runs/${runId}/findings.${format}`);
  }
  seen.push(await call('POST', 'preflight'));
  const rerun = begun(await call('POST', 'runs', { scope: 'children', children: [child], reason }));
  // One run at a time.
  seen.push(await call('POST', 'runs', { scope: 'refused' }));
  await ended(rerun);
  for (const [digits, method, path] of [
    ['aaaaaa', 'POST', '/approval'],
    ['bbbbbb', 'DELETE', ''],
  ] as const) {
    const held = await aHeldRun(stack, rerun, digits);
    seen.push(await call(method, `runs/${held}${path}`, { reason }));
    await ended(held);
  }
  await call('POST', 'children/disclosures', { childId: child, reason });
  await call('POST', 'children/erasure', { childId: child, reason });
  await call('POST', 'children/erasure', { childId: child, reason, confirm: true });
  seen.push(await call('GET', 'runs'));
}

async function supportBundle(host: FunctionsHost, path: string): Promise<string> {
  const response = await fetch(`${host.baseUrl}/api/${path}`, {
    headers: { 'x-functions-key': host.functionKey, 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(response.status, 200);
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /"support-bundle-999-\d{4}-\d\d-\d\d\.json"$/,
  );
  return response.text();
}

/** Every page and download, and each form; the downloads, and the form that repeats typed ids, are not kept. */
async function everyPage(host: FunctionsHost, stack: Stack, runId: string, seen: string[]): Promise<void> {
  const call = async (path: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const response = await fetch(`${host.baseUrl}${path}`, {
      headers: { 'sec-fetch-site': 'same-origin' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    assert.ok(response.status < 300 || response.status === 409, `${path}: ${response.status}`);
    seen.push(response.url);
    return response.text();
  };
  for (const page of [
    paths.dashboard,
    paths.children,
    paths.run(runId),
    paths.rehearsal(runId),
    paths.rehearsalFile(runId, '2026-03-31', 'csv'),
    paths.rerun,
  ]) {
    seen.push(await call(page));
  }
  for (const format of ['csv', 'xlsx'] as const) {
    const ofRun = [paths.findings, paths.childrenOfRun, paths.refused, paths.fullAnswers];
    for (const list of [paths.reconciliation(format), ...ofRun.map((path) => path(runId, format))])
      await call(list);
  }
  const child = stack.dfe.children()[0]?.la_child_id ?? '';
  const asked = { scope: 'children', children: child, mode: '', dryRun: 'yes', reason: typed };
  await call(paths.rerun, asked);
  seen.push(await call(paths.rerun, { ...asked, confirmed: 'yes' }));
  await host.idle();
  for (const [digits, path] of [
    ['cccccc', paths.approval],
    ['dddddd', paths.cancellation],
  ] as const) {
    const held = await aHeldRun(stack, runId, digits);
    seen.push(await call(path(held)), await call(path(held), { reason: typed }));
    await host.idle();
  }
}

/** A run like `runId` with nothing to send, as if its guards had objected: the app reads the plan anew each time. */
async function aHeldRun(stack: Stack, runId: string, digits: string): Promise<string> {
  const service = BlobServiceClient.fromConnectionString(stack.storage);
  const runs = runStore(new AzureBlobStore(service.getContainerClient('csc-runs')));
  const heldId = runId.replace(/.{6}$/, digits);
  const plan = await runs.plan.read(runId);
  const request = await runs.request.read(runId);
  assert.ok(plan && request);
  await runs.request.create({ ...request, runId: heldId });
  const objections = [{ guard: 'leavers', explanation: 'Too many have left.' }];
  await runs.plan.create(heldId, { ...plan, chunks: 0, held: true, objections });
  return heldId;
}

/** A number counts where it stands alone: the few digits of a short id are in many a hash and measured time. */
function stands(value: string, text: string): boolean {
  return /^\d+$/.test(value)
    ? new RegExp(`(?<![0-9A-Za-z])${value}(?![0-9A-Za-z])`).test(text)
    : text.includes(value);
}

/** The messages put on a queue from now on, decoded. */
function queueMessagesSeen(t: TestContext): () => string[] {
  const send = t.mock.method(QueueClient.prototype, 'sendMessage');
  return () =>
    send.mock.calls.map(({ arguments: [message] }) => Buffer.from(message, 'base64').toString('utf8'));
}

async function blobNames(connectionString: string): Promise<string[]> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const names: string[] = [];
  for await (const container of service.listContainers()) {
    for await (const blob of service.getContainerClient(container.name).listBlobsFlat()) {
      names.push(`${container.name}/${blob.name}`);
    }
  }
  return names;
}
