import type { Side, Term } from './equation.js';
import { withoutPadding, type IdForm } from '../database/idForm.js';

/** The ids of one row, by column. */
export type Ids = Readonly<Record<string, string | null | undefined>>;

/** One side of an equation for one row, as `sideText` says it in SQL; `undefined` when it is empty. */
export function sideValue(side: Side, ids: Ids, form: IdForm): string | undefined {
  let text = '';
  for (const term of side) {
    const part = termValue(term, ids, form);
    if (part === undefined) return undefined;
    text += part;
  }
  return form(text);
}

function termValue(term: Term, ids: Ids, form: IdForm): string | undefined {
  if (term.kind === 'text') return term.text;
  const whole = ids[term.column] ?? undefined;
  if (term.kind === 'column' || whole === undefined) return whole;
  const front = ids[term.front] ?? undefined;
  if (front === undefined || form(whole.slice(0, front.length)) !== form(front)) return undefined;
  const rest = withoutPadding(whole.slice(front.length));
  return rest === '' ? undefined : rest;
}
