import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DfeCredentials } from '../../shared/dfe/credentials.js';
import { parseFaults } from '../local/dfe/faults.js';
import {
  aChild,
  aDfe,
  aReceiver,
  aClient,
  aVaultOf,
  endpointsOf,
  noAnswer,
  type Reaction,
} from './clients.js';

describe('credentials that DfE answers with 401', () => {
  const wrong = (...supplierKeys: [string, ...string[]]) => ({ supplierKeys });

  /** What is read from the vault, one version after the other, and what comes of one post. */
  const cases: readonly (readonly [
    what: string,
    versions: readonly Partial<DfeCredentials>[],
    outcome: { readonly kind: string; readonly tries: number; readonly tokens: number },
  ])[] = [
    ['one wrong key', [wrong('x')], { kind: 'unauthorised', tries: 2, tokens: 2 }],
    ['two wrong keys', [wrong('x', 'y')], { kind: 'unauthorised', tries: 3, tokens: 2 }],
    ['one wrong key, then another', [wrong('x'), wrong('z')], { kind: 'unauthorised', tries: 3, tokens: 2 }],
    [
      'two wrong keys, then two others',
      [wrong('x', 'y'), wrong('z', 'zz')],
      { kind: 'unauthorised', tries: 4, tokens: 2 },
    ],
    ['a wrong key beside a right one', [wrong('x', 'the-key')], { kind: 'accepted', tries: 3, tokens: 2 }],
    ['a key that was replaced in the vault', [wrong('x'), {}], { kind: 'accepted', tries: 3, tokens: 2 }],
    [
      'two keys, of which the second was replaced in the vault',
      [wrong('x', 'y'), wrong('x', 'the-key')],
      { kind: 'accepted', tries: 4, tokens: 2 },
    ],
    [
      'a client secret that was replaced in the vault',
      [{ clientSecret: 'old' }, {}],
      { kind: 'accepted', tries: 1, tokens: 1 },
    ],
    [
      'a client secret and a key that were replaced in the vault',
      [{ clientSecret: 'old', ...wrong('x') }, {}],
      { kind: 'accepted', tries: 1, tokens: 1 },
    ],
    ['a wrong client secret', [{ clientSecret: 'old' }], { kind: 'unauthorised', tries: 0, tokens: 0 }],
    [
      'a wrong client secret, then another',
      [{ clientSecret: 'old' }, { clientSecret: 'older' }],
      { kind: 'unauthorised', tries: 0, tokens: 0 },
    ],
  ];
  for (const [what, versions, outcome] of cases) {
    test(`${what}: ${outcome.kind} after ${String(outcome.tries)} POSTs`, async (t) => {
      const dfe = await aDfe(t);
      const credentials = aVaultOf(...versions);
      const answer = await aClient(dfe, { credentials, retries: 5 }).post([aChild]);
      assert.equal(answer.kind === 'none' ? answer.why : answer.kind, outcome.kind);
      assert.equal(answer.tries, outcome.tries);
      assert.equal(dfe.statistics.posts, outcome.tries);
      assert.equal(dfe.statistics.tokensIssued, outcome.tokens);
      assert.ok(credentials.reads <= 2, 'and the vault is read again once');
    });
  }

  test('take no more than four POSTs above the retries, in any order of failures', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 401, 503, 401, 503, 401, 503);
    const client = aClient(
      { ...endpointsOf(dfe), ...receiver },
      { credentials: aVaultOf(wrong('x', 'y'), wrong('z', 'zz')), retries: 4 },
    );
    const answer = await client.post([aChild]);
    assert.equal(noAnswer(answer).mayHold, true, 'a 503 does not say that nothing was taken');
    assert.equal(answer.tries, 8);
  });

  test('are not tried again once another key has worked', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe, { supplierKey: 'x', secondarySupplierKey: 'the-key' });
    assert.equal((await client.post([aChild])).tries, 3);
    assert.equal((await client.post([aChild])).tries, 1);
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test("are reported by name, with the vault's remarks about them, and never by value", async (t) => {
    const dfe = await aDfe(t);
    const remarks = ['The secret of the key expired on 2026-10-01.'];
    const credentials = aVaultOf({ supplierKeys: ['wrong-key-1', 'wrong-key-2'], remarks });
    const { text } = noAnswer(await aClient(dfe, { credentials }).post([aChild]));
    assert.equal(
      text,
      'DfE answered 401, even to a new token: check THE-KEYS in the vault, THE-CLIENT in the vault, and DFE_SCOPE. The secret of the key expired on 2026-10-01.',
    );
    const fixed = aClient(dfe, { supplierKey: 'wrong-key-1', secondarySupplierKey: 'wrong-key-2' });
    assert.match(
      noAnswer(await fixed.post([aChild])).text,
      /check DFE_SUPPLIER_KEY and DFE_SUPPLIER_KEY_SECONDARY, DFE_CLIENT_ID and DFE_CLIENT_SECRET, and DFE_SCOPE\.$/,
    );
  });
});

describe('the probe without children', () => {
  test('says that DfE accepts the credentials, and sends an empty list', async (t) => {
    const dfe = await aDfe(t);
    assert.equal((await aClient(dfe).probe()).credentials, 'accepted');
    assert.equal(dfe.statistics.posts, 1);
    assert.equal(dfe.statistics.largestBodyBytes, 2, 'which is []');
    assert.deepEqual(dfe.children(), []);
  });

  const answers: readonly (readonly [what: string, reaction: Reaction, credentials: string])[] = [
    ['200', (response) => response.end('[]'), 'accepted'],
    ['400', 400, 'accepted'],
    ['422', 422, 'accepted'],
    ['401', 401, 'refused'],
    ['403', 403, 'refused'],
    ['429', 429, 'unanswered'],
    ['500', 500, 'unanswered'],
    ['a broken connection', 'reset', 'unanswered'],
    ['302', 302, 'unclear'],
    ['404', 404, 'unclear'],
    ['a page of a proxy', (response) => response.end('<html>Sign in</html>'), 'unclear'],
  ];
  for (const [what, reaction, credentials] of answers) {
    test(`counts ${what} as ${credentials}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, reaction);
      const probe = await aClient({ ...endpointsOf(dfe), ...receiver }).probe();
      assert.equal(probe.credentials, credentials);
      assert.notEqual(probe.text, '');
    });
  }

  test('counts a refused client as refused, and a token endpoint that is down as no answer', async (t) => {
    const dfe = await aDfe(t);
    const probe = await aClient(dfe, { clientSecret: 'wrong' }).probe();
    assert.equal(probe.credentials, 'refused');
    assert.match(probe.text, /DFE_CLIENT_SECRET/);
    dfe.setFaults(parseFaults('token=100%'));
    assert.equal((await aClient(dfe).probe()).credentials, 'unanswered');
  });
});
