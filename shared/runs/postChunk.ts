import type { BuildRules } from '../child/buildRules.js';
import type { DfeAnswer } from '../dfe/answer.js';
import { deliver } from '../dfe/deliver.js';
import { type Deliveries } from '../dfe/delivery.js';
import type { Vocabulary } from '../dfe/keptWords.js';
import { longestAttemptMs } from '../host/durations.js';
import type { Answers } from '../records/answers.js';
import type { Chunk, ChunkMessage } from '../records/chunk.js';
import type { Ledger } from '../records/ledger.js';
import { sentEntryOf } from '../records/ledgerEntries.js';
import type { Plan } from '../records/plan.js';
import type { Receiver } from '../records/receiver.js';
import { countOutcome, sumOf, type Result } from '../records/result.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import type { Wait } from '../records/waits.js';
import type { Claim, StagingTable } from '../staging/stagingTable.js';
import type { Orders } from './mayBeSent.js';
import { answerOf, idOf, settlementsOf, type ChunkChild } from './settlements.js';
import { recordProblem, type ProblemDependencies } from './stopOrWait.js';

export interface PostDependencies extends ProblemDependencies {
  readonly receiver: Receiver;
  readonly ledger: Ledger;
  readonly staging: StagingTable;
  readonly post: (children: readonly object[]) => Promise<DfeAnswer>;
  /** The words that are kept of what DfE says. */
  readonly vocabulary: Vocabulary;
  readonly profile: Pick<BuildRules, 'placementIdsRepeat'>;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
  /**
   * A POST and the work after it take at least this long, so that all send slots together keep to the set number of
   * posts a second.
   */
  readonly leastMsPerPost: number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/**
 * DfE has not answered for all children of the chunk. What it has answered is recorded; the rest is sent again when the
 * message comes back from the queue. The message of the error names no child.
 */
class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/** What an attempt found out about the children that had no answer before. */
interface Sent {
  readonly children: readonly Result['children'][number][];
  readonly posts: number;
}

/**
 * Sends the children of a chunk that have no answer yet.
 * @returns until when to wait, when DfE asked not to be posted to; the answers so far are recorded
 * @throws DeliveryError when some still have none; the answers so far are recorded
 */
export async function postOpen(
  message: ChunkMessage,
  chunk: Chunk,
  plan: Plan,
  known: Answers,
  { request, postOf }: Orders,
  dependencies: PostDependencies,
): Promise<Sent | Wait> {
  const { staging } = dependencies;
  const unrecorded = await unrecordedAttempts(chunk, dependencies);
  const answered = new Set(known.children.map(({ personId }) => personId));
  // A child may have been erased since: then there is nothing to send.
  const open = chunk.children.filter(
    ({ personId, erasedAt }) => !answered.has(personId) && erasedAt === undefined,
  );
  const claimId = dependencies.randomHex();
  const run = { runId: chunk.runId, number: plan.number ?? 0 };
  const claimed = await staging.claim(run, claimId, open.map(claimFor));
  const claimOf = ({ personId }: ChunkChild) => claimed.get(personId);
  const superseded = open
    .filter((child) => claimOf(child) === undefined)
    .map((child) => ({ ...idOf(child), outcome: 'superseded' as const }));
  const posted = postOf(open.filter((child) => claimOf(child) !== undefined));
  if (posted.length === 0) return { children: superseded, posts: 0 };

  const toSend = posted.map(({ child }) => child);
  const payloads = posted.map(({ payload }) => payload);
  await recordSending(message, request, toSend, payloads, dependencies);
  await dependencies.runs.unrecordedAttempts.write(chunk, { unrecorded: unrecorded + 1 });
  const { delivered, posts } = await deliverPaced(chunk.runId, plan, payloads, dependencies);
  const { children: deliveries, problem } = delivered;
  await recordFullAnswers(chunk, claimId, toSend, delivered, dependencies);
  const settled = toSend.flatMap((child, index) => {
    const answer = answerOf(child, deliveries[index], claimOf(child), claimId, dependencies.profile);
    return answer === undefined ? [] : [answer];
  });
  const answers = settled.filter((answer) => answer.outcome !== 'notTaken');
  if (problem === undefined) return { children: [...superseded, ...answers], posts };

  const all = { posts: known.posts + posts, children: [...known.children, ...answers] };
  const wait = await recordProblem(
    chunk,
    all,
    countOutcome('accepted', { children: answers }),
    problem,
    dependencies,
  );
  const notTaken = settled.filter((answer) => answer.outcome === 'notTaken');
  await staging.settle(chunk.runId, [...settlementsOf(chunk, answers), ...notTaken]);
  if (wait !== undefined) return wait;
  throw new DeliveryError(problem.text);
}

/**
 * How many attempts to send the chunk have left no record of their outcome: the results storage refuses it, or the
 * process dies each time.
 * @throws Error when there are too many: then nothing is posted, and the run stops
 */
async function unrecordedAttempts(
  { runId, chunk }: Chunk,
  { runs, telemetry, now }: PostDependencies,
): Promise<number> {
  const attempts = (await runs.unrecordedAttempts.read({ runId, chunk }))?.unrecorded ?? 0;
  if (attempts < unrecordedUntilStop) return attempts;
  const dimensions = { runId, chunk: String(chunk) };
  telemetry.record({ name: 'ChunkUnrecorded', dimensions, measurements: { attempts } });
  const reason = `What came of ${String(attempts)} attempts to send chunk ${String(chunk)} could not be recorded, and DfE may hold its children: look at the exceptions of function sendChunk, and at the results storage for a lock, a lease or a policy that refuses writes.`;
  await runs.cancellation.create(runId, {
    at: now().toISOString(),
    by: 'the app',
    reason,
    cause: 'receiver',
  });
  throw new Error(`${reason} It is not posted any more.`);
}

/**
 * A deployment, or an instance that the platform removes, ends an attempt now and then, but hardly ever at the same
 * chunk twice.
 */
const unrecordedUntilStop = 3;

function claimFor({ personId, hash, payload }: ChunkChild): Claim {
  return { personId, hash, sent: JSON.stringify(payload) };
}

async function deliverPaced(
  runId: RunId,
  plan: Plan,
  payloads: readonly object[],
  { runs, post, probe, now, pause, leastMsPerPost, vocabulary }: PostDependencies,
): Promise<{ delivered: Deliveries; posts: number }> {
  let posts = 0;
  const attemptBegan = now().getTime();
  const paced = async (batch: readonly object[]): Promise<DfeAnswer> => {
    const begun = now().getTime();
    if (begun - attemptBegan > longestAttemptMs) return tookTooLong;
    const answer = await post(batch);
    posts += answer.tries;
    const rest = leastMsPerPost - (now().getTime() - begun);
    if (rest > 0) await pause(rest);
    return answer;
  };
  const othersAccepted = async () => sumOf(await runs.result.totals(runId), plan).accepted > 0;
  const delivered = await deliver(payloads, { post: paced, probe, othersAccepted }, vocabulary);
  return { delivered, posts };
}

/**
 * The words that are left out of the result are kept next to the payloads, so that we can see which words the
 * vocabulary lacks.
 */
async function recordFullAnswers(
  { runId, chunk }: Chunk,
  claimId: string,
  sent: readonly ChunkChild[],
  { fullAnswers }: Deliveries,
  { runs, now }: PostDependencies,
): Promise<void> {
  if (fullAnswers.length === 0) return;
  const answers = fullAnswers.map(({ status, children, text }) => ({
    status,
    children: children.flatMap((place) => sent[place]?.personId ?? []),
    text,
  }));
  await runs.fullAnswers.write(runId, claimId, { chunk, at: now().toISOString(), answers });
}

const tookTooLong: DfeAnswer = {
  kind: 'none',
  why: 'later',
  status: 'network',
  text: 'the attempt has taken too long',
  mayHold: false,
  tries: 0,
};

/** Every disclosure is in the ledger before it happens. */
async function recordSending(
  { chunk, blob }: ChunkMessage,
  request: RunRequest,
  children: readonly ChunkChild[],
  payloads: readonly object[],
  { ledger, receiver, now }: PostDependencies,
): Promise<void> {
  const sent = children.map((child, index) => ({ ...child, payload: payloads[index] ?? {} }));
  await ledger.recordSending(sentEntryOf({ request, chunk, blob, at: now(), receiver, children: sent }));
}
