import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { DfeClient } from '../../shared/dfe/client.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import { startDfeSimulator, type DfeSimulator } from '../local/dfe/simulator.js';
import { vault, network, anyValue, now, minutesPass, theCredentials } from './aVault.js';

describe('credentials that are replaced while the app runs', () => {
  const aChild = { la_child_id: 'C1', child_details: { sex: 'F' } };

  async function aDfe(
    t: TestContext,
    given: { readonly clientSecret?: string; readonly supplierKeys?: readonly string[] },
  ): Promise<DfeSimulator> {
    const dfe = await startDfeSimulator({
      laCode: '999',
      clientId: 'the-client-id',
      clientSecret: 'the-client-secret',
      scope: 'api://dfe/.default',
      supplierKeys: ['the-primary-key', 'the-secondary-key'],
      ...given,
    });
    t.after(() => dfe.stop());
    return dfe;
  }

  /** The app; `at` connects it to a DfE that may have changed since. */
  function theApp(): { at(dfe: DfeSimulator): DfeClient } {
    const credentials = theCredentials();
    return {
      at: (dfe) =>
        new DfeClient(
          {
            baseUrl: dfe.apiBaseUrl,
            laCode: '999',
            userAgent: 'a-test',
            timeoutMs: 5000,
            retry: { retries: 2, firstWaitMs: 1, longestWaitMs: 10, budgetMs: 10_000 },
          },
          { credentials, tokens: new TokenSource(dfe, { credentials, network, now: () => now }), network },
        ),
    };
  }

  test('are used in the middle of a post: keys that DfE has renewed', async (t) => {
    const app = theApp();
    assert.equal((await app.at(await aDfe(t, {})).post([aChild])).kind, 'accepted');
    minutesPass(10);
    vault.hold({
      'DFE-SUPPLIER-KEY': 'the-next-key',
      'DFE-SUPPLIER-KEY-SECONDARY': 'the-next-secondary-key',
    });
    const dfe = await aDfe(t, { supplierKeys: ['the-next-key'] });
    const client = app.at(dfe);
    const answer = await client.post([aChild]);
    assert.equal(answer.kind, 'accepted');
    assert.equal(answer.tries, 4, 'primary with both tokens, secondary, the new primary');
    assert.equal((await client.post([aChild])).tries, 1);
  });

  test('are used in the middle of a post: a client secret that DfE has renewed', async (t) => {
    const app = theApp();
    assert.equal((await app.at(await aDfe(t, {})).post([aChild])).kind, 'accepted');
    minutesPass(10);
    vault.hold({ 'DFE-CLIENT-SECRET': 'the-next-client-secret' });
    const answer = await app.at(await aDfe(t, { clientSecret: 'the-next-client-secret' })).post([aChild]);
    assert.equal(answer.kind, 'accepted');
    assert.equal(answer.tries, 1);
  });

  test('may be replaced one key after the other: the second one works while the first is renewed', async (t) => {
    const app = theApp();
    const dfe = await aDfe(t, { supplierKeys: ['the-secondary-key', 'the-next-key'] });
    const client = app.at(dfe);
    assert.equal((await client.post([aChild])).tries, 3);
    assert.equal((await client.post([aChild])).tries, 1);
    assert.equal(vault.reads.length, 4, 'and the vault need not be asked');
  });

  test('that are not in the vault yet stop the post with the names of the secrets', async (t) => {
    vault.hold({ 'DFE-SUPPLIER-KEY': { value: 'the-primary-key', expires: new Date('2026-11-09') } });
    const dfe = await aDfe(t, { supplierKeys: ['the-next-key'] });
    const client = theApp().at(dfe);
    const answer = await client.post([aChild]);
    const host = new URL(vault.uri).host;
    assert.deepEqual(answer, {
      kind: 'none',
      why: 'unauthorised',
      status: 401,
      text: `DfE answered 401, even to a new token: check the secrets DFE-SUPPLIER-KEY and DFE-SUPPLIER-KEY-SECONDARY in the Key Vault ${host}, the secrets DFE-CLIENT-ID and DFE-CLIENT-SECRET in the Key Vault ${host}, and DFE_SCOPE. The secret DFE-SUPPLIER-KEY in the Key Vault ${host} expired on 2026-11-09: give it a new version with what DfE has issued.`,
      mayHold: false,
      tries: 3,
    });
    minutesPass(10);
    vault.fail('ForbiddenByFirewall');
    const cutOff = await client.post([aChild]);
    assert.ok(cutOff.kind === 'none' && cutOff.why === 'unauthorised');
    assert.match(cutOff.text, /answered 401.*firewall blocks the app/);
    for (const { text } of [answer, cutOff]) assert.doesNotMatch(text, anyValue);
  });

  test('that cannot be read from the vault do not count as refused by DfE, and nothing is sent', async (t) => {
    const dfe = await aDfe(t, {});
    vault.fail('busy');
    const busy = await theApp().at(dfe).post([aChild]);
    assert.ok(busy.kind === 'none' && busy.why === 'later' && busy.status === 'token');
    vault.fail('ForbiddenByRbac');
    const forbidden = await theApp().at(dfe).post([aChild]);
    assert.ok(forbidden.kind === 'none' && forbidden.why === 'unauthorised' && forbidden.status === 'token');
    assert.match(forbidden.text, /Key Vault Secrets User on the vault\. Nothing was sent to DfE\.$/);
    assert.equal(dfe.statistics.posts, 0);
  });
});
