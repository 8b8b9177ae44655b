import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CompiledTemplate } from '../../shared/deployment/resourceManager/template.js';
import { bicepCompiler } from '../tools/bicepCompiler.js';

const parametersSchema = z.object({ parameters: z.record(z.string(), z.object({ value: z.string() })) });

/** `${NAME=default}`, as azd reads it in a parameter file. */
const reference = /\$\{(\w+)=([^}]*)\}/g;

/**
 * Compiles `infra/azd/main.bicep`, with the parameters that azd would give it.
 * @param root the project's folder
 * @param values environment variables that the parameter file reads
 * @throws NoBicepCompiler, or Error with what the compiler found
 */
export async function compileEvaluation(
  root: string,
  values: Readonly<Record<string, string | undefined>>,
): Promise<CompiledTemplate> {
  const folder = join(root, 'infra', 'azd');
  const { isMade, findings, output } = await (await bicepCompiler()).build(join(folder, 'main.bicep'));
  if (!isMade) throw new Error(`The template could not be compiled:\n${findings.join('\n')}`);
  const template: unknown = JSON.parse(output);
  return { template, parameters: await evaluationParameters(root, values) };
}

/** The parameters of an evaluation, by name. What is not among the values, or empty, is as the parameter file has it. */
export async function evaluationParameters(
  root: string,
  values: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, { readonly value: string }>>> {
  const file = join(root, 'infra', 'azd', 'main.parameters.json');
  const { parameters } = parametersSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const valueOf = (_: string, variable: string, byDefault: string): string => {
    const given = values[variable] ?? '';
    return given === '' ? byDefault : given;
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { value }]) => [
      name,
      { value: value.replace(reference, valueOf) },
    ]),
  );
}
