import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  aRefusal,
  assertIsolated,
  childrenNamed,
  deliver,
  idsAt,
  noAnswer,
  outcomesOf,
  receiverAnswering,
  receiverRefusing,
} from './receivers.js';

describe('a 403', () => {
  test('ends the delivery after one post, and refuses no child, when the probe says that the key does not work', async () => {
    const receiver = receiverAnswering(() => ({ ...aRefusal(403), mayHold: true }), 'refused');
    const { children, problem } = await deliver(childrenNamed(100), receiver);
    assert.deepEqual(children, Array(100).fill({ outcome: 'unanswered', mayHold: true }));
    assert.equal(problem?.why, 'unauthorised');
    assert.match(problem.text, /supplier key/);
    assert.equal(receiver.posted.length, 1);
    assert.equal(receiver.probes, 1);
  });

  test('is about content when the probe says that the key works, also for a single child; the probe runs at most once for each refused child and once for the batch', async () => {
    for (const bad of [[0], [0, 2], [1]]) {
      const receiver = receiverRefusing(idsAt(bad), () => 'no', 403);
      const children = childrenNamed(3);
      assertIsolated(children, idsAt(bad), await deliver(children, receiver), receiver.accepted);
      assert.ok(receiver.probes >= 1 && receiver.probes <= 1 + bad.length);
    }
    const alone = receiverRefusing(idsAt([0]), () => 'no', 403);
    assert.deepEqual(outcomesOf((await deliver(childrenNamed(1), alone)).children), ['refused']);
  });

  test('for every child is about the key: one that permits nothing still accepts an empty list', async () => {
    const receiver = receiverAnswering(() => aRefusal(403));
    const { children, problem } = await deliver(childrenNamed(10), receiver);
    assert.deepEqual(outcomesOf(children), Array(10).fill('unanswered'));
    assert.equal(problem?.why, 'unauthorised');
    assert.match(problem.text, /permits/);
  });

  test('for all of a few children, or where others were accepted in the same run, is about their content', async () => {
    const receiver = receiverAnswering(() => aRefusal(403));
    assert.deepEqual(
      outcomesOf((await deliver(childrenNamed(3), receiver)).children),
      Array(3).fill('refused'),
    );
    const othersAccepted = () => Promise.resolve(true);
    assert.deepEqual(
      outcomesOf((await deliver(childrenNamed(10), { ...receiver, othersAccepted })).children),
      Array(10).fill('refused'),
    );
  });

  test('that begins in the middle of a delivery, for every child, refuses no child', async () => {
    const receiver = receiverRefusing(idsAt([7]));
    let isBanned = false;
    const { children, problem } = await deliver(childrenNamed(8), {
      post: async (batch) => {
        if (isBanned) return aRefusal(403);
        const answer = await receiver.post(batch);
        isBanned = answer.kind === 'accepted';
        return answer;
      },
      probe: () => Promise.resolve(isBanned ? 'refused' : 'accepted'),
      othersAccepted: () => Promise.resolve(true),
    });
    assert.ok(children.some(({ outcome }) => outcome === 'accepted'));
    assert.ok(children.every(({ outcome }) => outcome !== 'refused'));
    assert.equal(problem?.why, 'unauthorised');
  });

  test('is about content, when DfE does not say whether it accepts the key, if it accepts other children', async () => {
    const some = receiverAnswering((ids) => (ids.includes('CHILD-1') ? aRefusal(403) : undefined), 'unclear');
    const children = childrenNamed(4);
    assertIsolated(children, idsAt([1]), await deliver(children, some), some.accepted);
    const none = receiverAnswering(() => aRefusal(403), 'unclear');
    const { children: left, problem } = await deliver(childrenNamed(4), none);
    assert.deepEqual(outcomesOf(left), Array(4).fill('unanswered'));
    assert.equal(problem?.why, 'unclear');
    const silent = await deliver(childrenNamed(4), { ...none, probe: () => Promise.resolve('unanswered') });
    assert.equal(silent.problem?.why, 'later');
  });

  test('is about content without a probe when DfE has just accepted other children', async () => {
    const now = receiverAnswering((ids) => {
      if (ids.length === 4) return aRefusal(400);
      return ids.includes('CHILD-3') ? aRefusal(403) : undefined;
    });
    assert.deepEqual(outcomesOf((await deliver(childrenNamed(4), now)).children), [
      'accepted',
      'accepted',
      'accepted',
      'refused',
    ]);
    assert.equal(now.probes, 0);
  });

  test('does not change what was refused before it', async () => {
    const receiver = receiverAnswering((ids) => aRefusal(ids.includes('CHILD-0') ? 400 : 403), 'refused');
    const { children, problem } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(outcomesOf(children), ['refused', 'unanswered', 'unanswered', 'unanswered']);
    assert.notEqual(problem, undefined);
  });

  test('is not followed by a probe after a part had no answer', async () => {
    const receiver = receiverAnswering((ids) => (ids.length === 1 ? noAnswer : aRefusal(403)));
    const { children, problem } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(outcomesOf(children), Array(4).fill('unanswered'));
    assert.equal(problem?.why, 'later');
    assert.equal(receiver.posted.length, 3);
    assert.equal(receiver.probes, 1);
  });
});
