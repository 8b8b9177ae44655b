import { z } from 'zod';
import { groupId, type ResourceGroup } from '../app/deployedApp.js';
import type { ResourceManager } from './resourceManager.js';

export const deploymentsApi = '2025-04-01';

/** The id of the deployments into a group or a subscription, or of one of them. @param scope its resource id */
export function deploymentsAt(scope: string, name?: string): string {
  const all = `${scope}/providers/Microsoft.Resources/deployments`;
  return name === undefined ? all : `${all}/${name}`;
}

/** Azure gives no value of a secure one, which deployments of others into the group may have. */
const outputsSchema = z.record(z.string(), z.object({ value: z.unknown().optional() })).nullish();
const deploymentSchema = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: z.string(),
    timestamp: z.string(),
    outputs: outputsSchema,
  }),
});

async function deploymentsIn(
  azure: ResourceManager,
  group: ResourceGroup,
): Promise<z.output<typeof deploymentSchema>[]> {
  const listed = await azure.list(deploymentsAt(groupId(group)), deploymentsApi);
  return listed.map((each) => deploymentSchema.parse(each));
}

/** What a deployment of main.bicep says about what it made: its outputs by name. */
export interface Deployment {
  readonly name: string;
  readonly outputs: ReadonlyMap<string, unknown>;
}

/**
 * The newest deployment of main.bicep that succeeded. A later one that failed says nothing about what is there.
 * @returns undefined when none has
 */
export async function lastDeployment(
  azure: ResourceManager,
  group: ResourceGroup,
): Promise<Deployment | undefined> {
  const all = await deploymentsIn(azure, group);
  return (
    all
      .filter(({ properties }) => properties.provisioningState === 'Succeeded')
      .sort((one, other) => Date.parse(other.properties.timestamp) - Date.parse(one.properties.timestamp))
      .map(({ name, properties }) => ({ name, outputs: outputsOf(properties.outputs) }))
      // Modules are deployments too.
      .find(({ outputs }) => outputs.has('functionAppName'))
  );
}

/** One deployment that is over, by its name. @throws Error when it is not there */
export async function deploymentNamed(
  azure: ResourceManager,
  group: ResourceGroup,
  name: string,
): Promise<Deployment> {
  const answer = await azure.get(deploymentsAt(groupId(group), name), deploymentsApi);
  const { properties } = z.object({ properties: z.object({ outputs: outputsSchema }) }).parse(answer);
  return { name, outputs: outputsOf(properties.outputs) };
}

/** An output that is text. @throws Error when the deployment has none of this name */
export function textOutput({ name, outputs }: Deployment, output: string): string {
  const { success, data } = z.string().safeParse(outputs.get(output));
  if (!success)
    throw new Error(
      `The deployment ${name} has no output ${output}: deploy main.bicep of this version again.`,
    );
  return data;
}

/** @param outputs as Resource Manager answers with them */
function outputsOf(outputs: z.output<typeof outputsSchema>): Map<string, unknown> {
  return new Map(Object.entries(outputs ?? {}).map(([name, { value }]) => [name, value]));
}

/** A deployment that has not succeeded: it failed, or is in progress. */
interface OpenDeployment {
  readonly name: string;
  /** Such as `Failed`, `Running`. */
  readonly state: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Deployments into the group after the newest that succeeded as a whole, newest first. */
export async function deploymentsAfter(
  azure: ResourceManager,
  group: ResourceGroup,
  last: Deployment | undefined,
): Promise<OpenDeployment[]> {
  const all = await deploymentsIn(azure, group);
  const since = all.find(({ name }) => name === last?.name)?.properties.timestamp ?? '';
  return all
    .filter(({ properties }) => properties.provisioningState !== 'Succeeded' && properties.timestamp > since)
    .sort((one, other) => Date.parse(other.properties.timestamp) - Date.parse(one.properties.timestamp))
    .map(({ name, properties }) => ({
      name,
      state: properties.provisioningState,
      at: properties.timestamp,
    }));
}
