import { byTexts } from '../child/ordering.js';
import type { Pseudonyms } from '../child/pseudonyms/pseudonyms.js';
import type { DfeAnswer } from '../dfe/answer.js';
import { deliver } from '../dfe/deliver.js';
import type { Deliveries, Delivery, DeliveryProblem } from '../dfe/delivery.js';
import type { KeyProof } from '../dfe/forbidden.js';
import type { Vocabulary } from '../dfe/keptWords.js';
import type { Settlement } from '../staging/settlement.js';
import type { Claim, ClaimedChild, StagingTable } from '../staging/stagingTable.js';
import { longestAttemptMs, redeliveryMs, signEveryMs } from '../host/durations.js';
import { finishRun } from './finishRun.js';
import type { Telemetry } from '../telemetry/events.js';
import { giveUpChunk } from './giveUpChunk.js';
import { childrenRejected, turnedAway } from '../telemetry/runEvents.js';
import { whyNotAsPlanned, type SendingDependencies } from './startSending.js';
import { nextMessage } from './sendSlots.js';
import { answeredEntryOf, sentEntryOf, type Ledger } from '../records/ledger.js';
import { turnEndsAt } from './standing.js';
import { pointedAt, whyUntrue, type TurnedAway } from '../records/turnedAway.js';
import { type Answers, type ChildAnswer, noAnswers } from '../records/answers.js';
import type { Chunk, ChunkMessage } from '../records/chunk.js';
import type { Plan } from '../records/plan.js';
import { type Result, sumOf, countOutcome } from '../records/result.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import type { Summary } from '../records/summary.js';
import type { Wait } from '../records/waits.js';
import type { RunStore } from '../records/runStore.js';

export interface SendChunkDependencies extends SendingDependencies {
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly staging: StagingTable;
  readonly post: (children: readonly object[]) => Promise<DfeAnswer>;
  /** Whether DfE accepts token and key, found without sending a child. */
  readonly probe: () => Promise<KeyProof>;
  /** The words that are kept of what DfE says. */
  readonly vocabulary: Vocabulary;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
  /** A POST and what follows it take at least so long, so that lanes together keep to a number of posts a second. */
  readonly leastMsPerPost: number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Does something again and again until the answer is called; what fails is done again the next time. */
  readonly every: (ms: number, act: () => Promise<unknown>) => () => void;
}

/** What became of a chunk, in numbers that may be logged. */
export interface ChunkOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Not sent, because the child has changed since. */
  readonly superseded: number;
  readonly posts: number;
  /** The run's summary, when this chunk was the last one. */
  readonly ended: Summary | undefined;
  /** DfE asked not to be posted to until then: `resumeStalledRuns` gives the message again. */
  readonly waitsUntil: string | undefined;
  /** Why nothing was posted: the message or the chunk does not agree with the records of the run. */
  readonly turnedAway: TurnedAway | undefined;
  /** The message of the chunk that comes next. */
  readonly next: ChunkMessage | undefined;
}

/**
 * DfE has not answered for all children of the chunk. What it has answered is recorded; the rest is sent again when the
 * message comes back from the queue. The message of the error names no child.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

type ChunkChild = Chunk['children'][number];

/**
 * Sends a chunk and settles what DfE says about each child: the result blob first, then the staging table, then the
 * run. What is sent and whether, the records of the run say; the message only points to them, and is turned away where
 * they do not agree. May be killed and repeated at any point: before a POST the staging table says that DfE may hold what is in it,
 * what DfE has answered is not posted again, and a chunk with a result is only settled again.
 * @throws DeliveryError when DfE has not answered for every child: the message goes back to the queue
 */
export async function sendChunk(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, every, now } = dependencies;
  // A POST that is repeated, or a database that wakes, can take longer than a run may be quiet.
  const stopSigns = every(signEveryMs, () => runs.noteSending(message.runId, now()));
  try {
    return await sendAndSettle(message, dependencies);
  } finally {
    stopSigns();
  }
}

