import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { apiAnswer } from '../../shared/api/apiAnswer.js';
import { pageAnswer } from '../../shared/pages/pageAnswer.js';
import { putInEnvironment } from '../local/host/environment.js';
import { principalHeaders, type SignedIn } from '../local/host/signedIn.js';

const url = 'https://council.example/api/dashboard/rerun';
const operator: SignedIn = { name: 'Olga Operator', roles: ['operator'] };

interface Asked {
  readonly method?: string;
  readonly person?: SignedIn | undefined;
}

/** Whether a page, and a call of the API, do what they are asked for. */
async function act(
  headers: Record<string, string>,
  asked: Asked = {},
): Promise<{ page: boolean; api: boolean }> {
  const { method = 'POST', person } = { person: operator, ...asked };
  const sent = new Headers({ ...(person === undefined ? {} : principalHeaders(person)), ...headers });
  const request = { method, url, headers: sent, text: () => Promise.resolve('{}') };
  const acted = { page: false, api: false };
  await pageAnswer(request, { error: () => undefined }, 'operator', () => {
    acted.page = true;
    return Promise.resolve({ seeOther: '/' });
  });
  await apiAnswer(request, 'operator', () => {
    acted.api = true;
    return Promise.resolve({ status: 202 });
  });
  return acted;
}

const done = { page: true, api: true };
const refused = { page: false, api: false };

describe('a request in the name of a person who is signed in, to a page or to the API,', () => {
  let restore: () => void;
  before(() => (restore = putInEnvironment({ WEBSITE_AUTH_ENABLED: 'true' })));
  after(() => {
    restore();
  });

  it('is done when it comes from a page of this site, or from the person', async () => {
    assert.deepEqual(await act({ 'sec-fetch-site': 'same-origin', origin: 'https://council.example' }), done);
    assert.deepEqual(await act({ 'sec-fetch-site': 'none' }), done);
  });

  it('is done behind a gateway that gives the app a different host from the one the browser sees', async () => {
    assert.deepEqual(await act({ 'sec-fetch-site': 'same-origin', origin: 'https://gateway.example' }), done);
  });

  it('is refused when it comes from any other site, whatever its origin', async () => {
    for (const site of ['cross-site', 'same-site', 'anything', '']) {
      for (const method of ['POST', 'DELETE', 'PUT']) {
        const headers = { 'sec-fetch-site': site, origin: 'https://council.example' };
        assert.deepEqual(await act(headers, { method }), refused, `${method} ${site}`);
      }
    }
  });

  it('is judged by its origin when the browser says nothing else', async () => {
    assert.deepEqual(await act({ origin: 'https://council.example' }), done);
    for (const origin of [
      'https://evil.example',
      'https://council.example.evil.example',
      'https://council.example:8443',
      'null',
      '',
    ]) {
      assert.deepEqual(await act({ origin }), refused, origin);
    }
  });

  it('is done when it has neither header: it comes from a program', async () => {
    assert.deepEqual(await act({}), done);
  });

  it('is answered when it only reads and comes from here, from a link elsewhere, or from a program', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    for (const headers of [link, own, { 'sec-fetch-site': 'none' }, {}]) {
      assert.deepEqual(await act(headers, { method: 'GET' }), done);
    }
  });

  it('is refused when a page elsewhere would make it read unseen, such as a download that is recorded', async () => {
    for (const [mode, dest] of [
      ['no-cors', 'image'],
      ['no-cors', 'script'],
      ['cors', 'empty'],
      ['navigate', 'iframe'],
      ['navigate', 'embed'],
    ] as const) {
      const unseen = { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
      for (const site of ['cross-site', 'same-site']) {
        const headers = { 'sec-fetch-site': site, ...unseen };
        assert.deepEqual(await act(headers, { method: 'GET' }), refused, `${site} ${dest}`);
      }
    }
    assert.deepEqual(await act({ 'sec-fetch-site': 'cross-site' }, { method: 'GET' }), refused);
  });

  it('is done with a function key alone, which a browser does not send by itself', async () => {
    const { api } = await act({ 'sec-fetch-site': 'cross-site' }, { person: undefined });
    assert.ok(api);
  });
});
