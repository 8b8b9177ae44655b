import { createHash } from 'node:crypto';

const checkDigits = 9;
const idShape = new RegExp(`^([1-9]\\d{0,10})\\d{${String(checkDigits)}}$`);

/**
 * The id of an invented person: a number, and nine digits that only this seed gives this number. Case management systems count
 * people upwards, so among bare numbers some would be those of real children. With the digits, one id in a thousand million
 * is taken for an invented one by chance, and a run sends nothing unless all are.
 */
export function inventedId(seed: string, number: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(['invented person', seed, number]))
    .digest();
  const check = hash.readUIntBE(0, 6) % 10 ** checkDigits;
  return `${String(number)}${String(check).padStart(checkDigits, '0')}`;
}

/** Whether the generator gives this id to anyone under this seed, on any night. */
export function isInventedId(seed: string, id: string): boolean {
  const number = idShape.exec(id)?.[1];
  return number !== undefined && inventedId(seed, Number(number)) === id;
}
