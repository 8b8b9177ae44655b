import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A compiled template with its parameters, as Resource Manager takes them. Secrets in it are in memory only. */
export interface CompiledTemplate {
  readonly template: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const templateSchema = z.looseObject({ $schema: z.string(), resources: z.unknown() });
const parameterFileSchema = z.object({ parameters: z.record(z.string(), z.unknown()) });

/**
 * Reads a compiled template and a compiled parameter file.
 * @param secrets values of secure parameters, which are in no file
 * @throws Error that names the file that is missing or wrong
 */
export async function readCompiled(
  templateFile: string,
  parameterFile: string,
  secrets: Readonly<Record<string, string>> = {},
): Promise<CompiledTemplate> {
  const template = await readJson(templateFile, templateSchema);
  const { parameters } = await readJson(parameterFile, parameterFileSchema);
  const secret = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, { value }]));
  return { template, parameters: { ...parameters, ...secret } };
}

async function readJson<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new Error(
      `${file} is missing, or is not what the build makes of Bicep: check its name in council.yml.`,
      { cause: error },
    );
  }
}
