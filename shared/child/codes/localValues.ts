import type { CodedField } from './codeLists.js';

/** National codes by what a case management system has in their place (normalised), field by field. */
export type ValueMaps = Readonly<Partial<Record<CodedField, ReadonlyMap<string, string>>>>;

/**
 * A local value as it is compared: in capitals, with single blanks, and without what people write in different ways.
 * A hyphen, a dash, a slash or a bracket is a blank; `&` is `AND`; an apostrophe, the brackets of `carer(s)`, and a
 * comma, full stop, colon or semicolon at the end of a word are nothing. So `Unaccompanied asylum-seeking child` is
 * `Unaccompanied Asylum Seeking Child`, and `With parent(s) or relative(s).` is `With parents or relatives`.
 */
export function normalised(text: string): string {
  return text
    .toUpperCase()
    .replace(/['`´‘’]/g, '')
    .replace(/\(S\)/g, 'S')
    .replace(/&/g, ' AND ')
    .replace(/[-‐-―−/\\()[\]]/g, ' ')
    .split(/\s+/)
    .map(withoutEndSigns)
    .filter((word) => word !== '')
    .join(' ');
}

const endSigns: ReadonlySet<string> = new Set([',', '.', ':', ';']);

/** In one pass: a pattern would take the square of the length on a text of full stops. */
function withoutEndSigns(word: string): string {
  let end = word.length;
  while (end > 0 && endSigns.has(word.charAt(end - 1))) end -= 1;
  return word.slice(0, end);
}

/** Texts in the place of a value that are not values, such as `SSD_PH`, as `placeholderKey` writes them. */
export type Placeholders = ReadonlySet<string>;

/** A placeholder as it is compared: every sign of it counts. */
export function placeholderKey(text: string): string {
  return text.trim().toUpperCase();
}

/** True for a text in the place of a value that is not a value. */
export function isPlaceholder(placeholders: Placeholders, text: string): boolean {
  return placeholders.has(placeholderKey(text));
}
