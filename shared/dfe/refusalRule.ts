import { fieldPath, pathsIn } from './fieldNames.js';
import { vocabularyWith } from './keptWords.js';

/**
 * What a refusal is about, in words of a closed list: DfE's status and, where DfE names one, the field of the payload
 * without indexes, as `400 child_details.postcode`. Nothing else of DfE's words has a place in it.
 */
export type RefusalRule = string;

/** What every rule looks like. */
export const refusalRulePattern = new RegExp(`^(?:[1-9]\\d\\d|none)(?: ${fieldPath})?$`);

const status = /^([1-9]\d\d)\b/;
const vocabulary = vocabularyWith();

/**
 * The fields that DfE names, with their indexes, as `social_care_episodes[0].closure_reason`. A word that is in DfE's own
 * sentences as well names none by itself: "must be a valid date".
 * @param reason why DfE refused a child, as a result record keeps it: `400: ` and DfE's words
 */
export function fieldsNamedIn(reason: string): string[] {
  return pathsIn(reason).filter((path) => !vocabulary.has(path));
}

/** @param reason see `fieldsNamedIn`. Of several paths in it the longest counts, since a shorter one is often only its head */
export function refusalRuleOf(reason: string): RefusalRule {
  const paths = fieldsNamedIn(reason).map((path) => path.replace(/\[\d*\]/g, ''));
  const [field] = paths.sort((one, other) => other.split('.').length - one.split('.').length);
  return [status.exec(reason)?.[1] ?? 'none', field].filter((part) => part !== undefined).join(' ');
}
