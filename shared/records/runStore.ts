import type { z } from 'zod';
import type { Finding } from '../child/findings.js';
import type { BlobEntry, BlobStore } from './blobStore.js';
import { checkpointSchema, type Checkpoint } from './checkpoint.js';
import { readAhead } from './inTime.js';
import {
  answersSchema,
  attemptsSchema,
  cancellationSchema,
  chunkSchema,
  decisionSchema,
  extractSignSchema,
  findingRecordSchema,
  fullAnswersSchema,
  hasBegun,
  planSchema,
  progressSchema,
  tableReceiverSchema,
  refusalsSchema,
  resultSchema,
  resumptionSchema,
  runRequestSchema,
  failedAttemptSchema,
  summarySchema,
  activeRunSchema,
  waitSchema,
  type Answers,
  type Cancellation,
  type Chunk,
  type ChunkMessage,
  type Decision,
  type ExtractPosition,
  type FindingRecord,
  type FullAnswers,
  type Plan,
  type Progress,
  type TableReceiver,
  type Refusals,
  type Result,
  type RunId,
  type RunRequest,
  type Summary,
  type Totals,
  type ActiveRun,
  type Wait,
} from './runRecords.js';

/** What became of the children of one chunk, in numbers. */
export type ChunkTotals = Omit<TotalsSoFar, 'chunks'> & {
  readonly chunk: number;
  /** Why it was not sent, a word of `turnedAway.ts`; none where that is not so. */
  readonly failure: string | undefined;
};
/** As this version counts them. */
type TotalsSoFar = Totals & { readonly inDoubt: number };

const root = 'runs/';
const activeRunName = 'turn.json';

/** What of a run is told to Application Insights: what its plan says, and how it ended. */
const reportedParts = ['plan', 'end'] as const;
export type ReportedPart = (typeof reportedParts)[number];

/**
 * The facts about runs, one folder a run:
 * `request.json`, `progress.json`, `checkpoint.json`, `findings/<attempt>/…`, `chunks/<attempt>/…`, `plan.json`,
 * `approval.json`, `cancellation.json`, `attempts/…`, `answers/…`, `full-answers/…`, `strikes/…`, `wait.json`, `results/…`, `summary.json`,
 * `refusals.json`, `reported-plan.json`, `reported-end.json`, and the signs `extracts/…`, `sending.json` and `resumed.json`.
 * All but progress, checkpoint, findings, chunks, attempts, answers, full answers, wait and signs are written once: whoever comes second is told by `false` that it was
 * done. Beside the folders, `turn.json` says which run is going on.
 */
export class RunStore {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  createRequest(request: RunRequest): Promise<boolean> {
    return this.#blobs.create(nameOf(request.runId, 'request.json'), JSON.stringify(request));
  }

  readRequest(runId: RunId): Promise<RunRequest | undefined> {
    return this.#read(nameOf(runId, 'request.json'), runRequestSchema);
  }

  writeProgress(runId: RunId, progress: Progress): Promise<void> {
    return this.#blobs.write(nameOf(runId, 'progress.json'), JSON.stringify(progress));
  }

  readProgress(runId: RunId): Promise<Progress | undefined> {
    return this.#read(nameOf(runId, 'progress.json'), progressSchema);
  }

  /** How far one attempt at the extract is. Each record stands by itself, so whichever attempt wrote last will do. */
  writeCheckpoint(runId: RunId, checkpoint: Checkpoint): Promise<void> {
    return this.#blobs.write(nameOf(runId, 'checkpoint.json'), JSON.stringify(checkpoint));
  }

  readCheckpoint(runId: RunId): Promise<Checkpoint | undefined> {
    return this.#read(nameOf(runId, 'checkpoint.json'), checkpointSchema);
  }

