import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The type of the attachment of a run that holds the checksums of its release. */
export const attachmentType = 'csc.release.sha256';

/** The SHA-256 of each file below a folder, by its path in the folder. */
export async function checksumsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const checksums = new Map<string, string>();
  for (const path of paths) checksums.set(path, await sha256(join(folder, path)));
  return checksums;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** In the form of `sha256sum`, so that it can be checked by hand. */
export function checksumText(checksums: ReadonlyMap<string, string>): string {
  return [...checksums].map(([path, checksum]) => `${checksum}  ${path}\n`).join('');
}