async function sendAndSettle(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, staging, ledger, telemetry, now } = dependencies;
  const { runId, chunk: number } = message;
  const begun = now().getTime();
  const pointed = await pointedAt(message, runs);
  if ('reason' in pointed) {
    telemetry.record(turnedAway(message, pointed.reason));
    return { ...nothing, turnedAway: pointed.reason };
  }
  const { plan } = pointed;
  const [chunk, earlier] = await Promise.all([
    runs.chunk.read(message),
    runs.result.read({ runId, chunk: number }),
  ]);
  if (chunk === undefined) throw new Error(`Chunk ${String(number)} of run ${runId} has no blob.`);
  const untrue = whyUntrue(chunk, message, plan);
  if (untrue !== undefined) return failed(message, untrue, plan, dependencies);
  // What was recorded already is settled all the same: nobody else comes back to it.
  const waitsUntil = earlier === undefined ? await waitOf(runId, runs) : undefined;
  if (waitsUntil !== undefined) return { ...nothing, waitsUntil };
  const sent =
    earlier === undefined
      ? await send(message, chunk, plan, dependencies)
      : { result: earlier, isRepetition: true, why: undefined };
  if ('until' in sent) return { ...nothing, waitsUntil: sent.until };
  const { result, isRepetition, why } = sent;
  await staging.settle(runId, settlementsOf(chunk, result.children));
  await ledger.recordAnswer(answeredEntryOf(runId, result));
  const outcome = outcomeOf(result);
  telemetry.record({
    name: 'ChunkSent',
    dimensions: { runId, chunk: String(number) },
    measurements: { ...outcome, children: result.children.length, durationMs: now().getTime() - begun },
  });
  for (const event of childrenRejected(runId, result)) telemetry.record(event);
  if (why !== undefined) telemetry.record(turnedAway(message, why));
  return {
    ...outcome,
    waitsUntil: undefined,
    turnedAway: why,
    ended: await finishRun(runId, dependencies, plan),
    next: await nextMessage(message, plan, isRepetition, dependencies),
  };
}

const nothing: ChunkOutcome = {
  accepted: 0,
  refused: 0,
  superseded: 0,
  posts: 0,
  ended: undefined,
  waitsUntil: undefined,
  turnedAway: undefined,
  next: undefined,
};

function outcomeOf(result: Result): Pick<ChunkOutcome, 'accepted' | 'refused' | 'superseded' | 'posts'> {
  return {
    accepted: countOutcome('accepted', result),
    refused: countOutcome('refused', result),
    superseded: countOutcome('superseded', result),
    posts: result.posts,
  };
}

/** Gives a chunk up that is not the planned one: whom it names and what it says of them counts for nothing. */
async function failed(
  message: ChunkMessage,
  why: TurnedAway,
  plan: Plan,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  dependencies.telemetry.record(turnedAway(message, why));
  const { result, givenUp } = await giveUpChunk(message, [], why, dependencies);
  return {
    ...outcomeOf(result),
    waitsUntil: undefined,
    turnedAway: why,
    ended: await finishRun(message.runId, dependencies, plan),
    next: await nextMessage(message, plan, !givenUp, dependencies),
  };
}

/** Until when DfE asked not to be posted to. A run that was stopped meanwhile need not wait: it posts nothing. */
async function waitOf(runId: RunId, runs: RunStore): Promise<string | undefined> {
  const wait = await runs.wait.read(runId);
  if (wait === undefined) return undefined;
  const ends = await Promise.all([runs.cancellation.read(runId), runs.summary.read(runId)]);
  return ends.every((end) => end === undefined) ? wait.until : undefined;
}

