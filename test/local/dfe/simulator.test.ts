import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { aChild, anAuthority, aWholeChild, Caller } from './caller.js';
import { startDfeSimulator } from './simulator.js';

const children = (count: number) => Array.from({ length: count }, (_, index) => aChild(`C${index}`));

describe('the token endpoint', () => {
  it('issues a different bearer token each time, in the shape of Entra', async (test) => {
    const caller = await Caller.of(test);
    const answer: unknown = await (await caller.askToken()).json();
    assert.ok(typeof answer === 'object' && answer !== null && 'access_token' in answer);
    const { access_token: token, ...rest } = answer;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
    assert.notEqual(await caller.newToken(), token);
    assert.equal(caller.dfe.statistics.tokensIssued, 2);
  });

  const wrong: readonly (readonly [Record<string, string>, number, string, RegExp])[] = [
    [{ client_secret: 'other' }, 401, 'invalid_client', /^AADSTS7000215: /],
    [{ client_id: 'other' }, 400, 'unauthorized_client', /^AADSTS700016: /],
    [{ scope: 'api://other/.default' }, 400, 'invalid_scope', /^AADSTS70011: /],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', /^AADSTS70003: /],
    [{ client_secret: '' }, 400, 'invalid_request', /^AADSTS900144: .*client_secret/],
  ];
  for (const [fields, status, error, description] of wrong) {
    it(`answers ${error} for a wrong ${Object.keys(fields).join()} (${status})`, async (test) => {
      const caller = await Caller.of(test);
      const response = await caller.askToken(fields);
      assert.equal(response.status, status);
      const answer: unknown = await response.json();
      assert.ok(typeof answer === 'object' && answer !== null);
      assert.ok('error' in answer && 'error_description' in answer);
      assert.equal(answer.error, error);
      assert.match(String(answer.error_description), description);
      assert.equal(caller.dfe.statistics.tokensRefused, 1);
    });
  }

  it('needs a form', async (test) => {
    const { dfe } = await Caller.of(test);
    const response = await fetch(dfe.tokenUrl, { method: 'POST', body: '{}' });
    assert.equal(response.status, 400);
    assert.equal((await fetch(dfe.tokenUrl)).status, 405);
  });
});

