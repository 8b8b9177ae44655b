import type { Database } from '../../shared/database/database.js';
import type { BlobStore } from '../../shared/records/blobStore.js';

/** Something between a step and what it writes to: it may fail in place of a write, or after it. */
export interface Interference {
  /** Called around each write: to a blob (with its name), to the database, to a queue, to DfE. */
  readonly around: <T>(write: () => Promise<T>, blob?: string) => Promise<T>;
}

/**
 * Fails once: in place of the nth write, or right after it, as a process does that is killed there.
 * @param passesOver blobs whose writes do not count
 */
export function killedAt(
  nth: number,
  moment: 'before' | 'after',
  passesOver?: RegExp,
): Interference & { readonly writes: number } {
  let writes = 0;
  return {
    get writes() {
      return writes;
    },
    around: async (write, blob) => {
      if (blob !== undefined && passesOver?.test(blob) === true) return write();
      writes += 1;
      const now = writes === nth;
      if (now && moment === 'before') throw new Error('killed before a write');
      const result = await write();
      if (now) throw new Error('killed after a write');
      return result;
    },
  };
}

export const noInterference: Interference = { around: (write) => write() };

/** Kills an attempt at the nth write of a blob of this name. */
export function killedAfter(blob: string, nth: number, moment: 'before' | 'after' = 'after'): Interference {
  let writes = 0;
  return {
    around: async (write, name) => {
      if (name?.endsWith(blob) === true) writes += 1;
      if (writes === nth && moment === 'before') throw new Error('killed before a write');
      const result = await write();
      if (writes === nth) throw new Error('killed after a write');
      return result;
    },
  };
}

/** Does something after the nth write of a blob of this name, and kills the attempt at a later write. */
export function actsAfter(
  blob: string,
  nth: number,
  act: () => Promise<void>,
  killedAtWrite?: number,
): Interference {
  let writes = 0;
  let writesSince: number | undefined;
  return {
    around: async (write, name) => {
      if (writesSince !== undefined) writesSince += 1;
      const result = await write();
      if (writesSince !== undefined && writesSince === killedAtWrite) throw new Error('killed after a write');
      if (name?.endsWith(blob) === true && (writes += 1) === nth) {
        await act();
        writesSince = 0;
      }
      return result;
    },
  };
}

/** Stops an attempt after the nth write of a blob of this name, until `goOn` is called. */
export function stopsAfter(blob: string, nth: number) {
  const gate = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  let writes = 0;
  const interference: Interference = {
    around: async (write, name) => {
      const result = await write();
      if (name?.endsWith(blob) === true) {
        writes += 1;
        if (writes === nth) {
          reached.resolve(undefined);
          await gate.promise;
        }
      }
      return result;
    },
  };
  return { interference, reached: reached.promise, goOn: () => gate.resolve(undefined) };
}

export function interferedBlobs(blobs: BlobStore, { around }: Interference): BlobStore {
  return {
    create: (name, content, facts) => around(() => blobs.create(name, content, facts), name),
    write: (name, content) => around(() => blobs.write(name, content), name),
    replace: (name, content, tag) => around(() => blobs.replace(name, content, tag), name),
    read: (name) => blobs.read(name),
    readTagged: (name) => blobs.readTagged(name),
    list: (prefix) => blobs.list(prefix),
    folders: (prefix) => blobs.folders(prefix),
    time: () => blobs.time(),
  };
}

export function interferedDatabase(database: Database, { around }: Interference): Database {
  return {
    engine: database.engine,
    query: (sql, parameters) => database.query(sql, parameters),
    queryTogether: (selects, parameters) => database.queryTogether(selects, parameters),
    transaction: (work) => around(() => database.transaction(work)),
    close: () => database.close(),
  };
}
