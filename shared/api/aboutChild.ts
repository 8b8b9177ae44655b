import { z } from 'zod';
import { ledgerPlaceSchema } from '../records/ledgerEntries.js';
import { readBody, reasonSchema, type FieldErrors } from './body.js';

/** The widest id of a person in the SSD: also a child whose id DfE would not take can be asked about. */
const longestId = 48;

const idIsNeeded = 'is needed: the id of the child, as it stands in the SSD';

const fields = {
  childId: z
    .string(idIsNeeded)
    .trim()
    .min(1, idIsNeeded)
    .max(longestId, `must not be longer than ${String(longestId)} characters`)
    .describe('The id of the child, as in pers_person_id of the SSD.'),
  reason: reasonSchema,
};

export const aboutChildSchema = z.strictObject({
  ...fields,
  from: ledgerPlaceSchema
    .optional()
    .describe(
      'The first day of runs that is looked at, or `next` of an answer that was not complete; else everything is looked at.',
    ),
});
export const erasureRequestSchema = z.strictObject({
  ...fields,
  confirm: z
    .boolean('must be true or false')
    .default(false)
    .describe('`true` erases; without it the answer says what would be done, and nothing is.'),
});

export type AboutChild = z.output<typeof aboutChildSchema>;
export type ErasureRequest = z.output<typeof erasureRequestSchema>;

/** Reads the body of `POST /api/children/disclosures`. */
export function readAboutChild(body: string): AboutChild | FieldErrors {
  return readBody(body, aboutChildSchema);
}

/** Reads the body of `POST /api/children/erasure`; without `confirm` it only asks what would be done. */
export function readErasureRequest(body: string): ErasureRequest | FieldErrors {
  return readBody(body, erasureRequestSchema);
}
