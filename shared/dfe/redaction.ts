/** A single letter or digit (a code such as sex or start reason) identifies nobody. */
const shortestValue = 2;
const letterOrDigit = '[\\p{L}\\p{N}]';
/** Dates in whatever form DfE may write them: a date of birth need not come back as it was sent. */
const dates = /\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b/g;
const removed = '[removed]';

/**
 * Text from DfE without any value of the payloads it speaks of, in any case, and without dates; field names and DfE's
 * own words stay.
 */
export function withoutValues(text: string, payloads: readonly object[]): string {
  const values = new Set<string>();
  collect(payloads, values);
  return [...values]
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, value) => redacted.replace(wholeWord(value), removed), text)
    .replace(dates, removed);
}

function wholeWord(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<!${letterOrDigit})${literal}(?!${letterOrDigit})`, 'giu');
}

function collect(value: unknown, values: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= shortestValue) values.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, values);
  }
}
