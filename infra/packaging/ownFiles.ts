import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { textIn } from '../../shared/host/packageFolder.js';
import { changedRulesOf } from '../../shared/settings/rulesFile.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { profileOf } from '../../shared/ssd/profileFiles.js';

/** A setting that names a file of the council, and how the app reads that file. */
interface OwnFile {
  /** In the repository and the package alike. */
  readonly folder: string;
  /** @throws when the file is missing or wrong */
  readonly read: (path: string, root: string) => void;
}

const ownFiles = {
  SSD_PROFILE: { folder: 'profiles', read: profileOf },
  RULES_FILE: { folder: 'rules', read: (path, root) => changedRulesOf(path, textIn(root)) },
} as const satisfies Readonly<Record<string, OwnFile>>;

const settings = ['SSD_PROFILE', 'RULES_FILE'] as const satisfies (keyof typeof ownFiles)[];
type OwnSetting = (typeof settings)[number];

/** Copies the council's own files, where it has any: the JSON files only. */
export async function copyOwnFiles(root: string, target: string): Promise<void> {
  for (const { folder } of Object.values(ownFiles)) {
    const own = join(root, folder);
    if (!(await isFolder(own))) continue;
    await cp(own, join(target, folder), {
      recursive: true,
      // A link would lead nowhere in a zip.
      dereference: true,
      filter: async (path) => path.endsWith('.json') || (await isFolder(path)),
    });
  }
}

/**
 * Reads every file of the council in a package as the app will, and every one that a deployment will name.
 * @param root the package's folder
 * @param parametersFolder the compiled parameter files of the deployments
 * @throws Error that lists each file that is missing or wrong
 */
export async function checkOwnFiles(root: string, parametersFolder?: string): Promise<void> {
  const problems = settings.flatMap((setting) =>
    jsonFilesIn(root, ownFiles[setting].folder).flatMap((path) => problemOf(setting, path, root)),
  );
  if (parametersFolder !== undefined) {
    for (const { file, setting, path } of await namedIn(parametersFolder)) {
      problems.push(...problemOf(setting, path, root).map((problem) => `${setting} in ${file}: ${problem}`));
    }
  }
  if (problems.length === 0) return;
  throw new Error(
    `No package was made, because ${String(problems.length)} file(s) of the council are missing or wrong. Correct the files in the folders profiles/ and rules/, or the settings SSD_PROFILE and RULES_FILE in infra/parameters/ (docs/profiles.md, docs/findings.md).\n${problems.join('\n')}`,
  );
}

/** The council's own profiles in the repository or a package, as SSD_PROFILE names them. */
export function profilesIn(root: string): string[] {
  return jsonFilesIn(root, ownFiles.SSD_PROFILE.folder);
}

function jsonFilesIn(root: string, name: string): string[] {
  const folder = join(root, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function problemOf(setting: OwnSetting, path: string, root: string): string[] {
  const given = settingsSchema.shape[setting].safeParse(path);
  if (!given.success) return given.error.issues.map(({ message }) => `${path} ${message}`);
  try {
    ownFiles[setting].read(path, root);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const parametersSchema = z.object({
  parameters: z.object({
    settings: z
      .object({ value: z.object({ SSD_PROFILE: z.string(), RULES_FILE: z.string() }).partial() })
      .optional(),
  }),
});

interface NamedFile {
  readonly file: string;
  readonly setting: OwnSetting;
  readonly path: string;
}

/** The files that compiled parameter files name in their settings. */
async function namedIn(folder: string): Promise<NamedFile[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.parameters.json')).sort();
  const named: NamedFile[] = [];
  for (const file of files) {
    const { parameters } = parametersSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    for (const setting of settings) {
      const path = parameters.settings?.value[setting];
      if (path !== undefined) named.push({ file, setting, path });
    }
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
