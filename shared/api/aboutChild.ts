import { z } from 'zod';
import { ledgerPlaceSchema } from '../records/ledger.js';
import { reasonSchema } from '../requests/fields.js';

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
