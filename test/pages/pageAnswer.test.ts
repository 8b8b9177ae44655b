import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { h } from 'preact';
import { pageAnswer, type Answer } from '../../shared/pages/pageAnswer.js';
import { principalHeaders, type SignedIn } from '../local/host/signedIn.js';

const operator: SignedIn = { name: 'Olga Operator', roles: ['operator'] };
const url = 'https://council.example/api/dashboard';

/** What `pageAnswer` answers, and what it has logged. */
async function answered(
  answer: () => Promise<Answer>,
  { method = 'GET', person = operator, headers = {} }: Asked = {},
) {
  const logged: unknown[] = [];
  const sent = { 'sec-fetch-site': 'same-origin', ...principalHeaders(person), ...headers };
  const request = { method, url, headers: new Headers(sent) };
  const response = await pageAnswer(
    request,
    { error: (...args) => logged.push(...args) },
    'operator',
    answer,
  );
  return { ...response, text: typeof response.body === 'string' ? response.body : '', logged };
}

interface Asked {
  readonly method?: string;
  readonly person?: SignedIn;
  readonly headers?: Record<string, string>;
}

function Broken(): never {
  throw new Error('Mila Example is a child');
}

describe('a page', () => {
  const enabledBefore = process.env['WEBSITE_AUTH_ENABLED'];
  before(() => (process.env['WEBSITE_AUTH_ENABLED'] = 'True'));
  after(() => {
    if (enabledBefore === undefined) delete process.env['WEBSITE_AUTH_ENABLED'];
    else process.env['WEBSITE_AUTH_ENABLED'] = enabledBefore;
  });

  /** A page that fails only when it is made into HTML. */
  const broken = () => Promise.resolve({ status: 200, title: 'Broken', content: h(Broken, {}) });
  const failing = () => Promise.reject(new Error('Mila Example is a child'));

  for (const [when, answer] of [
    ['asked for', failing],
    ['made', broken],
  ] as const) {
    it(`that fails when it is ${when} is replaced by a guarded page that shows nothing of the error`, async () => {
      const { status, headers, text, logged } = await answered(answer);
      assert.equal(status, 500);
      assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/);
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(text, /nothing was changed/);
      assert.doesNotMatch(text, /Mila/);
      assert.equal(logged.length, 1);
    });
  }

  it('does not say that nothing was changed when a form failed on the way', async () => {
    const { status, text } = await answered(failing, { method: 'POST' });
    assert.equal(status, 500);
    assert.doesNotMatch(text, /nothing was changed/i);
    assert.match(text, /cannot tell whether what you asked for was done/);
  });

  it('is not made without the role, without a sign-in, or for a form from another site', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const reader = { name: 'Robin Reader', roles: ['reader', 'Operator', 'operator,data-officer'] };
    assert.equal((await answered(never, { person: reader })).status, 403);
    assert.equal((await answered(never, { headers: { 'x-ms-client-principal': 'bm9uZQ==' } })).status, 401);
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://council.example' };
    const refused = await answered(never, { method: 'POST', headers: elsewhere });
    assert.equal(refused.status, 403);
    assert.deepEqual(refused.logged, []);
  });

  it('is guarded also when it is a file or a redirect', async () => {
    const file = await answered(() =>
      Promise.resolve({ name: 'refused', table: { columns: ['child id'], rows: [] }, format: 'csv' }),
    );
    assert.equal(file.text, '\uFEFFchild id\r\n');
    const way = await answered(() => Promise.resolve({ seeOther: '/api/dashboard' }));
    for (const { headers } of [file, way]) {
      assert.match(headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/);
      assert.deepEqual(
        [headers['cache-control'], headers['x-content-type-options']],
        ['no-store', 'nosniff'],
      );
    }
  });
});
