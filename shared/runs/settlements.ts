import type { BuildRules } from '../child/buildRules.js';
import type { Delivery } from '../dfe/delivery.js';
import { refusedPlaces } from '../dfe/refusedPlaces.js';
import type { ChildAnswer } from '../records/answers.js';
import type { Chunk } from '../records/chunk.js';
import type { Result } from '../records/result.js';
import type { ClaimedChild } from '../staging/stagingTable.js';
import type { Settlement } from '../staging/settlement.js';

export type ChunkChild = Chunk['children'][number];

/** @returns `undefined` when DfE may hold it but has not confirmed it */
export function answerOf(
  child: ChunkChild,
  delivery: Delivery | undefined,
  { inDoubt, staysInDoubt }: ClaimedChild = { inDoubt: true, staysInDoubt: true },
  claimId: string,
  rules: Pick<BuildRules, 'placementIdsRepeat'>,
): ChildAnswer | Extract<Settlement, { outcome: 'notTaken' }> | undefined {
  switch (delivery?.outcome) {
    case undefined:
      return undefined;
    case 'accepted':
      return {
        ...idOf(child),
        outcome: 'accepted',
        receipt: delivery.receipt,
        claimId,
        ...(delivery.mayLandAgain === true ? { mayLandAgain: true } : {}),
        ...(staysInDoubt ? { inDoubt: true } : {}),
      };
    case 'refused': {
      const places = refusedPlaces(delivery.reason, child.payload, rules);
      return {
        ...idOf(child),
        outcome: 'refused',
        reason: delivery.reason,
        ...(places.length === 0 ? {} : { places }),
        mayHold: delivery.mayHold || inDoubt,
        claimId,
        ...(staysInDoubt ? { inDoubt: true } : {}),
      };
    }
    case 'unanswered':
      return delivery.mayHold || inDoubt ? undefined : { ...idOf(child), outcome: 'notTaken', claimId };
  }
}

export function idOf({ personId, hash }: ChunkChild): { personId: string; hash: string } {
  return { personId, hash };
}

function isAnswer(child: Result['children'][number]): child is ChildAnswer {
  return child.outcome === 'accepted' || child.outcome === 'refused';
}

/** The changes of the staging table that follow from the answers about the children of a chunk. */
export function settlementsOf(chunk: Chunk, children: readonly Result['children'][number][]): Settlement[] {
  const kept = chunk.children.filter(({ erasedAt }) => erasedAt === undefined);
  const sent = new Map(kept.map((child) => [child.personId, child]));
  return children.filter(isAnswer).flatMap((child): Settlement[] => {
    const was = sent.get(child.personId);
    if (was?.hash !== child.hash) return [];
    if (child.outcome === 'refused') return [child];
    const { claimId, mayLandAgain = false } = child;
    return [{ ...child, claimId, mayLandAgain, holds: heldAfter(was) }];
  });
}

function heldAfter({ holds, payload }: ChunkChild): string | undefined {
  if (holds === 'nothing') return undefined;
  return holds === 'payload' ? JSON.stringify(payload) : holds.json;
}
