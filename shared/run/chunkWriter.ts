import type { Submission } from '../staging/transitions.js';
import type { Chunk, RunId } from './runRecords.js';
import type { RunStore } from './runStore.js';

/** The most one POST may carry. Source: dfe-api.md; a batch of about 196 KB was accepted. */
export interface ChunkLimits {
  readonly maxChildren: number;
  /** Bytes of UTF-8 of the whole body. */
  readonly maxBytes: number;
}

/** The brackets of the JSON array. */
export const bodyOverhead = 2;

/** The chunks of an attempt that are full, and the children of the one after them. */
export interface ChunksSoFar {
  readonly full: number;
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
  #full: number;
  #isSaved = true;

  constructor(
    runId: RunId,
    attempt: string,
    runs: RunStore,
    limits: ChunkLimits,
    soFar: ChunksSoFar = { full: 0, open: [] },
  ) {
    this.#runId = runId;
    this.#attempt = attempt;
    this.#runs = runs;
    this.#limits = limits;
    this.#full = soFar.full;
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
  async save(): Promise<{ readonly full: number; readonly open: number }> {
    if (!this.#isSaved) await this.#write();
    return { full: this.#full, open: this.#children.length };
  }

  /** Writes what is left. @returns the number of chunks */
  async close(): Promise<number> {
    await this.#flush();
    return this.#full;
  }

  #put(child: Chunk['children'][number], bytes: number): void {
    this.#children.push(child);
    this.#bytes += bytes;
    this.#isSaved = false;
  }

  async #flush(): Promise<void> {
    if (this.#children.length === 0) return;
    await this.save();
    this.#full += 1;
    this.#children = [];
    this.#bytes = bodyOverhead;
  }

  async #write(): Promise<void> {
    const chunk = { runId: this.#runId, chunk: this.#full + 1, children: this.#children };
    await this.#runs.writeChunk(this.#attempt, chunk);
    this.#isSaved = true;
  }
}

/** Of a payload in the body, with the comma behind it. */
function bytesOf(json: string): number {
  return Buffer.byteLength(json, 'utf8') + 1;
}
