import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiAnswer } from '../../shared/api/apiAnswer.js';

/** What a call answers that says nothing of its body, and whether it was asked to act. */
async function answered(
  method: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number | undefined; readonly acted: boolean }> {
  let acted = false;
  const request = {
    method,
    url: 'https://council.example/api/runs',
    headers: new Headers(headers),
    text: () => Promise.resolve(body),
  };
  const { status } = await apiAnswer(request, 'operator', () => {
    acted = true;
    return Promise.resolve({ status: 202 });
  });
  return { status, acted };
}

describe('a call that does not say what its body must be', () => {
  test('does nothing without a body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      assert.deepEqual(await answered(method, ''), { status: 400, acted: false });
      const lost = await answered(method, '', { 'transfer-encoding': 'chunked' });
      assert.deepEqual(lost, { status: 411, acted: false });
      assert.deepEqual(await answered(method, '{}'), { status: 202, acted: true });
    }
  });

  test('needs no body when it only reads', async () => {
    assert.deepEqual(await answered('GET', ''), { status: 202, acted: true });
  });
});
