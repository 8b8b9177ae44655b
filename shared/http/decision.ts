import { z } from 'zod';
import { readBody, type WishErrors } from './body.js';
import { requesterOf } from './requester.js';
import { noSuchRun } from './plannedRun.js';
import type { Decided, Decider } from '../run/decide.js';
import { runIdSchema, type RunId } from '../run/runRecords.js';

const decisionSchema = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });

/** What to answer when a decision could not be made. */
export function answerToUndecided(
  undecided: Exclude<Decided<unknown>, { outcome: 'done' }>,
  runId: RunId,
): { readonly status: 404 | 409; readonly jsonBody: object } {
  return undecided.outcome === 'unknown run'
    ? noSuchRun
    : { status: 409, jsonBody: { error: undecided.why, runId } };
}

/** As much of an `HttpRequest` as is read. */
interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

type Answer = typeof noSuchRun | { readonly status: 400; readonly jsonBody: WishErrors };

/** Reads an approval or a cancellation: the run from the path, who decides, and why from the body, which may be empty. */
export async function readDecision(
  request: Request,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly runId: RunId; readonly decider: Decider } | { readonly answer: Answer }> {
  const runId = runIdSchema.safeParse(request.params['runId']);
  if (!runId.success) return { answer: noSuchRun };
  const decision = readBody(await request.text(), decisionSchema);
  if ('errors' in decision) return { answer: { status: 400, jsonBody: decision } };
  const decider = { by: requesterOf(request.headers, environment), reason: decision.reason };
  return { runId: runId.data, decider };
}
