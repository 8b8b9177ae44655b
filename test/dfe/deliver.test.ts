import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import { deliver as deliverWith, type DfeEndpoint } from '../../shared/dfe/deliver.js';
import type { Delivery } from '../../shared/dfe/delivery.js';
import type { KeyProof } from '../../shared/dfe/forbidden.js';
import { receiptLeftOut } from '../../shared/dfe/keptReceipt.js';
import { vocabularyWith } from '../../shared/dfe/keptWords.js';
import { refusal } from '../local/dfe/refusals.js';

interface Child {
  readonly la_child_id: string;
}

const vocabulary = vocabularyWith();

function deliver(children: readonly object[], endpoint: DfeEndpoint) {
  return deliverWith(children, endpoint, vocabulary);
}

function receiptOf(id: string): string {
  return `receipt ${id.replace('CHILD-', '')}`;
}

function childrenNamed(count: number): Child[] {
  return Array.from({ length: count }, (_, index) => ({ la_child_id: `CHILD-${String(index)}` }));
}

function idsAt(places: readonly number[]): Set<string> {
  return new Set(places.map((index) => `CHILD-${String(index)}`));
}

/** A receiver that answers as it is told, and accepts where it is told nothing. */
function receiverAnswering(
  answerTo: (ids: readonly string[]) => DfeAnswer | undefined,
  key: KeyProof = 'accepted',
) {
  const posted: string[][] = [];
  const accepted: string[] = [];
  let probes = 0;
  return {
    posted,
    accepted,
    get probes() {
      return probes;
    },
    post: (batch: readonly object[]): Promise<DfeAnswer> => {
      const ids = batch.map((child) => ('la_child_id' in child ? String(child.la_child_id) : ''));
      posted.push(ids);
      const answer = answerTo(ids);
      if (answer !== undefined) return Promise.resolve(answer);
      accepted.push(...ids);
      const receipts = ids.map(receiptOf);
      return Promise.resolve({ kind: 'accepted', receipts, tries: 1 });
    },
    probe: () => {
      probes += 1;
      return Promise.resolve(key);
    },
  };
}

/** A receiver that refuses a whole batch for one bad child, and says what it is told about the ids and the bad places. */
function receiverRefusing(
  bad: ReadonlySet<string>,
  says: (ids: readonly string[], badPlaces: readonly number[]) => string = (ids) => `no: ${ids.join(' ')}`,
  status = 400,
) {
  return receiverAnswering((ids) => {
    const badPlaces = [...ids.keys()].filter((index) => bad.has(ids[index] ?? ''));
    return badPlaces.length === 0 ? undefined : { ...aRefusal(status), text: says(ids, badPlaces) };
  });
}

const noAnswer = {
  kind: 'none',
  why: 'later',
  status: 503,
  text: 'DfE could not take the batch',
  mayHold: true,
  tries: 1,
} as const satisfies DfeAnswer;

function aRefusal(status: number): Extract<DfeAnswer, { kind: 'refused' }> {
  return { kind: 'refused', status, text: 'no', mayHold: false, tries: 1 };
}

function outcomesOf(deliveries: readonly Delivery[]): Delivery['outcome'][] {
  return deliveries.map(({ outcome }) => outcome);
}

/** Just the bad ones are refused, every other has its own receipt, and nobody was taken twice. */
function assertIsolated(
  children: readonly Child[],
  bad: ReadonlySet<string>,
  { children: deliveries, problem }: Awaited<ReturnType<typeof deliver>>,
  accepted: readonly string[],
): void {
  assert.equal(problem, undefined);
  assert.equal(deliveries.length, children.length);
  for (const [index, { la_child_id }] of children.entries()) {
    const delivery = deliveries[index];
    if (bad.has(la_child_id)) assert.equal(delivery?.outcome, 'refused', `${la_child_id} is bad`);
    else assert.deepEqual(delivery, { outcome: 'accepted', receipt: receiptOf(la_child_id) });
  }
  assert.equal(new Set(accepted).size, accepted.length, 'nobody is taken twice');
}

