import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** All that a package is made from: compiled code, scripts, the council's own files, and the packages that the lock file names. */
const sources = [
  'host.json',
  'package.json',
  'package-lock.json',
  'dist/functions',
  'dist/shared',
  'infra/sql',
  'profiles',
  'rules',
];

/**
 * Forty hexadecimal digits that the same sources always give, in any folder: by these the app can say which code it
 * runs, also where the project is not a clone of a repository.
 * @param root the project's folder, compiled
 */
export async function sourcesHash(root: string): Promise<string> {
  const hash = createHash('sha1');
  for (const source of sources) {
    for (const path of await filesOf(root, source)) {
      hash
        .update(`${path}\0`)
        .update(await readFile(join(root, path)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function filesOf(root: string, source: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, source), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') return [source];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
