import type { BlobStore } from '../../shared/records/blobStore.js';

/** A store whose reads take time by the clock that comes with it, and none in truth. */
export class SlowBlobs implements BlobStore {
  reads = 0;
  readonly #blobs: BlobStore;
  readonly #msPerRead: number;
  readonly #begun: number;

  constructor(blobs: BlobStore, msPerRead: number, begun = '2026-09-01T10:00:00Z') {
    this.#blobs = blobs;
    this.#msPerRead = msPerRead;
    this.#begun = Date.parse(begun);
  }

  readonly now = (): Date => new Date(this.#begun + this.reads * this.#msPerRead);

  create(name: string, content: string, facts?: Readonly<Record<string, string>>): Promise<boolean> {
    return this.#blobs.create(name, content, facts);
  }

  write(name: string, content: string): Promise<void> {
    return this.#blobs.write(name, content);
  }

  replace(name: string, content: string, tag: string): Promise<boolean> {
    return this.#blobs.replace(name, content, tag);
  }

  read(name: string) {
    this.reads += 1;
    return this.#blobs.read(name);
  }

  readTagged(name: string) {
    this.reads += 1;
    return this.#blobs.readTagged(name);
  }

  list(prefix: string) {
    return this.#blobs.list(prefix);
  }

  folders(prefix: string) {
    return this.#blobs.folders(prefix);
  }

  time() {
    return this.#blobs.time();
  }
}
