import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { bicepCompiler, bicepVersion, type Compilation } from '../tools/bicepCompiler.ts';
import { start } from './start.ts';

/**
 * `node infra/pipelines/compileTemplates.ts --output FOLDER`: compiles main.bicep and every parameter file with the pinned
 * compiler, so that agents in a private network need none.
 */
async function compileTemplates(): Promise<void> {
  const { output } = parseArgs({ options: { output: { type: 'string' } } }).values;
  if (output === undefined)
    throw new Error('Usage: node infra/pipelines/compileTemplates.ts --output FOLDER');
  await mkdir(output, { recursive: true });
  const compiler = await bicepCompiler();
  const template = join('infra', 'main.bicep');
  const folder = join('infra', 'parameters');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.bicepparam'));
  await Promise.all([
    compiler
      .build(template)
      .then((compiled) => writeFile(join(output, 'main.json'), madeOf(template, compiled))),
    ...files.map(async (name) => {
      const file = join(folder, name);
      const made = madeOf(file, await compiler.buildParameters(file));
      const { parametersJson } = parametersSchema.parse(JSON.parse(made));
      await writeFile(join(output, `${basename(name, '.bicepparam')}.parameters.json`), parametersJson);
    }),
  ]);
  process.stdout.write(`Compiled with Bicep ${bicepVersion} into ${output}.\n`);
}

/** The compiler gives the template of the parameters along with them. */
const parametersSchema = z.object({ parametersJson: z.string() });

/** @throws Error when nothing was made; what the compiler found is in the log */
function madeOf(file: string, { isMade, findings, output }: Compilation): string {
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  if (!isMade) throw new Error(`${file} does not compile. Nothing is released.`);
  return output;
}

start(compileTemplates);
