import { normalize } from 'node:path';
import { readJson, type ReadText } from '../host/packageFolder.js';
import { builtInProfile, profileFrom, profileNames, type Profile } from './profile.js';
import { layersOf, ProfileError, type ProfileFile } from './profileFile.js';

/**
 * The profile that SSD_PROFILE names: a built-in one, or one of the authority's own from its JSON file and the files
 * that it extends.
 * @throws ProfileError that names the file and each wrong place
 */
export function readProfile(nameOrFile: string, readText: ReadText): Profile {
  const builtIn = profileNames.find((name) => name === nameOrFile);
  if (builtIn !== undefined) return builtInProfile(builtIn);
  const path = normalize(nameOrFile);
  return profileFrom(contentOf(path, 'SSD_PROFILE', readText), path, (base, namedBy) =>
    contentOf(base, `"extends" in ${namedBy}`, readText),
  );
}

/**
 * What a profile's own file says, without what it extends; `undefined` for a built-in profile.
 * @throws ProfileError
 */
export function readOwnFile(nameOrFile: string, readText: ReadText): ProfileFile | undefined {
  if (profileNames.some((name) => name === nameOrFile)) return undefined;
  const path = normalize(nameOrFile);
  const readBase = (base: string, namedBy: string) => contentOf(base, `"extends" in ${namedBy}`, readText);
  return layersOf(contentOf(path, 'SSD_PROFILE', readText), path, readBase).at(-1);
}

function contentOf(path: string, namedBy: string, readText: ReadText): unknown {
  return readJson(path, readText, ({ is, why, cause }) =>
    is === 'unreadable'
      ? new ProfileError(
          `The profile ${path}, which ${namedBy} names, cannot be read${why}. Nothing was read from the SSD. Put it into the folder profiles/ of the repository and deploy again, or correct the name (docs/profiles.md).`,
          { cause },
        )
      : new ProfileError(`The profile ${path} is not JSON${why}. Nothing was read from the SSD.`, { cause }),
  );
}
