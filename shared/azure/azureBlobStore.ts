import { text } from 'node:stream/consumers';
import { RestError, type ContainerClient } from '@azure/storage-blob';
import type { BlobEntry, BlobStore } from '../run/blobStore.js';

/** The facts about runs in one Blob container, which is made when it is missing. */
export class AzureBlobStore implements BlobStore {
  readonly #container: ContainerClient;
  #ready: Promise<unknown> | undefined;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async create(
    name: string,
    content: string,
    facts: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    await this.#whenReady();
    try {
      await this.#upload(name, content, { conditions: { ifNoneMatch: '*' }, metadata: { ...facts } });
      return true;
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 409) return false;
      throw error;
    }
  }

  async write(name: string, content: string): Promise<void> {
    await this.#whenReady();
    await this.#upload(name, content, {});
  }

  async read(name: string): Promise<string | undefined> {
    await this.#whenReady();
    try {
      // One request: a blob that is written over meanwhile is read as it was or as it is, never half of each.
      const { readableStreamBody } = await this.#container.getBlockBlobClient(name).download();
      return readableStreamBody === undefined ? '' : await text(readableStreamBody);
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<BlobEntry[]> {
    await this.#whenReady();
    const entries: BlobEntry[] = [];
    for await (const blob of this.#container.listBlobsFlat({ prefix, includeMetadata: true })) {
      entries.push({ name: blob.name, facts: blob.metadata ?? {} });
    }
    return entries;
  }

  async folders(prefix: string): Promise<string[]> {
    await this.#whenReady();
    const names: string[] = [];
    for await (const item of this.#container.listBlobsByHierarchy('/', { prefix })) {
      if (item.kind === 'prefix') names.push(item.name.slice(prefix.length, -1));
    }
    return names;
  }

  async #upload(
    name: string,
    content: string,
    options: { conditions?: { ifNoneMatch: string }; metadata?: Record<string, string> },
  ): Promise<void> {
    const bytes = Buffer.from(content, 'utf8');
    await this.#container.getBlockBlobClient(name).upload(bytes, bytes.length, {
      ...options,
      blobHTTPHeaders: { blobContentType: 'application/json; charset=utf-8' },
    });
  }

  #whenReady(): Promise<unknown> {
    this.#ready ??= this.#container.createIfNotExists().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }
}
