import type { FieldError } from './formFields.js';
import type { RerunForm } from './rerunPage.js';
import { longestReason } from '../requests/fields.js';
import { readNewRun, type NewRun } from '../requests/newRun.js';

const reasonMissing = { field: 'reason', message: 'Enter why, in a few words and without names' };
const reasonTooLong = {
  field: 'reason',
  message: `Enter why in at most ${String(longestReason)} characters`,
};

/** The reason that a form gives, which the pages always ask for. */
export function readReason(form: URLSearchParams): {
  readonly reason: string;
  readonly errors: FieldError[];
} {
  const reason = form.get('reason')?.trim() ?? '';
  if (reason === '') return { reason, errors: [reasonMissing] };
  return { reason, errors: reason.length > longestReason ? [reasonTooLong] : [] };
}

export function readRerunForm(form: URLSearchParams): RerunForm {
  // A missing field is not filled in: the form may have lost something on the way.
  const field = (name: keyof RerunForm) => form.get(name)?.trim() ?? '';
  return {
    scope: field('scope'),
    children: field('children'),
    mode: field('mode'),
    dryRun: field('dryRun'),
    reason: field('reason'),
  };
}

/** What the form asks for, by the rules of `POST /api/runs`; else what is wrong, field by field and without a value. */
export function newRunOf(form: RerunForm): { readonly newRun: NewRun } | { readonly errors: FieldError[] } {
  const ids = [...new Set(form.children.split(/[\s,;]+/).filter((id) => id !== ''))];
  const { errors } = readReason(new URLSearchParams({ reason: form.reason }));
  const newRun = readNewRun(
    JSON.stringify({
      scope: form.scope,
      ...(form.scope === 'children' ? { children: ids } : {}),
      ...(form.mode === '' ? {} : { mode: form.mode }),
      dryRun: form.dryRun !== 'no',
      ...(errors.length > 0 ? {} : { reason: form.reason }),
    }),
  );
  const childrenError = {
    field: 'children',
    message:
      form.scope === 'children'
        ? 'Enter 1 to 1,000 ids, one on each line, each with at most 20 characters'
        : 'Choose named children above, or leave the ids empty',
  };
  if (form.scope !== 'children' && ids.length > 0) return { errors: [childrenError, ...errors] };
  if (!('errors' in newRun)) return errors.length > 0 ? { errors } : { newRun };
  const fields = new Set(newRun.errors.map(({ field }) => field.split('.')[0]));
  return {
    errors: [
      ...(fields.has('scope') ? [{ field: 'scope', message: 'Choose which children' }] : []),
      ...(fields.has('children') ? [childrenError] : []),
      ...(fields.has('mode') ? [{ field: 'mode', message: 'Choose how much of each record' }] : []),
      ...errors,
    ],
  };
}