/** Each refused batch is divided into two parts or more, whatever DfE says. */
function assertBounded(count: number, posted: readonly unknown[]): void {
  assert.ok(posted.length <= 2 * count - 1, `${String(posted.length)} posts for ${String(count)} children`);
}

/** Up to 100 children, and which of them are bad. */
const batches = fc.integer({ min: 1, max: 100 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    bad: fc.oneof(fc.uniqueArray(fc.nat(count - 1), { maxLength: 6 }), fc.subarray([...Array(count).keys()])),
  }),
);

describe('delivering a batch', () => {
  test('refuses just the bad children and gives every other its own receipt, whichever they are', async () => {
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

  test('needs few posts to isolate one bad child that DfE does not name', async () => {
    const receiver = receiverRefusing(idsAt([37]));
    await deliver(childrenNamed(100), receiver);
    assert.ok(receiver.posted.length <= 15, `${String(receiver.posted.length)} posts`);
  });

  test("keeps DfE's words about a refused child, without any value of the child, and its full answer apart", async () => {
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

  test('keeps of long answers no more than a megabyte in all', async () => {
    const receiver = receiverAnswering(() => ({ ...aRefusal(400), text: 'x'.repeat(900_000) }));
    const { children, fullAnswers } = await deliver(childrenNamed(100), receiver);
    assert.ok(children.every(({ outcome }) => outcome === 'refused'));
    assert.ok(fullAnswers.reduce((sum, { text }) => sum + text.length, 0) <= 1_000_000);
  });

  test('accepts a child whose receipt is not fit to be kept, says so in its place, and keeps the receipt apart', async () => {
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

  test('refuses the child of which DfE says more than is read, and says so', async () => {
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
    test(`marks nobody after ${name}, says whether DfE may hold them, and names no child`, async () => {
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

  test('posts nothing any more once a part of the batch had no answer', async () => {
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

  test('holds of each part of a batch that DfE may hold it when DfE may hold the batch', async () => {
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

  test('does not hold of one part of a batch that DfE may hold it because it may hold another', async () => {
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

  test('never says of a child that DfE has that it cannot have it, whatever becomes of the posts', async () => {
    /** A first try that DfE may have taken in part or whole, and what the post then comes to. */
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

describe('a refusal that names children', () => {
  const hundred = childrenNamed(100);

  for (const shape of ['errors', 'problem', 'paths'] as const) {
    test(`settles a batch with one post for each bad child and two more, in the shape "${shape}"`, async () => {
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

  test('lets the children that it does not name go out before the second that it names', async () => {
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

  test('gives a child that was refused alone the words about it, and else all words', async () => {
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

  test('leaves a reason of at most 1,000 characters, and no half of a value or of a character at its end', async () => {
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

  test('refuses no child that DfE takes when it comes alone', async () => {
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

  test('is not followed when it names everyone: it tells nobody apart', async () => {
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

  test('is not followed any more once it has named a good child', async () => {
    const receiver = receiverRefusing(
      idsAt([37]),
      (ids) => `[${String(ids.indexOf('CHILD-37') === 0 ? 1 : 0)}]: no`,
    );
    const { children } = await deliver(hundred, receiver);
    assert.equal(children[37]?.outcome, 'refused');
    assert.ok(receiver.posted.length <= 17, `${String(receiver.posted.length)} posts`);
  });

  test('is read in a 400 and a 422 only', async () => {
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

  test('holds of the children that it does not name that DfE may hold them, when it may hold their batch', async () => {
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

  test('refuses nobody by index: each is refused alone', async () => {
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

/** How a receiver may be wrong about whom it refuses: the places that it names in a batch, made anew for each delivery. */
const liars: Record<
  string,
  () => (size: number, bad: readonly number[], ids: readonly string[]) => Iterable<number>
> = {
  'counts from 1': () => (_, bad) => bad.map((place) => place + 1),
  'counts from 2': () => (_, bad) => bad.map((place) => place + 2),
  'counts from 1 below': () => (_, bad) => bad.map((place) => place - 1),
  'counts from the end': () => (size, bad) => bad.map((place) => size - 1 - place),
  'counts complaints and not children': () => (_, bad) => bad.keys(),
  'counts two complaints a child': () => (_, bad) => Array(bad.length * 2).keys(),
  'names as many at the end': () => (size, bad) => bad.map((_, index) => size - 1 - index),
  'names everyone': () => (size) => Array(size).keys(),
  'names all but the bad ones': () => (size, bad) =>
    [...Array(size).keys()].filter((place) => !bad.includes(place)),
  'names all but the first': () => (size) => [...Array(size).keys()].slice(1),
  'names all but the last': () => (size) => Array(size - 1).keys(),
  'names all but the last three': () => (size) => Array(Math.max(size - 3, 0)).keys(),
  'names the neighbours too': () => (size, bad) =>
    bad.flatMap((place) => [Math.max(place - 1, 0), place, Math.min(place + 1, size - 1)]),
  'names always the same places': () => () => [1, 2, 3],
  'names always other places': () => () => [2, 5, 6, 9],
  'names always every second place': () => (size) =>
    [...Array(size).keys()].filter((place) => place % 2 === 0).slice(0, 4),
  'names always every other second place': () => (size) =>
    [...Array(size).keys()].filter((place) => place % 2 === 1).slice(0, 4),
  'names some at first, and then everyone': () => {
    let answers = 0;
    return (size) => {
      answers += 1;
      return answers === 1 ? [1, 2, 3] : Array(size).keys();
    };
  },
  'names the first bad one only': () => (_, bad) => bad.slice(0, 1),
  'names the first three bad ones only': () => (_, bad) => bad.slice(0, 3),
  'names the bad ones in the order of their ids': () => (_, bad, ids) => {
    const sorted = ids.toSorted();
    return bad.map((place) => sorted.indexOf(ids[place] ?? ''));
  },
};

function next(numbers: Iterator<number, undefined>): number {
  return numbers.next().value ?? 0;
}

function namesOf(places: Iterable<number>): string {
  return JSON.stringify([...places].map((place) => `[${String(place)}].sex: is no code`));
}

describe('a receiver that is wrong about whom it refuses', () => {
  for (const [what, liar] of Object.entries(liars)) {
    test(`because it ${what}: just the bad ones are refused`, async () => {
      const isolates = async ({ count, bad: places }: { count: number; bad: readonly number[] }) => {
        const children = childrenNamed(count);
        const bad = idsAt(places);
        const names = liar();
        const receiver = receiverRefusing(bad, (ids, badPlaces) =>
          namesOf(names(ids.length, badPlaces, ids)),
        );
        assertIsolated(children, bad, await deliver(children, receiver), receiver.accepted);
        assertBounded(count, receiver.posted);
      };
      for (let count = 1; count <= 7; count += 1) {
        for (let chosen = 0; chosen < 2 ** count; chosen += 1) {
          const bad = [...Array(count).keys()].filter((index) => (chosen >> index) % 2 === 1);
          await isolates({ count, bad });
        }
      }
      await fc.assert(fc.asyncProperty(batches, isolates), { numRuns: 200 });
    });
  }

  test('because it names children at random, and never the same ones twice: just the bad ones are refused', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.infiniteStream(fc.nat()), async ({ count, bad: places }, numbers) => {
        const children = childrenNamed(count);
        const bad = idsAt(places);
        const before = new Set<string>();
        const receiver = receiverRefusing(bad, (ids, badPlaces) => {
          // More or less of the bad ones, and some others.
          const chosen = [...ids.keys()].filter((place) => {
            const number = next(numbers);
            return badPlaces.includes(place) ? number % 4 !== 0 : number % 4 === 0;
          });
          const who = chosen
            .map((place) => ids[place])
            .sort()
            .join(' ');
          if (before.has(who)) return 'no';
          before.add(who);
          return namesOf(chosen);
        });
        assertIsolated(children, bad, await deliver(children, receiver), receiver.accepted);
        assertBounded(count, receiver.posted);
      }),
      { numRuns: 500 },
    );
  });

  test('in whatever way: just the bad ones are refused, each of them alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        async ({ count, bad: places }, numbers, isSteady) => {
          const children = childrenNamed(count);
          const bad = idsAt(places);
          const steadily = new Set(
            children.map(({ la_child_id: id }) => id).filter(() => next(numbers) % 5 === 0),
          );
          const receiver = receiverRefusing(bad, (ids, badPlaces) =>
            namesOf(
              [...ids.keys()].filter((place) =>
                isSteady
                  ? badPlaces.includes(place) || steadily.has(ids[place] ?? '')
                  : next(numbers) % 2 === 0,
              ),
            ),
          );
          assertIsolated(children, bad, await deliver(children, receiver), receiver.accepted);
          const alone = new Set(receiver.posted.filter((ids) => ids.length === 1).flat());
          assert.ok(
            [...bad].every((id) => alone.has(id)),
            'each was refused alone',
          );
          assertBounded(count, receiver.posted);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('in any of these ways: one bad child of 100 takes at most two posts more than without names', async () => {
    for (const [what, liar] of Object.entries(liars)) {
      for (let place = 0; place < 100; place += 9) {
        const names = liar();
        const receiver = receiverRefusing(idsAt([place]), (ids, badPlaces) =>
          namesOf(names(ids.length, badPlaces, ids)),
        );
        await deliver(childrenNamed(100), receiver);
        assert.ok(receiver.posted.length <= 15 + 2, `${what}: ${String(receiver.posted.length)} posts`);
      }
    }
  });
});

describe('a 403', () => {
  test('ends the delivery after one post, and refuses nobody, when the probe says that the key does not work', async () => {
    const receiver = receiverAnswering(() => ({ ...aRefusal(403), mayHold: true }), 'refused');
    const { children, problem } = await deliver(childrenNamed(100), receiver);
    assert.deepEqual(children, Array(100).fill({ outcome: 'unanswered', mayHold: true }));
    assert.equal(problem?.why, 'unauthorised');
    assert.match(problem.text, /supplier key/);
    assert.equal(receiver.posted.length, 1);
    assert.equal(receiver.probes, 1);
  });

  test('is about content when the probe says that the key works, also for a lone child, and is asked about at most once for each refused child and once for all', async () => {
    for (const bad of [[0], [0, 2], [1]]) {
      const receiver = receiverRefusing(idsAt(bad), () => 'no', 403);
      const children = childrenNamed(3);
      assertIsolated(children, idsAt(bad), await deliver(children, receiver), receiver.accepted);
      assert.ok(receiver.probes >= 1 && receiver.probes <= 1 + bad.length);
    }
    const alone = receiverRefusing(idsAt([0]), () => 'no', 403);
    assert.deepEqual(outcomesOf((await deliver(childrenNamed(1), alone)).children), ['refused']);
  });

  test('for every child is about the key all the same: one that permits nothing lets an empty list pass', async () => {
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

  test('that begins in the middle of a delivery, for everyone, refuses nobody', async () => {
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

  test('is about content, when DfE does not say whether it accepts the key, as far as it accepts others', async () => {
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

  test('is about content without a probe when DfE has accepted others right before', async () => {
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

  test('leaves what was refused before it as it is', async () => {
    const receiver = receiverAnswering((ids) => aRefusal(ids.includes('CHILD-0') ? 400 : 403), 'refused');
    const { children, problem } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(outcomesOf(children), ['refused', 'unanswered', 'unanswered', 'unanswered']);
    assert.notEqual(problem, undefined);
  });

  test('is followed by no probe once a part had no answer', async () => {
    const receiver = receiverAnswering((ids) => (ids.length === 1 ? noAnswer : aRefusal(403)));
    const { children, problem } = await deliver(childrenNamed(4), receiver);
    assert.deepEqual(outcomesOf(children), Array(4).fill('unanswered'));
    assert.equal(problem?.why, 'later');
    assert.equal(receiver.posted.length, 3);
    assert.equal(receiver.probes, 1);
  });
});

describe('a 413', () => {
  test('splits the batch until what is left is taken', async () => {
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