  /**
   * Copies the first chunks and the findings of the first ranges from one attempt to another, so that each attempt writes
   * in folders of its own, and everything that a plan names is in one.
   * @returns false when a chunk is not there
   */
  async copyAttempt(
    runId: RunId,
    { from, to, chunks, ranges }: { from: string; to: string; chunks: number; ranges: number },
  ): Promise<boolean> {
    const findings = await this.#blobs.list(nameOf(runId, `findings/${from}/`));
    const names = [
      ...Array.from({ length: chunks }, (_, at) => chunkName(runId, from, at + 1)),
      ...findings.map(({ name }) => name).filter((name) => numberIn(name) <= ranges),
    ];
    const copied = readAhead(names, async (name) => {
      const content = await this.#blobs.read(name);
      if (content === undefined) return false;
      await this.#blobs.write(name.replace(`/${from}/`, `/${to}/`), content);
      return true;
    });
    for await (const isCopied of copied) if (!isCopied) return false;
    return true;
  }

  /** The findings of one range of children, one a line. */
  writeFindings(runId: RunId, attempt: string, range: number, findings: readonly Finding[]): Promise<void> {
    const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`);
    return this.#blobs.write(nameOf(runId, `findings/${attempt}/${numbered(range)}.jsonl`), lines.join(''));
  }

  /** The findings of one attempt at the extract in the order of its ranges; one blob is in memory at a time. */
  async *findings(runId: RunId, attempt: string): AsyncGenerator<FindingRecord, void, undefined> {
    for (const blob of await this.findingBlobs(runId, attempt)) yield* await this.readFindings(blob);
  }

  /** The names of the blobs with the findings of one attempt at the extract, one a range, in their order. */
  async findingBlobs(runId: RunId, attempt: string): Promise<string[]> {
    return (await this.#blobs.list(nameOf(runId, `findings/${attempt}/`))).map(({ name }) => name);
  }

  async readFindings(blob: string): Promise<FindingRecord[]> {
    const lines = ((await this.#blobs.read(blob)) ?? '').split('\n');
    return lines.filter((line) => line !== '').map((line) => parsed(blob, line, findingRecordSchema));
  }

  /** Writes a chunk of one attempt at the extract. Nothing is sent before a plan names the attempt. */
  async writeChunk(attempt: string, chunk: Chunk): Promise<void> {
    await this.#blobs.write(chunkName(chunk.runId, attempt, chunk.chunk), JSON.stringify(chunk));
  }

  readChunk(message: ChunkMessage): Promise<Chunk | undefined> {
    return this.#read(message.blob, chunkSchema);
  }

  createPlan(runId: RunId, plan: Plan): Promise<boolean> {
    return this.#blobs.create(nameOf(runId, 'plan.json'), JSON.stringify(plan));
  }

  readPlan(runId: RunId): Promise<Plan | undefined> {
    return this.#read(nameOf(runId, 'plan.json'), planSchema);
  }

  /** @returns false when it was approved already */
  createApproval(runId: RunId, approval: Decision): Promise<boolean> {
    return this.#blobs.create(nameOf(runId, 'approval.json'), JSON.stringify(approval));
  }

  readApproval(runId: RunId): Promise<Decision | undefined> {
    return this.#read(nameOf(runId, 'approval.json'), decisionSchema);
  }

  /** @returns false when it was cancelled already */
  createCancellation(runId: RunId, cancellation: Cancellation): Promise<boolean> {
    return this.#blobs.create(nameOf(runId, 'cancellation.json'), JSON.stringify(cancellation));
  }

  readCancellation(runId: RunId): Promise<Cancellation | undefined> {
    return this.#read(nameOf(runId, 'cancellation.json'), cancellationSchema);
  }

  /** Keeps what DfE has answered about some children of a chunk while others are to be sent again. */
  writeAnswers(runId: RunId, chunk: number, answers: Answers): Promise<void> {
    return this.#blobs.write(nameOf(runId, `answers/${numbered(chunk)}.json`), JSON.stringify(answers));
  }

  async readAnswers(runId: RunId, chunk: number): Promise<Answers> {
    return (
      (await this.#read(nameOf(runId, `answers/${numbered(chunk)}.json`), answersSchema)) ?? {
        posts: 0,
        children: [],
      }
    );
  }

  /** Keeps what DfE has said in full, next to the payloads. @param claimId of the attempt: each has a blob of its own */
  writeFullAnswers(runId: RunId, claimId: string, answers: FullAnswers): Promise<void> {
    const name = nameOf(runId, `full-answers/${numbered(answers.chunk)}-${claimId}.json`);
    return this.#blobs.write(name, JSON.stringify(answers));
  }

  /** The names of the blobs that hold what DfE has said in full, in the order of their chunks. */
  async fullAnswersBlobs(runId: RunId): Promise<{ readonly name: string; readonly chunk: number }[]> {
    const blobs = await this.#blobs.list(nameOf(runId, 'full-answers/'));
    return blobs.map(({ name }) => ({ name, chunk: Number(/(\d+)-\w+\.json$/.exec(name)?.[1]) }));
  }

  readFullAnswers(blob: string): Promise<FullAnswers | undefined> {
    return this.#read(blob, fullAnswersSchema);
  }

  /** How many attempts at a chunk have begun since one was recorded to its end. */
  async unrecordedAttempts(runId: RunId, chunk: number): Promise<number> {
    const attempts = await this.#read(nameOf(runId, `attempts/${numbered(chunk)}.json`), attemptsSchema);
    return attempts?.unrecorded ?? 0;
  }

  writeUnrecordedAttempts(runId: RunId, chunk: number, unrecorded: number): Promise<void> {
    const name = nameOf(runId, `attempts/${numbered(chunk)}.json`);
    return this.#blobs.write(name, JSON.stringify({ unrecorded }));
  }

  /**
   * Records that an attempt at a chunk had no answer for some of its children.
   * @param accepted how many DfE has accepted in it
   * @param text why there is no answer; names no child
   */
  async recordFailedAttempt(
    runId: RunId,
    chunk: number,
    accepted: number,
    at: Date,
    text: string,
  ): Promise<void> {
    const time = at.toISOString().replace(/[-:.]/g, '');
    // Version 0.1 says `some` also of an attempt in which DfE has only refused.
    const kind = accepted > 0 ? 'some' : 'none';
    const name = nameOf(runId, `strikes/${time}-${numbered(chunk)}-${kind}.json`);
    await this.#blobs.write(name, JSON.stringify({ text }));
  }

  /** Why DfE has not answered for some children of these chunks, each reason once, the newest last. */
  async whyUnanswered(runId: RunId, chunks: readonly number[]): Promise<string[]> {
    const strikes = await this.#blobs.list(nameOf(runId, 'strikes/'));
    const last = new Map(strikes.map(({ name }) => [failedChunkIn(name), name]));
    const names = chunks.flatMap((chunk) => last.get(chunk) ?? []).sort();
    const texts = await Promise.all(
      names.map((name) =>
        unlessUnreadable(this.#read(name, failedAttemptSchema)).then((strike) => strike?.text),
      ),
    );
    return [...new Set(texts.filter((text) => text !== undefined))];
  }

  /**
   * The chunk of each attempt that has left children without an answer since DfE last accepted a child of the run. That it
   * refuses a child says nothing about those that it does not answer for.
   */
  async failedAttemptsInARow(runId: RunId): Promise<number[]> {
    const [strikes, results] = await Promise.all([
      this.#blobs.list(nameOf(runId, 'strikes/')),
      this.#blobs.list(nameOf(runId, 'results/')),
    ]);
    const accepts = ({ name, facts }: BlobEntry) =>
      name.endsWith('-some.json') || Number(facts['accepted'] ?? 0) > 0;
    const accepted = [...strikes, ...results].filter(accepts).map(({ modified }) => modified.getTime());
    const last = accepted.reduce((a, b) => Math.max(a, b), 0);
    return strikes
      .filter((strike) => !accepts(strike) && strike.modified.getTime() > last)
      .map(({ name }) => failedChunkIn(name));
  }

  /** @returns false when the chunk has a result already */
  createResult(runId: RunId, result: Result): Promise<boolean> {
    const having = (outcome: string) =>
      String(result.children.filter((child) => child.outcome === outcome).length);
    const inDoubt = result.children.filter((child) => 'inDoubt' in child && child.inDoubt === true);
    return this.#blobs.create(resultName(runId, result.chunk), JSON.stringify(result), {
      posts: String(result.posts),
      accepted: having('accepted'),
      refused: having('refused'),
      outstanding: having('outstanding'),
      superseded: having('superseded'),
      inDoubt: String(inDoubt.length),
      ...(result.failure === undefined ? {} : { failure: result.failure }),
    });
  }

  readResult(runId: RunId, chunk: number): Promise<Result | undefined> {
    return this.#read(resultName(runId, chunk), resultSchema);
  }

  /** The numbers of the chunks that have a result. */
  async settledChunks(runId: RunId): Promise<Set<number>> {
    const results = await this.#blobs.list(nameOf(runId, 'results/'));
    return new Set(results.map(({ name }) => numberIn(name)));
  }

  /** What became of each chunk that has a result, in order, from one listing. */
  async chunkTotals(runId: RunId): Promise<ChunkTotals[]> {
    const results = await this.#blobs.list(nameOf(runId, 'results/'));
    return results.map(({ name, facts }) => ({
      chunk: numberIn(name),
      posts: Number(facts['posts'] ?? 0),
      accepted: Number(facts['accepted'] ?? 0),
      refused: Number(facts['refused'] ?? 0),
      outstanding: Number(facts['outstanding'] ?? 0),
      superseded: Number(facts['superseded'] ?? 0),
      inDoubt: Number(facts['inDoubt'] ?? 0),
      failure: facts['failure'],
    }));
  }

  /**
   * The sums over the results of the chunks of a plan so far, from one listing.
   * @param plan `undefined` when it cannot be read: then every result counts
   */
  async totals(runId: RunId, plan: Pick<Plan, 'chunks'> | undefined): Promise<TotalsSoFar> {
    const planned = plan?.chunks ?? Infinity;
    const chunks = (await this.chunkTotals(runId)).filter(({ chunk }) => chunk <= planned);
    const sum = (fact: Exclude<keyof ChunkTotals, 'chunk' | 'failure'>) =>
      chunks.reduce((total, chunk) => total + chunk[fact], 0);
    return {
      chunks: chunks.length,
      posts: sum('posts'),
      accepted: sum('accepted'),
      refused: sum('refused'),
      outstanding: sum('outstanding'),
      superseded: sum('superseded'),
      inDoubt: sum('inDoubt'),
    };
  }

  /** @returns false when the run has ended already */
  createSummary(runId: RunId, summary: Summary): Promise<boolean> {
    return this.#blobs.create(nameOf(runId, 'summary.json'), JSON.stringify(summary));
  }

  readSummary(runId: RunId): Promise<Summary | undefined> {
    return this.#read(nameOf(runId, 'summary.json'), summarySchema);
  }

  /** Keeps what was counted from the results of a run that has ended. */
  async createRefusals(runId: RunId, refusals: Refusals): Promise<void> {
    await this.#blobs.create(nameOf(runId, 'refusals.json'), JSON.stringify(refusals));
  }

  readRefusals(runId: RunId): Promise<Refusals | undefined> {
    return this.#read(nameOf(runId, 'refusals.json'), refusalsSchema);
  }

  /** Marks that Application Insights has been told. @returns false when it was marked already */
  markReported(runId: RunId, part: ReportedPart): Promise<boolean> {
    return this.#blobs.create(reportedName(runId, part), '{}');
  }

  async reportedParts(runId: RunId): Promise<Set<ReportedPart>> {
    const marks = await Promise.all(reportedParts.map((part) => this.#blobs.read(reportedName(runId, part))));
    return new Set(reportedParts.filter((_, index) => marks[index] !== undefined));
  }

  /**
   * What time it is by the clock of storage, the same for every instance of the app: how long a run waits, is held, is
   * quiet or has the turn is told by it alone.
   */
  async time(): Promise<Date> {
    const time = await this.#blobs.time();
    if (time === undefined || Number.isNaN(time.getTime()))
      throw new Error('The answer of the results storage does not say the time. Nothing was done.');
    return time;
  }

  /** When the plan of a run was written, by the clock of storage. */
  async plannedAt(runId: RunId): Promise<Date | undefined> {
    return (await this.#blobs.list(nameOf(runId, 'plan.json')))[0]?.modified;
  }

  /** When something of the run was written last, by the clock of storage. What was told about it is no sign that it goes on. */
  async lastSign(runId: RunId): Promise<Date | undefined> {
    const entries = await this.#blobs.list(nameOf(runId, ''));
    const marks = new Set(reportedParts.map((part) => reportedName(runId, part)));
    const signs = entries.filter(({ name }) => !marks.has(name));
    const times = signs.map(({ modified }) => modified.getTime());
    return times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.max(a, b)));
  }

  /** Keeps until when DfE asked not to be posted to. Of what several senders were told the latest time counts. */
  async recordWait(runId: RunId, wait: Wait): Promise<Wait> {
    const earlier = await this.readWait(runId);
    const latest =
      earlier !== undefined && hasBegun(earlier, new Date(wait.since)) && earlier.until > wait.until
        ? { ...earlier, since: wait.since }
        : wait;
    await this.#blobs.write(nameOf(runId, 'wait.json'), JSON.stringify(latest));
    return latest;
  }

  /** What the run waits for; `undefined` when DfE has not asked for it, and when the run was taken up again since. */
  async readWait(runId: RunId): Promise<Wait | undefined> {
    const wait = await this.#lastWait(runId);
    if (wait === undefined) return undefined;
    const resumption = await this.#read(nameOf(runId, 'resumed.json'), resumptionSchema);
    if (resumption === undefined) return wait;
    const { at, endedWait } = resumption;
    const isOver = endedWait === undefined ? at >= wait.since : endedWait === wait.since;
    return isOver ? undefined : wait;
  }

  /** Leaves a sign that an attempt at the extract has begun. @param sign six hexadecimal digits of its own */
  async noteExtractBegin(runId: RunId, sign: string): Promise<void> {
    await this.#blobs.write(nameOf(runId, `extracts/${sign}.json`), JSON.stringify({ isOver: false }));
  }

  async noteExtractEnd(runId: RunId, sign: string): Promise<void> {
    await this.#blobs.write(nameOf(runId, `extracts/${sign}.json`), JSON.stringify({ isOver: true }));
  }

  /** Whether an attempt at the extract has begun since then and has not said that it has ended. */
  async mayBeExtracting(runId: RunId, since: Date): Promise<boolean> {
    const signs = await this.#blobs.list(nameOf(runId, 'extracts/'));
    const recent = signs.filter(({ modified }) => modified >= since);
    const read = recent.map(({ name }) => unlessUnreadable(this.#read(name, extractSignSchema)));
    return (await Promise.all(read)).some((sign) => sign?.isOver !== true);
  }

  /** Leaves a sign that a sender of the run lives. */
  async noteSending(runId: RunId, at: Date): Promise<void> {
    await this.#blobs.write(nameOf(runId, 'sending.json'), JSON.stringify({ at: at.toISOString() }));
  }

  /** Leaves a sign that the run was taken up again, which ends its wait. Keeps how far its extract had come. */
  async noteResumption(runId: RunId, at: Date): Promise<void> {
    const resumption: z.output<typeof resumptionSchema> = {
      at: at.toISOString(),
      endedWait: (await this.#lastWait(runId))?.since ?? null,
      extracted: await this.#extracted(runId),
    };
    await this.#blobs.write(nameOf(runId, 'resumed.json'), JSON.stringify(resumption));
  }

  /** Whether the extract has got on since the run was taken up last, or at all where it never was. */
  async hasExtractGotOn(runId: RunId): Promise<boolean> {
    const [extracted, resumption] = await Promise.all([
      this.#extracted(runId),
      unlessUnreadable(this.#read(nameOf(runId, 'resumed.json'), resumptionSchema)),
    ]);
    if (extracted === undefined) return false;
    const before = resumption?.extracted;
    return before?.fingerprint !== extracted.fingerprint || extracted.rangesDone > before.rangesDone;
  }

  async #extracted(runId: RunId): Promise<ExtractPosition | undefined> {
    const checkpoint = await unlessUnreadable(this.readCheckpoint(runId));
    return checkpoint && { fingerprint: checkpoint.fingerprint, rangesDone: checkpoint.rangesDone };
  }

  /** Also one that is over. */
  #lastWait(runId: RunId): Promise<Wait | undefined> {
    return this.#read(nameOf(runId, 'wait.json'), waitSchema);
  }

  /** The turn with its tag for `writeTurn`; `undefined` before the first run. */
  async readActiveRun(): Promise<{ turn: ActiveRun; tag: string } | undefined> {
    const found = await this.#blobs.readTagged(activeRunName);
    if (found === undefined) return undefined;
    const turn = parsed(activeRunName, found.content, activeRunSchema);
    // Version 0.1 takes `since` from the clock of the app. No turn has begun after it was written down.
    const latest = found.modified?.toISOString() ?? turn.since;
    return { turn: latest < turn.since ? { ...turn, since: latest } : turn, tag: found.tag };
  }

  /** @param tag of the turn that was read, `undefined` when there was none. @returns false when somebody was quicker */
  writeActiveRun(turn: ActiveRun, tag: string | undefined): Promise<boolean> {
    const content = JSON.stringify(turn);
    return tag === undefined
      ? this.#blobs.create(activeRunName, content)
      : this.#blobs.replace(activeRunName, content, tag);
  }

  /** Whose acknowledgements a staging table holds; `undefined` before anything was sent from it. */
  readReceiver(stagingTable: string): Promise<TableReceiver | undefined> {
    return this.#read(`receivers/${stagingTable}.json`, tableReceiverSchema);
  }

  writeReceiver(stagingTable: string, receiver: TableReceiver): Promise<void> {
    return this.#blobs.write(`receivers/${stagingTable}.json`, JSON.stringify(receiver));
  }

  /** The ids of the runs, newest first. */
  async runIds(): Promise<RunId[]> {
    return (await this.#blobs.folders(root)).reverse();
  }

  async #read<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.output<Schema> | undefined> {
    const content = await this.#blobs.read(name);
    return content === undefined ? undefined : parsed(name, content, schema);
  }
}

/** The message of a chunk follows from the plan and its number alone, so that it can be made again. */
export function chunkMessageOf(
  runId: RunId,
  { attempt }: Pick<Plan, 'attempt'>,
  chunk: number,
): ChunkMessage {
  return { runId, chunk, blob: chunkName(runId, attempt, chunk) };
}

function chunkName(runId: RunId, attempt: string, chunk: number): string {
  return nameOf(runId, `chunks/${attempt}/${numbered(chunk)}.json`);
}

function resultName(runId: RunId, chunk: number): string {
  return nameOf(runId, `results/${numbered(chunk)}.json`);
}

function reportedName(runId: RunId, part: ReportedPart): string {
  return nameOf(runId, `reported-${part}.json`);
}

/** `strikes/<time>-<chunk>-<kind>.json` */
function failedChunkIn(strikeName: string): number {
  return Number(/-(\d+)-\w+\.json$/.exec(strikeName)?.[1]);
}

/** The number that a blob is named by. */
function numberIn(name: string): number {
  return Number(/(\d+)\.jsonl?$/.exec(name)?.[1]);
}

function nameOf(runId: RunId, rest: string): string {
  return `${root}${runId}/${rest}`;
}

function numbered(number: number): string {
  return String(number).padStart(5, '0');
}

/** A record that another version has written, or somebody has changed. Names the blob and quotes nothing of it. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';

  constructor(blob: string) {
    super(`The blob ${blob} does not hold what this version writes there. Nothing was sent.`);
  }
}

/** What was read; `undefined` also when another version has written it. */
export async function unlessUnreadable<Read>(read: Promise<Read>): Promise<Read | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof UnreadableRecordError) return undefined;
    throw error;
  }
}

/** Whether there is a record, in whatever form. */
export async function isThere(read: Promise<unknown>): Promise<boolean> {
  try {
    return (await read) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableRecordError) return true;
    throw error;
  }
}

/** @throws UnreadableRecordError: a parser's own message would quote the record */
function parsed<Schema extends z.ZodType>(name: string, content: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw new UnreadableRecordError(name);
  }
}
