import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import { deliver as deliverWith, type DfeEndpoint } from '../../shared/dfe/deliver.js';
import type { Delivery } from '../../shared/dfe/delivery.js';
import type { KeyProof } from '../../shared/dfe/forbidden.js';
import { vocabularyWith } from '../../shared/dfe/keptWords.js';

interface Child {
  readonly la_child_id: string;
}

const vocabulary = vocabularyWith();

export function deliver(children: readonly object[], endpoint: DfeEndpoint) {
  return deliverWith(children, endpoint, vocabulary);
}

function receiptOf(id: string): string {
  return `receipt ${id.replace('CHILD-', '')}`;
}

export function childrenNamed(count: number): Child[] {
  return Array.from({ length: count }, (_, index) => ({ la_child_id: `CHILD-${String(index)}` }));
}

export function idsAt(places: readonly number[]): Set<string> {
  return new Set(places.map((index) => `CHILD-${String(index)}`));
}

/** A receiver that answers as `answerTo` says, and else accepts. */
export function receiverAnswering(
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

/** A receiver that refuses a whole batch for one rejected record; `says` makes its words. */
export function receiverRefusing(
  bad: ReadonlySet<string>,
  says: (ids: readonly string[], badPlaces: readonly number[]) => string = (ids) => `no: ${ids.join(' ')}`,
  status = 400,
) {
  return receiverAnswering((ids) => {
    const badPlaces = [...ids.keys()].filter((index) => bad.has(ids[index] ?? ''));
    return badPlaces.length === 0 ? undefined : { ...aRefusal(status), text: says(ids, badPlaces) };
  });
}

export const noAnswer = {
  kind: 'none',
  why: 'later',
  status: 503,
  text: 'DfE could not take the batch',
  mayHold: true,
  tries: 1,
} as const satisfies DfeAnswer;

export function aRefusal(status: number): Extract<DfeAnswer, { kind: 'refused' }> {
  return { kind: 'refused', status, text: 'no', mayHold: false, tries: 1 };
}

export function outcomesOf(deliveries: readonly Delivery[]): Delivery['outcome'][] {
  return deliveries.map(({ outcome }) => outcome);
}

/** Just the rejected records are refused, every other child has its own receipt, and none was taken twice. */
export function assertIsolated(
  children: readonly Child[],
  bad: ReadonlySet<string>,
  { children: deliveries, problem }: Awaited<ReturnType<typeof deliver>>,
  accepted: readonly string[],
): void {
  assert.equal(problem, undefined);
  assert.equal(deliveries.length, children.length);
  for (const [index, { la_child_id }] of children.entries()) {
    const delivery = deliveries[index];
    if (bad.has(la_child_id)) assert.equal(delivery?.outcome, 'refused', `${la_child_id} is rejected`);
    else assert.deepEqual(delivery, { outcome: 'accepted', receipt: receiptOf(la_child_id) });
  }
  assert.equal(new Set(accepted).size, accepted.length, 'no child is taken twice');
}

/** Each refused batch is divided into two parts or more, whatever DfE says. */
export function assertBounded(count: number, posted: readonly unknown[]): void {
  assert.ok(posted.length <= 2 * count - 1, `${String(posted.length)} posts for ${String(count)} children`);
}

/** Up to 100 children, and which of their records DfE rejects. */
export const batches = fc.integer({ min: 1, max: 100 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    bad: fc.oneof(fc.uniqueArray(fc.nat(count - 1), { maxLength: 6 }), fc.subarray([...Array(count).keys()])),
  }),
);

export function namesOf(places: Iterable<number>): string {
  return JSON.stringify([...places].map((place) => `[${String(place)}].sex: is no code`));
}
