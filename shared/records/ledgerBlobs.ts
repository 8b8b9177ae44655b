import type { LedgerBlobs } from './ledger.js';

/**
 * The ledger in a container of its own, together with the entries next to the runs, which versions before 0.2 have
 * written there and write again after a rollback. New entries go into the ledger's own container; entries in either
 * place are read under the same name. The first entry counts: an entry in the earlier place is not recorded again.
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
