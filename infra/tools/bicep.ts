import { join } from 'node:path';
import { z } from 'zod';
import { readCommand, startIfMain, type Environment, type Write } from '../../shared/commands/command.js';
import { bicepCompiler, bicepFilesIn, bicepVersion, type BicepCompiler } from './bicepCompiler.js';

const usage = `Usage: npm run bicep -- check [FOLDER] | format [FOLDER] | path
  check [FOLDER]   lints, formats, builds and expands every Bicep file below a folder (infra) with the pinned compiler
  format [FOLDER]  writes the files as the compiler formats them
  path             prints where the compiler is
Exit codes: 0 nothing found, 1 findings, or the compiler cannot be had.
`;

const options = z.object({
  positionals: z
    .array(z.string())
    .min(1)
    .transform(([command, folder = 'infra']) => ({ command, folder }))
    .pipe(z.object({ command: z.enum(['check', 'format', 'path']), folder: z.string() })),
});

async function bicepCommand(args: readonly string[], _: Environment, write: Write): Promise<number> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  const { command, folder } = given.positionals;
  const compiler = await bicepCompiler();
  if (command === 'path') {
    write(`${compiler.path}\n`);
    return 0;
  }
  if (command === 'format') {
    for (const ending of ['bicep', 'bicepparam']) await compiler.format(folder, ending);
    return 0;
  }
  const findings = await findingsIn(compiler, folder);
  for (const finding of findings) write(`${finding}\n`);
  const files = await bicepFilesIn(folder);
  write(`Bicep ${bicepVersion}: ${files.length} files, ${findings.length} findings.\n`);
  return findings.length === 0 ? 0 : 1;
}

async function findingsIn(compiler: BicepCompiler, folder: string): Promise<string[]> {
  const found = new Set((await compiler.lint(folder)).findings);
  for (const file of await compiler.unformatted(folder)) {
    found.add(`${join(folder, file)}: not formatted (npm run bicep -- format ${folder})`);
  }
  for (const file of await bicepFilesIn(folder)) {
    if (!file.endsWith('.bicepparam')) continue;
    const made = await compiler.snapshot(join(folder, file));
    for (const finding of made.findings) found.add(finding);
    if (!made.isMade) found.add(`${join(folder, file)}: its resources could not be predicted`);
  }
  return [...found];
}

startIfMain(module, bicepCommand);
