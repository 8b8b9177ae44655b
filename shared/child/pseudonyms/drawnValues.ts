import type { Treatment } from './treatments.js';
import { isUpnPlausible } from '../values/upn.js';

/** The treatments that put a drawn value in the place of the source's. */
export type DrawnTreatment = Exclude<Treatment, 'kept' | 'date' | 'birthDate'>;

/** Makes a value of one kind out of 32 random bytes. */
type Form = (bytes: Buffer) => string;

export const forms: Readonly<Record<DrawnTreatment, Form>> = {
  childId: idOf(20),
  misChildId: idOf(24),
  itemId: idOf(24),
  workerId,
  upn,
  firstName: name,
  surname: name,
  postcode,
};

/**
 * One case, for DfE may compare ids without it; no `x`, so that no id holds the `0x` for which DfE's firewall refuses a
 * batch; no i, l and o, which people take for digits.
 */
const idCharacters = 'abcdefghjkmnpqrstuvwyz0123456789';

/** 5 bits a character: among 50,000 children two of 20 characters are equal under one key in 10^21. */
function idOf(length: number): Form {
  return (bytes) =>
    Array.from(bytes.subarray(0, length), (byte) => idCharacters.charAt(byte % idCharacters.length)).join('');
}

/**
 * `SW` and ten digits, the first of them not zero: in the form of a registration number and longer than any that
 * Social Work England has given. SSDA903 rule SW02STG1 asks for the letters. Among 1,500 workers two are equal under one
 * key in 8,000, and look like one worker then; nothing else depends on it.
 */
function workerId(bytes: Buffer): string {
  return `SW${String(1_000_000_000 + (bytes.readUIntBE(0, 6) % 9_000_000_000))}`;
}

const upnLetters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/**
 * A permanent pupil number that passes CIN census rules 1510 and 1530 to 1550 and belongs to no pupil: of an authority that is
 * there (865 to 896 are all recognised), issued in a year 40 to 89, while numbers have been issued since 1997.
 * Among 7,000 children two are equal under one key in 600, among 45,000 under one in 16 (CIN rule 1520 would remark on them).
 */
function upn(bytes: Buffer): string {
  const authority = String(865 + (bytes.readUInt8(0) % 32));
  const school = digits(bytes.readUInt32BE(1), 4);
  const year = String(40 + (bytes.readUInt8(5) % 50));
  const rest = authority + school + year + digits(bytes.readUInt32BE(6), 3);
  const checkLetter = Array.from(upnLetters).find((letter) => isUpnPlausible(letter + rest)) ?? '';
  return checkLetter + rest;
}

function digits(number: number, length: number): string {
  return String(number % 10 ** length).padStart(length, '0');
}

const beginnings = [
  ...['Bran', 'Dal', 'Fen', 'Gil', 'Har', 'Jor', 'Kel', 'Lum'],
  ...['Mir', 'Nev', 'Pel', 'Ros', 'Sel', 'Tam', 'Vel', 'Wim'],
] as const;
const middles = [
  ...['a', 'e', 'i', 'o', 'u', 'ari', 'eno', 'ilo'],
  ...['ora', 'une', 'aki', 'elu', 'iva', 'omo', 'uva', 'ate'],
] as const;
const endings = [
  ...['bel', 'dan', 'fin', 'gul', 'hem', 'kor', 'lan', 'mir'],
  ...['nel', 'pen', 'rik', 'sen', 'tas', 'ven', 'wyn', 'zor'],
] as const;

function name(bytes: Buffer): string {
  const syllable = (syllables: readonly string[], at: number) =>
    syllables[bytes.readUInt8(at) % syllables.length] ?? '';
  return syllable(beginnings, 0) + syllable(middles, 1) + syllable(endings, 2);
}

/**
 * Second letters that postcodes have (the government's pattern, BS 7666, has no I, J and Z there), without the E of
 * Shetland's ZE, the only area that begins with Z.
 */
const areaLetters = 'ABCDFGHKLMNOPQRSTUVWXY';
const unitLetters = 'ABDEFGHJLNPQRSTUWXYZ';

/** A postcode of the right form in an area that does not exist. Not the NHS's ZZ99, whose codes have a meaning. */
function postcode(bytes: Buffer): string {
  const letter = (letters: string, at: number) => letters.charAt(bytes.readUInt8(at) % letters.length);
  const district = String(1 + (bytes.readUInt8(1) % 99));
  const unit = digits(bytes.readUInt8(2), 1) + letter(unitLetters, 3) + letter(unitLetters, 4);
  return `Z${letter(areaLetters, 0)}${district} ${unit}`;
}
