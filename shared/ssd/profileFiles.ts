import { packageFolder, textIn } from '../host/packageFolder.js';
import type { Profile } from './profile.js';
import type { ProfileFile } from './profileFile.js';
import { readOwnFile, readProfile } from './readProfile.js';

/**
 * The profile that SSD_PROFILE names. The path of a file starts at the folder of the package.
 * @throws ProfileError
 */
export function profileOf(nameOrFile: string, root = packageFolder): Profile {
  return readProfile(nameOrFile, textIn(root));
}

/**
 * What the file of a profile says itself, without what it extends; `undefined` for a built-in profile.
 * @throws ProfileError
 */
export function ownFileOf(nameOrFile: string, root = packageFolder): ProfileFile | undefined {
  return readOwnFile(nameOrFile, textIn(root));
}
