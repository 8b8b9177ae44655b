import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import type { ApiCall } from '../../shared/dfe/apiCall.js';
import { parseFaults } from '../local/dfe/faults.js';
import {
  aChild,
  anotherChild,
  aDfe,
  listening,
  aReceiver,
  rightAway,
  aClient,
  endpointsOf,
  noAnswer,
} from './clients.js';

describe('the DfE client', () => {
  test('posts a bare array and reads one receipt a child, in order', async (t) => {
    const dfe = await aDfe(t);
    const answer = await aClient(dfe).post([aChild, anotherChild]);
    assert.equal(answer.kind, 'accepted');
    assert.equal(answer.receipts.length, 2);
    assert.deepEqual(
      dfe.children().map((child) => child.la_child_id),
      ['C1', 'C2'],
    );
  });

  test('sends text in UTF-8, byte for byte', async (t) => {
    const dfe = await aDfe(t);
    const names = { first_name: 'Łukasz Siân 李 👶', surname: "Ó'Súilleabháin علي e\u0301" };
    await aClient(dfe).post([{ ...aChild, child_details: { ...aChild.child_details, ...names } }]);
    const details = dfe.children()[0]?.['child_details'];
    assert.deepEqual(details, { ...aChild.child_details, ...names });
  });

  test('asks for one token and uses it for many posts, also at the same time', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await Promise.all([client.post([aChild]), client.post([anotherChild])]);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 1);
  });

  test('renews a token before it expires', async (t) => {
    const dfe = await aDfe(t);
    let now = new Date();
    const client = aClient(dfe, { now: () => now });
    await client.post([aChild]);
    now = new Date(now.getTime() + 56 * 60_000);
    await client.post([aChild]);
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('asks for a new token once when DfE does not accept the one it has', async (t) => {
    const dfe = await aDfe(t);
    const client = aClient(dfe);
    await client.post([aChild]);
    dfe.setFaults(parseFaults('401=99%'));
    assert.equal((await client.post([anotherChild])).kind, 'accepted');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('says that the supplier key was not accepted, after one more token', async (t) => {
    const dfe = await aDfe(t);
    const answer = await aClient(dfe, { supplierKey: 'wrong' }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unauthorised');
    assert.equal(dfe.statistics.tokensIssued, 2);
  });

  test('fails with the names of the settings, and no secret, when the credentials are refused', async (t) => {
    const dfe = await aDfe(t);
    const { why, text, mayHold } = noAnswer(
      await aClient(dfe, { clientSecret: 'a-wrong-secret' }).post([aChild]),
    );
    assert.equal(why, 'unauthorised');
    assert.equal(mayHold, false);
    assert.match(text, /DFE_CLIENT_SECRET/);
    assert.match(text, /Nothing was sent to DfE\.$/);
    assert.doesNotMatch(text, /a-wrong-secret/);
    assert.equal(dfe.statistics.posts, 0);
  });

  for (const faults of ['429=50%:0', '500=50%', '503=50%', '408=50%', 'reset=50%', 'lost=50%']) {
    test(`repeats a post that meets ${faults}, and every child arrives`, async (t) => {
      const dfe = await aDfe(t, faults);
      const client = aClient(dfe, { retries: 20 });
      for (let post = 0; post < 5; post += 1) {
        assert.equal((await client.post([aChild, anotherChild])).kind, 'accepted');
      }
      assert.ok(dfe.statistics.posts > 5, 'the fault was met');
      assert.equal(dfe.children().length, 2);
    });
  }

  test('gives up after its retries, and says that DfE has not refused', async (t) => {
    const dfe = await aDfe(t, '500=100%');
    const answer = await aClient(dfe, { retries: 2 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.equal(noAnswer(answer).status, 500);
    assert.equal(dfe.statistics.posts, 3);
  });

  test('gives up a post that takes too long', async (t) => {
    const dfe = await aDfe(t, 'slow=100%:10000');
    const answer = await aClient(dfe, { timeoutMs: 50 }).post([aChild]);
    assert.deepEqual(answer, {
      kind: 'none',
      why: 'later',
      status: 'network',
      text: 'DfE did not answer in time, or the connection broke',
      mayHold: true,
      tries: 1,
    });
  });

  test('does not repeat a post that DfE refused', async (t) => {
    const dfe = await aDfe(t, 'refuse=C1');
    const answer = await aClient(dfe, { retries: 5 }).post([aChild]);
    assert.equal(answer.kind, 'refused');
    assert.equal(answer.status, 400);
    assert.equal(dfe.statistics.posts, 1);
  });

  for (const faults of ['204=100%', 'garbage=100%', 'count=100%']) {
    test(`says after ${faults} that we cannot tell the outcome`, async (t) => {
      const dfe = await aDfe(t, faults);
      const answer = noAnswer(await aClient(dfe, { retries: 5 }).post([aChild, anotherChild]));
      assert.equal(answer.why, 'unclear');
      assert.equal(answer.mayHold, true);
      assert.equal(dfe.statistics.posts, 1, 'and does not repeat it at once');
    });
  }

  test('follows no redirect: the key and the children go to one address only', async (t) => {
    const dfe = await aDfe(t);
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits += 1;
      response.end('["a receipt"]');
    });
    const location = await listening(t, elsewhere);
    const { apiBaseUrl } = await aReceiver(t, (response) => {
      response.writeHead(302, { Location: location }).end();
    });
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unclear');
    assert.equal(visits, 0);
  });

  test('reports a wrong address, and not a refusal of the children', async (t) => {
    const dfe = await aDfe(t);
    const apiBaseUrl = `${dfe.apiBaseUrl}/wrong`;
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'unclear');
    assert.match(noAnswer(answer).text, /DFE_API_BASE_URL/);
  });

  for (const [form, retryAfter] of [
    ['in seconds', () => '1'],
    // A date has whole seconds: this one is one to two of them away.
    ['as a date', () => new Date(Date.now() + 2000).toUTCString()],
  ] as const) {
    test(`waits as long as Retry-After asks ${form}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(
        t,
        (response) => response.writeHead(429, { 'Retry-After': retryAfter() }).end(),
        (response) => response.end('["a receipt"]'),
      );
      const client = aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 1, longestWaitMs: 10_000 });
      assert.equal((await client.post([aChild])).kind, 'accepted');
      const [first = 0, second = 0] = receiver.postedAt;
      assert.ok(second - first >= 990, `${String(second - first)} ms`);
      assert.ok(second - first < 5000, `${String(second - first)} ms`);
    });
  }

  test(
    'does not come again before the time that Retry-After asks for: where the budget ends before, it gives up at once',
    rightAway,
    async (t) => {
      const dfe = await aDfe(t, '429=100%:3600');
      const answer = await aClient(dfe, { retries: 3, longestWaitMs: 200, budgetMs: 1_800_000 }).post([
        aChild,
      ]);
      assert.equal(noAnswer(answer).why, 'later');
      assert.equal(noAnswer(answer).status, 429);
      assert.equal(noAnswer(answer).retryAfterMs, 3_600_000, 'and says how long DfE asked for');
      assert.equal(dfe.statistics.posts, 1);
    },
  );
});

describe('each HTTP request', () => {
  const reported = (calls: readonly ApiCall[]) =>
    calls.map(({ operation, status }) => `${operation} ${status}`);

  test('is reported with its status, its time, and how many children and bytes it carried', async (t) => {
    const dfe = await aDfe(t, 'refuse=C2');
    const calls: ApiCall[] = [];
    const client = aClient(dfe, { onCall: (call) => calls.push(call) });
    await client.post([aChild]);
    await client.post([aChild, anotherChild]);
    assert.deepEqual(reported(calls), ['token 200', 'post 200', 'post 400']);
    assert.ok(calls.every(({ durationMs }) => durationMs > 0));
    assert.deepEqual(
      calls.map(({ children, bytes }) => [children, bytes]),
      [
        [0, 0],
        [1, JSON.stringify([aChild]).length],
        [2, JSON.stringify([aChild, anotherChild]).length],
      ],
    );
  });

  test('is reported also when it is repeated, has no token, breaks off, or takes too long', async (t) => {
    const calls1: ApiCall[] = [];
    await aClient(await aDfe(t, '500=100%'), { retries: 2, onCall: (call) => calls1.push(call) }).post([
      aChild,
    ]);
    assert.deepEqual(reported(calls1), ['token 200', 'post 500', 'post 500', 'post 500']);

    const calls2: ApiCall[] = [];
    const wrong = { clientSecret: 'another', onCall: (call: ApiCall) => calls2.push(call) };
    await aClient(await aDfe(t), wrong).post([aChild]);
    assert.deepEqual(reported(calls2), ['token 401']);

    const calls3: ApiCall[] = [];
    await aClient(await aDfe(t, 'reset=100%'), { onCall: (call) => calls3.push(call) }).post([aChild]);
    assert.deepEqual(reported(calls3), ['token 200', 'post network']);

    const calls4: ApiCall[] = [];
    const slow = { timeoutMs: 50, onCall: (call: ApiCall) => calls4.push(call) };
    await aClient(await aDfe(t, 'slow=100%:2000'), slow).post([aChild]);
    assert.deepEqual(reported(calls4), ['token 200', 'post timeout']);
  });
});
