import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { credentialOf, startInsights, stopInsights, theInsights } from '../../shared/azure/insights.js';
import { InsightsTelemetry, type EventSink } from '../../shared/azure/insightsTelemetry.js';
import type { AppEvent } from '../../shared/telemetry/events.js';
import { startFixtureApp } from '../local/host/fixtureApp.js';
import { startIngestion, type Ingestion } from '../local/ingestion.js';
import { projectRoot } from '../local/migrations.js';

const common = {
  appVersion: '1.2.3',
  specVersion: '2025-26',
  environment: 'test',
  laCode: '999',
  profile: 'own',
} as const;
const runId = '20260811T020000000Z-0a1b2c';
const chunkPoisoned: AppEvent = {
  name: 'ChunkPoisoned',
  dimensions: { runId, chunk: '3' },
  measurements: { outstanding: 7 },
};

test('without a connection string no SDK is loaded', async () => {
  await startInsights({});
  await startInsights({ APPLICATIONINSIGHTS_CONNECTION_STRING: '' });
  assert.equal(theInsights(), undefined);
  assert.ok(!Object.keys(require.cache).some((file) => file.includes('applicationinsights')));
});

test('a wrong connection string stops nothing else', async () => {
  await startInsights({ APPLICATIONINSIGHTS_CONNECTION_STRING: 'nonsense' });
  assert.equal(theInsights(), undefined);
  await stopInsights();
});

test('the identity for Application Insights is the one that the authentication string names', () => {
  assert.ok('credential' in credentialOf('ClientId=0a1b2c;Authorization=AAD'));
  assert.ok('credential' in credentialOf('Authorization=AAD'));
  assert.deepEqual(credentialOf(undefined), {});
  assert.deepEqual(credentialOf('ClientId=0a1b2c'), {});
});

