import type { BlobStore } from './blobStore.js';
import type { LedgerBlobs } from './ledger.js';
import { sentEntrySchema } from './ledgerEntries.js';
import { chunkSchema, type Chunk } from './chunk.js';

/** One chunk that was about to be sent: what is left of its payloads. */
interface SentChunk {
  readonly blob: string;
  /** undefined when the payloads are deleted, after the days for which runs are kept. */
  readonly children: Chunk['children'] | undefined;
}

/**
 * Every chunk that the ledger says was sent since a moment, in the order of the ledger. Payloads that an erasure has
 * emptied are left out.
 * @param since compared with when a chunk was recorded, just before its first POST
 */
export async function* sentSince(
  ledger: Pick<LedgerBlobs, 'list' | 'read'>,
  runs: Pick<BlobStore, 'read'>,
  since: Date,
): AsyncGenerator<SentChunk> {
  // Erasures, searches and accesses are under names that are not dates.
  for (const { name } of await ledger.list('ledger/20')) {
    if (!name.endsWith('-sent.json')) continue;
    const entry = await ledger.read(name);
    if (entry === undefined) continue;
    const { blob, at } = sentEntrySchema.parse(JSON.parse(entry));
    if (new Date(at) < since) continue;
    const chunk = await runs.read(blob);
    yield {
      blob,
      children:
        chunk === undefined
          ? undefined
          : chunkSchema.parse(JSON.parse(chunk)).children.filter(({ erasedAt }) => erasedAt === undefined),
    };
  }
}

/** Names of the erasures that were recorded since a moment. */
export async function erasuresSince(ledger: Pick<LedgerBlobs, 'list'>, since: Date): Promise<string[]> {
  const all = await ledger.list('ledger/erasures/');
  return all.filter(({ modified }) => modified >= since).map(({ name }) => name);
}
