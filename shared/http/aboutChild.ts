import { z } from 'zod';
import { readBody, type WishErrors } from './body.js';

/** The widest id of a person in the SSD: also a child whose id DfE would not take can be asked about. */
const longestId = 48;

const needed = (what: string, longest: number) =>
  z
    .string(`is needed: ${what}`)
    .trim()
    .min(1, `is needed: ${what}`)
    .max(longest, `must not be longer than ${String(longest)} characters`);

const fields = {
  childId: needed('the id of the child, as it stands in the SSD', longestId),
  reason: needed('why you ask, in a few words and without names', 500),
};

const aboutChildSchema = z.strictObject(fields);
const erasureWishSchema = z.strictObject({
  ...fields,
  confirm: z.boolean('must be true or false').default(false),
});

export type AboutChild = z.output<typeof aboutChildSchema>;
export type ErasureWish = z.output<typeof erasureWishSchema>;

/** Reads the body of `POST /api/children/disclosures`. */
export function readAboutChild(body: string): AboutChild | WishErrors {
  return readBody(body, aboutChildSchema);
}

/** Reads the body of `POST /api/children/erasure`; without `confirm` it only asks what would be done. */
export function readErasureWish(body: string): ErasureWish | WishErrors {
  return readBody(body, erasureWishSchema);
}
