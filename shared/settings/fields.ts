import { z } from 'zod';
import { addressOf, isAzureEndpoint, isSafeStorageString } from './addresses.js';

// The kinds of values that settings have, each with what is wrong with any other.

export const needed = z.string({ error: 'is missing' }).trim().min(1, 'is empty');
export const plain =
  'must be an https:// address (http:// only on this machine), without name and password, query, fragment or percent-encoding';
export const url = needed.refine((text) => addressOf(text) !== undefined, plain);
export const endpointOf = (service: 'vault' | 'blob' | 'queue', example: string) =>
  needed.refine(
    (text) => isAzureEndpoint(service, text),
    `must be an https:// address of Azure such as ${example} (or on this machine)`,
  );
export const wholeNumber = (least: number, most: number, why = '') =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(least, `must be at least ${String(least)}`)
    .max(most, `must be at most ${String(most)}${why}`);
/** What the storage SDK takes for a connection string. It rejects anything else with only "Invalid URL". */
const storageString = /^UseDevelopmentStorage=true|(AccountName|BlobEndpoint)=/i;
export const storage = needed
  .regex(storageString, 'must be a storage connection string')
  .refine(
    isSafeStorageString,
    'must be a storage connection string as Azure shows it, with endpoints of Azure or on this machine only',
  );
/** The name of a schema or column that can be used in a statement without quotes. */
export const sqlName = (example: string) =>
  needed.regex(/^[A-Za-z_]\w*$/, `must be a name such as ${example}`);
/** The same of a table, with its schema or without. */
export const tableName = (example: string) =>
  needed.regex(/^([A-Za-z_]\w*\.)?[A-Za-z_]\w*$/, `must be a name such as ${example}`);
export const yesNo = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

export const commaList = (usual: readonly string[]) =>
  z
    .string()
    .default(usual.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()));

export const isOneOf =
  <Name extends string>(names: readonly Name[]) =>
  (name: string): name is Name =>
    names.some((each) => each === name);