async function send(
  message: ChunkMessage,
  chunk: Chunk,
  plan: Plan,
  dependencies: SendChunkDependencies,
): Promise<Recorded | Wait> {
  const { runs, now } = dependencies;
  const { runId } = chunk;
  const known = (await runs.answers.read(chunk)) ?? noAnswers;
  const leave = await leaveToSend(runId, plan, dependencies);
  const sent =
    'request' in leave ? await sendOpen(message, chunk, known, { plan, ...leave }, dependencies) : undefined;
  if (sent !== undefined && 'until' in sent) return sent;
  const why = 'why' in leave ? leave.why : undefined;
  const outcomes = new Map(
    [...known.children, ...(sent?.children ?? [])].map((child) => [child.personId, child]),
  );
  const result: Result = {
    chunk: chunk.chunk,
    recordedAt: now().toISOString(),
    posts: known.posts + (sent?.posts ?? 0),
    ...(why === undefined ? {} : { failure: why }),
    children: chunk.children.map(
      (child) => outcomes.get(child.personId) ?? { ...idOf(child), outcome: 'outstanding' },
    ),
  };
  if (await runs.result.create(runId, result)) return { result, isRepetition: false, why };
  // Another attempt was quicker; its record is the one that counts.
  return {
    result: (await runs.result.read({ runId, chunk: chunk.chunk })) ?? result,
    isRepetition: true,
    why,
  };
}

/** The result of a chunk. */
interface Recorded {
  readonly result: Result;
  readonly isRepetition: boolean;
  /** Why nothing more was posted, where nobody has decided so. */
  readonly why: TurnedAway | undefined;
}

/** By what a chunk is sent. */
interface Orders {
  readonly plan: Plan;
  readonly request: RunRequest;
  readonly postOf: (children: readonly ChunkChild[]) => readonly Posted[];
}

/** A child, and what goes out about it: to a test receiver nothing that tells who it is. */
interface Posted {
  readonly child: ChunkChild;
  readonly payload: object;
}

/** What an attempt came to about the children that had no answer before. */
interface Sent {
  readonly children: readonly Result['children'][number][];
  readonly posts: number;
}

/**
 * Sends the children of a chunk that have no answer yet.
 * @returns for how long to wait, when DfE asked not to be posted to; what was answered is recorded
 * @throws DeliveryError when some have none afterwards; what was answered is recorded
 */
