import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '../../shared/dfe/answer.js';
import { deliver, DeliveryError } from '../../shared/dfe/deliver.js';

interface Child {
  readonly la_child_id: string;
}

function childrenNamed(count: number): Child[] {
  return Array.from({ length: count }, (_, index) => ({ la_child_id: `CHILD-${String(index)}` }));
}

/** A receiver that refuses a whole batch for one bad child, without saying which. */
function receiverRefusing(bad: ReadonlySet<string>, status = 400) {
  const accepted: string[] = [];
  let posts = 0;
  return {
    accepted,
    get posts() {
      return posts;
    },
    post: (batch: readonly object[]): Promise<Answer> => {
      posts += 1;
      const ids = batch.map((child) => ('la_child_id' in child ? String(child.la_child_id) : ''));
      if (ids.some((id) => bad.has(id))) {
        return Promise.resolve({ kind: 'refused', status, text: `no: ${ids.join(' ')}` });
      }
      accepted.push(...ids);
      return Promise.resolve({ kind: 'accepted', receipts: ids.map((id) => `receipt of ${id}`) });
    },
  };
}

describe('delivering a batch', () => {
  test('refuses just the bad children and gives every other its own receipt, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.uniqueArray(fc.nat(99), { maxLength: 8 }),
        async (count, chosen) => {
          const children = childrenNamed(count);
          const bad = new Set(chosen.map((index) => `CHILD-${String(index)}`));
          const receiver = receiverRefusing(bad);
          const deliveries = await deliver(children, receiver.post);
          assert.equal(deliveries.length, count);
          for (const [index, child] of children.entries()) {
            const delivery = deliveries[index];
            if (bad.has(child.la_child_id)) assert.equal(delivery?.outcome, 'refused');
            else {
              assert.deepEqual(delivery, {
                outcome: 'accepted',
                receipt: `receipt of ${child.la_child_id}`,
              });
            }
          }
          assert.equal(new Set(receiver.accepted).size, receiver.accepted.length, 'nobody is taken twice');
        },
      ),
      { numRuns: 200 },
    );
  });

  test('needs few posts to isolate one bad child among a hundred', async () => {
    const receiver = receiverRefusing(new Set(['CHILD-37']));
    await deliver(childrenNamed(100), receiver.post);
    assert.ok(receiver.posts <= 15, `${String(receiver.posts)} posts`);
  });

  test("keeps DfE's words about a refused child, without any value of the child", async () => {
    const receiver = receiverRefusing(new Set(['CHILD-0']));
    const [delivery] = await deliver(childrenNamed(1), receiver.post);
    assert.deepEqual(delivery, { outcome: 'refused', reason: '400: no: [removed]' });
  });

  test('takes a 403 for one child as a refusal, and a 403 for all as a fault of key or permission', async () => {
    const one = receiverRefusing(new Set(['CHILD-1']), 403);
    assert.deepEqual(
      (await deliver(childrenNamed(3), one.post)).map(({ outcome }) => outcome),
      ['accepted', 'refused', 'accepted'],
    );
    const all = receiverRefusing(new Set(['CHILD-0', 'CHILD-1', 'CHILD-2']), 403);
    await assert.rejects(deliver(childrenNamed(3), all.post), /supplier key/);
  });

  const answers: Record<string, Answer> = {
    'a 503': { kind: 'later', status: 503, retryAfterMs: 0 },
    'a broken connection': { kind: 'later', status: 'network', retryAfterMs: 0 },
    'a 401': { kind: 'unauthorised', status: 401 },
    'a 204': { kind: 'unclear', status: 204, problem: 'DfE answered 204 where only 200 means success' },
  };
  for (const [name, answer] of Object.entries(answers)) {
    test(`marks nobody after ${name}, and names no child`, async () => {
      const failed = deliver(childrenNamed(3), () => Promise.resolve(answer));
      await assert.rejects(
        failed,
        (error) => error instanceof DeliveryError && !error.message.includes('CHILD'),
      );
    });
  }
});
