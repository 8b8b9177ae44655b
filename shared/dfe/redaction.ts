import { afterIndex, lineBreaks } from './refusal.js';

/** A single letter or digit (a code such as sex or start reason) identifies nobody. */
const shortestValue = 2;
const letterOrDigit = '[\\p{L}\\p{N}]';
const signsAround = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
/** Dates in whatever form DfE may write them: a date of birth need not come back as it was sent. */
const dates =
  /(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)|(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s+\d{2,4}(?!\d)/gi;
const removed = '[removed]';

/**
 * Text from DfE without any value of the payloads it speaks of, in any case, and without dates; field names and DfE's
 * own words stay. A value is found also where it is written with the escapes of JSON or HTML, in another normal form of
 * Unicode or with other white space, and each of its lines also alone.
 */
export function withoutValues(text: string, payloads: readonly object[]): string {
  return removerOf(payloads)(text);
}

/** `withoutValues` for many texts about the same payloads. */
export function removerOf(payloads: readonly object[]): (text: string) => string {
  const values = new Set<string>();
  collect(payloads, values);
  const longestFirst = [...values]
    .sort((a, b) => b.length - a.length)
    .map((value) => ({ value, key: folded(value) }));
  return (text) => {
    const plain = unescaped(text).normalize('NFC');
    // A batch has thousands of values, and hardly one of them is in the text: a regular expression only for those.
    const searched = folded(plain);
    return longestFirst
      .filter(({ key }) => searched.includes(key))
      .reduce((rest, { value }) => rest.replace(wholeWord(value), removed), plain)
      .replace(dates, removed);
  };
}

/** The same for all texts that a regular expression takes for the same regardless of case. */
function folded(text: string): string {
  return text.toLowerCase().toUpperCase().replace(/\s+/g, ' ');
}

function wholeWord(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
  return new RegExp(`(?<!${letterOrDigit})${literal}(?!${letterOrDigit})`, 'giu');
}

function collect(value: unknown, values: Set<string>): void {
  if (typeof value === 'string') {
    // An answer is read line by line, without the index at the head of a line and the signs after it.
    const lines = value.split(lineBreaks).flatMap((line) => [line, afterIndex(line)?.words ?? '']);
    for (const part of [value, ...lines]) {
      for (const text of [part.trim(), part.replace(signsAround, '')]) {
        if (text.length < shortestValue) continue;
        values.add(text.normalize('NFC'));
        // A postcode or a number may come back without its blanks.
        if (/\d/.test(text)) values.add(text.normalize('NFC').replace(/\s+/g, ''));
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, values);
  }
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The escapes of JSON, also where it was escaped twice, and those of HTML. */
function unescaped(text: string): string {
  return text
    .replace(/\\+u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\+(["'/])/g, '$1')
    .replace(/&amp;/gi, '&')
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (escape, hex?: string, decimal?: string) => {
      const point = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
    })
    .replace(/&([a-z]{2,4});/gi, (escape, name: string) => named[name.toLowerCase()] ?? escape);
}
