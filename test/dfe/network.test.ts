import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import { before, describe, test, type TestContext } from 'node:test';
import tls from 'node:tls';
import { DfeClient } from '../../shared/dfe/client.js';
import { fixedCredentials } from '../../shared/dfe/credentials.js';
import { NotSentError } from '../../shared/dfe/network.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import { startDfeSimulator } from '../local/dfe/simulator.js';
import { aCertificate } from '../local/keyVault.js';

import { aPost, listening, networkIn } from './networks.js';

let certificate: { readonly cert: string; readonly key: string };
before(async () => {
  certificate = await aCertificate();
});

function aNetwork(
  t: TestContext,
  environment: Readonly<Record<string, string>> = {},
  trusted = certificate.cert,
) {
  return networkIn(t, environment, trusted);
}

/** A council's proxy: it connects a client that sends CONNECT, or refuses, or does not answer. */
async function aProxy(t: TestContext, reaction: 'connects' | 'silent' | 403 | 407 = 'connects') {
  const asked: string[] = [];
  const proxy = createHttpServer((_request, response) => response.writeHead(500).end());
  proxy.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    t.after(() => client.destroy());
    if (reaction === 'silent') return;
    if (reaction !== 'connects') {
      client.end(`HTTP/1.1 ${String(reaction)} No\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) socket.on('error', () => server.destroy());
    t.after(() => server.destroy());
  });
  return { url: `http://127.0.0.1:${String(await listening(t, proxy))}`, asked };
}

/** A server with TLS that answers everything with "hello". */
async function aTlsServer(t: TestContext, options: tls.SecureContextOptions = {}) {
  const bodies: string[] = [];
  const server = createHttpsServer({ ...certificate, ...options }, (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      bodies.push(body);
      response.end('hello');
    });
  });
  const port = await listening(t, server);
  t.after(() => server.closeAllConnections());
  return { host: `localhost:${String(port)}`, url: `https://localhost:${String(port)}/`, bodies };
}

