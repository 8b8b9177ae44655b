import { appVersion } from '../composition/appVersion.js';
import type { Invocation } from '../composition/handledBy.js';
import { preflight } from '../preflight/preflight.js';
import { apiAnswer, type Request } from './apiAnswer.js';

const needs = { role: 'deployer', body: 'may be empty' } as const;

export function handler(request: Request, { container, log }: Invocation) {
  return apiAnswer(request, needs, async () => {
    const result = await preflight(() => container().preflight);
    log(`Preflight: ${result.outcome}.`);
    return { jsonBody: { ...result, version: appVersion() } };
  });
}
