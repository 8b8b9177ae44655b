import { refusalRuleOf, type RefusalRule } from './refusalRule.js';
import type { Refusals, RunId } from './runRecords.js';
import type { RunStore } from './runStore.js';

/** A child that DfE has refused in a run, and its words. */
export interface RefusedChild {
  readonly personId: string;
  readonly chunk: number;
  readonly reason: string;
}

/** How many results are in memory at a time. */
const readsAtATime = 16;

/**
 * The children that DfE has refused so far, in the order of their chunks. Only results that hold a refusal are read,
 * and none of the payloads; a chunk that is being sent is not among them before it is finished.
 */
export async function* refusedOfRun(
  runId: RunId,
  runs: RunStore,
): AsyncGenerator<RefusedChild, void, undefined> {
  const chunks = (await runs.chunkTotals(runId)).filter(({ refused }) => refused > 0);
  for (let done = 0; done < chunks.length; done += readsAtATime) {
    const results = await Promise.all(
      chunks.slice(done, done + readsAtATime).map(({ chunk }) => runs.readResult(runId, chunk)),
    );
    for (const result of results) {
      for (const child of result?.children ?? []) {
        if (child.outcome !== 'refused') continue;
        yield { personId: child.personId, chunk: result?.chunk ?? 0, reason: child.reason };
      }
    }
  }
}

/**
 * How many children DfE has refused by each rule; nothing of its words and of the children. To count them is to read
 * hundreds of results in a large authority, so that it is done once for a run that has ended.
 */
export async function refusalsByRule(runId: RunId, hasEnded: boolean, runs: RunStore): Promise<Refusals> {
  const known = hasEnded ? await runs.readRefusals(runId) : undefined;
  if (known !== undefined) return known;
  const counts: Record<RefusalRule, number> = {};
  for await (const { reason } of refusedOfRun(runId, runs)) {
    const rule = refusalRuleOf(reason);
    counts[rule] = (counts[rule] ?? 0) + 1;
  }
  if (hasEnded) await runs.createRefusals(runId, counts);
  return counts;
}
