import { mayAs } from '../access/principal.js';
import type { Invocation } from '../composition/handledBy.js';
import { supportFile } from '../downloads/supportFile.js';
import { pageAnswer, type Request } from './pageAnswer.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'reader', (visitor) =>
    supportFile(invocation.container, mayAs(visitor, 'deployer')),
  );
}
