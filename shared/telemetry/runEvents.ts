import type { SqlCall } from '../database/observed.js';
import { databaseCodePattern, type AppEvent } from './events.js';
import { refusalRuleOf } from '../dfe/refusalRule.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { Result } from '../records/result.js';
import type { RunId } from '../records/runId.js';
import { askerOf, type RunRequest } from '../records/runRequest.js';
import type { TurnedAway } from '../records/turnedAway.js';

/** The dimensions of an event that say what a run was asked to do. */
export function ofRequest(request: RunRequest) {
  const { runId, scope, dryRun } = request;
  return {
    runId,
    trigger: askerOf(request),
    scope,
    dryRun: dryRun === true ? ('true' as const) : ('false' as const),
  };
}

/** The refusals of a chunk, one event a rule. */
export function childrenRejected(runId: RunId, { chunk, children }: Result): AppEvent[] {
  const byRule = Map.groupBy(
    children.filter((child) => child.outcome === 'refused'),
    ({ reason }) => refusalRuleOf(reason),
  );
  return [...byRule].map(([rule, refused]) => ({
    name: 'ChildRejected',
    dimensions: { runId, chunk: String(chunk), rule },
    measurements: { children: refused.length },
  }));
}

/** A message or a chunk that does not agree with the records of the run. */
export function turnedAway({ runId, chunk }: Omit<ChunkMessage, 'blob'>, reason: TurnedAway): AppEvent {
  return { name: 'ChunkTurnedAway', dimensions: { runId, chunk: String(chunk), reason }, measurements: {} };
}

/** A call of the database; a code without the look of one is left out. */
export function sqlCalled({ operation, outcome, code = '', ...measurements }: SqlCall): AppEvent {
  return {
    name: 'SqlCall',
    dimensions: { operation, outcome, ...(databaseCodePattern.test(code) ? { code } : {}) },
    measurements,
  };
}
