import { z } from 'zod';
import type { DeployedApp } from './deployedApp.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

const settingsSchema = z.object({
  properties: z.object({
    platform: z.object({ enabled: z.boolean().nullish() }).nullish(),
    identityProviders: z
      .object({
        azureActiveDirectory: z
          .object({ registration: z.object({ clientId: z.string().nullish() }).nullish() })
          .nullish(),
      })
      .nullish(),
  }),
});

/**
 * The client id of the app registration that is in front of the app.
 * @returns undefined when no sign-in is switched on
 */
export async function clientIdOf(azure: ResourceManager, app: DeployedApp): Promise<string | undefined> {
  const answer = await azure.get(`${app.id}/config/authsettingsV2`, '2025-03-01');
  if (answer === undefined) return undefined;
  const { platform, identityProviders } = settingsSchema.parse(answer).properties;
  const clientId = identityProviders?.azureActiveDirectory?.registration?.clientId;
  return platform?.enabled === true && clientId !== null && clientId !== '' ? clientId : undefined;
}
