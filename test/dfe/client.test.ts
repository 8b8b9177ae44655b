import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { describe, test, type TestContext } from 'node:test';
import { DfeClient } from '../../shared/dfe/client.js';
import { TokenError, TokenSource } from '../../shared/dfe/tokenSource.js';
import { parseFaults } from '../local/dfe/faults.js';
import { startDfeSimulator, type DfeSimulator } from '../local/dfe/simulator.js';

const aChild = { la_child_id: 'C1', child_details: { sex: 'F', disabilities: ['NONE'] } };
const anotherChild = { ...aChild, la_child_id: 'C2' };

async function aDfe(t: TestContext, faults = '', tokenLifetimeSeconds = 3600): Promise<DfeSimulator> {
  const dfe = await startDfeSimulator({
    laCode: '999',
    clientId: 'client',
    clientSecret: 'the-secret',
    scope: 'api://dfe/.default',
    supplierKeys: ['the-key'],
    faults: parseFaults(faults),
    tokenLifetimeSeconds,
  });
  t.after(() => dfe.stop());
  return dfe;
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

function aClient(
  dfe: Pick<DfeSimulator, 'apiBaseUrl' | 'tokenUrl' | 'scope'>,
  {
    clientSecret = 'the-secret',
    supplierKey = 'the-key',
    retries = 0,
    timeoutMs = 5000,
    now = () => new Date(),
  } = {},
): DfeClient {
  const tokens = new TokenSource(
    { tokenUrl: dfe.tokenUrl, scope: dfe.scope, clientId: 'client', clientSecret },
    now,
  );
  return new DfeClient(
    {
      baseUrl: dfe.apiBaseUrl,
      laCode: '999',
      supplierKey,
      userAgent: 'a-test',
      timeoutMs,
      retry: { retries, firstWaitMs: 1, longestWaitMs: 20 },
    },
    tokens,
  );
}

describe('the DfE client', () => {
  test('posts a bare array and reads one receipt a child, in order', async (t) => {
    const dfe = await aDfe(t);
    const answer = await aClient(dfe).post([aChild, anotherChild]);
    assert.equal(answer.kind, 'accepted');
    assert.equal(answer.receipts.length, 2);
    assert.deepEqual(
      dfe.children().map((child) => child.la_child_id),
      ['C1', 'C2'],
    );
  });

  test('sends text in UTF-8, byte for byte', async (t) => {
    const dfe = await aDfe(t);
    const names = { first_name: 'Łukasz Siân 李 👶', surname: "Ó'Súilleabháin علي e\u0301" };
    await aClient(dfe).post([{ ...aChild, child_details: { ...aChild.child_details, ...names } }]);
    const details = dfe.children()[0]?.['child_details'];
    assert.deepEqual(details, { ...aChild.child_details, ...names });
  });

  test('asks for one token and uses it for many posts, also at the same time', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await Promise.all([client.post([aChild]), client.post([anotherChild])]);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 1);
  });

  test('renews a token before it expires', async (t) => {
    const dfe = await aDfe(t);
    let now = new Date();
    const client = aClient(dfe, { now: () => now });
    await client.post([aChild]);
    now = new Date(now.getTime() + 56 * 60_000);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('asks for a new token once when DfE does not accept the one it has', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await client.post([aChild]);
    dfe.setFaults(parseFaults('401=99%'));
    assert.equal((await client.post([anotherChild])).kind, 'accepted');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('says that the supplier key was not accepted, after one more token', async (t) => {
    const dfe = await aDfe(t);
    assert.equal((await aClient(dfe, { supplierKey: 'wrong' }).post([aChild])).kind, 'unauthorised');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('fails with the names of the settings, and no secret, when the credentials are refused', async (t) => {
    const dfe = await aDfe(t);
    await assert.rejects(
      aClient(dfe, { clientSecret: 'a-wrong-secret' }).post([aChild]),
      (error) =>
        error instanceof TokenError &&
        error.message.includes('DFE_CLIENT_SECRET') &&
        !error.message.includes('a-wrong-secret'),
    );
    assert.equal(dfe.statistics.posts, 0);
  });

  for (const faults of ['429=50%:0', '500=50%', '503=50%', '408=50%', 'reset=50%', 'lost=50%']) {
    test(`repeats a post that meets ${faults}, and every child arrives`, async (t) => {
      const dfe = await aDfe(t, faults);
      const client = aClient(dfe, { retries: 20 });
      for (let post = 0; post < 5; post += 1) {
        assert.equal((await client.post([aChild, anotherChild])).kind, 'accepted');
      }
      assert.ok(dfe.statistics.posts > 5, 'the fault was met');
      assert.equal(dfe.children().length, 2);
    });
  }

  test('gives up after its retries, and says that it was not DfE who refused', async (t) => {
    const dfe = await aDfe(t, '500=100%');
    const answer = await aClient(dfe, { retries: 2 }).post([aChild]);
    assert.equal(answer.kind, 'later');
    assert.equal(dfe.statistics.posts, 3);
  });

  test('gives up a post that takes too long', async (t) => {
    const dfe = await aDfe(t, 'slow=100%:10000');
    const answer = await aClient(dfe, { timeoutMs: 50 }).post([aChild]);
    assert.deepEqual(answer, { kind: 'later', status: 'network', retryAfterMs: 0 });
  });

  test('does not repeat a post that DfE refused', async (t) => {
    const dfe = await aDfe(t, 'refuse=C1');
    const answer = await aClient(dfe, { retries: 5 }).post([aChild]);
    assert.equal(answer.kind, 'refused');
    assert.equal(answer.status, 400);
    assert.equal(dfe.statistics.posts, 1);
  });

  for (const faults of ['204=100%', 'garbage=100%', 'count=100%']) {
    test(`takes ${faults} for an outcome that is not known`, async (t) => {
      const dfe = await aDfe(t, faults);
      assert.equal((await aClient(dfe).post([aChild, anotherChild])).kind, 'unclear');
    });
  }

  test('follows no redirect: the key and the children go to one address only', async (t) => {
    const dfe = await aDfe(t);
    const elsewhere = createServer((_request, response) => response.end('["a receipt"]'));
    const gateway = createServer((_request, response) => {
      response.writeHead(302, { Location: `http://127.0.0.1:${String(portOf(elsewhere))}/` }).end();
    });
    let visits = 0;
    elsewhere.on('request', () => (visits += 1));
    for (const server of [elsewhere, gateway]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      t.after(() => server.close());
    }
    const apiBaseUrl = `http://127.0.0.1:${String(portOf(gateway))}`;
    const answer = await aClient({ tokenUrl: dfe.tokenUrl, scope: dfe.scope, apiBaseUrl }).post([aChild]);
    assert.equal(answer.kind, 'unclear');
    assert.equal(visits, 0);
  });

  test('takes a wrong address for what it is, and not for a refusal of the children', async (t) => {
    const dfe = await aDfe(t);
    const apiBaseUrl = `${dfe.apiBaseUrl}/wrong`;
    const answer = await aClient({ tokenUrl: dfe.tokenUrl, scope: dfe.scope, apiBaseUrl }).post([aChild]);
    assert.equal(answer.kind, 'unclear');
    assert.match(answer.problem, /DFE_API_BASE_URL/);
  });

  test('waits as long as Retry-After asks, up to its own ceiling', async (t) => {
    const dfe = await aDfe(t, '429=100%:30');
    const started = Date.now();
    const answer = await aClient(dfe, { retries: 1 }).post([aChild]);
    assert.equal(answer.kind, 'later');
    assert.equal(answer.retryAfterMs, 30_000);
    assert.ok(Date.now() - started < 5000);
  });
});
