import { stylesheetAnswer } from './pageAnswer.js';

export function handler(
  request: { readonly params: Readonly<Record<string, string>> } & Parameters<typeof stylesheetAnswer>[1],
) {
  return stylesheetAnswer(request.params['file'], request);
}
