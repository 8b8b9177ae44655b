import { resolve } from 'node:path';
import { z } from 'zod';
import { readCommand, startIfMain, type Environment, type Write } from '../../shared/commands/command.js';
import { projectRoot } from '../projectRoot.js';
import { makePackage, packageName } from './makePackage.js';

const usage = `Usage: npm run package -- [FILE] [--commit ID] [--parameters FOLDER]
Makes the very zip that the pipeline deploys. Stops when a file in the folders profiles/ and rules/ is wrong.
  FILE                 where to write it (csc-api-sender-VERSION.zip)
  --commit ID          the commit, which becomes part of the version
  --parameters FOLDER  compiled parameter files: stops when a profile or a rules file that one of them names is missing
Exit codes: 0 done, 1 it failed.
`;

const options = z.object({
  commit: z.string().optional(),
  parameters: z.string().optional(),
  positionals: z.array(z.string()),
});

async function packageCommand(args: readonly string[], _: Environment, write: Write): Promise<number> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  const { commit, parameters: parametersFolder, positionals } = given;
  const file = resolve(positionals[0] ?? (await packageName(projectRoot)));
  const made = await makePackage(projectRoot, file, { commit, parametersFolder });
  write(
    `${file}\n${made.files} files, ${megabytes(made.unpackedBytes)} MB, zipped ${megabytes(made.zippedBytes)} MB\nSHA-256 ${made.sha256}\n`,
  );
  return 0;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

startIfMain(module, packageCommand);
