import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot as root } from '../projectRoot.js';
import { makePackage, packageName } from './makePackage.js';
import { asksForHelp } from '../../shared/commands/help.js';

const usage = `Usage: npm run package -- [FILE] [--commit ID] [--parameters FOLDER]
Makes the very zip that the pipeline deploys. Stops when a profile in the folder profiles/ is wrong.
  FILE                 where to write it (csc-api-sender-VERSION.zip)
  --commit ID          the commit, which becomes part of the version
  --parameters FOLDER  compiled parameter files: stops when a profile that one of them names is missing
Exit codes: 0 done, 1 it failed.
`;

async function main(): Promise<void> {
  if (asksForHelp(process.argv.slice(2))) {
    process.stdout.write(usage);
    return;
  }
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
