import { z } from 'zod';
import { readFields, type WishErrors } from './body.js';

const mustBe = 'must be a whole number from 1 to 100';

export const listWishSchema = z.object({
  limit: z.coerce
    .number(mustBe)
    .int(mustBe)
    .min(1, mustBe)
    .max(100, mustBe)
    .default(30)
    .describe('How many runs, newest first.'),
});

/** Reads the query of `GET /api/runs`. */
export function readListWish(query: {
  get(name: string): string | null;
}): z.output<typeof listWishSchema> | WishErrors {
  return readFields({ limit: query.get('limit') ?? undefined }, listWishSchema);
}
