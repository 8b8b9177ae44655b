import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { profileOf } from '../../shared/ssd/profileFiles.js';
import { settingsSchema } from '../../shared/settings/settings.js';

/** The council's own profiles, in the folder of the repository and of the package alike. */
const profilesFolder = 'profiles';

/** Copies the council's own profiles, where it has any: the JSON files only. */
export async function copyProfiles(root: string, target: string): Promise<void> {
  const own = join(root, profilesFolder);
  if (!(await isFolder(own))) return;
  await cp(own, join(target, profilesFolder), {
    recursive: true,
    // A link would lead nowhere in a zip.
    dereference: true,
    filter: async (path) => path.endsWith('.json') || (await isFolder(path)),
  });
}

/**
 * Reads every profile of a package as the app will, and every profile that a deployment will name.
 * @param root the package's folder
 * @param parametersFolder the compiled parameter files of the deployments
 * @throws Error that lists each profile that is missing or wrong
 */
export async function checkProfiles(root: string, parametersFolder?: string): Promise<void> {
  const problems = profilesIn(root).flatMap((path) => problemOf(path, root));
  if (parametersFolder !== undefined) {
    for (const { file, profile } of await namedIn(parametersFolder)) {
      problems.push(...problemOf(profile, root).map((problem) => `SSD_PROFILE in ${file}: ${problem}`));
    }
  }
  if (problems.length === 0) return;
  throw new Error(
    `No package was made, because ${String(problems.length)} profile(s) are missing or wrong. Correct the files in the folder ${profilesFolder}/, or the setting SSD_PROFILE in infra/parameters/ (docs/profiles.md).\n${problems.join('\n')}`,
  );
}

/** The council's own profiles in the repository or a package, as SSD_PROFILE names them. */
export function profilesIn(root: string): string[] {
  const folder = join(root, profilesFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function problemOf(profile: string, root: string): string[] {
  const setting = settingsSchema.shape.SSD_PROFILE.safeParse(profile);
  if (!setting.success) return setting.error.issues.map(({ message }) => `${profile} ${message}`);
  try {
    profileOf(profile, root);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const parametersSchema = z.object({
  parameters: z.object({
    settings: z.object({ value: z.object({ SSD_PROFILE: z.string().optional() }) }).optional(),
  }),
});

/** The profiles that compiled parameter files name in their settings. */
async function namedIn(folder: string): Promise<{ readonly file: string; readonly profile: string }[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.parameters.json')).sort();
  const named: { file: string; profile: string }[] = [];
  for (const file of files) {
    const { parameters } = parametersSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    const profile = parameters.settings?.value.SSD_PROFILE;
    if (profile !== undefined) named.push({ file, profile });
  }
  return named;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
