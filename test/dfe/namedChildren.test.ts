import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refusal } from '../local/dfe/refusals.js';
import {
  aRefusal,
  assertIsolated,
  childrenNamed,
  deliver,
  idsAt,
  namesOf,
  noAnswer,
  outcomesOf,
  receiverAnswering,
  receiverRefusing,
} from './receivers.js';

describe('a refusal that names children', () => {
  const hundred = childrenNamed(100);

  for (const shape of ['errors', 'problem', 'paths'] as const) {
    test(`settles a batch with one post for each rejected record and two more, in the shape "${shape}"`, async () => {
      for (const bad of [1, 2, 3, 5, 20, 50, 60, 90, 99]) {
        const ids = idsAt(Array.from({ length: bad }, (_, index) => (index * 37) % 100));
        const receiver = receiverRefusing(ids, (batch, places) => {
          const violations = places.map((place) => [place, [{ path: '.sex', message: 'no code' }]] as const);
          return refusal(new Map(violations), batch.length, shape).body;
        });
        assertIsolated(hundred, ids, await deliver(hundred, receiver), receiver.accepted);
        assert.equal(receiver.posted.length, bad + 2);
      }
    });
  }

  test('has the children that it does not name posted before the second that it names', async () => {
    const receiver = receiverRefusing(idsAt([1, 3]), (_, places) => namesOf(places));
    await deliver(childrenNamed(5), receiver);
    assert.deepEqual(receiver.posted, [
      ['CHILD-0', 'CHILD-1', 'CHILD-2', 'CHILD-3', 'CHILD-4'],
      ['CHILD-1'],
      ['CHILD-0', 'CHILD-2', 'CHILD-4'],
      ['CHILD-3'],
    ]);
  });

  test('gives each refused child its own words, without a value of any child', async () => {
    const bad = idsAt([2, 5, 7, 8]);
    const receiver = receiverRefusing(bad, (ids, places) =>
      JSON.stringify(
        places.map(
          (place) =>
            `[${String(place)}]: ${ids.join(' and ')}: ${ids[place] === 'CHILD-7' ? 'is empty' : 'is missing'} ${String(ids[place])}`,
        ),
      ),
    );
    const { children } = await deliver(childrenNamed(9), receiver);
    assert.equal(receiver.posted.length, 6);
    for (const place of [2, 5, 7, 8]) {
      const delivery = children[place];
      assert.ok(delivery?.outcome === 'refused');
      assert.match(
        delivery.reason,
        place === 7 ? /^400: .*: is empty … \(2 words/ : /^400: .*: is missing … \(2 words/,
      );
      assert.doesNotMatch(delivery.reason, /CHILD/);
    }
  });

  test('gives a child that was refused alone the words about it, or else all words', async () => {
    const reasonFor = async (text: string, status = 400) => {
      const { children } = await deliver(
        childrenNamed(1),
        receiverAnswering(() => ({ ...aRefusal(status), text })),
      );
      return children[0]?.outcome === 'refused' ? children[0].reason : undefined;
    };
    assert.equal(
      await reasonFor('{"title":"x","errors":{"[0].sex":["CHILD-0 is no code"]}}'),
      '400: sex: … is no code (1 word left out)',
    );
    assert.equal(await reasonFor('{"title":"Not good"}', 422), '422: title: Not … (1 word left out)');
    assert.equal(
      await reasonFor('<html><body><h1>403 Forbidden</h1>\n</body></html>', 403),
      '403: … Forbidden (1 word left out)',
    );
    assert.equal(await reasonFor(''), '400: DfE gave no words of its own.');
    assert.equal(await reasonFor('[0]'), '400: … (1 word left out)');
    assert.equal(await reasonFor('{"[0].x":["a\\u0000b\\ud800"]}'), '400: …: a … (2 words left out)');
  });

  test('gives a reason of at most 1,000 characters that does not end within a value or a character', async () => {
    const name = 'Siân-'.repeat(30);
    for (let length = 960; length <= 1000; length += 1) {
      const text = `[0].x: ${'y'.repeat(length)} 👶👶 ${name}${name}`;
      const receiver = receiverAnswering(() => ({ ...aRefusal(400), text }));
      const { children } = await deliver([{ la_child_id: 'C1', first_name: name + name }], receiver);
      assert.ok(children[0]?.outcome === 'refused');
      const { reason } = children[0];
      assert.ok(reason.length <= 1000);
      assert.doesNotMatch(reason, /Si/);
      assert.ok(reason.isWellFormed());
    }
  });

  test('does not refuse a child that DfE accepts alone', async () => {
    const twins = new Set(['CHILD-3', 'CHILD-4']);
    const receiver = receiverAnswering((ids) => {
      const places = [...ids.keys()].filter((index) => twins.has(ids[index] ?? ''));
      if (places.length < 2) return undefined;
      return {
        ...aRefusal(400),
        text: JSON.stringify(places.map((place) => `[${String(place)}]: same UPN`)),
      };
    });
    const { children } = await deliver(childrenNamed(10), receiver);
    assert.deepEqual(outcomesOf(children), Array(10).fill('accepted'));
  });

  test('is not followed when it names every child', async () => {
    const receiver = receiverRefusing(idsAt([3]), (ids) =>
      ids.map((_, index) => `[${String(index)}]: no`).join('\n'),
    );
    const { children } = await deliver(childrenNamed(8), receiver);
    assert.deepEqual(
      [...children.entries()].filter(([, { outcome }]) => outcome === 'refused').map(([index]) => index),
      [3],
    );
    assert.equal(receiver.posted.length, 7, 'as many as without indexes');
  });

  test('is not followed any more after it has named a child that DfE accepts', async () => {
    const receiver = receiverRefusing(
      idsAt([37]),
      (ids) => `[${String(ids.indexOf('CHILD-37') === 0 ? 1 : 0)}]: no`,
    );
    const { children } = await deliver(hundred, receiver);
    assert.equal(children[37]?.outcome, 'refused');
    assert.ok(receiver.posted.length <= 17, `${String(receiver.posted.length)} posts`);
  });

  test('is read only in a 400 and a 422', async () => {
    for (const [status, posts] of [
      [400, 3],
      [422, 3],
      [403, 11],
      [413, 11],
    ] as const) {
      const receiver = receiverRefusing(idsAt([20]), (_, places) => `[${String(places[0])}]: no`, status);
      await deliver(childrenNamed(32), receiver);
      assert.equal(receiver.posted.length, posts, String(status));
    }
  });

  test('leaves the children that it does not name as possibly held by DfE, when DfE may hold their batch', async () => {
    const places = [1, 2, 3];
    const receiver = receiverAnswering((ids) => {
      if (receiver.posted.length === 4) return { ...noAnswer, mayHold: false };
      const text = namesOf(places.map((place) => ids.indexOf(`CHILD-${String(place)}`)));
      return { ...aRefusal(400), text, mayHold: receiver.posted.length === 3 };
    });
    const { children } = await deliver(childrenNamed(8), receiver);
    const refused = { outcome: 'refused', reason: '400: sex: is no code', mayHold: false };
    assert.deepEqual(
      children,
      [true, undefined, false, false, true, true, true, true].map((mayHold) =>
        mayHold === undefined ? refused : { outcome: 'unanswered', mayHold },
      ),
    );
  });

  test('refuses no child by index: each is refused alone', async () => {
    const receiver = receiverAnswering((ids) => ({
      ...aRefusal(400),
      text: namesOf(
        [1, 2, 3].map((place) => ids.indexOf(`CHILD-${String(place)}`)).filter((place) => place >= 0),
      ),
    }));
    const bad = idsAt([...Array(8).keys()]);
    assertIsolated(childrenNamed(8), bad, await deliver(childrenNamed(8), receiver), []);
    assert.equal(receiver.posted.filter((ids) => ids.length === 1).length, 8, 'each was refused alone');
  });
});
