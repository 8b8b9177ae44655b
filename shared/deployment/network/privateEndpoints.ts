import { z } from 'zod';
import { groupId, type ResourceGroup } from '../app/deployedApp.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

const endpointsApi = '2025-05-01';
/** Versions in which the owner of a resource sees its connections, by type. */
const connectionsApi: Readonly<Record<string, string>> = {
  'microsoft.sql/servers': '2023-08-01',
  'microsoft.storage/storageaccounts': '2025-06-01',
  'microsoft.keyvault/vaults': '2024-11-01',
  'microsoft.web/sites': '2025-03-01',
  'microsoft.dbforpostgresql/flexibleservers': '2025-08-01',
};

const linkSchema = z.object({
  properties: z.object({
    privateLinkServiceId: z.string(),
    privateLinkServiceConnectionState: z.object({ status: z.string() }).nullish(),
  }),
});
const endpointSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    privateLinkServiceConnections: z.array(linkSchema).nullish(),
    manualPrivateLinkServiceConnections: z.array(linkSchema).nullish(),
  }),
});
const connectionSchema = z.object({
  id: z.string(),
  properties: z.object({
    privateEndpoint: z.object({ id: z.string() }).nullish(),
    privateLinkServiceConnectionState: z.object({ status: z.string() }),
  }),
});

/** A private endpoint of the environment. */
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  /** The resource it leads to. */
  readonly target: string;
  /** `Approved`, `Pending`, `Rejected` or `Disconnected`, as the owner of the target has decided. */
  readonly status: string;
}

/** The private endpoints of a group. */
export async function endpointsIn(azure: ResourceManager, group: ResourceGroup): Promise<Endpoint[]> {
  const listed = await azure.list(
    `${groupId(group)}/providers/Microsoft.Network/privateEndpoints`,
    endpointsApi,
  );
  return listed
    .map((each) => endpointSchema.parse(each))
    .flatMap(({ id, name, properties }) =>
      [
        ...(properties.privateLinkServiceConnections ?? []),
        ...(properties.manualPrivateLinkServiceConnections ?? []),
      ].map((link) => ({
        id,
        name,
        target: link.properties.privateLinkServiceId,
        status: link.properties.privateLinkServiceConnectionState?.status ?? 'Pending',
      })),
    );
}

/**
 * Approves, in the name of the target's owner, the connection of this endpoint and no other.
 * @returns false where the target has no pending connection of it any more
 * @throws ResourceManagerError 403 when you may not approve at the target
 */
export async function approve(azure: ResourceManager, { id, target }: Endpoint): Promise<boolean> {
  const api = apiOf(target);
  const connections = (await azure.list(`${target}/privateEndpointConnections`, api)).map((each) =>
    connectionSchema.parse(each),
  );
  const pending = connections.find(
    ({ properties }) =>
      properties.privateEndpoint?.id.toLowerCase() === id.toLowerCase() &&
      properties.privateLinkServiceConnectionState.status === 'Pending',
  );
  if (pending === undefined) return false;
  await azure.put(pending.id, api, {
    properties: {
      privateLinkServiceConnectionState: { status: 'Approved', description: 'csc-api-sender' },
    },
  });
  return true;
}

function apiOf(target: string): string {
  const type = target.split('/providers/').at(-1)?.split('/').slice(0, 2).join('/').toLowerCase() ?? '';
  const api = connectionsApi[type];
  if (api !== undefined) return api;
  throw new Error(
    `A connection to ${target} cannot be approved from here: its owner does it in the portal (Private endpoint connections).`,
  );
}
