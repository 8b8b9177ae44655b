import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { describe, test } from 'node:test';
import {
  aChild,
  aDfe,
  listening,
  aReceiver,
  rightAway,
  aClient,
  endpointsOf,
  noAnswer,
  type Reaction,
} from './clients.js';

describe('whether DfE may hold a batch that it has not accepted', () => {
  const garbage: Reaction = (response) => response.end('<html>Service notice</html>');
  const noList: Reaction = (response) => response.end('{"receipt":"one"}');
  const cutOff: Reaction = (response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('["a rec');
    setTimeout(() => response.destroy(), 20);
  };
  const silence: Reaction = () => undefined;

  /** One try, and what it says. */
  const single: readonly (readonly [what: string, reaction: Reaction, kind: string, mayHold: boolean])[] = [
    ['400', 400, 'refused', false],
    ['403', 403, 'refused', false],
    ['413', 413, 'refused', false],
    ['422', 422, 'refused', false],
    ['401', 401, 'unauthorised', false],
    ['429', 429, 'later', false],
    ['408', 408, 'later', true],
    ['500', 500, 'later', true],
    ['502', 502, 'later', true],
    ['503', 503, 'later', true],
    ['504', 504, 'later', true],
    ['201', 201, 'unclear', true],
    ['204', 204, 'unclear', true],
    ['200 with a page in place of receipts', garbage, 'unclear', true],
    ['200 with JSON that is no list', noList, 'unclear', true],
    ['200 that breaks off', cutOff, 'later', true],
    ['a broken connection', 'reset', 'later', true],
    ['silence', silence, 'later', true],
  ];
  for (const [what, reaction, kind, mayHold] of single) {
    test(`after ${what}: ${mayHold ? 'it may' : 'it cannot'}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, reaction);
      const answer = await aClient({ ...endpointsOf(dfe), ...receiver }, { timeoutMs: 500 }).post([aChild]);
      assert.ok(answer.kind !== 'accepted');
      assert.equal(answer.kind === 'none' ? answer.why : answer.kind, kind);
      assert.equal(answer.mayHold, mayHold);
    });
  }

  test('after a connection that was refused: it cannot', async (t) => {
    const dfe = await aDfe(t);
    const closed = createServer();
    const apiBaseUrl = await listening(t, closed);
    closed.close();
    await once(closed, 'close');
    const answer = await aClient({ ...endpointsOf(dfe), apiBaseUrl }, { retries: 1 }).post([aChild]);
    assert.equal(noAnswer(answer).why, 'later');
    assert.equal(noAnswer(answer).status, 'network');
    assert.equal(noAnswer(answer).mayHold, false);
  });

  test('after a server that never finishes the handshake of TLS: it cannot', rightAway, async (t) => {
    const dfe = await aDfe(t);
    const mute = createTcpServer((socket) => t.after(() => socket.destroy()));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    t.after(() => mute.close());
    const address = mute.address();
    assert.ok(address !== null && typeof address === 'object');
    const apiBaseUrl = `https://127.0.0.1:${String(address.port)}`;
    // The time for connecting is its own, and shorter.
    const slow = { timeoutMs: 1_800_000 };
    const answer = noAnswer(await aClient({ ...endpointsOf(dfe), apiBaseUrl }, slow).post([aChild]));
    assert.equal(answer.text, 'DfE could not be reached (UND_ERR_CONNECT_TIMEOUT)');
    assert.equal(answer.mayHold, false);
  });

  /** Tries of one post, the last one answered in a way that says nothing of those before. */
  const repeated: readonly (readonly [what: string, tries: readonly Reaction[], mayHold: boolean])[] = [
    ['a refusal after a 500', [500, 400], true],
    ['a refusal after a broken connection', ['reset', 422], true],
    ['a refusal after silence', [silence, 400], true],
    ['a refusal after a 500 and a 429', [500, 429, 400], true],
    ['a refusal after a 429', [429, 400], false],
    ['a refusal after a 401', [401, 400], false],
    ['a 429 after a 503', [503, 429], true],
    ['429 again and again', [429], false],
    ['a 401 to both tokens after a 500', [500, 401, 401], true],
    ['a refusal to a new token after a 500 and a 401', [500, 401, 400], true],
  ];
  for (const [what, tries, mayHold] of repeated) {
    test(`after ${what}: ${mayHold ? 'it may' : 'it cannot'}`, async (t) => {
      const dfe = await aDfe(t);
      const receiver = await aReceiver(t, ...tries);
      const client = aClient({ ...endpointsOf(dfe), ...receiver }, { timeoutMs: 500, retries: 2 });
      const answer = await client.post([aChild]);
      assert.ok(answer.kind !== 'accepted');
      assert.equal(answer.mayHold, mayHold);
    });
  }

  test('is certain once it has accepted, but it may take the batch again after a try without an answer', async (t) => {
    const dfe = await aDfe(t);
    const receiver = await aReceiver(t, 500, 'reset', (response) => response.end('["a receipt"]'));
    const client = aClient({ ...endpointsOf(dfe), ...receiver }, { retries: 2 });
    assert.deepEqual(await client.post([aChild]), {
      kind: 'accepted',
      receipts: ['a receipt'],
      mayLandAgain: true,
      tries: 3,
    });
  });
});
