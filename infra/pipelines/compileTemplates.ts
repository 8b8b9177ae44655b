import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

/**
 * `node infra/pipelines/compileTemplates.ts --version VERSION --output FOLDER`: compiles main.bicep and every parameter file
 * with this version of the Bicep compiler, so that agents in a private network need none.
 */
async function compileTemplates(): Promise<void> {
  const { values } = parseArgs({ options: { version: { type: 'string' }, output: { type: 'string' } } });
  const { version, output } = values;
  if (version === undefined || output === undefined)
    throw new Error('Both --version and --output are needed.');
  await mkdir(output, { recursive: true });
  // What the agent has is as old as its last upgrade.
  await az('bicep', 'install', '--version', version);
  await az('bicep', 'build', '--file', join('infra', 'main.bicep'), '--outfile', join(output, 'main.json'));
  const folder = join('infra', 'parameters');
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.bicepparam')).sort()) {
    const outfile = join(output, `${basename(name, '.bicepparam')}.parameters.json`);
    await az('bicep', 'build-params', '--file', join(folder, name), '--outfile', outfile);
  }
}

async function az(...words: string[]): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)('az', words);
  process.stdout.write(`az ${words.join(' ')}\n${stdout}${stderr}`);
}

compileTemplates().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
