import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Profile } from './profile.js';
import type { ProfileFile } from './profileFile.js';
import { readOwnFile, readProfile, type ReadText } from './readProfile.js';

/** The folder of the package (`host.json`, `profiles/`), seen from `dist/shared/ssd/`. */
const packageRoot = join(__dirname, '..', '..', '..');

/**
 * The profile that SSD_PROFILE names. The path of a file starts at the folder of the package, not at the folder in
 * which the worker of the Functions host runs.
 * @throws ProfileError
 */
export function profileOf(nameOrFile: string, root = packageRoot): Profile {
  return readProfile(nameOrFile, textIn(root));
}

/**
 * What the file of a profile says itself, without what it extends; `undefined` for a built-in profile.
 * @throws ProfileError
 */
export function ownFileOf(nameOrFile: string, root = packageRoot): ProfileFile | undefined {
  return readOwnFile(nameOrFile, textIn(root));
}

function textIn(root: string): ReadText {
  return (path) => readFileSync(resolve(root, path), 'utf8');
}
