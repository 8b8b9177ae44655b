import type { Staged, Submission } from '../staging/transitions.js';
import type { RunRequest } from './runRecords.js';

/** `changes`: what DfE does not have yet; `snapshot`: every child of the cohort, each night. */
export type SubmissionMode = 'changes' | 'snapshot';

/**
 * What a run sends about a child, `undefined` when it sends nothing. A payload that DfE has refused is not sent again
 * until it changes or someone asks for it.
 */
export function toBeSent(
  staged: Staged,
  request: Pick<RunRequest, 'scope' | 'children'>,
  mode: SubmissionMode,
): Submission | undefined {
  const { submission, outstanding, refused } = staged;
  switch (request.scope) {
    case 'outstanding':
      return !refused && (outstanding || mode === 'snapshot') ? submission : undefined;
    case 'refused':
      return refused ? submission : undefined;
    case 'all':
      return submission;
    case 'children':
      return submission !== undefined && request.children?.includes(submission.personId)
        ? submission
        : undefined;
  }
}
