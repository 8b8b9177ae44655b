import { z } from 'zod';
import { runIdSchema } from '../records/runId.js';
import { readFields, type FieldErrors } from './body.js';

const mustBe = 'must be a whole number from 1 to 100';

export const listRequestSchema = z.object({
  limit: z.coerce
    .number(mustBe)
    .int(mustBe)
    .min(1, mustBe)
    .max(100, mustBe)
    .default(30)
    .describe('How many runs, newest first.'),
  from: runIdSchema.optional().describe('The newest run to list: `next` of the answer before.'),
});

/** Reads the query of `GET /api/runs`. */
export function readListRequest(query: {
  get(name: string): string | null;
}): z.output<typeof listRequestSchema> | FieldErrors {
  const from = query.get('from') ?? undefined;
  return readFields({ limit: query.get('limit') ?? undefined, from }, listRequestSchema);
}