async function sendOpen(
  message: ChunkMessage,
  chunk: Chunk,
  known: Answers,
  { plan, request, postOf }: Orders,
  dependencies: SendChunkDependencies,
): Promise<Sent | Wait> {
  const { staging } = dependencies;
  const unrecorded = await unrecordedAttempts(chunk, dependencies);
  const answered = new Set(known.children.map(({ personId }) => personId));
  // Of a child that was erased meanwhile there is nothing to send.
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
    const answer = answerOf(child, deliveries[index], claimOf(child), claimId);
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
 * How many attempts to send the chunk have left no record of what came of it: the results storage refuses it, or the
 * process dies each time.
 * @throws Error when they are too many: then nothing is posted, and the run stops
 */
async function unrecordedAttempts(
  { runId, chunk }: Chunk,
  { runs, telemetry, now }: SendChunkDependencies,
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

/** A deployment, or an instance that is taken away, ends an attempt now and then, and hardly ever the same chunk again. */
const unrecordedUntilStop = 3;

function claimFor({ personId, hash, payload }: ChunkChild): Claim {
  return { personId, hash, sent: JSON.stringify(payload) };
}

async function deliverPaced(
  runId: RunId,
  plan: Plan,
  payloads: readonly object[],
  { runs, post, probe, now, pause, leastMsPerPost, vocabulary }: SendChunkDependencies,
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

/** What is left out of the result is kept next to the payloads: else nobody could see what the vocabulary lacks. */
async function recordFullAnswers(
  { runId, chunk }: Chunk,
  claimId: string,
  sent: readonly ChunkChild[],
  { fullAnswers }: Deliveries,
  { runs, now }: SendChunkDependencies,
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

/**
 * Keeps what DfE has answered, and stops the run when it is of no use to go on: what is left is outstanding then, and not
 * tried in vain chunk by chunk.
 * @returns for how long the run waits, when DfE asked not to be posted to
 */
async function recordProblem(
  { runId, chunk }: Chunk,
  answers: Answers,
  newlyAccepted: number,
  problem: DeliveryProblem,
  dependencies: SendChunkDependencies,
): Promise<Wait | undefined> {
  const { runs, telemetry, now } = dependencies;
  const { text, retryAfterMs = 0 } = problem;
  const at = now();
  await runs.answers.write({ runId, chunk }, answers);
  await runs.unrecordedAttempts.write({ runId, chunk }, { unrecorded: 0 });
  await runs.failedAttempts.record(runId, chunk, newlyAccepted, at, text);
  // For a shorter time the queue keeps the message anyway.
  const since = await runs.time();
  const until = retryAfterMs > redeliveryMs ? timeAfter(since, retryAfterMs) : undefined;
  const reason = await (until === undefined
    ? whyStop(runId, problem, dependencies)
    : whyNotWait(runId, chunk, text, until, runs));
  if (reason !== undefined) {
    await runs.cancellation.create(runId, { at: at.toISOString(), by: 'the app', reason, cause: 'receiver' });
    return undefined;
  }
  if (until === undefined) return undefined;
  telemetry.record({ name: 'RunWaits', dimensions: { runId }, measurements: { waitMs: retryAfterMs } });
  return runs.wait.record(runId, { since: since.toISOString(), until: until.toISOString(), reason: text });
}

/** Why to stop the run: DfE accepts no credential, or has accepted nothing in several attempts in a row. */
async function whyStop(
  runId: RunId,
  { why, text }: DeliveryProblem,
  { runs, probe }: SendChunkDependencies,
): Promise<string | undefined> {
  if (why === 'unauthorised') return text;
  const struck = await runs.failedAttempts.inARow(runId);
  if (struck.length < failedAttemptsUntilStop) return undefined;
  if ((await probe()) !== 'accepted') return text;
  // One chunk, or two, may be what DfE cannot take.
  const inVain = [...new Set(struck)].filter(
    (chunk) => failedAttemptsOf(chunk, struck) >= failedAttemptsUntilStop,
  );
  if (inVain.length < chunksUntilStop) return undefined;
  return `DfE accepts a POST without children, and has accepted no child of the last ${String(inVain.length)} chunks, each tried ${String(failedAttemptsUntilStop)} times. ${text}`;
}

/** Why to stop the run rather than to wait: it would lose its turn before, or has waited in vain. */
async function whyNotWait(
  runId: RunId,
  chunk: number,
  text: string,
  until: Date,
  runs: RunStore,
): Promise<string | undefined> {
  const active = await runs.activeRun.read();
  if (active !== undefined && until > turnEndsAt(active)) {
    return `${text} DfE asked not to be sent anything until ${until.toISOString()}, which is later than a run may go on.`;
  }
  if (failedAttemptsOf(chunk, await runs.failedAttempts.inARow(runId)) < failedAttemptsUntilStop)
    return undefined;
  return `${text} DfE asked ${String(failedAttemptsUntilStop)} times in a row to wait, and accepted no child in between.`;
}

function failedAttemptsOf(chunk: number, struck: readonly number[]): number {
  return struck.filter((one) => one === chunk).length;
}

/** `Retry-After` may be any number. */
function timeAfter(begin: Date, ms: number): Date {
  return new Date(Math.min(begin.getTime() + ms, latestTime));
}

const latestTime = Date.parse('9999-12-31T23:59:59.999Z');

/** One less than the queue gives a message tries, so that a run ends as unavailable and not as a row of poisoned chunks. */
const failedAttemptsUntilStop = 4;
const chunksUntilStop = 3;

/**
 * What the run was asked to do, if it still has the turn, has not ended or been cancelled, and sends to where it was
 * planned to, and under the pseudonyms it was planned with; else why not, unless somebody has decided so.
 * @throws CredentialsError when the pseudonyms have no key
 */
async function leaveToSend(
  runId: RunId,
  plan: Plan,
  dependencies: SendChunkDependencies,
): Promise<Omit<Orders, 'plan'> | { readonly why: TurnedAway | undefined }> {
  const { runs, now } = dependencies;
  const [active, cancellation, summary] = await Promise.all([
    runs.activeRun.read(),
    runs.cancellation.read(runId),
    runs.summary.read(runId),
  ]);
  if (cancellation !== undefined) return { why: undefined };
  if (summary !== undefined) return { why: 'runEnded' };
  if (active?.run.runId !== runId) return { why: 'lostTurn' };
  if (whyNotAsPlanned(plan, dependencies) !== undefined) return { why: 'otherReceiver' };
  const request = active.run;
  if (dependencies.pseudonyms === undefined) {
    return { request, postOf: (children) => children.map((child) => ({ child, payload: child.payload })) };
  }
  const pseudonyms = await dependencies.pseudonyms();
  if (plan.pseudonyms === pseudonyms.id)
    return { request, postOf: (children) => disguised(children, pseudonyms) };
  const at = now().toISOString();
  await runs.cancellation.create(runId, { at, by: 'the app', reason: otherPseudonyms, cause: 'decision' });
  return { why: undefined };
}

/**
 * In the order of the pseudonyms: a chunk has its children in that of their ids, which case systems give out as children
 * come, so that the order would tell about when a child came, and by how much its dates were moved.
 */
function disguised(children: readonly ChunkChild[], pseudonyms: Pseudonyms): readonly Posted[] {
  return children
    .map((child) => ({ child, payload: pseudonyms.payload(child.payload) }))
    .sort(byTexts(({ payload }) => String(payload['la_child_id'])));
}

const otherPseudonyms = 'the key or the settings of the pseudonyms have changed since the run was planned';

/** The ledger knows of every disclosure before it happens. */
async function recordSending(
  { chunk, blob }: ChunkMessage,
  request: RunRequest,
  children: readonly ChunkChild[],
  payloads: readonly object[],
  { ledger, receiver, now }: SendChunkDependencies,
): Promise<void> {
  const sent = children.map((child, index) => ({ ...child, payload: payloads[index] ?? {} }));
  await ledger.recordSending(sentEntryOf({ request, chunk, blob, at: now(), receiver, children: sent }));
}

/** @returns `undefined` when DfE may hold it, and has not said so */
function answerOf(
  child: ChunkChild,
  delivery: Delivery | undefined,
  { inDoubt, staysInDoubt }: ClaimedChild = { inDoubt: true, staysInDoubt: true },
  claimId: string,
): ChildAnswer | Extract<Settlement, { outcome: 'notTaken' }> | undefined {
  switch (delivery?.outcome) {
    case undefined:
      return undefined;
    case 'accepted':
      return {
        ...idOf(child),
        outcome: 'accepted',
        receipt: delivery.receipt,
        claimId,
        ...(delivery.mayLandAgain === true ? { mayLandAgain: true } : {}),
        ...(staysInDoubt ? { inDoubt: true } : {}),
      };
    case 'refused':
      return {
        ...idOf(child),
        outcome: 'refused',
        reason: delivery.reason,
        mayHold: delivery.mayHold || inDoubt,
        claimId,
        ...(staysInDoubt ? { inDoubt: true } : {}),
      };
    case 'unanswered':
      return delivery.mayHold || inDoubt ? undefined : { ...idOf(child), outcome: 'notTaken', claimId };
  }
}

function idOf({ personId, hash }: ChunkChild): { personId: string; hash: string } {
  return { personId, hash };
}

function isAnswer(child: Result['children'][number]): child is ChildAnswer {
  return child.outcome === 'accepted' || child.outcome === 'refused';
}

function settlementsOf(chunk: Chunk, children: readonly Result['children'][number][]): Settlement[] {
  const kept = chunk.children.filter(({ erasedAt }) => erasedAt === undefined);
  const sent = new Map(kept.map((child) => [child.personId, child]));
  return children.filter(isAnswer).flatMap((child): Settlement[] => {
    const was = sent.get(child.personId);
    if (was?.hash !== child.hash) return [];
    if (child.outcome === 'refused') return [child];
    const { claimId, mayLandAgain = false } = child;
    return [{ ...child, claimId, mayLandAgain, holds: heldAfter(was) }];
  });
}

function heldAfter({ holds, payload }: ChunkChild): string | undefined {
  if (holds === 'nothing') return undefined;
  return holds === 'payload' ? JSON.stringify(payload) : holds.json;
}
