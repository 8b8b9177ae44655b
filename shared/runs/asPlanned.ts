import type { Pseudonyms } from '../child/pseudonyms/pseudonyms.js';
import type { Receiver } from '../records/receiver.js';
import type { Category } from '../child/categories.js';
import type { Terms } from '../settings/terms.js';
import { hashOf } from '../child/canonical.js';
import { saysOnly } from '../child/changes/saysOnly.js';
import { chunkMessageOf, type Chunk, type ChunkMessage } from '../records/chunk.js';
import { chunkHashOf } from '../records/chunkHash.js';
import type { Decision } from '../records/decision.js';
import { isLonger, monthsOf } from '../records/months.js';
import type { Plan } from '../records/plan.js';
import { approvalOf, isPaused } from '../records/runState.js';
import type { RunStore } from '../records/runStore.js';
import type { TurnedAway } from '../records/turnedAway.js';

/** What allows a chunk to be sent: the plan of its run, and the approval if the plan needs one. */
export interface Planned {
  readonly plan: Plan;
  readonly approval: Decision | undefined;
}

/** The plan that a message about a chunk belongs to, or why there is none. */
export async function pointedAt(
  { runId, chunk, blob }: ChunkMessage,
  runs: RunStore,
): Promise<Planned | { readonly reason: TurnedAway }> {
  const plan = await runs.plan.read(runId);
  if (plan === undefined) return { reason: 'noPlan' };
  if (plan.dryRun) return { reason: 'dryRun' };
  const approval = await approvalOf(runId, plan, runs);
  if (isPaused(plan, approval)) return { reason: 'notApproved' };
  if (chunk > plan.chunks) return { reason: 'notInPlan' };
  return blob === chunkMessageOf(runId, plan, chunk).blob ? { plan, approval } : { reason: 'otherBlob' };
}

/** Why a chunk is not the one that was planned; `undefined` when it is. */
export function whyUntrue(
  chunk: Chunk,
  { runId, chunk: number }: Pick<ChunkMessage, 'runId' | 'chunk'>,
  plan: Pick<Plan, 'number' | 'chunkHashes' | 'pseudonyms'>,
): TurnedAway | undefined {
  if (chunk.runId !== runId || chunk.chunk !== number) return 'otherChunk';
  const hash = plan.chunkHashes?.[number - 1];
  // Version 0.1 gave its plans neither a number nor hashes.
  const isFromEarlier = plan.number === undefined && plan.chunkHashes === undefined;
  if (hash === undefined && !isFromEarlier) return 'noHash';
  if (hash !== undefined && hash !== chunkHashOf(chunk)) return 'changed';
  const kept = chunk.children.filter(({ erasedAt }) => erasedAt === undefined);
  if (kept.some(({ personId, payload }) => payload['la_child_id'] !== personId)) return 'otherChild';
  return kept.every((child) => isItself(child, plan.pseudonyms)) ? undefined : 'otherPayload';
}

/** Whether the hash of a child is that of what DfE is to hold afterwards, and its payload says no more than that. */
function isItself(
  { hash, change, payload, holds }: Chunk['children'][number],
  pseudonyms: string | undefined,
): boolean {
  const isRemoval = payload['purge'] === true;
  if (isRemoval !== (holds === 'nothing') || isRemoval !== (change === 'Deleted')) return false;
  if (holds === 'payload' || holds === 'nothing') return hash === hashOf(JSON.stringify(payload), pseudonyms);
  return hash === hashOf(holds.json, pseudonyms) && saysOnly(payload, holds.json);
}

/** Where this app sends to, and how. */
export interface Destination {
  /** The receiver, and the table that says what was acknowledged there. */
  readonly receiver: Receiver;
  readonly stagingTable: string;
  /** What may be shared. */
  readonly terms: Terms;
  /**
   * A test receiver gets real children only under them. `undefined` when children are sent as they are. Rejects while the
   * key cannot be read.
   */
  readonly pseudonyms: (() => Promise<Pseudonyms>) | undefined;
}

/** Whether a test receiver would get children without pseudonyms. */
export function goAsTheyAre({ receiver, pseudonyms }: Pick<Destination, 'receiver' | 'pseudonyms'>): boolean {
  return receiver.receiver === 'test' && pseudonyms === undefined;
}

/** Why the run must not be sent: this app would not send it as it was planned. */
export function whyNotAsPlanned(
  plan: Pick<Plan, 'receiver' | 'stagingTable' | 'pseudonyms' | 'pseudonymKey' | 'areInvented' | 'terms'>,
  { receiver, stagingTable, pseudonyms, terms }: Destination,
): string | undefined {
  if (plan.pseudonymKey !== undefined) return ownPseudonyms;
  const isAsPlanned =
    plan.stagingTable === stagingTable &&
    (plan.pseudonyms !== undefined) === (pseudonyms !== undefined) &&
    plan.receiver.receiver === receiver.receiver &&
    plan.receiver.baseUrl === receiver.baseUrl;
  if (!isAsPlanned) return otherReceiver;
  if (goAsTheyAre({ receiver, pseudonyms }) && plan.areInvented !== true) return maybeReal;
  return sharesMore(plan.terms, terms) ? otherTerms : undefined;
}

/** Whether a run was planned to share what may not be shared any more. */
function sharesMore(planned: Plan['terms'], { leftOut, agreement, window }: Terms): boolean {
  const isMore = (category: Category) => planned?.leftOut.includes(category) !== true;
  const isFurtherBack =
    planned !== undefined &&
    (isLonger(planned, monthsOf(window)) ||
      (agreement !== undefined && planned.windowMonths > agreement.windowMonths));
  return isFurtherBack || leftOut.some(isMore);
}

const otherReceiver =
  'the settings name another receiver or another staging table than when the run was planned';
const otherTerms =
  'the agreement or the settings share less than when the run was planned: a category is left out now, or fewer months of history are sent';
const maybeReal =
  'an earlier version of the app planned the run without pseudonyms for a test receiver, and did not check that all children are invented';
const ownPseudonyms =
  'an earlier version of the app planned the run under pseudonyms of that run alone, which are not used any more, since several runs together gave true dates away';
