import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import type { Delivery } from '../../shared/dfe/delivery.js';
import { receiptLeftOut } from '../../shared/dfe/keptReceipt.js';
import {
  aRefusal,
  assertBounded,
  assertIsolated,
  batches,
  childrenNamed,
  deliver,
  idsAt,
  namesOf,
  noAnswer,
  outcomesOf,
  receiverAnswering,
  receiverRefusing,
} from './receivers.js';

describe('delivering a batch', () => {
  test('refuses just the rejected records and gives every other child its own receipt, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async ({ count, bad: places }) => {
        const children = childrenNamed(count);
        const bad = idsAt(places);
        const receiver = receiverRefusing(bad);
        assertIsolated(children, bad, await deliver(children, receiver), receiver.accepted);
        assertBounded(count, receiver.posted);
      }),
      { numRuns: 200 },
    );
  });

  test('needs few posts to identify one rejected record that DfE does not name', async () => {
    const receiver = receiverRefusing(idsAt([37]));
    await deliver(childrenNamed(100), receiver);
    assert.ok(receiver.posted.length <= 15, `${String(receiver.posted.length)} posts`);
  });

  test("keeps DfE's words about a refused child, without any value of the child, and the full answer separately", async () => {
    const receiver = receiverRefusing(new Set(['CHILD-0']));
    const { children, problem, fullAnswers } = await deliver(childrenNamed(1), receiver);
    const reason = '400: no: … (1 word left out)';
    assert.deepEqual(children, [{ outcome: 'refused', reason, mayHold: false }]);
    assert.equal(problem, undefined);
    assert.deepEqual(fullAnswers, [{ status: 400, children: [0], text: 'no: CHILD-0' }]);
  });

  test('gives a full answer the place of the child that was posted', async () => {
    const receiver = receiverRefusing(idsAt([2, 5, 7]), (_, places) => namesOf(places));
    const { children, fullAnswers } = await deliver(childrenNamed(9), receiver);
    assert.deepEqual(outcomesOf(children).filter((outcome) => outcome === 'refused').length, 3);
    assert.deepEqual(
      fullAnswers.map((answer) => answer.children),
      [[2], [5], [7]],
    );
  });

  test('keeps no more than a megabyte of long answers in all', async () => {
    const receiver = receiverAnswering(() => ({ ...aRefusal(400), text: 'x'.repeat(900_000) }));
    const { children, fullAnswers } = await deliver(childrenNamed(100), receiver);
    assert.ok(children.every(({ outcome }) => outcome === 'refused'));
    assert.ok(fullAnswers.reduce((sum, { text }) => sum + text.length, 0) <= 1_000_000);
  });

  test('accepts a child whose receipt must not be kept, says so in its place, and keeps the receipt separately', async () => {
    for (const said of ['receipt of CHILD-0', 'a\0b', 'a\ud800', 'x'.repeat(2_000_000), '', '👶']) {
      const receipts = [said, 'R-2'];
      const { children, fullAnswers } = await deliver(
        childrenNamed(2),
        receiverAnswering(() => ({ kind: 'accepted', receipts, tries: 1 })),
      );
      assert.deepEqual(children, [
        { outcome: 'accepted', receipt: receiptLeftOut },
        { outcome: 'accepted', receipt: 'R-2' },
      ]);
      assert.ok(
        fullAnswers.every(({ text, children: about }) => text.isWellFormed() && about.join() === '0'),
      );
    }
  });

  test("refuses the child when DfE's answer is too long to be read, and says so", async () => {
    const receiver = receiverAnswering((ids) =>
      ids.includes('CHILD-1') ? { ...aRefusal(400), text: undefined } : undefined,
    );
    const { children } = await deliver(childrenNamed(3), receiver);
    assert.deepEqual(outcomesOf(children), ['accepted', 'refused', 'accepted']);
    assert.deepEqual(children[1], {
      outcome: 'refused',
      reason: "400: DfE's answer is too long to be read.",
      mayHold: false,
    });
  });

  const answers: Record<string, DfeAnswer> = {
    'a 503': {
      kind: 'none',
      why: 'later',
      status: 503,
      text: 'DfE could not take the batch',
      mayHold: true,
      tries: 1,
    },
    'a 429': {
      kind: 'none',
      why: 'later',
      status: 429,
      text: 'DfE asked to slow down',
      mayHold: false,
      tries: 1,
    },
    'a broken connection': {
      kind: 'none',
      why: 'later',
      status: 'network',
      text: 'DfE could not be reached',
      mayHold: true,
      tries: 1,
    },
    'a 401': {
      kind: 'none',
      why: 'unauthorised',
      status: 401,
      text: 'DfE accepted no token',
      mayHold: false,
      tries: 1,
    },
    'a 204': {
      kind: 'none',
      why: 'unclear',
      status: 204,
      text: 'DfE answered 204 where only 200 means success',
      mayHold: true,
      tries: 1,
    },
  };
  for (const [name, answer] of Object.entries(answers)) {
    test(`marks no child after ${name}, says whether DfE may hold them, and names none`, async () => {
      const { children, problem } = await deliver(
        childrenNamed(3),
        receiverAnswering(() => answer),
      );
      const mayHold = answer.kind === 'none' && answer.mayHold;
      assert.deepEqual(children, Array(3).fill({ outcome: 'unanswered', mayHold }));
      assert.equal(problem?.why, answer.kind === 'none' ? answer.why : undefined);
      assert.doesNotMatch(problem?.text ?? '', /CHILD/);
    });
  }

  test('says what is known when a part of the batch had no answer', async () => {
    const receiver = receiverAnswering((ids) => {
      if (ids.length === 2 && ids.includes('CHILD-2')) return noAnswer;
      return ids.includes('CHILD-1') ? aRefusal(400) : undefined;
    });
    const { children, problem } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(children, [
      { outcome: 'accepted', receipt: 'receipt 0' },
      { outcome: 'refused', reason: '400: no', mayHold: false },
      { outcome: 'unanswered', mayHold: true },
      { outcome: 'unanswered', mayHold: true },
    ]);
    assert.match(problem?.text ?? '', /503/);
  });

  test('passes on how long DfE asked not to be posted to', async () => {
    const asked = { kind: 'none', why: 'later', status: 429, text: '', mayHold: false, tries: 1 } as const;
    const { problem } = await deliver(
      childrenNamed(2),
      receiverAnswering(() => ({ ...asked, retryAfterMs: 3_600_000 })),
    );
    assert.equal(problem?.retryAfterMs, 3_600_000);
  });

  test('posts nothing more after a part of the batch had no answer', async () => {
    const receiver = receiverAnswering((ids) => (ids.length === 1 ? noAnswer : aRefusal(400)));
    const { children } = await deliver(childrenNamed(4), receiver);
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

  test('leaves each part of a batch as possibly held by DfE when DfE may hold the batch', async () => {
    const receiver = receiverAnswering((ids) => {
      if (ids.length === 4) return { ...aRefusal(400), mayHold: true };
      if (ids.includes('CHILD-0')) return aRefusal(400);
      return ids.includes('CHILD-2') ? { ...noAnswer, mayHold: false } : undefined;
    });
    const { children } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(children, [
      { outcome: 'refused', reason: '400: no', mayHold: true },
      { outcome: 'accepted', receipt: 'receipt 1', mayLandAgain: true },
      { outcome: 'unanswered', mayHold: true },
      { outcome: 'unanswered', mayHold: true },
    ]);
  });

  test('does not leave one part of a batch as possibly held by DfE because DfE may hold another', async () => {
    const receiver = receiverAnswering((ids) => {
      if (ids.length === 1 && ids.includes('CHILD-0')) return { ...aRefusal(400), mayHold: true };
      return ids.includes('CHILD-0') || ids.includes('CHILD-1') ? aRefusal(400) : undefined;
    });
    const { children } = await deliver(childrenNamed(3), receiver);
    assert.deepEqual(children, [
      { outcome: 'refused', reason: '400: no', mayHold: true },
      { outcome: 'refused', reason: '400: no', mayHold: false },
      { outcome: 'accepted', receipt: 'receipt 2' },
    ]);
  });

  test('never says that DfE cannot hold a child that it holds, whatever happens to the posts', async () => {
    /** Whether DfE took a first try, and how the post ended. */
    const fate = fc.record({
      firstTryTaken: fc.boolean(),
      lastTry: fc.constantFrom('answered', 'answered', 'answered', 'lost', 'not taken'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.uniqueArray(fc.nat(19), { maxLength: 6 }),
        fc.array(fate, { maxLength: 20 }),
        fc.boolean(),
        async (count, chosen, fates, isNamed) => {
          const bad = idsAt(chosen);
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
            const text = ids.map((id, index) => (bad.has(id) && isNamed ? `[${String(index)}]: no` : 'no'));
            if (lastTry === 'lost') {
              if (!isRefused) takes();
              return noAnswer;
            }
            if (isRefused) return { ...aRefusal(400), mayHold, text: text.join('\n') };
            takes();
            return undefined;
          });
          const { children, problem } = await deliver(childrenNamed(count), receiver);
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

describe('a 413', () => {
  test('splits the batch until DfE takes the parts', async () => {
    const receiver = receiverAnswering((ids) => (ids.length > 30 ? aRefusal(413) : undefined));
    const children = childrenNamed(100);
    assertIsolated(children, new Set(), await deliver(children, receiver), receiver.accepted);
    assert.equal(receiver.posted.length, 7);
  });

  test('refuses a child that is too large alone, and says so', async () => {
    const receiver = receiverRefusing(idsAt([2]), () => 'Request entity too large.', 413);
    const { children } = await deliver(childrenNamed(5), receiver);
    assert.deepEqual(outcomesOf(children), ['accepted', 'accepted', 'refused', 'accepted', 'accepted']);
    assert.deepEqual(children[2], {
      outcome: 'refused',
      reason: '413: this child alone is too large for DfE. Request entity too large',
      mayHold: false,
    });
  });
});
