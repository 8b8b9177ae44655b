import type { BlobStore } from './blobStore.js';
import { chunkName } from './chunk.js';
import { findingsFolder } from './findingRecord.js';
import { readAhead } from './inTime.js';
import { numberIn } from './runFolder.js';
import type { RunId } from './runId.js';

export interface AttemptCopy {
  readonly from: string;
  readonly to: string;
  readonly chunks: number;
  readonly ranges: number;
}

/**
 * Copies the first chunks and the findings of the first ranges from one attempt at an extract to another, so that each
 * attempt writes in folders of its own, and everything that a plan names is in one.
 * @returns false when a chunk is not there
 */
export async function copyAttempt(
  runId: RunId,
  { from, to, chunks, ranges }: AttemptCopy,
  blobs: BlobStore,
): Promise<boolean> {
  const findings = await blobs.list(findingsFolder(runId, from));
  const names = [
    ...Array.from({ length: chunks }, (_, at) => chunkName(from, { runId, chunk: at + 1 })),
    ...findings.map(({ name }) => name).filter((name) => numberIn(name) <= ranges),
  ];
  const copied = readAhead(names, async (name) => {
    const content = await blobs.read(name);
    if (content === undefined) return false;
    await blobs.write(name.replace(`/${from}/`, `/${to}/`), content);
    return true;
  });
  for await (const isCopied of copied) if (!isCopied) return false;
  return true;
}
