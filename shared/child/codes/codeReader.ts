import { isSendableCode, type CodedField, type CodeLists } from './codeLists.js';
import { addToDate, type PlainDate } from '../dates.js';
import { isPlaceholder, normalised, type Placeholders, type ValueMaps } from './localValues.js';

/** The two columns that a coded value may have in the SSD. */
export const codeColumns = ['code', 'description'] as const;
type CodeColumn = (typeof codeColumns)[number];

/**
 * Which of the two columns of a field is read first, and which holds internal numbers: its numbers are never read,
 * and its codes with a letter only if the other column is empty.
 */
export interface Speaks {
  readonly first: CodeColumn;
  readonly never?: CodeColumn | undefined;
}

/** How a case management system writes its codes. */
export interface CodeProfile {
  /** The local values that mean a code by themselves. */
  readonly valueMaps: ValueMaps;
  /** The descriptions that a code in front of them may have: those of the value maps and the national ones. */
  readonly descriptions: ValueMaps;
  /** What may come between a code and its description, such as ` - `, field by field. */
  readonly separators: Readonly<Record<CodedField, readonly string[]>>;
  readonly speaks: Readonly<Record<CodedField, Speaks>>;
  readonly placeholders: Placeholders;
}

/** Why a value gives no code. */
type CodeFault = 'code-unknown' | 'code-retired' | 'codes-contradict' | 'placeholder';

export type CodeReading =
  /** Null, or only blanks. */
  | { readonly is: 'nothing' }
  /** @param retiredSince the first day on which the code, which is right for its row, was not valid any more */
  | { readonly is: 'code'; readonly code: string; readonly retiredSince?: PlainDate }
  | { readonly is: 'unreadable'; readonly rule: CodeFault };

const nothing: CodeReading = { is: 'nothing' };
const contradiction = Symbol('a value with two codes');

/** What a text says before its date is looked at. */
type Found = string | typeof contradiction | undefined;

/** A longer text is neither a code nor a description. */
const longestText = 1000;

/**
 * Turns a value of the SSD into a national code by the rules of `docs/profiles.md`. It never guesses: a value is read
 * only where it is a code, or the profile knows it, or a code comes before a separator that the profile names.
 */
export class CodeReader {
  readonly #codes: CodeLists;
  readonly #profile: CodeProfile;
  /** The descriptions of each code, which are asked for rarely. */
  readonly #descriptionsOf = new Map<CodedField, ReadonlyMap<string, readonly string[]>>();

  constructor(codes: CodeLists, profile: CodeProfile) {
    this.#codes = codes;
    this.#profile = profile;
  }

  /**
   * @param on the date of the row that holds the value, by which a code that has ended is judged; null when the row
   * has none, and then a code that has ended is not valid
   */
  read(field: CodedField, text: string | null, on: PlainDate | null): CodeReading {
    return this.#read(field, text, on, true);
  }

  /** The code of a field that has a code column and a description column. */
  readPair(
    field: CodedField,
    code: string | null,
    description: string | null,
    on: PlainDate | null,
  ): CodeReading {
    const { first, never } = this.#profile.speaks[field];
    const texts = { code, description };
    if (never !== undefined) {
      const other = never === 'code' ? 'description' : 'code';
      const reading = this.#read(field, texts[other], on, true);
      const hidden = texts[never];
      if (reading.is !== 'nothing' || !isThere(hidden)) return reading;
      // A number is an internal one; what has a letter in it cannot be.
      return /^[\d\s.]*$/.test(hidden) ? fault('code-unknown') : this.#read(field, hidden, on, false);
    }
    const second = first === 'code' ? 'description' : 'code';
    const both = (mayBeAfterBlank: boolean) =>
      together(
        this.#read(field, texts[first], on, mayBeAfterBlank),
        this.#read(field, texts[second], on, mayBeAfterBlank),
      );
    // A code before a bare blank counts only where neither column gives one otherwise.
    const reading = both(false);
    return reading.is === 'unreadable' && reading.rule !== 'codes-contradict' ? both(true) : reading;
  }

