import type { Invocation } from '../composition/handledBy.js';
import { supportFile } from '../downloads/supportFile.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export function handler(request: Request, { container }: Invocation) {
  return apiAnswer(request, 'reader', ({ denialAs }) =>
    supportFile(container, denialAs('deployer') === undefined),
  );
}
