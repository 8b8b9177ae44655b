import type { BlobStore } from '../records/blobStore.js';
import type { RunId } from '../records/runId.js';
import { inName } from '../records/scalars.js';

/** A person has downloaded a list that names children. The record itself names none. */
export interface Download {
  readonly at: Date;
  readonly by: string;
  readonly what: 'findings' | 'children' | 'refused children' | 'full answers' | 'reconciliation';
  readonly runId?: RunId;
}

export interface DownloadDependencies {
  readonly blobs: BlobStore;
  readonly randomHex: () => string;
}

/** Records a download in `downloads/`, before the list is sent: no download is unrecorded. */
export async function recordDownload(
  download: Download,
  { blobs, randomHex }: DownloadDependencies,
): Promise<void> {
  const at = download.at.toISOString();
  const name = `downloads/${inName(at)}-${randomHex()}.json`;
  await blobs.write(name, JSON.stringify({ ...download, at }));
}
