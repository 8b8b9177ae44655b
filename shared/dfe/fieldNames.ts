import { z } from 'zod';
import { newestCodeLists } from '../child/codes/codeLists.js';
import { childSchemaOf } from '../child/payload.js';

/** Every name of a field that a payload may have. It does not depend on the code lists of the year. */
const fieldNames = [
  ...new Set(namesIn(z.toJSONSchema(childSchemaOf(newestCodeLists), { unrepresentable: 'any' }))),
];

/** A path of names such as `child_details.sex`, without indexes, for a regular expression. */
export const fieldPath = `${anyOf(fieldNames)}(?:\\.${anyOf(fieldNames)})*`;

const index = '(?:\\[\\d{0,3}\\])?';
const path = new RegExp(
  `(?<!\\w)${anyOf(fieldNames)}${index}(?:\\.${anyOf(fieldNames)}${index})*(?!\\w)`,
  'g',
);

/** The paths in a text that has them in one notation, such as `social_care_episodes[0].closure_reason`. */
export function pathsIn(text: string): string[] {
  return [...text.matchAll(path)].map(([found]) => found);
}

/** A name by each way in which DfE may write it: `child_details`, `childDetails`, `ChildDetails`. */
const nameBySpelling: ReadonlyMap<string, string> = new Map(
  fieldNames.flatMap((name) => {
    const pascal = name.split('_').map(capitalised).join('');
    return [name, `${name.charAt(0)}${pascal.slice(1)}`, pascal].map((spelling) => [spelling, name]);
  }),
);
const spellings = [...nameBySpelling.keys()];
/** By itself `Date` or `Score` is not taken for a field: it may be a surname. */
const spellingsAlone = spellings.filter((spelling) => !/^[A-Z][a-z]+$/.test(spelling));

const quotedStep = /\[(['"])(\w{1,60})\1\]/g;
const anyIndex = '(?:\\[\\d{0,3}\\]|[./]\\d{1,3}(?!\\w))?';
const nextStep = `[./]${anyOf(spellings)}${anyIndex}`;
const pathInAnyNotation = new RegExp(
  `(?<!\\w)(?:${anyOf(spellings)}${anyIndex}(?:${nextStep})+|${anyOf(spellingsAlone)}${anyIndex})(?!\\w)`,
  'g',
);

/**
 * The text with all paths in one notation. DfE's is not published; each of these becomes
 * `social_care_episodes[0].closure_reason`: `/social_care_episodes/0/closure_reason`,
 * `['social_care_episodes'][0]['closure_reason']`, `social_care_episodes.0.closure_reason`,
 * `SocialCareEpisodes[0].ClosureReason`.
 */
export function withPathsInOneNotation(text: string): string {
  return text.replace(quotedStep, '.$2').replace(pathInAnyNotation, (found) =>
    found
      .replace(/[./](\d{1,3})(?!\w)/g, '[$1]')
      .replaceAll('/', '.')
      .replace(/\w+/g, (word) => nameBySpelling.get(word) ?? word),
  );
}

/** Of two names that begin alike the longer one comes first. */
function anyOf(names: readonly string[]): string {
  return `(?:${[...names].sort((one, other) => other.length - one.length).join('|')})`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function* namesIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  for (const [key, member] of members) {
    if (key === 'properties' && typeof member === 'object' && member !== null) yield* Object.keys(member);
    yield* namesIn(member);
  }
}