describe('a post is turned away', () => {
  const turnedAway: readonly (readonly [string, Record<string, string | undefined>, number, RegExp])[] = [
    ['without a key', { supplierkey: undefined }, 401, /"statusCode":401.*missing subscription key/],
    ['with an unknown key', { supplierkey: 'x' }, 401, /Access denied due to invalid subscription key/],
    ['without a token', { authorization: undefined }, 401, /token is missing or invalid/],
    ['with a token of its own', { authorization: 'Bearer x' }, 401, /token is missing or invalid/],
    ['with another content type', { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['with another character set', { 'content-type': 'application/json; charset=latin1' }, 415, /UTF-8/],
    ['when it is compressed', { 'content-encoding': 'gzip' }, 415, /Content-Encoding/],
  ];
  for (const [how, headers, status, body] of turnedAway) {
    it(how, async (test) => {
      const caller = await Caller.of(test);
      const response = await caller.send(JSON.stringify([aChild('C1')]), headers);
      assert.equal(response.status, status);
      assert.match(await response.text(), body);
      assert.deepEqual(caller.dfe.children(), []);
    });
  }

  it('when its token has expired', async (test) => {
    let now = new Date('2026-08-01T02:00:00Z');
    const caller = await Caller.of(test, { now: () => now });
    await caller.put(aChild('C1'));
    now = new Date('2026-08-01T02:59:59Z');
    assert.equal((await caller.post([aChild('C1')])).status, 401);
    await caller.newToken();
    assert.equal((await caller.post([aChild('C1')])).status, 200);
  });

  it('for another authority, by another method, to another path', async (test) => {
    const caller = await Caller.of(test);
    const body = JSON.stringify([aChild('C1')]);
    assert.equal((await caller.send(body, {}, { laCode: '846' })).status, 403);
    const get = await caller.send(body, {}, { method: 'GET' });
    assert.equal(get.status, 405);
    assert.equal(get.headers.get('allow'), 'POST');
    assert.equal((await caller.send(body, {}, { method: 'PUT' })).status, 405);
    assert.equal((await caller.send(body, {}, { laCode: 'x' })).status, 404);
    assert.equal((await fetch(`${caller.dfe.apiBaseUrl}/`)).status, 404);
  });

  const latin1 = Uint8Array.from(
    Buffer.from(JSON.stringify([aChild('C1', { child_details: { first_name: 'Zoë' } })]), 'latin1'),
  );
  const bodies: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
    ['is no JSON', '[{]'],
    ['is not UTF-8', latin1],
    ['begins with a byte order mark', `\ufeff${JSON.stringify([aChild('C1')])}`],
    ['is a single child', JSON.stringify(aChild('C1'))],
    ['wraps the array', JSON.stringify({ la_code: '845', Children: [aChild('C1')] })],
    ['has no child', '[]'],
    ['has 101 children', JSON.stringify(children(101))],
  ];
  for (const [how, body] of bodies) {
    it(`when its body ${how}`, async (test) => {
      const caller = await Caller.of(test);
      assert.equal((await caller.send(body)).status, 400);
      assert.deepEqual(caller.dfe.statistics.postsByStatus, { 400: 1 });
      assert.deepEqual(caller.dfe.children(), []);
    });
  }

  it('when it is larger than eight megabytes', async (test) => {
    const caller = await Caller.of(test);
    assert.equal((await caller.send(' '.repeat(8 * 1024 * 1024 + 1))).status, 413);
  });

  it('by the firewall when an id holds 0x and three hex digits', async (test) => {
    const caller = await Caller.of(test);
    const episode = { social_care_episode_id: 'e-0XfA1' };
    const response = await caller.post([aChild('C1'), aChild('C2', { social_care_episodes: [episode] })]);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /^<html>/);
    assert.deepEqual(caller.dfe.children(), []);
    await caller.put(aChild('C0xfg'));
  });
});

describe('a batch', () => {
  it('of 100 valid children is taken in, with a receipt for each in the documented form', async (test) => {
    const caller = await Caller.of(test, { now: () => new Date('2026-08-01T02:03:04.567Z') });
    const receipts = await caller.put(...children(100));
    assert.equal(new Set(receipts).size, 100);
    for (const receipt of receipts) assert.match(receipt, /^2026-08-01_02:03:04\.56_[0-9a-f-]{36}\.json$/);
    const { acceptedChildren, postsByStatus } = caller.dfe.statistics;
    assert.deepEqual(
      { acceptedChildren, postsByStatus },
      { acceptedChildren: 100, postsByStatus: { 200: 1 } },
    );
  });

  it('is accepted with either supplier key and with a character set', async (test) => {
    const caller = await Caller.of(test);
    const headers = { supplierkey: 'secondary-key', 'content-type': 'application/json; charset=utf-8' };
    assert.equal((await caller.send(JSON.stringify([aChild('C1')]), headers)).status, 200);
  });

  it('is refused as a whole for one rejected record, which is named by its index and field', async (test) => {
    const caller = await Caller.of(test);
    const episode = { social_care_episode_id: 'E1', referral_source: 'XX' };
    const bad = aChild('C1', { social_care_episodes: [episode] });
    const response = await caller.post([aChild('C0'), bad, aChild('C2')]);
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), {
      errors: [
        '[0]: Record valid but batch failed',
        '[1].social_care_episodes[0].referral_source: must be equal to one of the allowed values',
        '[2]: Record valid but batch failed',
      ],
    });
    assert.deepEqual(caller.dfe.children(), []);
  });

  it('is refused when a child comes twice in it', async (test) => {
    const caller = await Caller.of(test);
    const response = await caller.post([aChild('C1'), aChild('C1')]);
    assert.match(await response.text(), /\[1\]\.la_child_id: comes twice/);
  });
});

