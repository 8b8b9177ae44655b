import { join } from 'node:path';
import { z } from 'zod';
import type { CompiledTemplate } from '../../shared/deployment/templateDeployment.js';
import { bicepCompiler } from '../tools/bicepCompiler.js';

const builtSchema = z.object({ templateJson: z.string(), parametersJson: z.string() });
const parametersSchema = z.object({ parameters: z.record(z.string(), z.unknown()) });

/**
 * Compiles `infra/azd/main.bicepparam`, as azd does it itself.
 * @param root the project's folder
 * @param values environment variables that the parameter file reads; they stay in the environment of this process
 * @throws NoBicepCompiler, or Error with what the compiler found
 */
export async function compileEvaluation(
  root: string,
  values: Readonly<Record<string, string>>,
): Promise<CompiledTemplate> {
  Object.assign(process.env, values);
  const file = join(root, 'infra', 'azd', 'main.bicepparam');
  const { isMade, findings, output } = await (await bicepCompiler()).buildParameters(file);
  if (!isMade) throw new Error(`The template could not be compiled:\n${findings.join('\n')}`);
  const { templateJson, parametersJson } = builtSchema.parse(JSON.parse(output));
  const template: unknown = JSON.parse(templateJson);
  return { template, parameters: parametersSchema.parse(JSON.parse(parametersJson)).parameters };
}
