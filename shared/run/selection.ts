import type { Staged, Submission } from '../staging/transitions.js';
import type { RunRequest, SubmissionMode } from './runRecords.js';

/**
 * What a run sends about a child, `undefined` when it sends nothing. A payload that DfE has refused is not sent again
 * until it changes or someone asks for it.
 */
export function toBeSent(
  staged: Staged,
  request: Pick<RunRequest, 'scope' | 'children'>,
  personId: string,
  mode: SubmissionMode,
): Submission | undefined {
  if (!isWanted(staged, request, personId, mode)) return undefined;
  return staged.submission?.(mode === 'partial' ? 'changed' : 'all');
}

function isWanted(
  { outstanding, refused }: Staged,
  { scope, children }: Pick<RunRequest, 'scope' | 'children'>,
  personId: string,
  mode: SubmissionMode,
): boolean {
  switch (scope) {
    case 'outstanding':
      return !refused && (outstanding || mode === 'snapshot');
    case 'refused':
      return refused;
    case 'all':
      return true;
    case 'children':
      return children?.includes(personId) ?? false;
  }
}
