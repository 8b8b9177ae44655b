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

/** Cuts submissions into chunks as they come and writes each full one to its blob. */
export class ChunkWriter {
  readonly #runId: RunId;
  readonly #attempt: string;
  readonly #runs: RunStore;
  readonly #limits: ChunkLimits;
  #children: Chunk['children'] = [];
  #bytes = bodyOverhead;
  #written = 0;

  constructor(runId: RunId, attempt: string, runs: RunStore, limits: ChunkLimits) {
    this.#runId = runId;
    this.#attempt = attempt;
    this.#runs = runs;
    this.#limits = limits;
  }

  async add({ personId, hash, change, payload, holds }: Submission): Promise<void> {
    const json = JSON.stringify(payload);
    const bytes = Buffer.byteLength(json, 'utf8') + 1;
    const full =
      this.#children.length === this.#limits.maxChildren || this.#bytes + bytes > this.#limits.maxBytes;
    if (full) await this.#flush();
    this.#children.push({
      personId,
      hash,
      change,
      payload: { ...payload },
      holds: holds === undefined ? 'nothing' : holds === json ? 'payload' : { json: holds },
    });
    this.#bytes += bytes;
  }

  /** Writes what is left. @returns the number of chunks */
  async close(): Promise<number> {
    await this.#flush();
    return this.#written;
  }

  async #flush(): Promise<void> {
    if (this.#children.length === 0) return;
    this.#written += 1;
    const chunk = { runId: this.#runId, chunk: this.#written, children: this.#children };
    await this.#runs.writeChunk(this.#attempt, chunk);
    this.#children = [];
    this.#bytes = bodyOverhead;
  }
}
