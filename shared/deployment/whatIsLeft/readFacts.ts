import { z } from 'zod';
import { secretNames } from '../../azure/keyVaultSecrets.js';
import { clientIdOf } from '../app/appSignIn.js';
import {
  agreementMissing,
  appIn,
  groupId,
  sendsPseudonyms,
  settingsOf,
  type ResourceGroup,
} from '../app/deployedApp.js';
import { lastDeployment, textOutput } from '../resourceManager/deployments.js';
import { endpointsIn } from '../network/privateEndpoints.js';
import { ResourceManagerError, type ResourceManager } from '../resourceManager/resourceManager.js';
import { findRoles, rolesLeft } from '../roles.js';
import { neededSecrets, secretsListed } from '../vault/secrets.js';
import type { Facts, HostFact } from './whatIsLeft.js';

/** How the network looks from here. */
export interface Network {
  /** The addresses of a name; empty when it has none. */
  readonly addressesOf: (name: string) => Promise<readonly string[]>;
  /** Whether something answers there: HTTPS, or a connection to SQL Server's port. */
  readonly answers: (name: string, over: 'https' | 'sql') => Promise<boolean>;
}

const networkApi = '2025-05-01';
const zonesApi = '2024-06-01';

const networkSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    virtualNetworkPeerings: z
      .array(z.object({ properties: z.object({ peeringState: z.string().nullish() }) }))
      .nullish(),
  }),
});
/**
 * Looks at an environment by Resource Manager and from this machine. No secret is read, only their names.
 * @param preparesDatabase whether the database is called from here
 * @throws Error when no deployment has succeeded yet, ResourceManagerError
 */
export async function readFacts(
  azure: ResourceManager,
  group: ResourceGroup,
  network: Network,
  { preparesDatabase, now }: { readonly preparesDatabase: boolean; readonly now: Date },
): Promise<Facts> {
  const deployment = await lastDeployment(azure, group);
  const app = await appIn(azure, group);
  if (deployment === undefined || app === undefined) {
    throw new Error(
      `No deployment into ${group.name} has succeeded yet: run the stage Infrastructure first.`,
    );
  }
  const settings = await settingsOf(azure, app);
  const endpoints = await endpointsIn(azure, group);
  const leadsTo = (target: RegExp | string): boolean =>
    endpoints.some((endpoint) =>
      typeof target === 'string'
        ? endpoint.target.toLowerCase() === target.toLowerCase()
        : target.test(endpoint.target),
    );
  const vault = textOutput(deployment, 'keyVaultName');
  const vaultId = `${groupId(group)}/providers/Microsoft.KeyVault/vaults/${vault}`;
  const vaultHost = new URL(settings.get('KEY_VAULT_URI') ?? `https://${vault}.vault.azure.net`).host;
  const sqlServer = textOutput(deployment, 'sqlServerHost');
  const wanted: Pick<HostFact, 'of' | 'name' | 'isPrivate'>[] = [
    { of: 'app', name: app.hostName, isPrivate: leadsTo(app.id) },
    { of: 'upload', name: app.scmHostName, isPrivate: leadsTo(app.id) },
    { of: 'vault', name: vaultHost, isPrivate: leadsTo(vaultId) },
  ];
  if (preparesDatabase && sqlServer !== '') {
    wanted.push({ of: 'database', name: sqlServer, isPrivate: leadsTo(/\/Microsoft\.Sql\/servers\//i) });
  }
  return {
    group: group.name,
    networks: await networksIn(azure, group),
    zones: await zonesIn(azure, group),
    endpoints,
    hosts: await Promise.all(wanted.map((host) => hostFact(host, network))),
    roles: await findRoles(azure, rolesLeft(deployment)),
    vault,
    isDatabaseLeft: !preparesDatabase,
    isSignInLeft: (await unlessForbidden(clientIdOf(azure, app).then((id) => id ?? ''))) === '',
    agreementMissing: agreementMissing(settings),
    missingSecrets: await missingSecrets(azure, vaultId, secretsNeededBy(settings), now),
  };
}

async function hostFact(
  host: Pick<HostFact, 'of' | 'name' | 'isPrivate'>,
  { addressesOf, answers }: Network,
): Promise<HostFact> {
  return {
    ...host,
    addresses: await addressesOf(host.name),
    answers: await answers(host.name, host.of === 'database' ? 'sql' : 'https'),
  };
}

async function networksIn(azure: ResourceManager, group: ResourceGroup): Promise<Facts['networks']> {
  const listed = await azure.list(
    `${groupId(group)}/providers/Microsoft.Network/virtualNetworks`,
    networkApi,
  );
  return listed.map((each) => {
    const { id, name, properties } = networkSchema.parse(each);
    const states = (properties.virtualNetworkPeerings ?? []).map((one) => one.properties.peeringState);
    return {
      id,
      name,
      peering: states.includes('Connected') ? 'whole' : states.length > 0 ? 'half' : 'none',
    };
  });
}

async function zonesIn(azure: ResourceManager, group: ResourceGroup): Promise<string[]> {
  const listed = await azure.list(`${groupId(group)}/providers/Microsoft.Network/privateDnsZones`, zonesApi);
  return listed.map((each) => z.object({ name: z.string() }).parse(each).name);
}

function secretsNeededBy(settings: ReadonlyMap<string, string>): readonly string[] {
  return sendsPseudonyms(settings) ? [...neededSecrets, secretNames.pseudonymKey] : neededSecrets;
}

async function missingSecrets(
  azure: ResourceManager,
  vaultId: string,
  needed: readonly string[],
  now: Date,
): Promise<string[] | undefined> {
  const listed = await unlessForbidden(secretsListed(azure, { id: vaultId }));
  if (listed === undefined) return undefined;
  const usable = listed
    .filter(({ name, expires, isEnabled }) => {
      // The app still reads the key of the pseudonyms after its expiry date.
      const isOver =
        expires !== undefined && expires <= now && name.toUpperCase() !== secretNames.pseudonymKey;
      return isEnabled && !isOver;
    })
    // A vault takes capitals and small letters for one.
    .map(({ name }) => name.toUpperCase());
  return needed.filter((name) => !usable.includes(name));
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ResourceManagerError && error.status === 403) return undefined;
    throw error;
  }
}
