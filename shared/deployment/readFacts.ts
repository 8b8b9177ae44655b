import { z } from 'zod';
import { appIn, groupId, settingsOf, type ResourceGroup } from './deployedApp.js';
import { lastDeployment, textOutput, type Deployment } from './deployments.js';
import { ResourceManagerError, type ResourceManager } from './resourceManager.js';
import type { EndpointFact, Facts, HostFact, RoleFact } from './whatIsLeft.js';

/** How the network looks from here. */
export interface Network {
  /** The addresses of a name; empty when it has none. */
  readonly addressesOf: (name: string) => Promise<readonly string[]>;
  /** Whether something answers there: HTTPS, or a connection to SQL Server's port. */
  readonly answers: (name: string, over: 'https' | 'sql') => Promise<boolean>;
}

const networkApi = '2025-05-01';
const zonesApi = '2024-06-01';
const vaultApi = '2024-11-01';
const rolesApi = '2022-04-01';

/** What a night needs, at the test and at the live receiver. */
const neededSecrets = ['DFE-CLIENT-ID', 'DFE-CLIENT-SECRET', 'DFE-SUPPLIER-KEY'];

const connectionSchema = z.object({
  properties: z.object({
    privateLinkServiceId: z.string(),
    privateLinkServiceConnectionState: z.object({ status: z.string() }).nullish(),
  }),
});
const endpointSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    privateLinkServiceConnections: z.array(connectionSchema).nullish(),
    manualPrivateLinkServiceConnections: z.array(connectionSchema).nullish(),
  }),
});
const networkSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    virtualNetworkPeerings: z
      .array(z.object({ properties: z.object({ peeringState: z.string().nullish() }) }))
      .nullish(),
  }),
});
const roleSchema = z.object({
  role: z.string(),
  roleId: z.string(),
  principalId: z.string(),
  principalType: z.string(),
  scope: z.string(),
  condition: z.string(),
  assigned: z.boolean(),
});
const assignmentSchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string(),
    scope: z.string(),
    condition: z.string().nullish(),
  }),
});
const secretSchema = z.object({
  name: z.string(),
  properties: z.object({
    attributes: z
      .object({ enabled: z.boolean().nullish(), exp: z.number().describe('Seconds since 1970.').nullish() })
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
      `No deployment into ${group.name} has succeeded yet: the stage Infrastructure has to run first.`,
    );
  }
  const settings = await settingsOf(azure, app);
  const endpoints = await endpointsIn(azure, group);
  const leadsTo = (target: RegExp | string): boolean =>
    endpoints.some(({ targetId }) =>
      typeof target === 'string' ? targetId.toLowerCase() === target.toLowerCase() : target.test(targetId),
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
    roles: await unassignedRoles(azure, deployment),
    vault,
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

async function endpointsIn(azure: ResourceManager, group: ResourceGroup): Promise<EndpointFact[]> {
  const listed = await azure.list(
    `${groupId(group)}/providers/Microsoft.Network/privateEndpoints`,
    networkApi,
  );
  return listed.flatMap((each) => {
    const { id, name, properties } = endpointSchema.parse(each);
    const connections = [
      ...(properties.privateLinkServiceConnections ?? []),
      ...(properties.manualPrivateLinkServiceConnections ?? []),
    ];
    return connections.map(({ properties: { privateLinkServiceId, privateLinkServiceConnectionState } }) => ({
      id,
      name,
      targetId: privateLinkServiceId,
      status: privateLinkServiceConnectionState?.status ?? 'Pending',
    }));
  });
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

async function unassignedRoles(azure: ResourceManager, { outputs }: Deployment): Promise<RoleFact[]> {
  const rows = z.array(roleSchema).parse(outputs.get('roles'));
  return Promise.all(
    rows
      .filter(({ assigned }) => !assigned)
      .map(async ({ role, roleId, principalId, principalType, scope, condition }) => {
        const row = { role, roleId, principalId, principalType, scope, condition };
        return { ...row, state: await stateOf(azure, row) };
      }),
  );
}

async function stateOf(azure: ResourceManager, row: Omit<RoleFact, 'state'>): Promise<RoleFact['state']> {
  const listed = await unlessForbidden(
    azure.list(
      `${row.scope}/providers/Microsoft.Authorization/roleAssignments`,
      rolesApi,
      `principalId eq '${row.principalId}'`,
    ),
  );
  if (listed === undefined) return 'unknown';
  const found = listed
    .map((each) => assignmentSchema.parse(each).properties)
    // Below the scope does not count; above it, and so inherited, does.
    .filter(
      ({ roleDefinitionId, scope }) =>
        roleDefinitionId.toLowerCase().endsWith(`/${row.roleId.toLowerCase()}`) && isWithin(row.scope, scope),
    );
  if (found.length === 0) return 'missing';
  const isNarrow = row.condition === '' || found.every(({ condition }) => (condition ?? '') !== '');
  return isNarrow ? 'assigned' : 'without its condition';
}

function isWithin(scope: string, outer: string): boolean {
  const end = outer.replace(/\/$/, '').toLowerCase();
  return `${scope.toLowerCase()}/`.startsWith(`${end}/`);
}

function secretsNeededBy(settings: ReadonlyMap<string, string>): string[] {
  const goesUnderPseudonyms =
    settings.get('DFE_RECEIVER') === 'test' && settings.get('SSD_SYNTHETIC')?.toLowerCase() !== 'true';
  return goesUnderPseudonyms ? [...neededSecrets, 'PSEUDONYM-KEY'] : neededSecrets;
}

async function missingSecrets(
  azure: ResourceManager,
  vaultId: string,
  needed: readonly string[],
  now: Date,
): Promise<string[] | undefined> {
  const listed = await unlessForbidden(azure.list(`${vaultId}/secrets`, vaultApi));
  if (listed === undefined) return undefined;
  const usable = listed
    .map((each) => secretSchema.parse(each))
    .filter(({ name, properties: { attributes } }) => {
      // The app goes on reading the key of the pseudonyms after its date.
      const isOver =
        (attributes?.exp ?? Infinity) * 1000 <= now.getTime() && name.toUpperCase() !== 'PSEUDONYM-KEY';
      return attributes?.enabled !== false && !isOver;
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
