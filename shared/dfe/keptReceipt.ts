/** As DfE publishes it: `yyyy-MM-dd_HH:mm:ss.ff_<uuid>.json`, with any number of fraction digits, with or without `.json`. */
const published =
  /^\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d(?:\.\d+)?_[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?:\.json)?$/i;
/** A published receipt has about 65 characters. */
const longest = 100;
/** No sign that only a code needs, such as % or & or =. */
const plainSigns = /^[\w .:/-]+$/;

/** In place of a receipt that may quote the child, or that a database would not take. */
export const receiptLeftOut =
  'DfE accepted the child; its receipt is left out, as it does not have the published form.';

/**
 * What is kept of DfE's receipt for a child. DfE may change the form of its receipts: another one is kept when it is short,
 * has letters, digits and few other signs, and no value of the child is found in it, as it is or in a usual code.
 */
export function keptReceipt(receipt: string, payload: object): string {
  if (receipt.length > longest) return receiptLeftOut;
  if (published.test(receipt)) return receipt;
  return plainSigns.test(receipt) && !holdsValue(receipt, payload) ? receipt : receiptLeftOut;
}

/** A shorter value is looked for as a whole part only: letters and digits meet by chance. */
const shortestWithin = 4;

function holdsValue(receipt: string, payload: object): boolean {
  const readings = readingsOf(receipt);
  const parts = new Set(readings.flatMap((reading) => reading.split(/[^\p{L}\p{N}]+/u).map(folded)));
  const whole = readings.map(folded);
  return formsIn(payload).some(
    (form) => parts.has(form) || (form.length >= shortestWithin && whole.some((one) => one.includes(form))),
  );
}

/** A receipt as it is, and as what it may be the code of. */
function readingsOf(receipt: string): string[] {
  const plain = stretchesOf(receipt);
  const decoded = [
    receipt.replace(/(?:[\da-f]{2}[-:. ]?)+/gi, (run) =>
      Buffer.from(run.replace(/\W/g, ''), 'hex').toString(),
    ),
    receipt.replace(/\d{2,3}(?:\D+\d{2,3})+/g, (run) => Buffer.from(run.split(/\D+/).map(Number)).toString()),
    // Reads both alphabets of base64.
    ...plain.flatMap((part) => {
      const bytes = Buffer.from(part, 'base64');
      return [bytes.toString('utf8'), bytes.toString('utf16le')];
    }),
  ];
  return [...plain, ...decoded]
    .map((reading) => reading.replaceAll('\0', ''))
    .filter((reading) => isText.test(reading))
    .flatMap((reading) => [reading, Array.from(reading).reverse().join(''), rotated(reading)]);
}

/** Every stretch between two signs: a code may stand among others, and have the signs - and _ in itself. */
function stretchesOf(receipt: string): string[] {
  const signs = [...receipt.matchAll(/[^A-Za-z0-9]/g)].map(({ index }) => index);
  const begins = [0, ...signs.map((index) => index + 1)];
  const ends = [...signs, receipt.length];
  return begins.flatMap((from) => ends.filter((to) => to > from).map((to) => receipt.slice(from, to)));
}

/** What is not in code reads as noise, in which two letters of a value meet by chance. */
const isText = /^(?:(?!\ufffd)[\p{L}\p{N}\p{P}\p{S}\p{Zs}])+$/u;

/** ROT13. */
function rotated(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}

/** Each value of a child as it may be written: a date in any order. */
function formsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
    const dates = [year, year.slice(2)].flatMap((y) => [y + month + day, day + month + y, month + day + y]);
    return [text, ...dates].map(folded).filter((form) => form.length >= 2);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(formsIn) : [];
}

/** Letters and digits only, without accents, in small letters. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}
