import type { Invocation } from '../composition/handledBy.js';
import { evidence } from '../dataSubject/evidence.js';
import { answerDeadline } from '../records/inTime.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export function handler(request: Request, { container }: Invocation) {
  return apiAnswer(request, 'reader', async () => {
    const dependencies = container();
    const { withDatabase, now } = dependencies;
    const countByState = async () => (await withDatabase()).staging.countByState();
    return {
      headers: { 'content-disposition': 'attachment; filename="evidence.json"' },
      jsonBody: await evidence({ ...dependencies, countByState }, answerDeadline(now)),
    };
  });
}
