import { setImmediate as othersTurn } from 'node:timers/promises';
import type { BlobEntry, BlobStore, TaggedContent } from '../../shared/records/blobStore.js';

interface Blob extends TaggedContent {
  readonly facts: Readonly<Record<string, string>>;
  readonly modified: Date;
}

/**
 * Keeps blobs in memory, for tests that run hundreds of nights. The tests of the blob store hold it to the same rules as
 * Azure's. Every call lets others have their turn before it acts, as a request over a network does.
 */
export class MemoryBlobs implements BlobStore {
  readonly #blobs = new Map<string, Blob>();
  readonly #now: () => Date;
  #writes = 0;

  constructor(now = () => new Date()) {
    this.#now = now;
  }

  async create(
    name: string,
    content: string,
    facts: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    await othersTurn();
    if (this.#blobs.has(name)) return false;
    this.#put(name, content, facts);
    return true;
  }

  async write(name: string, content: string): Promise<void> {
    await othersTurn();
    this.#put(name, content, {});
  }

  async replace(name: string, content: string, tag: string): Promise<boolean> {
    await othersTurn();
    if (this.#blobs.get(name)?.tag !== tag) return false;
    this.#put(name, content, {});
    return true;
  }

  async read(name: string): Promise<string | undefined> {
    return (await this.readTagged(name))?.content;
  }

  async readTagged(name: string): Promise<TaggedContent | undefined> {
    await othersTurn();
    const blob = this.#blobs.get(name);
    return blob === undefined ? undefined : { content: blob.content, tag: blob.tag, modified: blob.modified };
  }

  async list(prefix: string): Promise<BlobEntry[]> {
    await othersTurn();
    return this.#under(prefix).map(([name, { facts, modified }]) => ({ name, facts, modified }));
  }

  async folders(prefix: string): Promise<string[]> {
    await othersTurn();
    const below = this.#under(prefix).map(([name]) => name.slice(prefix.length).split('/'));
    return [...new Set(below.flatMap(([folder, ...more]) => (folder && more.length > 0 ? [folder] : [])))];
  }

  async time(): Promise<Date> {
    await othersTurn();
    return this.#now();
  }

  #put(name: string, content: string, facts: Readonly<Record<string, string>>): void {
    this.#writes += 1;
    this.#blobs.set(name, { content, facts, tag: String(this.#writes), modified: this.#now() });
  }

  #under(prefix: string): [string, Blob][] {
    return [...this.#blobs].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