  #read(
    field: CodedField,
    value: string | null,
    on: PlainDate | null,
    mayBeAfterBlank: boolean,
  ): CodeReading {
    const text = value?.trim() ?? '';
    if (text === '') return nothing;
    if (text.length > longestText) return fault('code-unknown');
    const known = codeIn(this.#codes, field, text) ?? this.#profile.valueMaps[field]?.get(normalised(text));
    if (known === undefined && isPlaceholder(this.#profile.placeholders, text)) return fault('placeholder');
    const found =
      known ??
      this.#beforeSeparator(field, text) ??
      (mayBeAfterBlank ? this.#beforeBlank(field, text) : undefined);
    if (found === contradiction) return fault('codes-contradict');
    return found === undefined ? fault('code-unknown') : this.#judged(field, found, on);
  }

  #judged(field: CodedField, code: string, on: PlainDate | null): CodeReading {
    if (this.#codes[field].has(code)) return { is: 'code', code };
    const lastDay = this.#codes.retired[field]?.get(code)?.lastDay;
    if (lastDay === undefined) return fault('code-unknown');
    if (on === null || on > lastDay) return fault('code-retired');
    return { is: 'code', code, retiredSince: addToDate(lastDay, { days: 1 }) };
  }

  /** @param deep false for what is behind a separator already, so that separators that overlap cannot multiply */
  #beforeSeparator(field: CodedField, text: string, deep = true): Found {
    const plain = `${text.replace(/[‐-―−]/g, '-').replace(/\s+/g, ' ')} `;
    for (const separator of this.#profile.separators[field]) {
      const at = plain.indexOf(separator);
      if (at < 1) continue;
      const head = plain.slice(0, at).trim();
      const rest = plain.slice(at + separator.length).trim();
      const code = codeIn(this.#codes, field, head);
      // `10:30` is a time, and `4 - 8 Station Road` an address.
      if (code === undefined || (/^\d+$/.test(head) && /^\d/.test(rest))) continue;
      const said =
        codeIn(this.#codes, field, rest) ??
        this.#profile.descriptions[field]?.get(normalised(rest)) ??
        (deep ? this.#beforeSeparator(field, rest, false) : undefined) ??
        this.#beforeBlank(field, rest);
      if (said !== undefined && said !== code) return contradiction;
      // `Place: Leeds` is not the code PLACE, `PLACE: …` is, and so is `m - Male`.
      if (/[a-z]/.test(head) && !/\d/.test(head) && said !== code) continue;
      return code;
    }
    return undefined;
  }

  /** `X1 Episode ceases`: a code, a blank, and what that very code's description is or begins with. */
  #beforeBlank(field: CodedField, text: string): string | undefined {
    const blank = /\s/.exec(text)?.index;
    if (blank === undefined) return undefined;
    const code = codeIn(this.#codes, field, text.slice(0, blank));
    const behind = text.slice(blank).trim();
    // A sign between the two is a separator that the profile does not name.
    if (code === undefined || !/^[\p{L}\p{N}]/u.test(behind)) return undefined;
    const rest = normalised(behind);
    const descriptions = this.#descriptions(field).get(code) ?? [];
    return descriptions.some((known) => known === rest || known.startsWith(`${rest} `)) ? code : undefined;
  }

  #descriptions(field: CodedField): ReadonlyMap<string, readonly string[]> {
    const made = this.#descriptionsOf.get(field);
    if (made !== undefined) return made;
    const known = new Map<string, string[]>();
    for (const [description, code] of this.#profile.descriptions[field] ?? []) {
      known.set(code, [...(known.get(code) ?? []), description]);
    }
    this.#descriptionsOf.set(field, known);
    return known;
  }
}

/**
 * The code that a text is, in any case; of care leavers' accommodation also with its suitability (`B1` is `B`).
 * Codes that have ended count as well.
 */
export function codeIn(codes: CodeLists, field: CodedField, text: string): string | undefined {
  const trimmed = text.trim();
  // Letters outside ASCII can become another code in capitals.
  if (!/^[A-Za-z0-9]{1,12}$/.test(trimmed)) return undefined;
  const code = trimmed.toUpperCase();
  if (isSendableCode(codes, field, code)) return code;
  if (field !== 'careLeaverAccommodation' || !/^[A-Z][12]$/.test(code)) return undefined;
  const letter = code.slice(0, 1);
  return isSendableCode(codes, field, letter) ? letter : undefined;
}

function fault(rule: CodeFault): CodeReading {
  return { is: 'unreadable', rule };
}

function isThere(text: string | null): text is string {
  return text !== null && text.trim() !== '';
}

/** The most serious first: what the analyst should look at. */
const byWeight: readonly CodeFault[] = ['codes-contradict', 'code-retired', 'code-unknown', 'placeholder'];

/** What two columns say together. */
function together(one: CodeReading, other: CodeReading): CodeReading {
  if (one.is === 'nothing') return other;
  if (other.is === 'nothing') return one;
  if (one.is === 'code') {
    return other.is === 'code' && other.code !== one.code ? fault('codes-contradict') : one;
  }
  // A first column that gives two codes is not settled by the second.
  if (other.is === 'code') return one.rule === 'codes-contradict' ? one : other;
  return fault(byWeight.find((rule) => rule === one.rule || rule === other.rule) ?? one.rule);
}
