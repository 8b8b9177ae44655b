import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { groupId, type ResourceGroup } from './deployedApp.js';
import { textOutput, type Deployment } from './deployments.js';
import { ResourceManagerError, type ResourceManager } from './resourceManager.js';

export const deploymentsApi = '2025-04-01';

/** What Resource Manager is asked for: a deployment, or a what-if. Secrets in it are in memory only. */
export interface DeploymentWish {
  readonly properties: {
    readonly mode: 'Incremental';
    readonly template: unknown;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

const templateSchema = z.looseObject({ $schema: z.string(), resources: z.unknown() });
const parameterFileSchema = z.object({ parameters: z.record(z.string(), z.unknown()) });

/**
 * Reads a compiled template and a compiled parameter file.
 * @param secrets values of secure parameters, which stand in no file
 * @throws Error that names the file that is missing or wrong
 */
export async function readDeployment(
  templateFile: string,
  parameterFile: string,
  secrets: Readonly<Record<string, string>> = {},
): Promise<DeploymentWish> {
  const template = await readJson(templateFile, templateSchema);
  const { parameters } = await readJson(parameterFile, parameterFileSchema);
  const secret = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, { value }]));
  return { properties: { mode: 'Incremental', template, parameters: { ...parameters, ...secret } } };
}

export function deploymentId(group: ResourceGroup, name: string): string {
  return `${groupId(group)}/providers/Microsoft.Resources/deployments/${name}`;
}

/**
 * Deploys, and waits until it is done.
 * @throws ResourceManagerError with the causes down to the resource; Error when there is no such group
 */
export async function deploy(
  azure: ResourceManager,
  group: ResourceGroup,
  name: string,
  wish: DeploymentWish,
): Promise<Deployment> {
  await inGroup(group, azure.put(deploymentId(group, name), deploymentsApi, wish));
  const { properties } = deploymentSchema.parse(await azure.get(deploymentId(group, name), deploymentsApi));
  const outputs = new Map(Object.entries(properties.outputs ?? {}).map(([key, { value }]) => [key, value]));
  const deployment = { name, outputs };
  textOutput(deployment, 'functionAppName');
  return deployment;
}

const deploymentSchema = z.object({
  properties: z.object({ outputs: z.record(z.string(), z.object({ value: z.unknown() })).nullish() }),
});

/** The words of Resource Manager do not say what to do about it. */
export async function inGroup<T>({ name }: ResourceGroup, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ResourceManagerError && error.code === 'ResourceGroupNotFound') {
      throw new Error(
        `There is no resource group ${name} in this subscription: make it first (docs/pipeline.md), or correct its name in council.yml.`,
        { cause: error },
      );
    }
    throw error;
  }
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
