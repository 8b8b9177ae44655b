import type { z } from 'zod';
import type { BlobStore } from './blobStore.js';

/**
 * One kind of record. The app may meet records of an earlier or a later version of itself, and each reader says what those
 * mean to it: `read` fails, `readable` takes them for absent, `isThere` for present.
 */
interface StoredRecord<Key, Value> {
  /** Writes a record that must not be there yet. @returns false when it is: the first writer wins */
  readonly create: (key: Key, value: Value) => Promise<boolean>;
  /** Writes a record, new or not. */
  readonly write: (key: Key, value: Value) => Promise<void>;
  /** @throws UnreadableRecordError */
  readonly read: (key: Key) => Promise<Value | undefined>;
  readonly readable: (key: Key) => Promise<Value | undefined>;
  readonly isThere: (key: Key) => Promise<boolean>;
  /** When it was written, by the clock of storage. */
  readonly writtenAt: (key: Key) => Promise<Date | undefined>;
}

/** A kind of record that is kept as JSON in a blob named by its key. */
export function record<Key, Schema extends z.ZodType>(nameOf: (key: Key) => string, schema: Schema) {
  return (blobs: BlobStore): StoredRecord<Key, z.output<Schema>> => {
    const read = async (key: Key) => {
      const name = nameOf(key);
      const content = await blobs.read(name);
      return content === undefined ? undefined : parsed(name, content, schema);
    };
    return {
      create: (key, value) => blobs.create(nameOf(key), JSON.stringify(value)),
      write: (key, value) => blobs.write(nameOf(key), JSON.stringify(value)),
      read,
      readable: (key) => unlessUnreadable(read(key)),
      isThere: async (key) => (await blobs.read(nameOf(key))) !== undefined,
      writtenAt: async (key) => (await blobs.list(nameOf(key)))[0]?.modified,
    };
  };
}

/** A record that another version has written, or a person has changed. Names the blob and quotes nothing of it. */
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

/**
 * @param errorFor what to throw for a blob that does not fit
 * @throws UnreadableRecordError, unless said otherwise: a parser's own message would quote the record
 */
export function parsed<Schema extends z.ZodType>(
  name: string,
  content: string,
  schema: Schema,
  errorFor = (blob: string): Error => new UnreadableRecordError(blob),
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    throw errorFor(name);
  }
}
