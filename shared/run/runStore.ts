import type { z } from 'zod';
import type { Finding } from '../child/findings.js';
import type { BlobStore } from './blobStore.js';
import {
  chunkSchema,
  findingRecordSchema,
  planSchema,
  progressSchema,
  resultSchema,
  runRequestSchema,
  summarySchema,
  type Chunk,
  type ChunkMessage,
  type FindingRecord,
  type Plan,
  type Progress,
  type Result,
  type RunId,
  type RunRequest,
  type Summary,
  type Totals,
} from './runRecords.js';

const root = 'runs/';

/**
 * The facts about runs, one folder a run:
 * `request.json`, `progress.json`, `findings/…`, `chunks/…`, `plan.json`, `results/…`, `summary.json`.
 * All but progress, chunks and findings are written once: whoever comes second is told by `false` that it was done.
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

  /** The findings of one range of children, one a line. */
  writeFindings(runId: RunId, range: number, findings: readonly Finding[]): Promise<void> {
    const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`);
    return this.#blobs.write(nameOf(runId, `findings/${numbered(range)}.jsonl`), lines.join(''));
  }

  /** Empties what an earlier attempt of the extract has written: the source may have been mended since. */
  async clearFindings(runId: RunId): Promise<void> {
    for (const { name } of await this.#blobs.list(nameOf(runId, 'findings/'))) {
      await this.#blobs.write(name, '');
    }
  }

  /** The findings of a run in the order of its ranges; one blob is in memory at a time. */
  async *findings(runId: RunId): AsyncGenerator<FindingRecord, void, undefined> {
    for (const { name } of await this.#blobs.list(nameOf(runId, 'findings/'))) {
      const lines = (await this.#blobs.read(name)) ?? '';
      for (const line of lines.split('\n')) {
        if (line !== '') yield parsed(name, line, findingRecordSchema);
      }
    }
  }

  /** @returns the message that stands for the chunk */
  async writeChunk(chunk: Chunk): Promise<ChunkMessage> {
    const message = chunkMessageOf(chunk.runId, chunk.chunk);
    await this.#blobs.write(message.blob, JSON.stringify(chunk));
    return message;
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

  /** @returns false when the chunk has a result already */
  createResult(runId: RunId, result: Result): Promise<boolean> {
    const having = (outcome: string) =>
      String(result.children.filter((child) => child.outcome === outcome).length);
    return this.#blobs.create(resultName(runId, result.chunk), JSON.stringify(result), {
      posts: String(result.posts),
      accepted: having('accepted'),
      refused: having('refused'),
      outstanding: having('outstanding'),
    });
  }

  readResult(runId: RunId, chunk: number): Promise<Result | undefined> {
    return this.#read(resultName(runId, chunk), resultSchema);
  }

  /** The numbers of the chunks that have a result. */
  async settledChunks(runId: RunId): Promise<Set<number>> {
    const results = await this.#blobs.list(nameOf(runId, 'results/'));
    return new Set(results.map(({ name }) => Number(/(\d+)\.json$/.exec(name)?.[1])));
  }

  /** The sums over all results so far, from one listing. */
  async totals(runId: RunId): Promise<Totals> {
    const results = await this.#blobs.list(nameOf(runId, 'results/'));
    const sum = (fact: string) => results.reduce((total, { facts }) => total + Number(facts[fact] ?? 0), 0);
    return {
      chunks: results.length,
      posts: sum('posts'),
      accepted: sum('accepted'),
      refused: sum('refused'),
      outstanding: sum('outstanding'),
    };
  }

  /** @returns false when the run has ended already */
  createSummary(runId: RunId, summary: Summary): Promise<boolean> {
    return this.#blobs.create(nameOf(runId, 'summary.json'), JSON.stringify(summary));
  }

  readSummary(runId: RunId): Promise<Summary | undefined> {
    return this.#read(nameOf(runId, 'summary.json'), summarySchema);
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

/** The message of a chunk follows from run and number alone, so that it can be made again. */
export function chunkMessageOf(runId: RunId, chunk: number): ChunkMessage {
  return { runId, chunk, blob: nameOf(runId, `chunks/${numbered(chunk)}.json`) };
}

function resultName(runId: RunId, chunk: number): string {
  return nameOf(runId, `results/${numbered(chunk)}.json`);
}

function nameOf(runId: RunId, rest: string): string {
  return `${root}${runId}/${rest}`;
}

function numbered(number: number): string {
  return String(number).padStart(5, '0');
}

/** @throws Error that names the blob and quotes nothing of it: a parser's own message would */
function parsed<Schema extends z.ZodType>(name: string, content: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw new Error(`The blob ${name} does not hold what this version writes there. Nothing was sent.`);
  }
}
