import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '../../shared/dfe/answer.js';
import { deliver, type Delivery } from '../../shared/dfe/deliver.js';

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
        return Promise.resolve({ kind: 'refused', status, text: `no: ${ids.join(' ')}`, mayHold: false });
      }
      accepted.push(...ids);
      return Promise.resolve({ kind: 'accepted', receipts: ids.map((id) => `receipt of ${id}`) });
    },
  };
}

/** A receiver that answers as it is told, and accepts where it is told nothing. */
function receiverAnswering(answerTo: (ids: readonly string[]) => Answer | undefined) {
  const posted: string[][] = [];
  return {
    posted,
    post: (batch: readonly object[]): Promise<Answer> => {
      const ids = batch.map((child) => ('la_child_id' in child ? String(child.la_child_id) : ''));
      posted.push(ids);
      return Promise.resolve(
        answerTo(ids) ?? { kind: 'accepted', receipts: ids.map((id) => `receipt of ${id}`) },
      );
    },
  };
}

const noAnswer = {
  kind: 'none',
  why: 'later',
  status: 503,
  text: 'DfE could not take the batch',
  mayHold: true,
} as const satisfies Answer;

function aRefusal(status: number): Extract<Answer, { kind: 'refused' }> {
  return { kind: 'refused', status, text: 'no', mayHold: false };
}

