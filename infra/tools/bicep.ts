import { join } from 'node:path';
import { bicepCompiler, bicepFilesIn, bicepVersion, type BicepCompiler } from './bicepCompiler.js';
import { asksForHelp } from '../../shared/commands/help.js';

/**
 * `npm run bicep -- check [FOLDER]`: lints, formats, builds and expands every Bicep file below a folder (`infra`)
 * with the pinned compiler; a finding fails. `format [FOLDER]` writes the files as the compiler formats them; `path` prints where the compiler is.
 * Exit codes: 0 nothing found, 1 findings, or the compiler cannot be had.
 */
const usage = `Usage: npm run bicep -- check [FOLDER] | format [FOLDER] | path\n`;

async function bicep(args: readonly string[]): Promise<0 | 1> {
  const [command, folder = 'infra'] = args;
  if (asksForHelp(args)) {
    process.stdout.write(usage);
    return 0;
  }
  if (command === undefined || !['check', 'format', 'path'].includes(command)) {
    process.stderr.write(usage);
    return 1;
  }
  const compiler = await bicepCompiler();
  if (command === 'path') {
    process.stdout.write(`${compiler.path}\n`);
    return 0;
  }
  if (command === 'format') {
    for (const ending of ['bicep', 'bicepparam']) await compiler.format(folder, ending);
    return 0;
  }
  const findings = await findingsIn(compiler, folder);
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  const files = await bicepFilesIn(folder);
  process.stdout.write(`Bicep ${bicepVersion}: ${files.length} files, ${findings.length} findings.\n`);
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

bicep(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
