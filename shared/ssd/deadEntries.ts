import { codedFields } from '../child/codes/codeLists.js';
import { normalised } from '../child/codes/localValues.js';
import type { ProfileFile } from './profileFile.js';
import type { ValueCounts } from './valueCounts.js';
import type { ValueUse } from './valueReadings.js';

/** Where the words of each list are looked for. */
const usesOfLists = {
  uascStatuses: 'uascStatuses',
  careWorkerRoles: 'careWorkerRoles',
  formerUpnTypes: 'formerUpnTypes',
  conferenceOutcomes: 'conferenceOutcomes',
  otherOutcomes: 'conferenceOutcomes',
  conferenceFlagKeys: 'conferenceOutcomes',
} as const satisfies Partial<Record<keyof ProfileFile, ValueUse>>;

/**
 * The words of one profile file that no row of the SSD has: misspelt, or no longer needed. Where a column is absent or has
 * more values than are read, no word of it is judged.
 * @param own the file itself, without what it extends
 */
export function deadEntries(own: ProfileFile, counts: ReadonlyMap<ValueUse, ValueCounts>): string[] {
  const inMaps = codedFields.flatMap((field) =>
    unmet(Object.keys(own.valueMaps?.[field] ?? {}), counts.get(field)).map(
      (text) => `valueMaps.${field}: "${text}"`,
    ),
  );
  const inLists = Object.entries(usesOfLists).flatMap(([list, use]) =>
    unmet(listIn(own, list), counts.get(use)).map((text) => `${list}: "${text}"`),
  );
  return [...inMaps, ...inLists];
}

function listIn(own: ProfileFile, name: string): readonly string[] {
  const list = Object.entries(own).find(([key]) => key === name)?.[1];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

/** A word is there as a value, or in one: behind its code, in a list, or as a key of JSON. */
function unmet(words: readonly string[], counts: ValueCounts | undefined): string[] {
  if (counts?.isComplete !== true) return [];
  const values = counts.values.flatMap(({ texts }) =>
    texts.flatMap((text) => (text === null ? [] : ` ${wordsOf(text)} `)),
  );
  return words.filter((word) => !values.some((value) => value.includes(` ${wordsOf(word)} `)));
}

/** Without the signs of JSON, too. */
function wordsOf(text: string): string {
  return normalised(text.replace(/["{}:,]/g, ' '));
}
