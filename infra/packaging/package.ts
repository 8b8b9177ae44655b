import { join, resolve } from 'node:path';
import { makePackage, packageName } from './makePackage.js';

/** `npm run package [file]`: makes the very zip that the pipeline deploys. */
const root = join(__dirname, '..', '..', '..');

async function main(): Promise<void> {
  const file = resolve(process.argv[2] ?? (await packageName(root)));
  const { files, unpackedBytes, zippedBytes, sha256 } = await makePackage(root, file);
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
