import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makePackage, packageName } from './makePackage.js';

/** `npm run package -- [file] [--commit ID]`: makes the very zip that the pipeline deploys. */
const root = join(__dirname, '..', '..', '..');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { commit: { type: 'string' } },
    allowPositionals: true,
  });
  const file = resolve(positionals[0] ?? (await packageName(root)));
  const { files, unpackedBytes, zippedBytes, sha256 } = await makePackage(root, file, values.commit);
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