describe('what is held', () => {
  it('is every attribute that was sent, text byte for byte', async (test) => {
    const caller = await Caller.of(test);
    await caller.put(aWholeChild);
    const withoutPurge: unknown = JSON.parse(JSON.stringify(aWholeChild), (name, value: unknown) =>
      name === 'purge' ? undefined : value,
    );
    assert.deepEqual(caller.dfe.children(), [withoutPurge]);
  });

  it('is in order of la_child_id, and a copy', async (test) => {
    const caller = await Caller.of(test);
    await caller.put(aChild('b'), aChild('B'), aChild('a'), aChild('10'), aChild('9'));
    caller.dfe.children().pop();
    const ids = caller.dfe.children().map((child) => child.la_child_id);
    assert.deepEqual(ids, ['10', '9', 'B', 'a', 'b']);
  });

  it('loses a purged child and gains it again', async (test) => {
    const caller = await Caller.of(test);
    await caller.put(aWholeChild, aChild('C2'));
    await caller.put({ la_child_id: 'C-1_a', mis_child_id: 'M1', purge: true });
    assert.deepEqual(caller.dfe.children(), [aChild('C2')]);
    await caller.put(aChild('C-1_a'));
    assert.deepEqual(caller.dfe.children(), [aChild('C-1_a'), aChild('C2')]);
  });

  it('follows the array mode', async (test) => {
    const one = { social_care_episode_id: 'E1' };
    const two = { social_care_episode_id: 'E2' };
    for (const [arrays, held] of [
      ['merge', [one, two]],
      ['replace', [one]],
    ] as const) {
      const caller = await Caller.of(test, { arrays });
      await caller.put(aChild('C1', { social_care_episodes: [two] }));
      await caller.put(aChild('C1', { social_care_episodes: [one] }));
      assert.deepEqual(caller.dfe.children(), [aChild('C1', { social_care_episodes: held })]);
    }
  });
});

describe('the simulator', () => {
  it('counts what is in flight at once', async (test) => {
    const caller = await Caller.of(test, { latencyMs: 60_000 });
    await caller.newToken();
    const posts = [caller.post([aChild('C1'), aChild('C2')]), caller.post([aChild('C3')])];
    const cut = Promise.allSettled(posts);
    while (caller.dfe.statistics.mostPostsInFlight < 2) await new Promise(setImmediate);
    await caller.dfe.stop();
    await cut;
  });

  it('stops at once while a connection is kept alive and a post is being answered', async () => {
    const dfe = await startDfeSimulator({ ...anAuthority, latencyMs: 60_000 });
    const { port } = new URL(dfe.apiBaseUrl);
    const idle = connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => idle.once('close', resolve).once('error', resolve));
    await new Promise((resolve) => idle.once('connect', resolve));
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: anAuthority.clientId,
      client_secret: anAuthority.clientSecret,
      scope: anAuthority.scope,
    });
    const answer: unknown = await (await fetch(dfe.tokenUrl, { method: 'POST', body: form })).json();
    assert.ok(typeof answer === 'object' && answer !== null && 'access_token' in answer);
    const post = fetch(`${dfe.apiBaseUrl}/children_social_care_data/845/children`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(answer.access_token)}`,
        supplierkey: 'primary-key',
        'content-type': 'application/json',
      },
      body: JSON.stringify([aChild('C1')]),
    });
    const refused = assert.rejects(post);
    while (dfe.statistics.acceptedChildren === 0) await new Promise(setImmediate);
    await dfe.stop();
    await Promise.all([refused, closed]);
    assert.equal(dfe.children().length, 1);
  });

  it('listens on the loopback address only', async (test) => {
    const { dfe } = await Caller.of(test);
    assert.equal(new URL(dfe.apiBaseUrl).hostname, '127.0.0.1');
    assert.equal(new URL(dfe.tokenUrl).hostname, '127.0.0.1');
    assert.ok(dfe.apiBaseUrl.endsWith('/children-in-social-care-data-receiver-test/1'));
  });
});
