import { isUnreadable, type TextCell, presentText } from '../cells.js';
import { isJsonObject, jsonIn } from '../json.js';
import { flagOf } from './valueReader.js';

/** The longest JSON that is looked into, in characters: 42 factors with long descriptions are some 4,000. */
const longestJson = 20_000;
/** The most entries of a list that are looked at: there are 42 factors, and an outcome has a handful of keys. */
const mostEntries = 500;

/** What a column of JSON or comma text holds: codes or names, not looked up yet. */
type ListReading =
  | { readonly is: 'list'; readonly entries: readonly string[] }
  /** Not all of it can be read: nothing of it is taken. */
  | { readonly is: 'unreadable' };

const unreadable: ListReading = { is: 'unreadable' };

/**
 * The assessment factors of one row: a JSON array of codes, an object of code to Yes or No, or comma text. Nulls and
 * blanks are dropped. An array in an array, an object in an array, a value that is neither yes nor no, JSON that is too
 * long: unreadable.
 */
export function factorsIn(cell: TextCell): ListReading {
  if (isUnreadable(cell)) return unreadable;
  const text = presentText(cell);
  if (text === undefined || text === 'null') return { is: 'list', entries: [] };
  if (text.length > longestJson) return unreadable;
  if (text.startsWith('[')) {
    const list = jsonIn(text);
    return Array.isArray(list) ? entriesOf(list) : unreadable;
  }
  if (text.startsWith('{')) {
    const flags = jsonIn(text);
    return isJsonObject(flags) && !repeatsKey(text, flags) ? trueKeysOf(flags) : unreadable;
  }
  return listed(text.split(','));
}

function entriesOf(list: readonly unknown[]): ListReading {
  if (list.length > mostEntries) return unreadable;
  const present = list.filter((entry) => entry !== null);
  const readable = present.filter((entry) => typeof entry === 'string' || typeof entry === 'number');
  return readable.length === present.length ? listed(readable.map(String)) : unreadable;
}

function trueKeysOf(flags: Readonly<Record<string, unknown>>): ListReading {
  const entries = Object.entries(flags);
  if (entries.length > mostEntries) return unreadable;
  const answers = entries.map(([code, flag]): readonly [string, boolean | undefined] => [
    code,
    flag === null || flag === '' ? false : flagIn(flag),
  ]);
  if (answers.some(([code, flag]) => flag === undefined || (flag && code.trim() === ''))) return unreadable;
  // One code in capitals and in small letters, ticked once and once not.
  const byCode = new Map(answers.map(([code, flag]) => [code.trim().toUpperCase(), flag]));
  if (answers.some(([code, flag]) => byCode.get(code.trim().toUpperCase()) !== flag)) return unreadable;
  return listed(answers.filter(([, flag]) => flag === true).map(([code]) => code));
}

/** @returns `undefined` for what is neither yes nor no */
function flagIn(value: unknown): boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? flagOf(String(value))
    : undefined;
}

function listed(texts: readonly string[]): ListReading {
  if (texts.length > mostEntries) return unreadable;
  return { is: 'list', entries: texts.map((text) => text.trim()).filter((text) => text !== '') };
}

/** Whether the outcome of a section 47 enquiry asks for an initial conference. */
interface OutcomeReading {
  /** `flag-unknown`: the flag is there and neither yes nor no. */
  readonly is: 'nothing' | 'yes' | 'no' | 'flag-unknown' | 'unreadable';
}

/** How a profile reads outcomes; names are normalised, see `localValues.ts`. */
export interface OutcomeWords {
  /** The keys of the JSON object that say so. The first one found counts. */
  readonly conferenceFlagKeys: readonly string[];
  /** The names that mean a conference, where the outcome is a comma list of names and no JSON. */
  readonly conferenceOutcomes: ReadonlySet<string>;
  /** The names that mean something else. A list says "no" only when it knows each of them. */
  readonly otherOutcomes: ReadonlySet<string>;
}

/** @param text without blanks around it */
export function outcomeIn(
  text: string,
  words: OutcomeWords,
  normalised: (name: string) => string,
): OutcomeReading {
  if (text.length > longestJson) return { is: 'unreadable' };
  if (text.startsWith('{')) return outcomeInJson(text, words.conferenceFlagKeys);
  if (words.conferenceOutcomes.size === 0) return { is: 'unreadable' };
  const list = listed(text.split(','));
  if (list.is === 'unreadable' || list.entries.length === 0) return { is: 'unreadable' };
  const names = list.entries.map(normalised);
  if (names.some((name) => words.conferenceOutcomes.has(name))) return { is: 'yes' };
  return { is: names.every((name) => words.otherOutcomes.has(name)) ? 'no' : 'unreadable' };
}

function outcomeInJson(text: string, keys: readonly string[]): OutcomeReading {
  const outcome = jsonIn(text);
  if (!isJsonObject(outcome) || repeatsKey(text, outcome)) return { is: 'unreadable' };
  const entries = Object.entries(outcome).map(([key, value]) => [key.trim().toUpperCase(), value] as const);
  const matching = keys.flatMap((key) => entries.filter(([name]) => name === key.toUpperCase()));
  // An outcome that does not speak of a conference is one that this profile does not know.
  if (matching.length === 0) return { is: entries.length === 0 ? 'nothing' : 'unreadable' };
  const said = matching.map(([, value]) => value).filter((value) => value !== null && !isBlank(value));
  const flags = new Set(said.map(flagIn));
  if (flags.size === 0) return { is: 'nothing' };
  // Two keys that say different things.
  if (flags.size > 1) return { is: 'unreadable' };
  const [flag] = flags;
  return { is: flag === undefined ? 'flag-unknown' : flag ? 'yes' : 'no' };
}

/** A key that an object has twice: JSON.parse would keep only the last. */
function repeatsKey(text: string, record: Readonly<Record<string, unknown>>): boolean {
  const colons = text.split(':').length - 1;
  const keys = Object.keys(record);
  if (colons <= keys.length) return false;
  return keys.some((key) => {
    const quoted = JSON.stringify(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return [...text.matchAll(new RegExp(`${quoted}\\s*:`, 'g'))].length > 1;
  });
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
