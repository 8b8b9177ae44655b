import { Rest, type Deadline, itemsOfChunks, type ListPart } from './inTime.js';
import { refusalRuleOf, type RefusalRule } from '../dfe/refusalRule.js';
import type { Place } from './answers.js';
import type { Refusals } from './refusals.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';

/** A child that DfE has refused in a run, its words, and where in the SSD the fields are that it named. */
export interface RefusedChild {
  readonly personId: string;
  readonly chunk: number;
  readonly reason: string;
  readonly places: readonly Place[];
}

/** How many results are in memory at a time. */
const resultsAtATime = 16;

/**
 * The children that DfE has refused so far, in the order of their chunks. Only results that hold a refusal are read,
 * and none of the payloads; a chunk that is being sent is not among them before it is finished. When the time is over,
 * the last item names the chunk that comes next.
 * @param from the first chunk
 */
export async function* refusedOfRun(
  runId: RunId,
  runs: RunStore,
  part: ListPart,
): AsyncGenerator<RefusedChild | Rest<number>, void, undefined> {
  const totals = await runs.result.totals(runId);
  const chunks = totals.filter(({ refused }) => refused > 0).map(({ chunk }) => chunk);
  const read = async (chunk: number) => {
    const result = await runs.result.read({ runId, chunk });
    const refused = result?.children.filter((child) => child.outcome === 'refused') ?? [];
    return refused.map(({ personId, reason, places = [] }) => ({ personId, chunk, reason, places }));
  };
  yield* itemsOfChunks(chunks, part, read, resultsAtATime);
}

/** How many children DfE has refused, as far as there was time to count them. */
export interface CountedRefusals {
  readonly byRule: Refusals;
  readonly complete: boolean;
}

/**
 * How many children DfE has refused by each rule; nothing of its words and of the children. To count them is to read
 * hundreds of results in a large authority, so that it is done once for a run that has ended.
 */
export async function refusalsByRule(
  runId: RunId,
  hasEnded: boolean,
  runs: RunStore,
  deadline: Deadline,
): Promise<CountedRefusals> {
  const known = hasEnded ? await runs.refusals.read(runId) : undefined;
  if (known !== undefined) return { byRule: known, complete: true };
  const byRule: Record<RefusalRule, number> = {};
  for await (const child of refusedOfRun(runId, runs, { deadline })) {
    if (child instanceof Rest) return { byRule, complete: false };
    const rule = refusalRuleOf(child.reason);
    byRule[rule] = (byRule[rule] ?? 0) + 1;
  }
  if (hasEnded) await runs.refusals.create(runId, byRule);
  return { byRule, complete: true };
}
