import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { Stack } from '../local/stack.js';

test('a preflight and a support bundle answer JSON also when the settings are wrong, and name each of them', async (t) => {
  const stack = await Stack.start({ settings: { DFE_SCOPE: '', LA_CODE: 'seeded' } });
  t.after(() => stack.stop());
  const host = await stack.startApp(plainDate('2026-08-11'));
  const response = await fetch(`${host.baseUrl}/api/preflight`, {
    method: 'POST',
    headers: { 'x-functions-key': host.functionKey },
  });
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.match(text, /^\{"outcome":"fail","checks":\[\{"check":"settings","outcome":"fail"/);
  assert.match(text, /DFE_SCOPE is missing/);
  assert.match(text, /LA_CODE must be/);
  assert.doesNotMatch(text, /seeded|local-secret/);

  // No second start of the app for this.
  const bundle = await fetch(`${host.baseUrl}/api/support-bundle`, {
    headers: { 'x-functions-key': host.functionKey },
  });
  assert.equal(bundle.status, 200);
  const support = await bundle.text();
  assert.match(support, /DFE_SCOPE is missing/);
  assert.doesNotMatch(support, /seeded|local-secret/);
});
