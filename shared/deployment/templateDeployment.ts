import { z } from 'zod';
import { askUntil, type Clock } from './patience.js';
import type { ResourceManager } from './resourceManager.js';

const deploymentsApi = '2025-04-01';

/** A compiled template with its parameters, as Resource Manager takes them. */
export interface CompiledTemplate {
  readonly template: unknown;
  readonly parameters: unknown;
}

/** How a deployment can have ended. In any other state it goes on. */
const ended: readonly string[] = ['Succeeded', 'Failed', 'Canceled'];
const stateSchema = z.object({ properties: z.object({ provisioningState: z.string() }) });

/**
 * Deploys a template at the scope of a subscription and waits for its end. One of the same name that is still going on,
 * because whoever started it was interrupted, is waited for first.
 * @throws ResourceManagerError that says why it failed, down to the resource
 */
export async function deployToSubscription(
  azure: ResourceManager,
  { subscriptionId, name, location }: { subscriptionId: string; name: string; location: string },
  { template, parameters }: CompiledTemplate,
  clock: Clock,
): Promise<void> {
  const id = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deployments/${name}`;
  await askUntil(
    async () => {
      const earlier = await azure.get(id, deploymentsApi);
      if (earlier === undefined) return true;
      const { properties } = stateSchema.parse(earlier);
      return ended.includes(properties.provisioningState) ? true : undefined;
    },
    {
      clock,
      seconds: 3600,
      everySeconds: 15,
      otherwise: () =>
        `An earlier deployment ${name} has been going on for an hour. Look at it in the portal (Subscriptions, Deployments), cancel it there, and run the command again.`,
    },
  );
  await azure.put(id, deploymentsApi, {
    location,
    properties: { mode: 'Incremental', template, parameters },
  });
}
