import { z } from 'zod';
import { noSuchRun, type Problem } from './answers.js';
import type { Caller, Request } from './apiAnswer.js';
import { readBody, reasonSchema, type FieldErrors } from '../requests/fields.js';
import type { Decided, Decider } from '../runs/approveOrCancel.js';
import { runIdSchema, type RunId } from '../records/runId.js';

/** The body of an approval: the person who approves a paused run says why. */
export const approvalSchema = z.strictObject({ reason: reasonSchema });
/** The body of a cancellation, which only stops, and names its run in the address: it may be empty. */
export const cancellationRequestSchema = z.strictObject({ reason: reasonSchema.optional() });

/** What to answer when a decision could not be made. */
export function answerToUndecided(
  undecided: Exclude<Decided<unknown>, { outcome: 'done' }>,
  runId: RunId,
): { readonly status: 404 | 409; readonly jsonBody: Problem } {
  return undecided.outcome === 'unknown run'
    ? noSuchRun
    : { status: 409, jsonBody: { error: undecided.why, runId } };
}

type Answer = typeof noSuchRun | { readonly status: 400; readonly jsonBody: FieldErrors };

/**
 * Reads an approval or a cancellation: the run from the path, and why from the body.
 */
export function readDecision(
  { params }: Pick<Request, 'params'>,
  { body, by }: Pick<Caller, 'body' | 'by'>,
  schema: typeof approvalSchema | typeof cancellationRequestSchema,
): { readonly runId: RunId; readonly decider: Decider } | { readonly answer: Answer } {
  const runId = runIdSchema.safeParse(params['runId']);
  if (!runId.success) return { answer: noSuchRun };
  const decision = readBody(body, schema);
  if ('errors' in decision) return { answer: { status: 400, jsonBody: decision } };
  return { runId: runId.data, decider: { by, reason: decision.reason } };
}
