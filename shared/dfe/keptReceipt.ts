/** As DfE publishes it: `yyyy-MM-dd_HH:mm:ss.ff_<uuid>.json`, with any number of fraction digits, with or without `.json`. */
const published =
  /^\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d(?:\.\d+)?_[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?:\.json)?$/i;
/** A published receipt has about 65 characters. */
const longest = 100;
/** Without the signs that only encodings need, such as %, & or =. */
const plainSigns = /^[\w .:/-]+$/;

/** Kept in place of a receipt that may quote the child, or that a database would not take. */
export const receiptLeftOut =
  'DfE accepted the child; its receipt is left out, as it does not have the published form.';

/**
 * What is kept of DfE's receipt for a child. DfE may change the form of its receipts: a receipt in another form is kept when
 * it is short, has letters, digits and few other signs, and holds no value of the child, neither plain nor in a common
 * encoding. For a removal only the published form is kept: DfE knows the child's values, and a removal does not say them.
 */
export function keptReceipt(receipt: string, payload: object): string {
  if (receipt.length > longest) return receiptLeftOut;
  if (published.test(receipt)) return receipt;
  const isRemoval = 'purge' in payload && payload.purge === true;
  return !isRemoval && plainSigns.test(receipt) && !holdsValue(receipt, payload) ? receipt : receiptLeftOut;
}

/** A shorter value counts only as a whole part of the receipt: a few letters or digits may be there by chance. */
const shortestWithin = 4;

function holdsValue(receipt: string, payload: object): boolean {
  const readings = readingsOf(receipt);
  const parts = new Set(readings.flatMap((reading) => reading.split(/[^\p{L}\p{N}]+/u).map(folded)));
  // One text with line breaks: a receipt may have thousands of readings.
  const whole = [...new Set(readings.map(folded))].join('\n');
  return [...new Set(formsIn(payload))].some(
    (form) => parts.has(form) || (form.length >= shortestWithin && whole.includes(form)),
  );
}

/** A receipt as it is, and decoded in every way that makes a text. */
function readingsOf(receipt: string): string[] {
  const decoded = [
    receipt.replace(/(?:[\da-f]{2}[-:. ]?)+/gi, (run) =>
      Buffer.from(run.replace(/\W/g, ''), 'hex').toString(),
    ),
    receipt.replace(/\d{2,3}(?:\D+\d{2,3})+/g, (run) => Buffer.from(run.split(/\D+/).map(Number)).toString()),
    // Node.js reads both alphabets of base64.
    ...stretchesOf(receipt).flatMap((part) => {
      const bytes = Buffer.from(part, 'base64');
      return [bytes.toString('utf8'), bytes.toString('utf16le')];
    }),
  ];
  return [receipt, ...decoded]
    .map((reading) => reading.replaceAll('\0', ''))
    .filter((reading) => isText.test(reading))
    .flatMap((reading) => [reading, Array.from(reading).reverse().join(''), rotated(reading)]);
}

/** Every stretch between two signs: an encoded value may be one part of the receipt, and may have - and _ in it. */
function stretchesOf(receipt: string): string[] {
  const signs = [...receipt.matchAll(/[^A-Za-z0-9]/g)].map(({ index }) => index);
  const begins = [0, ...signs.map((index) => index + 1)];
  const ends = [...signs, receipt.length];
  return begins.flatMap((from) => ends.filter((to) => to > from).map((to) => receipt.slice(from, to)));
}

/** What was not encoded decodes to noise, which may have two letters of a value by chance. */
const isText = /^(?:(?!\ufffd)[\p{L}\p{N}\p{P}\p{S}\p{Zs}])+$/u;

/** ROT13. */
function rotated(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}

/** Each value of a child in the ways it may be written: a date in any order, one word of a name of several words. */
function formsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    const forms = [text, ...(datesIn(text) ?? wordsIn(text))];
    return forms.map(folded).filter((form) => form.length >= 2);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(formsIn) : [];
}

/** `undefined` for a text that is not a date. */
function datesIn(text: string): string[] | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === '') return undefined;
  const [shortYear, shortMonth, shortDay] = [year.slice(2), String(Number(month)), String(Number(day))];
  const name = monthNames[Number(month) - 1] ?? month;
  const named = [name, name.slice(0, 3)];
  return [
    ...inAnyOrder([year, shortYear], [month, ...named], [day]),
    // Only with a year of four digits: otherwise it is too short to tell from a number.
    ...inAnyOrder([year], [shortMonth, ...named], [shortDay]),
    ...inAnyOrder([year], [month], [shortDay]),
    ...inAnyOrder([year], [shortMonth], [day]),
  ];
}

function inAnyOrder(years: readonly string[], months: readonly string[], days: readonly string[]): string[] {
  return years.flatMap((y) => months.flatMap((m) => days.flatMap((d) => [y + m + d, d + m + y, m + d + y])));
}

const monthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** Words of a name or a postcode. A shorter one, or a number, may be in a receipt by chance. */
function wordsIn(text: string): string[] {
  return text.normalize('NFC').match(/(?=\p{N}*\p{L})[\p{L}\p{N}]{3,}/gu) ?? [];
}

/** Letters and digits only, without accents, in lower case. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}
