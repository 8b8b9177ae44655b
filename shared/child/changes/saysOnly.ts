import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, jsonIn } from '../json.js';

/** What a partial submission may leave out; see `partial.ts`. */
const blocks = ['health_and_wellbeing', 'social_care_episodes'] as const;

/**
 * Whether a submission, removals aside, says what `held` says and nothing else; a block that it leaves out counts as
 * said.
 * @param held the JSON text of what DfE is to hold afterwards
 */
export function saysOnly(submission: Readonly<Record<string, unknown>>, held: string): boolean {
  const whole = jsonIn(held);
  if (!isJsonObject(whole)) return false;
  const leftOut = blocks.filter((block) => !Object.hasOwn(submission, block));
  const asked = Object.entries(whole).filter(([key]) => !leftOut.some((block) => block === key));
  return isDeepStrictEqual(withoutRemovals(submission), withoutRemovals(Object.fromEntries(asked)));
}

/** Without purge entries, and without the lists and blocks that are empty or hold nothing else. */
function withoutRemovals(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isRemoval(item)).map(withoutRemovals);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value)
    .filter(([, held]) => !isRemoval(held))
    .map(([key, held]) => [key, withoutRemovals(held)] as const)
    .filter(([, held]) => !Array.isArray(held) || held.length > 0)
    .filter(([, held]) => !isJsonObject(held) || Object.keys(held).some((key) => key !== 'purge'));
  return Object.fromEntries(kept);
}

function isRemoval(value: unknown): boolean {
  return isJsonObject(value) && value['purge'] === true;
}
