import type { Staged, Submission } from '../staging/transitions.js';
import type { SubmissionMode } from '../child/submissionMode.js';
import type { Scope } from '../records/runRequest.js';

/**
 * What a run sends about a child, `undefined` when it sends nothing. A payload that DfE has refused is not sent again
 * until it changes or someone asks for it.
 * @param isNamed scope `children` names the child
 */
export function toBeSent(
  staged: Staged,
  scope: Scope,
  isNamed: boolean,
  mode: SubmissionMode,
): Submission | undefined {
  if (!isWanted(staged, scope, isNamed, mode)) return undefined;
  return staged.submission?.(mode === 'partial' ? 'changed' : 'all');
}

function isWanted(
  { outstanding, refused }: Staged,
  scope: Scope,
  isNamed: boolean,
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
      return isNamed;
  }
}
