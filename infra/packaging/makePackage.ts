import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { zip, type Zippable } from 'fflate';
import { z } from 'zod';
import { checkOwnFiles, copyOwnFiles } from './ownFiles.js';

/** The result. Sizes in bytes; the hash is the SHA-256 of the zip in hexadecimal digits. */
export interface Package {
  readonly file: string;
  readonly files: number;
  readonly unpackedBytes: number;
  readonly zippedBytes: number;
  readonly sha256: string;
}

interface PackageOptions {
  /** The commit it is made from, to become part of its version. */
  readonly commit?: string | undefined;
  /** A folder of compiled parameter files (`*.parameters.json`): every file of the council that their settings name must be in the package. */
  readonly parametersFolder?: string | undefined;
}

/** What goes into the zip unchanged, next to the production packages: the app, and what the pipeline runs with it. */
const parts = ['host.json', 'package.json', 'LICENSE', 'dist/functions', 'dist/shared', 'infra/sql'] as const;

/** What no running app reads: maps, types, the sources of packages, npm's own notes and links. */
const unread = /\.(map|[cm]?ts|tsbuildinfo)$|^node_modules\/(\.bin\/|\.package-lock\.json$)/;

/** The beginning of time for a zip file: the same for every file, so that the same sources give the same zip. */
const sameTime = new Date(1980, 0, 1);

const packageSchema = z.looseObject({ name: z.string(), version: z.string() });

/**
 * Makes the zip that is deployed: compiled code and the packages of production, fresh from the lock file. The same
 * commit gives the same bytes on every machine.
 * @param root the project's folder, compiled
 * @param file where to write the zip
 * @throws Error when a file of the council is missing or wrong, or npm fails; what is wrong, and npm's words, are in the message
 */
export async function makePackage(
  root: string,
  file: string,
  { commit, parametersFolder }: PackageOptions = {},
): Promise<Package> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-package-'));
  try {
    for (const part of [...parts, 'package-lock.json']) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await copyOwnFiles(root, folder);
    await checkOwnFiles(folder, parametersFolder);
    await npm(folder, 'ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund');
    await rm(join(folder, 'package-lock.json'));
    if (commit !== undefined) await addToVersion(folder, commit);
    return await zipFolder(folder, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Zips what a running app reads of a folder. The same files give the same bytes, on every machine and at any time. */
export async function zipFolder(folder: string, file: string): Promise<Package> {
  const content = await filesIn(folder);
  const zipped = await zipOf(content);
  await writeFile(file, zipped);
  return {
    file,
    files: content.size,
    unpackedBytes: [...content.values()].reduce((sum, { length }) => sum + length, 0),
    zippedBytes: zipped.length,
    sha256: createHash('sha256').update(zipped).digest('hex'),
  };
}

/** The name of the zip of this version. */
export async function packageName(root: string): Promise<string> {
  const { name, version } = await readPackage(root);
  return `${name}-${version}.zip`;
}

/** So that the app can say which commit it is: a deployment that Azure reports may not have happened. */
async function addToVersion(folder: string, commit: string): Promise<void> {
  const content = await readPackage(folder);
  const version = `${content.version}-g${commit.slice(0, 12)}`;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...content, version }, undefined, 2));
}

async function readPackage(folder: string): Promise<z.output<typeof packageSchema>> {
  return packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

/** By their paths in the zip, in the order of these. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !unread.test(path))
    .sort();
  const content = new Map<string, Uint8Array>();
  for (const path of found) content.set(path, await readFile(join(folder, path)));
  return content;
}

function zipOf(content: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const entries: Zippable = Object.fromEntries(content);
  return new Promise((resolve, reject) => {
    zip(entries, { level: 9, mtime: sameTime }, (error, zipped) => {
      if (error === null) resolve(zipped);
      else reject(error);
    });
  });
}

/** npm as it runs this script: with the same Node.js, and no shell in between. */
async function npm(folder: string, ...words: string[]): Promise<void> {
  const cli = process.env['npm_execpath'];
  const [command, before] = cli === undefined ? ['npm', []] : [process.execPath, [cli]];
  await promisify(execFile)(command, [...before, ...words, '--prefer-offline'], { cwd: folder });
}
