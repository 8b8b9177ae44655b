import { z } from 'zod';
import { vaultRefusalOf } from '../../azure/keyVaultSecrets.js';
import { groupId, type ResourceGroup } from '../app/deployedApp.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

export const vaultsApi = '2024-11-01';
const groupsApi = '2025-04-01';

/** The Key Vault of an environment. */
export interface Vault {
  readonly id: string;
  readonly name: string;
  /** For example `https://kv-csc-test.vault.azure.net/`. */
  readonly uri: string;
}

const vaultSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({ vaultUri: z.string() }),
});
const deletedSchema = z.object({
  name: z.string(),
  properties: z.object({ vaultId: z.string(), location: z.string(), scheduledPurgeDate: z.string() }),
});

/** A vault that was deleted with its group. Its name cannot be used again before it is purged. */
interface DeletedVault {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** `yyyy-MM-dd`. */
  readonly purgedOn: string;
}

/**
 * The vault of a group.
 * @returns undefined when there is none yet
 * @throws Error when there are several
 */
export async function vaultIn(azure: ResourceManager, group: ResourceGroup): Promise<Vault | undefined> {
  const listed = await azure.list(`${groupId(group)}/providers/Microsoft.KeyVault/vaults`, vaultsApi);
  const vaults = listed.map((each) => vaultSchema.parse(each));
  const [vault, another] = vaults;
  if (vault === undefined) return undefined;
  if (another !== undefined) {
    throw new Error(
      `There are several vaults in ${group.name} (${vaults.map(({ name }) => name).join(', ')}): each environment has a resource group of its own.`,
    );
  }
  return { id: vault.id, name: vault.name, uri: vault.properties.vaultUri };
}

/** Vaults of this group that were deleted and can be recovered. */
export async function deletedVaultsOf(azure: ResourceManager, group: ResourceGroup): Promise<DeletedVault[]> {
  const listed = await azure.list(
    `/subscriptions/${group.subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`,
    vaultsApi,
  );
  return listed
    .map((each) => deletedSchema.parse(each))
    .filter(({ properties }) =>
      properties.vaultId.toLowerCase().startsWith(`${groupId(group).toLowerCase()}/`),
    )
    .map(({ name, properties }) => ({
      id: properties.vaultId,
      name,
      location: properties.location,
      purgedOn: properties.scheduledPurgeDate.slice(0, 10),
    }));
}

/** Brings a deleted vault back with its secrets; makes its group first, which has to be there. */
export async function recoverVault(
  azure: ResourceManager,
  group: ResourceGroup,
  { id, location }: DeletedVault,
  tenantId: string,
): Promise<void> {
  if ((await azure.get(groupId(group), groupsApi)) === undefined) {
    await azure.put(groupId(group), groupsApi, { location });
  }
  await azure.put(id, vaultsApi, {
    location,
    properties: { tenantId, sku: { family: 'A', name: 'standard' }, createMode: 'recover' },
  });
}

/** The tenant of a subscription. */
export async function tenantOf(azure: ResourceManager, subscriptionId: string): Promise<string> {
  const found = await azure.get(`/subscriptions/${subscriptionId}`, '2022-12-01');
  return z.object({ tenantId: z.guid() }).parse(found).tenantId;
}

/** What a person can do about a vault that refuses, in one sentence. */
export function vaultAdvice(error: unknown, { name }: Vault): string {
  const { status, isByFirewall } = vaultRefusalOf(error);
  if (isByFirewall) {
    return `The vault ${name} does not accept calls from this machine. Use one inside its network (docs/deploy.md, Public endpoints denied).`;
  }
  if (status === 403) {
    return `You cannot set secrets in the vault ${name}. Ask someone who can assign roles to run \`npm run azure -- secrets --for <you>\`.`;
  }
  if (status === undefined && error instanceof Error && error.name === 'RestError') {
    return `The vault ${name} cannot be reached from this machine: check its private DNS and your network.`;
  }
  return error instanceof Error ? error.message : 'The vault failed without a reason.';
}
