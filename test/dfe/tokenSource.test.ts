import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { after, describe, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import {
  CachedCredentials,
  fixedCredentials,
  type Credentials,
  type DfeCredentials,
} from '../../shared/dfe/credentials.js';
import { Network } from '../../shared/dfe/network.js';
import { TokenError, TokenSource } from '../../shared/dfe/tokenSource.js';

const network = new Network({ connectTimeoutMs: 500 });
after(() => network.close());

/** A token endpoint that knows one secret, and counts what it is asked; `react` may answer in its place. */
async function anEndpoint(t: TestContext, react?: (response: ServerResponse) => void) {
  const asked: string[] = [];
  const state = { secret: 'the-secret', lifetimeSeconds: 3600, issued: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      const secret = new URLSearchParams(body).get('client_secret') ?? '';
      asked.push(secret);
      response.setHeader('Content-Type', 'application/json');
      if (react !== undefined) react(response);
      else if (secret !== state.secret) {
        const error_description = `AADSTS7000222: The provided client secret keys for app '${secret}' are expired.`;
        response.writeHead(401).end(JSON.stringify({ error: 'invalid_client', error_description }));
      } else {
        state.issued += 1;
        const access_token = `token-${String(state.issued)}-of-${secret}`;
        response.end(
          JSON.stringify({ token_type: 'Bearer', expires_in: state.lifetimeSeconds, access_token }),
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${String(address.port)}/token`, asked, state };
}

function tokensFrom(
  { url }: { readonly url: string },
  credentials: Credentials = secretOf('the-secret'),
  now = () => new Date(),
): TokenSource {
  return new TokenSource({ tokenUrl: url, scope: 'api://dfe/.default' }, { credentials, network, now });
}

function secretOf(clientSecret: string): Credentials {
  return fixedCredentials({
    clientId: 'client',
    clientSecret,
    supplierKey: 'the-key',
    secondarySupplierKey: undefined,
  });
}

/** A vault whose secret can be replaced. */
function aVault(clientSecret: string) {
  const vault = { secret: clientSecret, reads: 0, now: new Date('2026-11-10T02:00:00Z') };
  const read = (): Promise<DfeCredentials> => {
    vault.reads += 1;
    return Promise.resolve({
      clientId: 'client',
      clientSecret: vault.secret,
      supplierKeys: ['the-key'],
      remarks: [],
    });
  };
  const credentials = new CachedCredentials(
    { client: 'THE-CLIENT', supplierKeys: 'THE-KEYS' },
    read,
    60 * 60_000,
    () => vault.now,
  );
  return { vault, credentials };
}

describe('the token source', () => {
  test('asks once for all callers at the same time, and again shortly before the token expires', async (t) => {
    const endpoint = await anEndpoint(t);
    let now = new Date('2026-11-10T02:00:00Z');
    const tokens = tokensFrom(endpoint, undefined, () => now);
    const many = await Promise.all(Array.from({ length: 20 }, () => tokens.token()));
    assert.deepEqual(new Set(many), new Set(['token-1-of-the-secret']));
    now = new Date('2026-11-10T02:54:59Z');
    assert.equal(await tokens.token(), 'token-1-of-the-secret');
    now = new Date('2026-11-10T02:55:01Z');
    const later = await Promise.all(Array.from({ length: 20 }, () => tokens.token()));
    assert.deepEqual(new Set(later), new Set(['token-2-of-the-secret']));
    assert.equal(endpoint.asked.length, 2);
  });

  test('renews a rejected token once for all callers that had it', async (t) => {
    const endpoint = await anEndpoint(t);
    const tokens = tokensFrom(endpoint);
    const rejected = await tokens.token();
    const renewed = await Promise.all(
      Array.from({ length: 20 }, async () => {
        await tokens.reject(rejected);
        return tokens.token();
      }),
    );
    assert.deepEqual(new Set(renewed), new Set(['token-2-of-the-secret']));
    assert.equal(endpoint.asked.length, 2);
  });

  test('does not keep a failure: the next caller tries again', async (t) => {
    let isDown = true;
    const endpoint = await anEndpoint(t);
    const failing = await anEndpoint(t, (response) => {
      if (isDown) response.writeHead(503).end();
      else response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 60, access_token: 'at last' }));
    });
    assert.ok(endpoint.asked.length === 0);
    const tokens = tokensFrom(failing);
    await assert.rejects(tokens.token(), TokenError);
    isDown = false;
    assert.equal(await tokens.token(), 'at last');
  });

  test('does not use a token of credentials that have been replaced', async (t) => {
    const endpoint = await anEndpoint(t);
    const { vault, credentials } = aVault('the-secret');
    const tokens = tokensFrom(endpoint, credentials, () => vault.now);
    await tokens.token();
    vault.secret = endpoint.state.secret = 'the-next-secret';
    vault.now = new Date('2026-11-10T02:50:00Z');
    assert.equal(await tokens.token(), 'token-1-of-the-secret', 'while the vault has not been read again');
    await credentials.renewed();
    assert.equal(await tokens.token(), 'token-2-of-the-next-secret');
  });

  test('reads the credentials again when the client is refused, and asks once more with others', async (t) => {
    const endpoint = await anEndpoint(t);
    const { vault, credentials } = aVault('the-old-secret');
    await credentials.current();
    vault.secret = 'the-secret';
    vault.now = new Date('2026-11-10T02:01:00Z');
    const tokens = tokensFrom(endpoint, credentials, () => vault.now);
    const many = await Promise.all(Array.from({ length: 20 }, () => tokens.token()));
    assert.deepEqual(new Set(many), new Set(['token-1-of-the-secret']));
    assert.deepEqual(endpoint.asked, ['the-old-secret', 'the-secret']);
    assert.equal(vault.reads, 2);
  });

  test('stops when the credentials are still the same, and reads the vault at most once a minute', async (t) => {
    const endpoint = await anEndpoint(t);
    const { vault, credentials } = aVault('an-expired-secret');
    const tokens = tokensFrom(endpoint, credentials, () => vault.now);
    for (let second = 0; second < 120; second += 1) {
      vault.now = new Date(vault.now.getTime() + 1000);
      await assert.rejects(tokens.token(), (error) => {
        assert.ok(error instanceof TokenError);
        assert.equal(error.isTransient, false);
        assert.equal(
          error.message,
          'The token endpoint (DFE_TOKEN_URL) refused the client credentials with "invalid_client" (AADSTS7000222: the client secret has expired): check THE-CLIENT, and DFE_SCOPE.',
        );
        assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /an-expired-secret/);
        return true;
      });
    }
    assert.equal(endpoint.asked.length, 120);
    assert.equal(vault.reads, 2, 'once a minute at the most');
  });

  test('quotes no secret that the endpoint gives back as the name of an error', async (t) => {
    const secret = 'a_secret_of_letters_1';
    for (const error of [secret, 'AADSTS12345678901234567890']) {
      const body = JSON.stringify({ error, error_description: `${error}: no` });
      const endpoint = await anEndpoint(t, (response) => response.writeHead(400).end(body));
      await assert.rejects(tokensFrom(endpoint, secretOf(secret)).token(), (thrown) => {
        assert.ok(thrown instanceof TokenError);
        assert.match(thrown.message, /refused the client credentials: check/);
        assert.ok(!inspect(thrown, { depth: Infinity, showHidden: true }).includes(error));
        return true;
      });
    }
  });

  const failures: readonly (readonly [
    what: string,
    react: (response: ServerResponse) => void,
    isTransient: boolean,
    says: RegExp,
  ])[] = [
    ['503', (response) => response.writeHead(503).end(), true, /answered 503/],
    ['429', (response) => response.writeHead(429).end('{"error":"slow_down"}'), true, /answered 429/],
    ['a broken connection', (response) => response.destroy(), true, /could not be reached/],
    [
      'a wrong scope',
      (response) => response.writeHead(400).end('{"error":"invalid_scope"}'),
      false,
      /"invalid_scope": check DFE_CLIENT_ID and DFE_CLIENT_SECRET, and DFE_SCOPE/,
    ],
    [
      'a 401 with a challenge',
      (response) => response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end(),
      false,
      /refused the client credentials: check/,
    ],
    ['404', (response) => response.writeHead(404).end('<html>'), false, /answered 404 without a token/],
    ['a redirect', (response) => response.writeHead(302, { Location: '/' }).end(), false, /answered 302/],
    ['a page in place of a token', (response) => response.end('<html>'), false, /answered 200 without/],
    [
      'a token that no header can carry',
      (response) =>
        response.end('{"token_type":"Bearer","expires_in":3600,"access_token":"the-secret\\r\\nHost: x"}'),
      false,
      /answered 200 without a token/,
    ],
  ];
  for (const [what, react, isTransient, says] of failures) {
    test(`counts ${what} as ${isTransient ? 'worth another try' : 'a reason to stop'}, and quotes no secret`, async (t) => {
      const endpoint = await anEndpoint(t, react);
      await assert.rejects(tokensFrom(endpoint).token(), (error) => {
        assert.ok(error instanceof TokenError);
        assert.equal(error.isTransient, isTransient);
        assert.match(error.message, says);
        assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /the-secret/);
        return true;
      });
    });
  }
});
