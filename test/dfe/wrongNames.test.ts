import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  assertBounded,
  assertIsolated,
  batches,
  childrenNamed,
  deliver,
  idsAt,
  namesOf,
  receiverRefusing,
} from './receivers.js';

/** The places in a batch that a wrong receiver names, made anew for each delivery. */
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

describe('a receiver that names the wrong children', () => {
  for (const [what, liar] of Object.entries(liars)) {
    test(`and ${what}: just the rejected records are refused`, async () => {
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

  test('and names children at random, never the same ones twice: just the rejected records are refused', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.infiniteStream(fc.nat()), async ({ count, bad: places }, numbers) => {
        const children = childrenNamed(count);
        const bad = idsAt(places);
        const before = new Set<string>();
        const receiver = receiverRefusing(bad, (ids, badPlaces) => {
          // Most of the rejected ones, and some others.
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

  test('in any way: just the rejected records are refused, each of them alone', async () => {
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

  test('in any of these ways: one rejected record of 100 takes at most two posts more than without names', async () => {
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
