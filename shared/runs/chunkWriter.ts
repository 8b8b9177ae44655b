import type { Submission } from '../staging/transitions.js';
import { chunkHashOf } from '../records/chunkHash.js';
import type { Chunk } from '../records/chunk.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';

/** The most one POST may carry. Source: dfe-api.md; a batch of about 196 KB was accepted. */
export interface ChunkLimits {
  readonly maxChildren: number;
  /** Bytes of UTF-8 of the whole body. */
  readonly maxBytes: number;
}

/** The brackets of the JSON array. */
export const bodyOverhead = 2;

/** The full chunks of an attempt, and the children of the chunk after them. */
export interface ChunksSoFar {
  /** Of those that are full. */
  readonly hashes: readonly string[];
  readonly open: Chunk['children'];
}

/** Cuts submissions into chunks as they come and writes each full one to its blob. */
export class ChunkWriter {
  readonly #runId: RunId;
  readonly #attempt: string;
  readonly #runs: RunStore;
  readonly #limits: ChunkLimits;
  #children: Chunk['children'] = [];
  #bytes = bodyOverhead;
  /** Of the chunks that are full. */
  readonly #hashes: string[];
  /** Of the chunk that is not full, as it was saved last. */
  #openHash: string | undefined;

  constructor(
    runId: RunId,
    attempt: string,
    runs: RunStore,
    limits: ChunkLimits,
    soFar: ChunksSoFar = { hashes: [], open: [] },
  ) {
    this.#runId = runId;
    this.#attempt = attempt;
    this.#runs = runs;
    this.#limits = limits;
    this.#hashes = [...soFar.hashes];
    for (const child of soFar.open) this.#put(child, bytesOf(JSON.stringify(child.payload)));
  }

  async add({ personId, hash, change, payload, holds }: Submission): Promise<void> {
    const json = JSON.stringify(payload);
    const bytes = bytesOf(json);
    const full =
      this.#children.length === this.#limits.maxChildren || this.#bytes + bytes > this.#limits.maxBytes;
    if (full) await this.#flush();
    this.#put(
      {
        personId,
        hash,
        change,
        payload: { ...payload },
        holds: holds === undefined ? 'nothing' : holds === json ? 'payload' : { json: holds },
      },
      bytes,
    );
  }

  /** Writes the chunk that is not full as well. Children may be added to it later; none is taken away. */
  async save(): Promise<{ full: number; open: number; hashes: string[] }> {
    const open = this.#children.length === 0 ? [] : [this.#openHash ?? (await this.#write())];
    return {
      full: this.#hashes.length,
      open: this.#children.length,
      hashes: [...this.#hashes, ...open],
    };
  }

  /** Writes what is left. @returns the hash of each chunk */
  async close(): Promise<string[]> {
    await this.#flush();
    return [...this.#hashes];
  }

  #put(child: Chunk['children'][number], bytes: number): void {
    this.#children.push(child);
    this.#bytes += bytes;
    this.#openHash = undefined;
  }

  async #flush(): Promise<void> {
    if (this.#children.length === 0) return;
    this.#hashes.push(this.#openHash ?? (await this.#write()));
    this.#children = [];
    this.#openHash = undefined;
    this.#bytes = bodyOverhead;
  }

  async #write(): Promise<string> {
    const chunk = { runId: this.#runId, chunk: this.#hashes.length + 1, children: this.#children };
    await this.#runs.chunk.write(this.#attempt, chunk);
    this.#openHash = chunkHashOf(chunk);
    return this.#openHash;
  }
}

/** The bytes of a payload in the body, with the comma after it. */
function bytesOf(json: string): number {
  return Buffer.byteLength(json, 'utf8') + 1;
}
