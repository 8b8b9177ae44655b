import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, cp, mkdir, mkdtemp, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { arch, homedir, platform, tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import { z } from 'zod';

/** The compiler that the templates are held to: the tests, the build and the pipelines use this one. */
export const bicepVersion = '0.49.2';

const nuget = 'https://api.nuget.org/v3-flatcontainer';
const registrations = 'https://api.nuget.org/v3/registration5-semver1';

/** SHA-512 of the packages that were looked at, in hex. Others are checked against what NuGet says of them. */
const knownPackages: Readonly<Record<string, string>> = {
  'linux-x64':
    '9019d7d221bdc1dfcf59d093c057d4be6e897a69fee4beec63b6fb1d08b993e2cbc1d166adbc38cb94532c5c5ec0214c741a944e188e20b31aeec8339253c401',
};

/** Longer than the largest template takes on a busy agent. */
const longestMs = 300_000;
const mostOutput = 64 * 1024 * 1024;

/** There is no compiler to be had here. The message says why, and what to do. */
export class NoBicepCompiler extends Error {}

/** What the compiler said. */
export interface Compilation {
  /** Whether it made what was asked for; warnings do not prevent that. */
  readonly isMade: boolean;
  /** Errors and warnings, one a line, with file and place. */
  readonly findings: readonly string[];
  /** What it made, where that was asked for as text. */
  readonly output: string;
}

/** Where a parameter file is thought to be deployed to, when its resources are predicted. */
export interface Target {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Not for templates of a subscription. */
  readonly resourceGroup?: string;
  readonly location: string;
}

/** Ids that belong to no one. */
export const anyTarget: Target = {
  tenantId: '00000000-0000-0000-0000-000000000001',
  subscriptionId: '00000000-0000-0000-0000-000000000002',
  resourceGroup: 'rg-check',
  location: 'uksouth',
};

/** Azure's compiler for Bicep. It needs no network, no login and no .NET. */
export class BicepCompiler {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  /** A `.bicep` file as the JSON that Resource Manager takes. */
  build(file: string): Promise<Compilation> {
    return this.#run(['build', file, '--stdout']);
  }

  /** A `.bicepparam` file as JSON: its parameters, and the template it is for. */
  buildParameters(file: string): Promise<Compilation> {
    return this.#run(['build-params', file, '--stdout']);
  }

  /** What the linter says of every `.bicep` file below a folder, by the folder's bicepconfig.json. */
  lint(folder: string): Promise<Compilation> {
    return this.#run(['lint', '--pattern', join(folder, '**', '*.bicep')]);
  }

  /** The Bicep files below a folder, by their paths in it, that `bicep format` would write differently. */
  async unformatted(folder: string): Promise<string[]> {
    const temporary = await mkdtemp(join(tmpdir(), 'bicep-format-'));
    try {
      const copy = join(temporary, basename(folder));
      await cp(folder, copy, { recursive: true });
      for (const ending of ['bicep', 'bicepparam']) await this.format(copy, ending);
      const changed: string[] = [];
      for (const file of await bicepFilesIn(folder)) {
        const [as, should] = await Promise.all(
          [folder, copy].map((root) => readFile(join(root, file), 'utf8')),
        );
        if (as !== should) changed.push(file);
      }
      return changed;
    } finally {
      await rm(temporary, { recursive: true });
    }
  }

  /** Writes every file of an ending below a folder as `bicep format` has it. */
  format(folder: string, ending: string): Promise<Compilation> {
    return this.#run(['format', '--pattern', join(folder, '**', `*.${ending}`)]);
  }

  /**
   * The resources that Azure would be asked for, as the JSON of `bicep snapshot`: `predictedResources`, `diagnostics`.
   * Names and ids are worked out as far as the target decides them; what only Azure knows stays an expression.
   */
  async snapshot(parameterFile: string, target: Target = anyTarget): Promise<Compilation> {
    if (!parameterFile.endsWith('.bicepparam')) {
      const finding = `${parameterFile} is not a parameter file (.bicepparam).`;
      return { isMade: false, findings: [finding], output: '' };
    }
    // The compiler writes next to the file.
    const written = parameterFile.replace(/\.bicepparam$/, '.snapshot.json');
    const { tenantId, subscriptionId, resourceGroup, location } = target;
    const said = await this.#run([
      ...['snapshot', parameterFile, '--mode', 'Overwrite', '--deployment-name', 'check'],
      ...['--tenant-id', tenantId, '--subscription-id', subscriptionId, '--location', location],
      ...(resourceGroup === undefined ? [] : ['--resource-group', resourceGroup]),
    ]);
    try {
      return { ...said, output: await readFile(written, 'utf8') };
    } catch {
      return { ...said, isMade: false };
    } finally {
      await rm(written, { force: true });
    }
  }

  #run(args: readonly string[]): Promise<Compilation> {
    return new Promise((resolve) => {
      execFile(
        this.path,
        [...args],
        { maxBuffer: mostOutput, timeout: longestMs },
        (error, stdout, stderr) => {
          const findings = stderr.split(/\r?\n/).filter((line) => line.trim() !== '');
          if (error !== null && findings.length === 0) findings.push(error.message);
          resolve({ isMade: error === null, findings, output: stdout });
        },
      );
    });
  }
}

