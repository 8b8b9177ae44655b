import type { Invocation } from '../composition/handledBy.js';
import { disclosuresAbout } from '../dataSubject/disclosures.js';
import { answerDeadline } from '../records/inTime.js';
import { readBody } from '../requests/fields.js';
import { aboutChildSchema, needsAboutChild } from './aboutChild.js';
import type { Disclosures } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export function handler(request: Request, { container, log }: Invocation) {
  return apiAnswer(request, needsAboutChild, async ({ body, by }) => {
    const parts = container();
    const deadline = answerDeadline(parts.now);
    const asked = readBody(body, aboutChildSchema);
    if ('errors' in asked) return { status: 400, jsonBody: asked };
    const { staging } = await parts.withDatabase();
    const { disclosures, next } = await disclosuresAbout(
      asked.childId,
      { by, reason: asked.reason },
      { ...parts, idKey: () => staging.idKey() },
      deadline,
      asked.from,
    );
    log('A person asked what was disclosed about a child. The ledger records who.');
    const complete = next === undefined;
    return { jsonBody: { disclosures: [...disclosures], complete, next } satisfies Disclosures };
  });
}
