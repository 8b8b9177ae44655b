import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Profile } from './profile.js';
import { readProfile } from './readProfile.js';

/** The folder of the package (`host.json`, `profiles/`), seen from `dist/shared/ssd/`. */
const packageRoot = join(__dirname, '..', '..', '..');

/**
 * The profile that SSD_PROFILE names. A file is looked for from the folder of the package, whatever folder the worker
 * of the Functions host runs in.
 * @throws ProfileError
 */
export function profileOf(nameOrFile: string, root = packageRoot): Profile {
  return readProfile(nameOrFile, (path) => readFileSync(resolve(root, path), 'utf8'));
}