describe('the SDK of Application Insights', () => {
  let ingestion: Ingestion;
  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.close());

  async function started(t: TestContext): Promise<InsightsTelemetry> {
    await startInsights({ APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString });
    t.after(stopInsights);
    const insights = theInsights();
    assert.ok(insights);
    return new InsightsTelemetry(insights, common);
  }

  // This comes first: the SDK hooks into the modules that make requests only once in a process.
  test('gives events and every dependency the id of the operation in which the host runs the function', async (t) => {
    const insights = join(projectRoot, 'dist', 'shared', 'azure', 'insights.js');
    const { host } = await startFixtureApp(
      t,
      {
        'a.js': `
          const { startInsights, stopInsights, theInsights } = require(${JSON.stringify(insights)});
          app.hook.appStart(() => startInsights(process.env));
          app.hook.appTerminate(() => stopInsights());
          app.get('target', () => ({ body: 'x' }));
          app.get('works', async (request, context) => {
            const { createDefaultHttpClient, createPipelineRequest } = require('@azure/core-rest-pipeline');
            theInsights().labelDependencies({ laCode: '999', appVersion: '1.2.3' });
            theInsights().trackEvent({ name: 'Works', properties: {}, measurements: {} });
            const url = new URL('/api/target?sig=a-secret', request.url).href;
            for (let n = 0; n < 20; n += 1) {
              const asked = createPipelineRequest({ url, allowInsecureConnection: true });
              await createDefaultHttpClient().sendRequest(asked);
            }
            return { body: context.traceContext.traceParent };
          });`,
      },
      { settings: { APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString } },
    );
    const traceParent = await (await fetch(`${host.baseUrl}/api/works`)).text();
    await host.stop();
    const operation = traceParent.split('-')[1];
    const ofIt = ingestion.items().filter(({ tags }) => tags['ai.operation.id'] === operation);
    assert.equal(ofIt.filter(({ data }) => data.baseData.name === 'Works').length, 1);
    const dependencies = ofIt.filter(({ data }) => data.baseType === 'RemoteDependencyData');
    // More than five a second, which is the SDK's own limit.
    assert.equal(dependencies.length, 20);
    assert.ok(dependencies.every(({ data }) => data.baseData.data?.endsWith('/api/target?sig=REDACTED')));
    for (const { data } of dependencies) {
      assert.equal(data.baseData.properties?.['laCode'], '999');
      assert.equal(data.baseData.properties['appVersion'], '1.2.3');
    }
    assert.ok(ingestion.items().every(({ data }) => data.baseType !== 'RequestData'));
  });

  test('sends an event with its name, its dimensions, the common dimensions and its measurements', async (t) => {
    const telemetry = await started(t);
    telemetry.record(chunkPoisoned);
    await telemetry.flush();
    const [event] = ingestion.events('ChunkPoisoned');
    assert.deepEqual(event?.data.baseData.properties, { runId, chunk: '3', ...common });
    assert.deepEqual(event.data.baseData.measurements, { outstanding: 7 });
  });

  test('sends what is still waiting when it is stopped', async (t) => {
    const telemetry = await started(t);
    const before = ingestion.events().length;
    telemetry.record(chunkPoisoned);
    await stopInsights();
    assert.equal(ingestion.events().length, before + 1);
  });

  test('reports that it was stopped: what is recorded afterwards is lost', async (t) => {
    const telemetry = await started(t);
    await stopInsights();
    telemetry.record(chunkPoisoned);
    await assert.rejects(telemetry.flush(), /stopped/);
  });

  test('reports that what it sent was not taken', async (t) => {
    const telemetry = await started(t);
    t.after(() => ingestion.answer(200));
    ingestion.answer(400);
    telemetry.record(chunkPoisoned);
    await assert.rejects(telemetry.flush(), /did not take/);
    ingestion.answer(200);
    telemetry.record(chunkPoisoned);
    await telemetry.flush();
  });

  test('reports that to everyone who waits at the same time', async (t) => {
    const telemetry = await started(t);
    t.after(() => ingestion.answer(200));
    ingestion.answer(400);
    telemetry.record(chunkPoisoned);
    const first = telemetry.flush();
    telemetry.record(chunkPoisoned);
    const outcomes = await Promise.allSettled([first, telemetry.flush()]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
  });
});

describe('an event', () => {
  function aSink(): EventSink & { readonly sent: string[] } {
    const sent: string[] = [];
    return { sent, trackEvent: (event) => sent.push(JSON.stringify(event)), flush: () => Promise.resolve() };
  }
  /** As from code without types. */
  const withAny = (change: object): AppEvent => Object.assign(structuredClone(chunkPoisoned), change);

  const unfit: [string, object][] = [
    ['a dimension that is not in the list', { dimensions: { runId, chunk: '3', upn: 'A123' } }],
    ['a value that has no place in its dimension', { dimensions: { runId, chunk: 'Mila Example' } }],
    ['a measurement that is not in the list', { measurements: { outstanding: 7, dob: 20100401 } }],
    ['a name that is not in the list', { name: 'ChildNamed' }],
    ['no dimensions', { dimensions: undefined }],
  ];
  for (const [what, change] of unfit) {
    test(`with ${what} is dropped, and only its name is reported`, async () => {
      const warnings: string[] = [];
      const listen = ({ message }: Error) => warnings.push(message);
      process.on('warning', listen);
      const sink = aSink();
      new InsightsTelemetry(sink, common).record(withAny(change));
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', listen);
      assert.deepEqual(sink.sent, []);
      assert.equal(warnings.length, 1);
      assert.doesNotMatch(warnings.join(), /A123|Mila|20100401|upn|dob/);
    });
  }

  test('without a measurement that may be absent is sent without it', () => {
    const sink = aSink();
    const dimensions = { secret: 'DFE-CLIENT-ID', outcome: 'read' } as const;
    new InsightsTelemetry(sink, common).record({ name: 'SecretRead', dimensions, measurements: {} });
    assert.match(sink.sent[0] ?? '', /"measurements":{}/);
  });
});