function outcomesOf(deliveries: readonly Delivery[]): Delivery['outcome'][] {
  return deliveries.map(({ outcome }) => outcome);
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
          const { children: deliveries, problem } = await deliver(children, receiver.post);
          assert.equal(problem, undefined);
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
    const { children, problem } = await deliver(childrenNamed(1), receiver.post);
    assert.deepEqual(children, [{ outcome: 'refused', reason: '400: no: [removed]', mayHold: false }]);
    assert.equal(problem, undefined);
  });

  test('takes a 403 for one child as a refusal, and a 403 for all as a fault of key or permission', async () => {
    const one = receiverRefusing(new Set(['CHILD-1']), 403);
    const { children, problem } = await deliver(childrenNamed(3), one.post);
    assert.deepEqual(outcomesOf(children), ['accepted', 'refused', 'accepted']);
    assert.equal(problem, undefined);
    const all = receiverRefusing(new Set(['CHILD-0', 'CHILD-1', 'CHILD-2']), 403);
    const deliveries = await deliver(childrenNamed(3), all.post);
    assert.deepEqual(deliveries.children, Array(3).fill({ outcome: 'unanswered', mayHold: false }));
    assert.match(deliveries.problem ?? '', /supplier key/);
  });

  test('takes a 403 for all for no refusal also when one of them had no answer', async () => {
    const { post } = receiverAnswering((ids) =>
      ids.includes('CHILD-2') && ids.length === 1 ? noAnswer : aRefusal(403),
    );
    const { children, problem } = await deliver(childrenNamed(3), post);
    assert.deepEqual(outcomesOf(children), ['unanswered', 'unanswered', 'unanswered']);
    assert.notEqual(problem, undefined);
  });

  test('takes a 403 for a lone child as a refusal when others were accepted with the same key', async () => {
    const { post } = receiverRefusing(new Set(['CHILD-0']), 403);
    assert.deepEqual(outcomesOf((await deliver(childrenNamed(1), post, true)).children), ['refused']);
    assert.deepEqual(outcomesOf((await deliver(childrenNamed(1), post)).children), ['unanswered']);
  });

  test('keeps that DfE may hold a child also where a 403 for all is no answer about it', async () => {
    const { post } = receiverAnswering((ids) => ({
      ...aRefusal(403),
      mayHold: ids.length === 1 && ids[0] === 'CHILD-1',
    }));
    const { children } = await deliver(childrenNamed(2), post);
    assert.deepEqual(children, [
      { outcome: 'unanswered', mayHold: false },
      { outcome: 'unanswered', mayHold: true },
    ]);
  });

  const answers: Record<string, Answer> = {
    'a 503': { kind: 'none', why: 'later', status: 503, text: 'DfE could not take the batch', mayHold: true },
    'a 429': { kind: 'none', why: 'later', status: 429, text: 'DfE asked to slow down', mayHold: false },
    'a broken connection': {
      kind: 'none',
      why: 'later',
      status: 'network',
      text: 'DfE could not be reached',
      mayHold: true,
    },
    'a 401': {
      kind: 'none',
      why: 'unauthorised',
      status: 401,
      text: 'DfE accepted no token',
      mayHold: false,
    },
    'a 204': {
      kind: 'none',
      why: 'unclear',
      status: 204,
      text: 'DfE answered 204 where only 200 means success',
      mayHold: true,
    },
  };
  for (const [name, answer] of Object.entries(answers)) {
    test(`marks nobody after ${name}, says whether DfE may hold them, and names no child`, async () => {
      const { children, problem } = await deliver(childrenNamed(3), () => Promise.resolve(answer));
      const mayHold = answer.kind === 'none' && answer.mayHold;
      assert.deepEqual(children, Array(3).fill({ outcome: 'unanswered', mayHold }));
      assert.ok(problem !== undefined);
      assert.doesNotMatch(problem, /CHILD/);
    });
  }

  test('says what is known when a part of the batch had no answer', async () => {
    const receiver = receiverAnswering((ids) => {
      if (ids.length === 2 && ids.includes('CHILD-2')) return noAnswer;
      return ids.includes('CHILD-1') ? aRefusal(400) : undefined;
    });
    const { children, problem } = await deliver(childrenNamed(4), receiver.post);
    assert.deepEqual(children, [
      { outcome: 'accepted', receipt: 'receipt of CHILD-0' },
      { outcome: 'refused', reason: '400: no', mayHold: false },
      { outcome: 'unanswered', mayHold: true },
      { outcome: 'unanswered', mayHold: true },
    ]);
    assert.match(problem ?? '', /503/);
  });

  test('posts nothing any more once a part of the batch had no answer', async () => {
    const receiver = receiverAnswering((ids) => (ids.length === 1 ? noAnswer : aRefusal(400)));
    const { children } = await deliver(childrenNamed(4), receiver.post);
    assert.deepEqual(receiver.posted, [
      ['CHILD-0', 'CHILD-1', 'CHILD-2', 'CHILD-3'],
      ['CHILD-0', 'CHILD-1'],
      ['CHILD-0'],
    ]);
    assert.deepEqual(children, [
      { outcome: 'unanswered', mayHold: true },
      ...Array<Delivery>(3).fill({ outcome: 'unanswered', mayHold: false }),
    ]);
  });

  test('holds of each part of a batch that DfE may hold it when DfE may hold the batch', async () => {
    const { post } = receiverAnswering((ids) => {
      if (ids.length === 4) return { ...aRefusal(400), mayHold: true };
      if (ids.includes('CHILD-0')) return aRefusal(400);
      return ids.includes('CHILD-2') ? { ...noAnswer, mayHold: false } : undefined;
    });
    const { children } = await deliver(childrenNamed(4), post);
    assert.deepEqual(children, [
      { outcome: 'refused', reason: '400: no', mayHold: true },
      { outcome: 'accepted', receipt: 'receipt of CHILD-1' },
      { outcome: 'unanswered', mayHold: true },
      { outcome: 'unanswered', mayHold: true },
    ]);
  });

  test('does not hold of one part of a batch that DfE may hold it because it may hold another', async () => {
    const { post } = receiverAnswering((ids) => {
      if (ids.length === 1 && ids.includes('CHILD-0')) return { ...aRefusal(400), mayHold: true };
      return ids.includes('CHILD-0') || ids.includes('CHILD-1') ? aRefusal(400) : undefined;
    });
    const { children } = await deliver(childrenNamed(3), post);
    assert.deepEqual(children, [
      { outcome: 'refused', reason: '400: no', mayHold: true },
      { outcome: 'refused', reason: '400: no', mayHold: false },
      { outcome: 'accepted', receipt: 'receipt of CHILD-2' },
    ]);
  });

  test('never says of a child that DfE has that it cannot have it, whatever becomes of the posts', async () => {
    /** A first try that DfE may have taken in part or whole, and what the post then comes to. */
    const fate = fc.record({
      firstTryTaken: fc.boolean(),
      lastTry: fc.constantFrom('answered', 'answered', 'answered', 'lost', 'not taken'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.uniqueArray(fc.nat(19), { maxLength: 4 }),
        fc.array(fate, { maxLength: 20 }),
        async (count, chosen, fates) => {
          const bad = new Set(chosen.map((index) => `CHILD-${String(index)}`));
          const holds = new Set<string>();
          const receiver = receiverAnswering((ids) => {
            const { firstTryTaken = false, lastTry = 'answered' } = fates[receiver.posted.length - 1] ?? {};
            const takes = () => {
              for (const id of ids) holds.add(id);
            };
            if (firstTryTaken) takes();
            const mayHold = firstTryTaken;
            if (lastTry === 'not taken') return { ...noAnswer, mayHold };
            const isRefused = ids.some((id) => bad.has(id));
            if (lastTry === 'lost') {
              if (!isRefused) takes();
              return noAnswer;
            }
            if (isRefused) return { ...aRefusal(400), mayHold };
            takes();
            return undefined;
          });
          const { children, problem } = await deliver(childrenNamed(count), receiver.post);
          for (const [index, delivery] of children.entries()) {
            const isHeld = holds.has(`CHILD-${String(index)}`);
            if (delivery.outcome === 'accepted') assert.ok(isHeld, 'what is accepted was taken');
            else if (isHeld) assert.ok(delivery.mayHold, `${delivery.outcome}, and DfE has it`);
          }
          const hasUnanswered = children.some(({ outcome }) => outcome === 'unanswered');
          assert.equal(problem !== undefined, hasUnanswered, 'a reason exactly for what is unanswered');
        },
      ),
      { numRuns: 500 },
    );
  });
});
