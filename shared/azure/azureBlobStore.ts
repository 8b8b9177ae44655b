import { text } from 'node:stream/consumers';
import { RestError, type BlockBlobUploadOptions, type ContainerClient } from '@azure/storage-blob';
import type { BlobEntry, BlobStore, TaggedContent } from '../records/blobStore.js';
import { StorageError } from './storageError.js';

/** The codes for a condition that is not met; a lease or a policy on the blob has other codes. */
const conditionNotMet = new Set(['BlobAlreadyExists', 'ConditionNotMet', 'UploadOverlapping']);

/**
 * The codes that mean that the blob already exists, some of them caused by a role that may add but not overwrite, or
 * by a policy.
 */
const alreadyThere = new Set([...conditionNotMet, 'UnauthorizedBlobOverwrite', 'BlobImmutableDueToPolicy']);

type UploadOptions = Pick<BlockBlobUploadOptions, 'conditions' | 'metadata'>;

/**
 * The records of runs in one Blob container. The container is made only when storage says that it is missing: a role that may
 * only add blobs may not make a container. Rejects with a `StorageError`, which quotes nothing.
 */
export class AzureBlobStore implements BlobStore {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async create(
    name: string,
    content: string,
    facts: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    try {
      await this.#upload(name, content, { conditions: { ifNoneMatch: '*' }, metadata: { ...facts } });
      return true;
    } catch (error) {
      if (await this.#isThereAlready(error, name)) return false;
      throw error;
    }
  }

  async write(name: string, content: string): Promise<void> {
    await this.#upload(name, content, {});
  }

  async replace(name: string, content: string, tag: string): Promise<boolean> {
    try {
      await this.#upload(name, content, { conditions: { ifMatch: tag } });
      return true;
    } catch (error) {
      if (error instanceof StorageError && conditionNotMet.has(error.code ?? '')) return false;
      throw error;
    }
  }

  async read(name: string): Promise<string | undefined> {
    return (await this.readTagged(name))?.content;
  }

  async readTagged(name: string): Promise<TaggedContent | undefined> {
    try {
      // One request: a blob that is overwritten at the same time is read as it was or as it is, never half of each.
      const blob = this.#container.getBlockBlobClient(name);
      return await this.#ask(async () => {
        const { readableStreamBody, etag, lastModified: modified } = await blob.download();
        const content = readableStreamBody === undefined ? '' : await text(readableStreamBody);
        return { content, tag: etag ?? '', modified };
      });
    } catch (error) {
      if (error instanceof StorageError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  list(prefix: string): Promise<BlobEntry[]> {
    return this.#inContainer(async () => {
      const entries: BlobEntry[] = [];
      for await (const blob of this.#container.listBlobsFlat({ prefix, includeMetadata: true })) {
        const modified = blob.properties.lastModified;
        entries.push({ name: blob.name, facts: blob.metadata ?? {}, modified });
      }
      return entries;
    });
  }

  folders(prefix: string): Promise<string[]> {
    return this.#inContainer(async () => {
      const names: string[] = [];
      for await (const item of this.#container.listBlobsByHierarchy('/', { prefix })) {
        if (item.kind === 'prefix') names.push(item.name.slice(prefix.length, -1));
      }
      return names;
    });
  }

  async time(): Promise<Date | undefined> {
    return this.#container.getProperties().then(
      ({ date }) => date,
      (error: unknown) => {
        const headers = error instanceof RestError ? error.response?.headers : undefined;
        // A proxy may answer instead of storage, with a clock of its own.
        if (headers?.has('x-ms-request-id') !== true) throw this.#toStorageError(error);
        return new Date(headers.get('date') ?? '');
      },
    );
  }

  /**
   * For a role that may only add, a second write gives the same code as a missing right: so we check whether the blob
   * exists.
   */
  async #isThereAlready(error: unknown, name: string): Promise<boolean> {
    if (!(error instanceof StorageError)) return false;
    if (alreadyThere.has(error.code ?? '')) return true;
    return (
      error.code === 'AuthorizationPermissionMismatch' &&
      (await this.#container
        .getBlockBlobClient(name)
        .exists()
        .catch(() => false))
    );
  }

  #upload(name: string, content: string, options: UploadOptions): Promise<unknown> {
    const bytes = Buffer.from(content, 'utf8');
    return this.#inContainer(() =>
      this.#container.getBlockBlobClient(name).upload(bytes, bytes.length, {
        ...options,
        blobHTTPHeaders: { blobContentType: 'application/json; charset=utf-8' },
      }),
    );
  }

  async #inContainer<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#ask(act);
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'ContainerNotFound')) throw error;
      await this.#ask(() => this.#container.createIfNotExists());
      return this.#ask(act);
    }
  }

  /** @throws StorageError */
  async #ask<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw this.#toStorageError(error);
    }
  }

  #toStorageError(error: unknown): StorageError {
    return new StorageError(error, new URL(this.#container.url).host);
  }
}
