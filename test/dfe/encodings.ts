/** Every value of a payload as text, without the codes and flags that many children share. */
export function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [];
}

const bytes = (text: string) => [...Buffer.from(text, 'utf8')];
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const each = (write: (sign: string) => string) => (text: string) => Array.from(text).map(write).join('');
const code = (sign: string) => sign.codePointAt(0) ?? 0;

/** Ways in which an answer may write a value. Each can be read back. */
export const encodings: Readonly<Record<string, (value: string) => string>> = {
  'it is': (value) => value,
  'small letters': (value) => value.toLowerCase(),
  capitals: (value) => value.toUpperCase(),
  'decomposed Unicode': (value) => value.normalize('NFD'),
  'letters without accents': (value) => value.normalize('NFD').replace(/\p{M}/gu, ''),
  'letters of full width': each((sign) =>
    /[!-~]/.test(sign) ? String.fromCodePoint(code(sign) + 0xfee0) : sign,
  ),
  'letters in reverse': (value) => Array.from(value).reverse().join(''),
  'letters with hyphens': (value) => Array.from(value).join('-'),
  'letters with dots': (value) => Array.from(value).join('.'),
  'letters with invisible signs between them': (value) => Array.from(value).join('\u200b'),
  base64: (value) => Buffer.from(value, 'utf8').toString('base64'),
  'base64 for addresses': (value) => Buffer.from(value, 'utf8').toString('base64url'),
  'base64 of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  'hexadecimal digits': (value) => bytes(value).map(hex).join(''),
  'capital hexadecimal digits': (value) => bytes(value).map(hex).join('').toUpperCase(),
  'hexadecimal digits with hyphens': (value) => bytes(value).map(hex).join('-'),
  'part of an address': encodeURIComponent,
  'part of an address, all of it': (value) =>
    bytes(value)
      .map((byte) => `%${hex(byte)}`)
      .join(''),
  'part of a form': (value) => new URLSearchParams({ value }).toString(),
  'quoted-printable': (value) =>
    bytes(value)
      .map((byte) => `=${hex(byte).toUpperCase()}`)
      .join(''),
  'decimal entities': each((sign) => `&#${String(code(sign))};`),
  'hexadecimal entities': each((sign) => `&#x${code(sign).toString(16)};`),
  'escapes of JSON': each((sign) => `\\u${code(sign).toString(16).padStart(4, '0')}`),
  'escapes of JSON, twice': each((sign) => `\\\\u${code(sign).toString(16).padStart(4, '0')}`),
  'escapes of C': (value) =>
    bytes(value)
      .map((byte) => `\\x${hex(byte)}`)
      .join(''),
  ROT13: (value) =>
    value.replace(/[a-z]/gi, (letter) => {
      const first = letter <= 'Z' ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
    }),
  'numbers of its signs': (value) => bytes(value).map(String).join('-'),
  'a date in English order': (value) => value.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1'),
  'a date in American order': (value) => value.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$2.$3.$1'),
  'a date without signs': (value) => value.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$1$2$3'),
  'a short date': (value) => value.replace(/^\d\d(\d\d)-(\d\d)-(\d\d)$/, '$3/$2/$1'),
  'a date without noughts': (value) => value.replace(/^(\d{4})-0?(\d+)-0?(\d+)$/, '$3/$2/$1'),
  'a date with the name of its month': (value) =>
    value.replace(/^\d{4}-\d\d-\d\d$/, (date) =>
      new Date(date).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
    ),
  'a date with the short name of its month': (value) =>
    value.replace(/^\d{4}-\d\d-\d\d$/, (date) =>
      new Date(date)
        .toLocaleDateString('en-US', { month: 'short', day: '2-digit', year: 'numeric', timeZone: 'UTC' })
        .replaceAll(',', ''),
    ),
  'a value in quotes': (value) => `'${value}'`,
};
