import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { chunkedBody } from './chunkedBody.js';
import { startFixtureApp } from './fixtureApp.js';
import type { FunctionsHost } from './functionsHost.js';

const files = {
  'a.js': `
    app.http('echo', {
      route: 'runs/{runId}', methods: ['POST'], authLevel: 'anonymous',
      async handler(request) {
        return { status: 201, headers: { 'x-council': '841' }, jsonBody: {
          params: request.params, query: request.query.get('q'), url: request.url,
          type: request.headers.get('content-type'),
          bytes: [...Buffer.from(await request.arrayBuffer())],
        } };
      },
    });
    app.post('body', async (request) => ({
      body: request.headers.get('transfer-encoding') + ': ' + (await request.text()),
    }));
    app.get('guarded', { authLevel: 'function', handler: () => ({ body: 'open' }) });
    app.get('fails', () => { throw new Error('name of a child'); });
    app.get('user', (request) => ({ body: request.user?.username ?? 'nobody' }));
    app.get('nothing', () => {});
    app.get('bytes', () => ({ body: Buffer.from([0, 255, 10]) }));
    app.get('stream', () => ({ body: new Blob(['a', 'b']).stream(), headers: { 'content-type': 'text/csv' } }));
    app.get('page', () => ({ body: '<p>£</p>', headers: { 'content-type': 'text/html' } }));`,
};

test('a request arrives with its parameters, query, headers and raw bytes, and its answer goes back whole', async (t) => {
  const { baseUrl } = await host(t);
  const response = await fetch(`${baseUrl}/api/runs/r%201?q=a%26b`, {
    method: 'POST',
    body: Buffer.from([0, 255, 10]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('x-council'), '841');
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), {
    params: { runId: 'r 1' },
    query: 'a&b',
    url: `${baseUrl}/api/runs/r%201?q=a%26b`,
    type: 'application/octet-stream',
    bytes: [0, 255, 10],
  });
});

test('a body that is sent in chunks is dropped, as the real host does, and the header shows that there was one', async (t) => {
  const { baseUrl } = await host(t);
  const response = await fetch(`${baseUrl}/api/body`, {
    method: 'POST',
    ...chunkedBody('{"dryRun":true}'),
  });
  assert.equal(await response.text(), 'chunked: ');
});

test('the values of a query that is repeated arrive as one', async (t) => {
  const { baseUrl } = await host(t);
  const response = await fetch(`${baseUrl}/api/runs/r?q=1&q=2`, { method: 'POST' });
  assert.deepEqual(z.object({ query: z.string() }).parse(await response.json()), { query: '1,2' });
});

test('a function that is switched off answers 404', async (t) => {
  const { baseUrl } = await host(t, { settings: { 'AzureWebJobs.page.Disabled': '1' } });
  assert.equal((await fetch(`${baseUrl}/api/page`)).status, 404);
  assert.equal((await fetch(`${baseUrl}/api/bytes`)).status, 200);
});

test('bodies of text, bytes and streams are passed on', async (t) => {
  const { baseUrl } = await host(t);
  assert.equal(await (await fetch(`${baseUrl}/api/page`)).text(), '<p>£</p>');
  const bytes = await fetch(`${baseUrl}/api/bytes`);
  assert.deepEqual([...Buffer.from(await bytes.arrayBuffer())], [0, 255, 10]);
  const stream = await fetch(`${baseUrl}/api/stream`);
  assert.equal(stream.headers.get('content-type'), 'text/csv');
  assert.equal(await stream.text(), 'ab');
  assert.equal((await fetch(`${baseUrl}/api/nothing`)).status, 204);
});

test('a function key opens functions of its level', async (t) => {
  const { baseUrl, functionKey } = await host(t);
  const status = async (key: string | undefined): Promise<number> =>
    (await fetch(`${baseUrl}/api/guarded`, { headers: key === undefined ? {} : { 'x-functions-key': key } }))
      .status;

  assert.equal(await status(undefined), 401);
  assert.equal(await status('wrong'), 401);
  assert.equal(await status(functionKey), 200);
  assert.equal((await fetch(`${baseUrl}/api/guarded?code=${functionKey}`)).status, 200);
});

test('a path or method that no function has gives 404', async (t) => {
  const { baseUrl } = await host(t);
  assert.equal((await fetch(`${baseUrl}/api/unknown`)).status, 404);
  assert.equal((await fetch(`${baseUrl}/api/page`, { method: 'POST' })).status, 404);
  assert.equal((await fetch(`${baseUrl}/page`)).status, 404);
  assert.equal((await fetch(`${baseUrl}/api//page`)).status, 404);
});

test('an error of a handler gives 500 without a word of it', async (t) => {
  const { baseUrl } = await host(t);
  const response = await fetch(`${baseUrl}/api/fails`);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), '');
});

test('callers cannot say who they are, unless an option of the host allows it', async (t) => {
  const principal = Buffer.from('{"claims":[]}').toString('base64');
  const headers = {
    'x-ms-client-principal': principal,
    'x-ms-client-principal-id': '1',
    'x-ms-client-principal-name': 'ann@council.example',
    'x-ms-client-principal-idp': 'aad',
  };
  const userSeenBy = async (baseUrl: string): Promise<string> =>
    (await fetch(`${baseUrl}/api/user`, { headers })).text();

  assert.equal(await userSeenBy((await host(t)).baseUrl), 'nobody');
  const believing = await host(t, { acceptClientPrincipal: true });
  assert.equal(await userSeenBy(believing.baseUrl), 'ann@council.example');
});

test('the person who is signed in is in the headers, whatever the caller sends', async (t) => {
  const signedIn = () => ({ name: 'ann@council.example', roles: ['reader'] });
  const { baseUrl } = await host(t, { signedIn });
  const headers = { 'x-ms-client-principal-name': 'somebody else' };
  assert.equal(await (await fetch(`${baseUrl}/api/user`, { headers })).text(), 'ann@council.example');
});

async function host(
  t: TestContext,
  options: Parameters<typeof startFixtureApp>[2] = {},
): Promise<FunctionsHost> {
  return (await startFixtureApp(t, files, options)).host;
}
