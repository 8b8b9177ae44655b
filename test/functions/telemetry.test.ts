import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { plainDate } from '../../shared/child/dates.js';
import { startIngestion, type Item } from '../local/ingestion.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');

/** The app alone asks for these: the stand-in of the host, which runs in the same process, asks for queues only. */
const ofTheApp = '/csc-runs';

test('one dry run reports its events, and one dependency for each request to storage, whatever storage answers, each with the authority and the versions', async (t) => {
  const ingestion = await startIngestion();
  t.after(() => ingestion.close());
  const stack = await Stack.start({
    settings: { APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString },
  });
  t.after(() => stack.stop());
  const source = { kind: 'synthetic', children: 40, seed: 'telemetry' } as const;
  await stack.withDatabase((database) => fillSsd(database, stack.schema, source, today));
  const host = await stack.startApp(today);
  const asked = requestsSeen(t);
  const response = await fetch(`${host.baseUrl}/api/runs`, {
    method: 'POST',
    headers: { 'x-functions-key': host.functionKey },
    body: JSON.stringify({ scope: 'outstanding', dryRun: true, reason: 'a test' }),
  });
  assert.equal(response.status, 202);
  const { runId } = z.object({ runId: z.string() }).parse(await response.json());
  await host.idle();
  await stack.stopApp();

  const items = ingestion.items().filter(isOfTheApp);
  const requests = asked();
  assert.ok(
    requests.some((status) => status === 404),
    'storage has answered that something is not there',
  );
  assert.deepEqual(
    countedBy(items, ({ data }) => data.baseType),
    {
      RemoteDependencyData: requests.length,
      EventData: ingestion.events().length,
    },
  );
  for (const { data } of items) {
    const { laCode, appVersion, specVersion, profile } = data.baseData.properties ?? {};
    assert.deepEqual({ laCode, profile }, { laCode: '999', profile: 'systemc' });
    assert.match(appVersion ?? '', /^\d+\.\d+\.\d+/);
    assert.match(specVersion ?? '', /^\d{4}-\d{2}$/);
  }
  // How many rules ask about the children of the generator is not what this test is about.
  const ofThisRun = ingestion
    .events()
    .filter(({ data }) => data.baseData.properties?.['runId'] === runId)
    .filter(({ data }) => data.baseData.name !== 'FindingsCounted');
  assert.deepEqual(
    countedBy(ofThisRun, ({ data }) => data.baseData.name ?? ''),
    {
      RunStarted: 1,
      RunCompleted: 1,
    },
  );
  // A tick of the timer may fall into the run, and reads what is under way.
  assert.ok(requests.length < 60, `${String(requests.length)} requests`);
});

/** What is not a dependency of the host's stand-in. */
function isOfTheApp({ data }: Item): boolean {
  return data.baseType !== 'RemoteDependencyData' || (data.baseData.data ?? '').includes(ofTheApp);
}

function countedBy<T>(all: readonly T[], kindOf: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[kindOf(one)] = (counts[kindOf(one)] ?? 0) + 1;
  return counts;
}

/** What storage has answered to each request of the app from now on. */
function requestsSeen(t: TestContext): () => readonly number[] {
  const seen: number[] = [];
  const finished = z.object({
    request: z.instanceof(ClientRequest),
    response: z.object({ statusCode: z.number() }),
  });
  const see = (message: unknown): void => {
    const { request, response } = finished.parse(message);
    if (request.path.includes(ofTheApp)) seen.push(response.statusCode);
  };
  subscribe('http.client.response.finish', see);
  t.after(() => unsubscribe('http.client.response.finish', see));
  return () => seen;
}
