import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makePackage, packageName } from './makePackage.js';

/**
 * `npm run package -- [file] [--commit ID] [--parameters FOLDER]`: makes the very zip that the pipeline deploys. Stops
 * when a profile in the folder `profiles/` is wrong, or one that a compiled parameter file in FOLDER names is missing.
 */
const root = join(__dirname, '..', '..', '..');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { commit: { type: 'string' }, parameters: { type: 'string' } },
    allowPositionals: true,
  });
  const file = resolve(positionals[0] ?? (await packageName(root)));
  const { files, unpackedBytes, zippedBytes, sha256 } = await makePackage(root, file, {
    commit: values.commit,
    parametersFolder: values.parameters,
  });
  process.stdout.write(
    `${file}\n${String(files)} files, ${megabytes(unpackedBytes)} MB, zipped ${megabytes(zippedBytes)} MB\nSHA-256 ${sha256}\n`,
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
