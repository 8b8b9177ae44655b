import { submissionOf, type ChildSubmission } from './difference.js';
import { isJsonObject, jsonIn } from '../json.js';
import type { Child } from '../payload.js';

/** A child that is sent in part: a missing block is right at DfE already. */
type PartialSubmission = ChildSubmission;

/**
 * The changed blocks of a child, for the day DfE asks for true deltas (submission mode `partial`).
 *
 * The block is the smallest unit, because whether DfE replaces or merges arrays is not published: a block that
 * differs from the acknowledged one goes whole, with its purge entries, which is right under both. A block that does
 * not differ is left out, which is right only when a missing block means "unchanged" to DfE: ask before this mode is
 * switched on.
 *
 * `child_details` always goes. The partial payloads of Data to Insight's sender, the only ones that are published,
 * always carry it (`REQUIRED_FIELDS` in its config.py), and a child that DfE refuses fails its batch.
 *
 * @param acknowledged the JSON text of the payload DfE acknowledged last; when it cannot be read, the child goes
 *   whole. If a later submission was never answered, we cannot tell what DfE holds: send the whole child instead.
 */
export function partialSubmissionOf(child: Child, acknowledged: string): PartialSubmission {
  const { health_and_wellbeing, social_care_episodes, ...always } = submissionOf(child, [acknowledged]);
  const before = blocksIn(acknowledged);
  const changed = (block: 'health_and_wellbeing' | 'social_care_episodes') =>
    JSON.stringify(child[block]) !== JSON.stringify(before[block]);
  return {
    ...always,
    ...(changed('health_and_wellbeing') ? { health_and_wellbeing } : {}),
    ...(changed('social_care_episodes') ? { social_care_episodes } : {}),
  };
}

/** The blocks of a payload as they were sent, none when its text cannot be read. */
function blocksIn(text: string): { health_and_wellbeing?: unknown; social_care_episodes?: unknown } {
  const payload = jsonIn(text);
  return isJsonObject(payload) ? payload : {};
}
