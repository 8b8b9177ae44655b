import type { Invocation } from '../composition/handledBy.js';
import { childrenPage } from './childrenPage.js';
import { pageAnswer, type Request } from './pageAnswer.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'reader', async (visitor) => {
    const { withDatabase, now } = invocation.container();
    const { staging } = await withDatabase();
    return childrenPage({ counts: await staging.countByState(), now: now() }, visitor);
  });
}
