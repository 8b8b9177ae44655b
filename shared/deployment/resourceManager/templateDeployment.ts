import { z } from 'zod';
import { groupId, type ResourceGroup } from '../app/deployedApp.js';
import {
  deploymentNamed,
  deploymentsApi,
  deploymentsAt,
  textOutput,
  type Deployment,
} from './deployments.js';
import { askUntil, type Clock } from '../patience.js';
import { ResourceManagerError, type ResourceManager } from './resourceManager.js';
import type { CompiledTemplate } from './template.js';

/** What Resource Manager is asked for, in a deployment and in a what-if. */
export function asked({ template, parameters }: CompiledTemplate): object {
  return { properties: { mode: 'Incremental', template, parameters } };
}

/**
 * Deploys into a group, and waits until it is done.
 * @throws ResourceManagerError with the causes down to the resource; Error when there is no such group
 */
export async function deployToGroup(
  azure: ResourceManager,
  group: ResourceGroup,
  name: string,
  compiled: CompiledTemplate,
): Promise<Deployment> {
  await inGroup(group, azure.put(deploymentsAt(groupId(group), name), deploymentsApi, asked(compiled)));
  const deployment = await deploymentNamed(azure, group, name);
  textOutput(deployment, 'functionAppName');
  return deployment;
}

/** Resource Manager's own words do not say what to do. */
export async function inGroup<T>({ name }: ResourceGroup, request: Promise<T>): Promise<T> {
  try {
    return await request;
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

/** The states in which a deployment has ended. In any other state it is in progress. */
const ended: readonly string[] = ['Succeeded', 'Failed', 'Canceled'];
const stateSchema = z.object({ name: z.string(), properties: z.object({ provisioningState: z.string() }) });

/** A deployment at the scope of a subscription: Azure keeps each name to the location that it was first given. */
interface SubscriptionDeployment {
  readonly subscriptionId: string;
  /** At most 64 characters. */
  readonly name: string;
  readonly location: string;
}

/**
 * Waits for a deployment at the scope of a subscription that is still in progress, because it was started by an interrupted
 * command or by someone else.
 * @throws TookTooLongError
 */
export async function untilEarlierEnded(
  azure: ResourceManager,
  deployment: SubscriptionDeployment,
  clock: Clock,
): Promise<void> {
  await untilEnded(clock, async () => {
    const earlier = await azure.get(idOf(deployment), deploymentsApi);
    return earlier === undefined ? [] : [earlier];
  });
}

/**
 * Deploys a template at the scope of a subscription and waits for its end.
 * @throws ResourceManagerError that says why it failed, down to the resource
 */
export async function deployToSubscription(
  azure: ResourceManager,
  deployment: SubscriptionDeployment,
  compiled: CompiledTemplate,
): Promise<void> {
  const { location } = deployment;
  await azure.put(idOf(deployment), deploymentsApi, { location, ...asked(compiled) });
}

function idOf({ subscriptionId, name }: SubscriptionDeployment): string {
  return deploymentsAt(`/subscriptions/${subscriptionId}`, name);
}

/**
 * Waits for deployments into a group that are still in progress, because the command that started them was
 * interrupted: until they end, Azure refuses others with the same names.
 * @throws TookTooLongError
 */
export async function untilNoneGoesOn(
  azure: ResourceManager,
  group: ResourceGroup,
  clock: Clock,
): Promise<void> {
  await untilEnded(clock, () => azure.list(deploymentsAt(groupId(group)), deploymentsApi));
}

async function untilEnded(clock: Clock, read: () => Promise<unknown[]>): Promise<void> {
  let going: string[] = [];
  await askUntil(
    async () => {
      going = (await read())
        .map((each) => stateSchema.parse(each))
        .filter(({ properties }) => !ended.includes(properties.provisioningState))
        .map(({ name }) => name);
      return going.length === 0 ? true : undefined;
    },
    {
      clock,
      seconds: 3600,
      everySeconds: 15,
      otherwise: () =>
        `An earlier deployment has been in progress for an hour (${going.join(', ')}). Look at it in the portal (Deployments, of the subscription and of the resource group), cancel it there, and run the command again.`,
    },
  );
}