describe('the way out to DfE', () => {
  test('goes through the proxy that HTTPS_PROXY names, and TLS goes through to DfE', async (t) => {
    const [server, proxy] = [await aTlsServer(t), await aProxy(t)];
    const network = aNetwork(t, { HTTPS_PROXY: proxy.url });
    assert.equal((await network.fetch(server.url, aPost)).text, 'hello');
    assert.deepEqual(server.bodies, ['children']);
    assert.deepEqual(proxy.asked, [server.host]);
  });

  for (const [variables, isProxied] of [
    [{ NO_PROXY: 'localhost' }, false],
    [{ NO_PROXY: '.example.org, localhost' }, false],
    [{ NO_PROXY: '*' }, false],
    [{ NO_PROXY: 'example.org' }, true],
  ] as const) {
    test(`${isProxied ? 'uses' : 'avoids'} the proxy with NO_PROXY=${variables.NO_PROXY}`, async (t) => {
      const [server, proxy] = [await aTlsServer(t), await aProxy(t)];
      const network = aNetwork(t, { HTTPS_PROXY: proxy.url, ...variables });
      assert.equal((await network.fetch(server.url, aPost)).text, 'hello');
      assert.equal(proxy.asked.length, isProxied ? 1 : 0);
    });
  }

  test('is the same for the token and for the children', async (t) => {
    const dfe = await startDfeSimulator({
      laCode: '999',
      clientId: 'client',
      clientSecret: 'secret',
      scope: 'api://dfe/.default',
      supplierKeys: ['key'],
    });
    t.after(() => dfe.stop());
    const proxy = await aProxy(t);
    const network = aNetwork(t, { HTTP_PROXY: proxy.url });
    const credentials = fixedCredentials({
      clientId: 'client',
      clientSecret: 'secret',
      supplierKey: 'key',
      secondarySupplierKey: undefined,
    });
    const now = () => new Date();
    const client = new DfeClient(
      {
        baseUrl: dfe.apiBaseUrl,
        laCode: '999',
        userAgent: 'a-test',
        timeoutMs: 5000,
        retry: { retries: 0, firstWaitMs: 1, longestWaitMs: 1, budgetMs: 1000 },
      },
      { credentials, tokens: new TokenSource(dfe, { credentials, network, now }), network },
    );
    const answer = await client.post([{ la_child_id: 'C1', child_details: { sex: 'F' } }]);
    assert.equal(answer.kind, 'accepted');
    const { host } = new URL(dfe.apiBaseUrl);
    assert.ok(proxy.asked.length > 0);
    assert.deepEqual(new Set(proxy.asked), new Set([host]));
    await proxyIsTheOnlyWay();

    async function proxyIsTheOnlyWay(): Promise<void> {
      const refusing = await aProxy(t, 403);
      const without = aNetwork(t, { HTTP_PROXY: refusing.url });
      await assert.rejects(new TokenSource(dfe, { credentials, network: without, now }).token());
      assert.equal(refusing.asked.length, 1);
    }
  });

  for (const reaction of [403, 407] as const) {
    test(`counts a proxy that answers ${String(reaction)} as no connection: nothing was sent`, async (t) => {
      const [server, proxy] = [await aTlsServer(t), await aProxy(t, reaction)];
      const network = aNetwork(t, { HTTPS_PROXY: proxy.url });
      await assert.rejects(network.fetch(server.url, aPost), NotSentError);
      assert.deepEqual(server.bodies, []);
    });
  }

  test('gives a proxy that does not answer no more time than a connection may take', async (t) => {
    const [server, proxy] = [await aTlsServer(t), await aProxy(t, 'silent')];
    const network = aNetwork(t, { HTTPS_PROXY: proxy.url });
    const started = Date.now();
    await assert.rejects(network.fetch(server.url, aPost), NotSentError);
    assert.ok(Date.now() - started < 4000);
  });

  test('counts an untrusted certificate as no connection: nothing was sent', async (t) => {
    const server = await aTlsServer(t);
    const other = await aCertificate();
    await assert.rejects(aNetwork(t, {}, other.cert).fetch(server.url, aPost), NotSentError);
    assert.deepEqual(server.bodies, []);
  });

  for (const way of ['straight', 'through a proxy']) {
    test(`accepts no such certificate, ${way}, not even where Node.js is set to accept any`, async (t) => {
      const [server, proxy, other] = [await aTlsServer(t), await aProxy(t), await aCertificate()];
      const ofProxy = way === 'straight' ? {} : { HTTPS_PROXY: proxy.url };
      const network = aNetwork(t, { NODE_TLS_REJECT_UNAUTHORIZED: '0', ...ofProxy }, other.cert);
      await assert.rejects(network.fetch(server.url, aPost), NotSentError);
      assert.equal(proxy.asked.length, way === 'straight' ? 0 : 1);
      assert.deepEqual(server.bodies, []);
    });

    test(`does not use TLS 1.1, ${way}, not even where Node.js is set to`, async (t) => {
      const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
      t.after(() => {
        tls.DEFAULT_MIN_VERSION = DEFAULT_MIN_VERSION;
        tls.DEFAULT_CIPHERS = DEFAULT_CIPHERS;
      });
      tls.DEFAULT_MIN_VERSION = 'TLSv1';
      tls.DEFAULT_CIPHERS = 'DEFAULT@SECLEVEL=0';
      const server = await aTlsServer(t, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
      const [, port] = server.host.split(':');
      const talks = tls.connect({ port: Number(port), host: 'localhost', ca: certificate.cert });
      await once(talks, 'secureConnect');
      assert.equal(talks.getProtocol(), 'TLSv1.1', 'another client does');
      talks.destroy();

      const proxy = await aProxy(t);
      const network = aNetwork(t, way === 'straight' ? {} : { HTTPS_PROXY: proxy.url });
      await assert.rejects(network.fetch(server.url, aPost), NotSentError);
      assert.equal(proxy.asked.length, way === 'straight' ? 0 : 1);
      assert.deepEqual(server.bodies, []);
    });
  }

  test('counts a header that cannot be sent as no connection: nothing was sent', async (t) => {
    const server = await aTlsServer(t);
    const init = { ...aPost, headers: { SupplierKey: 'a\r\nb' } };
    await assert.rejects(aNetwork(t).fetch(server.url, init), NotSentError);
    assert.deepEqual(server.bodies, []);
  });

  test('tells a request that broke after it was written from one that was never sent', async (t) => {
    const breaking = createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const url = `http://127.0.0.1:${String(await listening(t, breaking))}/`;
    await assert.rejects(aNetwork(t).fetch(url, aPost), (error) => !(error instanceof NotSentError));
    const closed = createTcpServer();
    const port = await listening(t, closed);
    closed.close();
    await once(closed, 'close');
    await assert.rejects(aNetwork(t).fetch(`http://127.0.0.1:${String(port)}/`, aPost), NotSentError);
  });
});
