import type { LedgerBlobs } from './ledger.js';

/**
 * The ledger in a container of its own, with the entries that versions before 0.2 have left beside the runs, and leave
 * there once more after a rollback. What is new goes into the own container; what is in either is read under the same name.
 * The first entry counts: what was recorded in the earlier place is not recorded again.
 */
export function withEarlierEntries(own: LedgerBlobs, earlier: LedgerBlobs): LedgerBlobs {
  return {
    create: async (name, content, facts) =>
      (await earlier.read(name)) === undefined && own.create(name, content, facts),
    read: async (name) => (await own.read(name)) ?? earlier.read(name),
    list: async (prefix) => {
      const [added, left] = await Promise.all([own.list(prefix), earlier.list(prefix)]);
      const byName = new Map([...left, ...added].map((entry) => [entry.name, entry]));
      return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    folders: async (prefix) => {
      const [added, left] = await Promise.all([own.folders(prefix), earlier.folders(prefix)]);
      return [...new Set([...left, ...added])].sort();
    },
  };
}
