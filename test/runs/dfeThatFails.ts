import type { DfeAnswer } from '../../shared/dfe/answer.js';
import type { World } from './world.js';

export const twoLanes = { lanes: 2, chunkLimits: { maxChildren: 2, maxBytes: 190_000 } };
export const hour = 60 * 60_000;

export const failure = {
  kind: 'none',
  why: 'later',
  status: 500,
  text: '',
  mayHold: true,
  tries: 1,
} as const;
/** @param hours for which DfE asks to be left alone */
export function asksToWait(hours: number): DfeAnswer {
  return { ...failure, status: 429, mayHold: false, retryAfterMs: hours * hour };
}

/** DfE that gives the answers it is given, and otherwise its usual ones. */
export function aDfe(
  world: World,
  answer: (payloads: readonly object[], post: number) => DfeAnswer | undefined,
) {
  let posts = 0;
  const simulated = world.dependencies('first');
  return {
    get posts() {
      return posts;
    },
    post: async (payloads: readonly object[]): Promise<DfeAnswer> => {
      posts += 1;
      return answer(payloads, posts) ?? simulated.post(payloads);
    },
    probe: () => Promise.resolve('accepted' as const),
  };
}
