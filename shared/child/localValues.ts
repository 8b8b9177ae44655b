import type { CodedField } from './codes.js';

/** National codes by what a case management system has in their place (normalised), field by field. */
export type ValueMaps = Readonly<Partial<Record<CodedField, ReadonlyMap<string, string>>>>;

/** A local value as it is compared: without blanks around it, in capitals, one kind of dash, single blanks. */
export function normalised(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/[‐-―−]/g, '-')
    .replace(/\s+/g, ' ');
}
