import { z } from 'zod';
import type { Invocation } from '../composition/handledBy.js';
import { answerDeadline } from '../records/inTime.js';
import { runIdSchema } from '../records/runId.js';
import { recentRuns } from '../records/runStatus.js';
import { readFields } from '../requests/fields.js';
import type { RunList } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

const mustBe = 'must be a whole number from 1 to 100';

export const listRequestSchema = z.object({
  limit: z.coerce
    .number(mustBe)
    .int(mustBe)
    .min(1, mustBe)
    .max(100, mustBe)
    .default(30)
    .describe('How many runs, newest first.'),
  from: runIdSchema.optional().describe('The newest run to list: `next` of the previous answer.'),
});

export function handler(request: Request, { container }: Invocation) {
  return apiAnswer(request, 'reader', async () => {
    const { query } = request;
    const fields = { limit: query.get('limit') ?? undefined, from: query.get('from') ?? undefined };
    const asked = readFields(fields, listRequestSchema);
    if ('errors' in asked) return { status: 400, jsonBody: asked };
    const { runs, now } = container();
    const deadline = answerDeadline(now);
    const { limit, from } = asked;
    const list = await recentRuns(limit, runs, { from, deadline });
    return { jsonBody: { ...list, runs: [...list.runs] } satisfies RunList };
  });
}
