import { z } from 'zod';
import { ledgerPlaceSchema } from '../records/ledgerEntries.js';
import { reasonSchema } from '../requests/fields.js';

/** What a request about one child needs. */
export const needsAboutChild = {
  role: 'data-officer',
  body: { example: { childId: 'the id in the SSD', reason: 'why' } },
} as const;

/** The widest id of a person in the SSD: a request may also be about a child whose id DfE would not accept. */
const longestId = 48;

const idIsNeeded = 'is needed: the id of the child, as in the SSD';

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
      'The first day of runs to look at, or `next` of an incomplete answer. Without it, all runs are looked at.',
    ),
});
export const erasureRequestSchema = z.strictObject({
  ...fields,
  confirm: z
    .boolean('must be true or false')
    .default(false)
    .describe('`true` erases. Without it nothing is erased, and the answer says what would be.'),
});
