import { z } from 'zod';
import { askUntil, type Clock } from '../patience.js';
import { ResourceManagerError, type ResourceManager } from './resourceManager.js';

const providersApi = '2021-04-01';
const stateSchema = z.object({ registrationState: z.string() });

/** Providers that could not be registered. The message says which, and who can. */
class ProvidersError extends Error {}

/**
 * Registers resource providers with a subscription, where they are not yet, and waits until they are.
 * @param namespaces such as `Microsoft.App`
 * @returns those that were not registered before
 * @throws ProvidersError when the person may not register them
 * @throws TookTooLongError after 20 minutes
 */
export async function registerProviders(
  azure: ResourceManager,
  subscriptionId: string,
  namespaces: readonly string[],
  clock: Clock,
): Promise<string[]> {
  const id = (namespace: string): string => `/subscriptions/${subscriptionId}/providers/${namespace}`;
  const missing = async (among: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const namespace of among) {
      const { registrationState } = stateSchema.parse(await azure.get(id(namespace), providersApi));
      if (registrationState !== 'Registered') found.push(namespace);
    }
    return found;
  };

  const before = await missing(namespaces);
  for (const namespace of before) {
    try {
      await azure.post(`${id(namespace)}/register`, providersApi);
    } catch (error) {
      if (!(error instanceof ResourceManagerError) || error.status !== 403) throw error;
      throw new ProvidersError(
        `You cannot register resource providers in this subscription. Ask its owner (in a landing zone, the platform team) to register ${before.join(', ')}, and run the command again.`,
      );
    }
  }
  let rest = before;
  await askUntil(
    async () => {
      rest = await missing(rest);
      return rest.length === 0 ? true : undefined;
    },
    {
      clock,
      seconds: 1200,
      everySeconds: 10,
      otherwise: () =>
        `Azure has not registered ${rest.join(', ')} within 20 minutes. Run the command again later: it continues from here.`,
    },
  );
  return before;
}
