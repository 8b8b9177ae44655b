import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFaults } from '../local/dfe/faults.js';
import { aChild, aDfe, aReceiver, rightAway, aClient, endpointsOf, noAnswer } from './clients.js';

describe('the budget of a post', () => {
  test('ends the tries, however many are left', rightAway, async (t) => {
    const dfe = await aDfe(t, '503=100%');
    const answer = await aClient(dfe, { retries: 1_000_000, budgetMs: 1000 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.ok(answer.tries > 2, String(answer.tries));
  });

  test('is not spent on waiting for a try that it does not cover', rightAway, async (t) => {
    const dfe = await aDfe(t, '429=100%:3600');
    const patient = { retries: 5, longestWaitMs: 7_200_000, budgetMs: 1_800_000 };
    const answer = await aClient(dfe, patient).post([aChild]);
    assert.equal(noAnswer(answer).status, 429);
    assert.equal(answer.tries, 1);
  });

  test('counts every HTTP request as a try', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 500, 'reset', 401, 429, 422);
    const answer = await aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 5 }).post([aChild]);
    assert.equal(answer.kind, 'refused');
    assert.equal(answer.tries, 5);
    assert.equal(receiver.postedAt.length, 5);
  });

  test('covers a token endpoint that cannot answer for a while', async (t) => {
    const dfe = await aDfe(t, 'token=60%');
    for (let night = 0; night < 5; night += 1) {
      assert.equal((await aClient(dfe, { retries: 30 }).post([aChild])).kind, 'accepted');
    }
    dfe.setFaults(parseFaults('down'));
    const answer = noAnswer(await aClient(dfe, { retries: 2 }).post([aChild]));
    assert.deepEqual(answer, {
      kind: 'none',
      why: 'later',
      status: 'token',
      text: 'The token endpoint (DFE_TOKEN_URL) answered 503, so there is no token to send with. Nothing was sent to DfE.',
      mayHold: false,
      tries: 0,
    });
  });
});
