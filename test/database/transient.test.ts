import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { openDatabase } from '../../shared/database/open.js';
import {
  codesOf,
  isTransient,
  isUndone,
  usualPatience,
  withPatience,
} from '../../shared/database/transient.js';

const quick = { firstWaitMs: 1, longestWaitMs: 2, budgetMs: 2000 };
const never = new AbortController().signal;

const asleep = Object.assign(new Error('Database ssd is not currently available.'), { number: 40613 });

describe('a database that is not available for a moment', () => {
  it('is tried again until it wakes', async () => {
    let tries = 0;
    const answer = await withPatience(
      () => (++tries < 4 ? Promise.reject(asleep) : Promise.resolve('awake')),
      (error) => isTransient(codesOf(error), 'connecting'),
      quick,
      never,
    );
    assert.deepEqual([answer, tries], ['awake', 4]);
  });

  it('is given up when the patience is over, with its last error', async () => {
    await assert.rejects(
      withPatience(
        () => Promise.reject(asleep),
        () => true,
        { ...quick, budgetMs: 30 },
        never,
      ),
      asleep,
    );
  });

  it('has longer than a minute to wake', () => {
    assert.ok(usualPatience.budgetMs > 60_000 && usualPatience.budgetMs <= 120_000);
  });

  it('is not waited for once the app stops', async () => {
    const stopping = new AbortController();
    const waiting = withPatience(
      () => Promise.reject(asleep),
      () => true,
      { ...quick, firstWaitMs: 60_000, longestWaitMs: 60_000, budgetMs: 120_000 },
      stopping.signal,
    );
    const reason = new Error('stopping');
    setImmediate(() => {
      stopping.abort(reason);
    });
    await assert.rejects(waiting, reason);
  });

  it('is recognised by its number, even when that is in the cause', () => {
    for (const number of [
      615, 1205, 1222, 4060, 4221, 10928, 10929, 40197, 40501, 40540, 40613, 49918, 49919, 49920,
    ]) {
      assert.ok(isTransient(codesOf({ number }), 'asking'), String(number));
      assert.ok(isTransient(codesOf({ code: 'ELOGIN', originalError: { number } }), 'connecting'));
    }
    for (const number of [18456, 40615, 208, 2627]) {
      assert.ok(!isTransient(codesOf({ code: 'ELOGIN', number }), 'connecting'), String(number));
    }
  });

  it('may time out while connecting, but a statement that timed out is not asked again', () => {
    assert.ok(isTransient(['ETIMEOUT'], 'connecting'));
    assert.ok(!isTransient(['ETIMEOUT'], 'asking'));
  });

  it('is not one with an unknown name or a certificate that cannot be trusted', () => {
    for (const code of ['ENOTFOUND', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
      assert.ok(!isTransient(codesOf({ code: 'ESOCKET', originalError: { cause: { code } } }), 'connecting'));
    }
  });

  it('has undone a write only when it says so', () => {
    assert.ok(isUndone(['1205']));
    assert.ok(!isUndone(['40197', 'ESOCKET']));
  });

  it(
    'that accepts the connection and does not answer is not waited for when the app stops',
    { timeout: 10_000 },
    async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      assert.ok(address !== null && typeof address === 'object');
      const stopping = new AbortController();
      const called = once(server, 'connection');
      const opening = openDatabase(`Server=127.0.0.1,${address.port};User Id=sender;Password=hunter2`, {
        signal: stopping.signal,
      });
      const refused = assert.rejects(opening, /was closed/);
      await called;
      stopping.abort();
      await refused;
      server.close();
    },
  );
});
