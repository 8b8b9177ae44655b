import type { Random } from './random.js';

const checkLetters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/**
 * The check letter of a Unique Pupil Number: characters 2 to 13 times their position, summed, modulo 23, as one of
 * the letters without I, O and S. A temporary number ends in a letter, which counts as its place in that row.
 * Source: DfE, "Unique pupil numbers: a guide for schools and local authorities"; CIN census rule 1510.
 * @param rest characters 2 to 13
 */
export function upnCheckLetter(rest: string): string {
  let sum = 0;
  for (const [at, character] of Array.from(rest).entries()) {
    const value = /\d/.test(character) ? Number(character) : checkLetters.indexOf(character);
    sum += value * (at + 2);
  }
  return checkLetters.charAt(sum % checkLetters.length);
}

/** A Unique Pupil Number of authority 201 and a school number below 1000, which no school has: it belongs to no one. */
export function upn(random: Random, year: number): string {
  const school = String(random.int(0, 999)).padStart(4, '0');
  const serial = String(random.int(0, 999)).padStart(3, '0');
  const last = random.chance(0.02)
    ? checkLetters.charAt(random.int(0, checkLetters.length - 1))
    : serial.slice(2);
  const rest = `201${school}${String(year % 100).padStart(2, '0')}${serial.slice(0, 2)}${last}`;
  return upnCheckLetter(rest) + rest;
}

/** An NHS number with a true check digit, in the range 999 that the NHS keeps for tests. */
export function nhsNumber(random: Random): string {
  for (;;) {
    const digits = `999${String(random.int(0, 999_999)).padStart(6, '0')}`;
    const sum = Array.from(digits).reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${digits}${check}`;
  }
}

const postcodeAreas = [
  ...['BS', 'CV', 'DE', 'DH', 'EX', 'GL', 'HR', 'HU', 'LA', 'LE', 'LN', 'M', 'ME', 'NE', 'NG'],
  ...['NR', 'OX', 'PE', 'PL', 'S', 'SE', 'SN', 'SW', 'TA', 'TN', 'WF', 'WR', 'YO'],
];

/** A postcode of the right shape, 6 to 8 characters with its space; the unit's letters are those in use. */
export function postcode(random: Random): string {
  const unitLetters = Array.from('ABDEFGHJLNPQRSTUWXYZ');
  const area = random.pick(postcodeAreas);
  const unit = random.pick(unitLetters) + random.pick(unitLetters);
  return `${area}${random.int(1, 32)} ${random.int(0, 9)}${unit}`;
}
