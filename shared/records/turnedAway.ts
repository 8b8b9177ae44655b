import { hashOf } from '../child/canonical.js';
import { saysOnly } from '../child/changes/saysOnly.js';
import { chunkHashOf } from './chunkHash.js';
import { type Chunk, type ChunkMessage, chunkMessageOf } from './chunk.js';
import type { Plan } from './plan.js';
import type { RunStore } from './runStore.js';

/** Why a message or a chunk is turned away: the run's records do not say what it says. Nothing of it is posted. */
export const turnedAwayReasons = [
  'noPlan',
  'dryRun',
  'notApproved',
  'notInPlan',
  'otherBlob',
  'finished',
  'notReached',
  'runEnded',
  'lostTurn',
  'otherReceiver',
  'noBlob',
  'unreadable',
  'otherChunk',
  'noHash',
  'changed',
  'otherChild',
  'otherPayload',
] as const;
export type TurnedAway = (typeof turnedAwayReasons)[number];

const texts: Readonly<Record<TurnedAway, string>> = {
  noPlan: 'the run has no plan that this version can read',
  dryRun: 'the run is a dry run, which sends nothing',
  notApproved: 'a safety check has paused the run, and nobody has approved it',
  notInPlan: 'the plan of the run has no chunk of that number',
  otherBlob: 'the message names another blob than the plan of the run',
  finished: 'the chunk has its result already',
  notReached: 'the run has not come to that chunk',
  runEnded: 'the run had ended',
  lostTurn: 'the run had lost its turn',
  otherReceiver: 'the settings name another receiver or another staging table than when the run was planned',
  noBlob: 'its blob is gone',
  unreadable: 'its blob does not hold what this version writes there',
  otherChunk: 'its blob says that it is another chunk, or a chunk of another run',
  noHash: 'the plan of the run has no hash of it',
  changed: 'its blob was changed after the run was planned',
  otherChild: 'it has a payload that carries the id of another child',
  otherPayload: 'it has a payload that is not the one its hash was made from',
};

/** @param reason as a record says it, of whatever version */
export function turnedAwayText(reason: string): string {
  return new Map<string, string>(Object.entries(texts)).get(reason) ?? reason;
}

/** The plan that a message about a chunk points into, or why it points nowhere. */
export async function pointedAt(
  { runId, chunk, blob }: ChunkMessage,
  runs: RunStore,
): Promise<{ readonly plan: Plan } | { readonly reason: TurnedAway }> {
  const plan = await runs.plan.read(runId);
  if (plan === undefined) return { reason: 'noPlan' };
  if (plan.dryRun) return { reason: 'dryRun' };
  if (plan.held && (await runs.approval.read(runId)) === undefined) return { reason: 'notApproved' };
  if (chunk > plan.chunks) return { reason: 'notInPlan' };
  return blob === chunkMessageOf(runId, plan, chunk).blob ? { plan } : { reason: 'otherBlob' };
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
