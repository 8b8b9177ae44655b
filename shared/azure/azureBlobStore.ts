import { text } from 'node:stream/consumers';
import { RestError, type BlockBlobUploadOptions, type ContainerClient } from '@azure/storage-blob';
import type { BlobEntry, BlobStore, TaggedContent } from '../run/blobStore.js';
import type { StorageClock } from '../run/preflight.js';

/** What a condition that does not hold is called; a lease or a policy on the blob is something else. */
const somebodyWasQuicker = new Set(['BlobAlreadyExists', 'ConditionNotMet', 'UploadOverlapping']);

type UploadOptions = Pick<BlockBlobUploadOptions, 'conditions' | 'metadata'>;

/** The facts about runs in one Blob container, which is made when it is missing. */
export class AzureBlobStore implements BlobStore, StorageClock {
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
    return this.#uploadIf(name, content, { conditions: { ifNoneMatch: '*' }, metadata: { ...facts } });
  }

  async write(name: string, content: string): Promise<void> {
    await this.#whenReady();
    await this.#upload(name, content, {});
  }

  replace(name: string, content: string, tag: string): Promise<boolean> {
    return this.#uploadIf(name, content, { conditions: { ifMatch: tag } });
  }

  async read(name: string): Promise<string | undefined> {
    return (await this.readTagged(name))?.content;
  }

  async readTagged(name: string): Promise<TaggedContent | undefined> {
    await this.#whenReady();
    try {
      // One request: a blob that is written over meanwhile is read as it was or as it is, never half of each.
      const { readableStreamBody, etag } = await this.#container.getBlockBlobClient(name).download();
      const content = readableStreamBody === undefined ? '' : await text(readableStreamBody);
      return { content, tag: etag ?? '' };
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<BlobEntry[]> {
    await this.#whenReady();
    const entries: BlobEntry[] = [];
    for await (const blob of this.#container.listBlobsFlat({ prefix, includeMetadata: true })) {
      const modified = blob.properties.lastModified;
      entries.push({ name: blob.name, facts: blob.metadata ?? {}, modified });
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

  async time(): Promise<Date | undefined> {
    return this.#container.getProperties().then(
      ({ date }) => date,
      (error: unknown) => {
        const headers = error instanceof RestError ? error.response?.headers : undefined;
        // What stands in between may answer in place of storage, by a clock of its own.
        if (headers?.has('x-ms-request-id') !== true) throw error;
        return new Date(headers.get('date') ?? '');
      },
    );
  }

  /** @returns false when the condition does not hold */
  async #uploadIf(name: string, content: string, options: UploadOptions): Promise<boolean> {
    await this.#whenReady();
    try {
      await this.#upload(name, content, options);
      return true;
    } catch (error) {
      if (error instanceof RestError && somebodyWasQuicker.has(error.code ?? '')) return false;
      throw error;
    }
  }

  async #upload(name: string, content: string, options: UploadOptions): Promise<void> {
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