/** Files with the ending `.bicep` or `.bicepparam` below a folder, by their paths in it, with `/`. */
export async function bicepFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.bicep(param)?$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * The pinned compiler: the one that `BICEP` names, else the one in the cache, else NuGet's package, which is checked and put
 * into the cache (`BICEP_CACHE`, else `csc-api-sender` in the user's cache). `BICEP_PACKAGES` is the flat container of a mirror
 * of NuGet, for agents that reach nothing else.
 * @throws NoBicepCompiler
 */
export async function bicepCompiler(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BicepCompiler> {
  const named = environment['BICEP'];
  if (named !== undefined && named !== '') return thisVersion(named);
  const rid = runtimeId();
  const cache =
    environment['BICEP_CACHE'] ??
    join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'csc-api-sender');
  const executable = platform() === 'win32' ? 'bicep.exe' : 'bicep';
  const path = join(cache, `bicep-${bicepVersion}-${rid}`, executable);
  if (!(await isExecutable(path))) await fetchCompiler(environment['BICEP_PACKAGES'] ?? nuget, rid, path);
  return new BicepCompiler(path);
}

async function thisVersion(path: string): Promise<BicepCompiler> {
  const said = await new Promise<string>((resolve) => {
    execFile(path, ['--version'], { timeout: longestMs }, (error, stdout) => {
      resolve(error === null ? stdout : '');
    });
  });
  const [, version] = /version (\d+\.\d+\.\d+)/.exec(said) ?? [];
  if (version !== bicepVersion) {
    throw new NoBicepCompiler(
      `BICEP names ${path}, which is ${version === undefined ? 'not a Bicep compiler that runs here' : `Bicep ${version}`}. Name Bicep ${bicepVersion}, or leave BICEP empty to fetch it.`,
    );
  }
  return new BicepCompiler(path);
}

/** The name of this machine's platform in .NET. */
function runtimeId(): string {
  const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'osx', win32: 'win' };
  const system = systems[platform()];
  if (system === undefined || !['x64', 'arm64'].includes(arch())) {
    throw new NoBicepCompiler(`There is no Bicep compiler for ${platform()} on ${arch()}.`);
  }
  return `${system}-${arch()}`;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Several tests and builds may fetch it at the same time: each has a name of its own until it is whole. */
async function fetchCompiler(registry: string, rid: string, path: string): Promise<void> {
  const own = `${path}.${randomUUID()}`;
  const name = `azure.bicep.commandline.${rid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const sha512 = await download(
      `${registry}/${name}/${bicepVersion}/${name}.${bicepVersion}.nupkg`,
      `${own}.nupkg`,
    );
    const expected = knownPackages[rid] ?? (await hashInRegistry(name));
    if (sha512 !== expected) {
      throw new Error(
        `The package ${name} ${bicepVersion} is not the one that was published: its SHA-512 is ${sha512}`,
      );
    }
    await extract(`${own}.nupkg`, `tools/${basename(path)}`, own);
    await rename(own, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NoBicepCompiler(
      `The Bicep compiler ${bicepVersion} could not be fetched from ${registry}: ${why}. Let the machine reach it, or set BICEP to the path of this version.`,
    );
  } finally {
    await rm(`${own}.nupkg`, { force: true });
    await rm(own, { force: true });
  }
}

/** @returns the SHA-512 of what was downloaded, in hex */
async function download(address: string, file: string): Promise<string> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(longestMs) });
  if (!answer.ok || answer.body === null) throw new Error(`it answered ${answer.status}`);
  const hash = createHash('sha512');
  const target = await open(file, 'w');
  try {
    for await (const part of answer.body) {
      hash.update(part);
      await target.write(part);
    }
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

/**
 * What NuGet says the SHA-512 of the package is, in hex. It stops a download that a proxy or mirror has changed or broken
 * off, and not a package that was changed in the registry itself: the package and this word come from the same place.
 */
async function hashInRegistry(name: string): Promise<string> {
  const read = async (address: string): Promise<unknown> => {
    const answer = await fetch(address, { signal: AbortSignal.timeout(longestMs) });
    if (!answer.ok) throw new Error(`NuGet does not say what the package must be (${answer.status})`);
    return answer.json();
  };
  const { catalogEntry } = z
    .object({ catalogEntry: z.url() })
    .parse(await read(`${registrations}/${name}/${bicepVersion}.json`));
  const { packageHash } = z
    .object({ packageHash: z.base64(), packageHashAlgorithm: z.literal('SHA512') })
    .parse(await read(catalogEntry));
  return Buffer.from(packageHash, 'base64').toString('hex');
}

/** One file of a zip, piece by piece: it is 120 MB. */
async function extract(zip: string, name: string, file: string): Promise<void> {
  const pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  const unzip = new Unzip((entry) => {
    if (entry.name !== name) return;
    entry.ondata = (error, piece) => {
      if (error !== null) failure = error;
      else pieces.push(piece);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  const target = await open(file, 'w', 0o755);
  let written = 0;
  try {
    for await (const chunk of createReadStream(zip)) {
      unzip.push(z.instanceof(Uint8Array).parse(chunk));
      if (failure !== undefined) throw failure;
      for (const piece of pieces.splice(0)) written += (await target.write(piece)).bytesWritten;
    }
  } finally {
    await target.close();
  }
  if (written === 0) throw new Error(`the package holds no ${name}`);
}
