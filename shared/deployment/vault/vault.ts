import { randomBytes } from 'node:crypto';
import type { SecretClient } from '@azure/keyvault-secrets';
import { v5 } from 'uuid';
import { z } from 'zod';
import { secretNames, vaultRefusalOf } from '../../azure/keyVaultSecrets.js';
import { groupId, type ResourceGroup } from '../app/deployedApp.js';
import type { Principal } from '../entra/directory.js';
import { retryWhile, type Clock } from '../patience.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';
import { assignmentName, assignmentsApi, assignRole, type WantedRole } from '../roles.js';

const vaultsApi = '2024-11-01';
const groupsApi = '2025-04-01';
const secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';
const msPerDay = 24 * 60 * 60_000;

/** The longest validity that landing zones allow a secret, in days. */
export const longestValidityDays = 90;
/** A day less, so that no clock makes it too long. */
const usualValidityDays = longestValidityDays - 1;

/** The secrets that DfE issues; only the last may be left out. */
export const dfeSecrets: readonly string[] = [
  secretNames.clientId,
  secretNames.clientSecret,
  secretNames.supplierKey,
  secretNames.secondarySupplierKey,
];

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
export interface DeletedVault {
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

function officerRole(vault: Vault, person: Principal): WantedRole {
  return {
    role: 'Key Vault Secrets Officer',
    roleId: secretsOfficer,
    principalId: person.id,
    principalType: 'User',
    scope: vault.id,
    condition: '',
  };
}

/** The name of an assignment that was made here, by which it is told from one that others have made. */
function ourAssignment(role: WantedRole): string {
  return v5('npm run azure -- secrets', assignmentName(role));
}

/**
 * Lets a person set secrets.
 * @returns `given`, or `there` when somebody else has given that person the role on this vault already
 * @throws ResourceManagerError 403 when you may not assign roles
 */
export async function letSetSecrets(
  azure: ResourceManager,
  vault: Vault,
  person: Principal,
): Promise<'given' | 'there'> {
  const role = officerRole(vault, person);
  const name = ourAssignment(role);
  await assignRole(azure, role, 'csc-api-sender: for the time it takes to put in secrets', name);
  try {
    const made = await azure.get(assignmentId(vault, name), assignmentsApi);
    return made === undefined ? 'there' : 'given';
  } catch (error) {
    // Nobody would know that there is something to take back.
    await takenBack(azure, vault, person);
    throw error;
  }
}

async function takenBack(azure: ResourceManager, vault: Vault, person: Principal): Promise<void> {
  try {
    await endSettingSecrets(azure, vault, person);
  } catch (cause) {
    throw new Error(
      `${person.name} was given the right to set secrets in ${vault.name}, and it could not be taken back. Somebody who may assign roles runs \`npm run azure -- secrets --for ${person.name} --revoke\`.`,
      { cause },
    );
  }
}

/** Takes back what `letSetSecrets` has given, now or in an earlier try; a role that others gave stays. */
export async function endSettingSecrets(
  azure: ResourceManager,
  vault: Vault,
  person: Principal,
): Promise<void> {
  await azure.delete(assignmentId(vault, ourAssignment(officerRole(vault, person))), assignmentsApi);
}

function assignmentId(vault: Vault, name: string): string {
  return `${vault.id}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** What the vault says of a secret besides its value. */
export interface SecretState {
  readonly name: string;
  /** Undefined when it never expires. */
  readonly expires: Date | undefined;
  readonly isEnabled: boolean;
}

/** A vault takes capitals and small letters for one, and lists a name as it was first written. */
export function isNamed(secret: SecretState, name: string): boolean {
  return secret.name.toUpperCase() === name.toUpperCase();
}

const listedSchema = z.object({
  name: z.string(),
  properties: z.object({
    attributes: z.object({ enabled: z.boolean().nullish(), exp: z.number().nullish() }).nullish(),
  }),
});

/** Until when a secret is valid, for a person: the day, in UTC. */
export function validityOf({ expires }: Pick<SecretState, 'expires'>): string {
  return expires === undefined ? 'never expires' : `until ${expires.toISOString().slice(0, 10)}`;
}

/**
 * The secrets of a vault as Resource Manager lists them: from any network, and without the right to read their values.
 * @throws ResourceManagerError
 */
export async function secretsListed(
  azure: ResourceManager,
  vault: Pick<Vault, 'id'>,
): Promise<SecretState[]> {
  const listed = await azure.list(`${vault.id}/secrets`, vaultsApi);
  return listed.map((each) => {
    const { name, properties } = listedSchema.parse(each);
    const seconds = properties.attributes?.exp ?? undefined;
    return {
      name,
      expires: seconds === undefined ? undefined : new Date(seconds * 1000),
      isEnabled: properties.attributes?.enabled !== false,
    };
  });
}

/** The secrets of the vault, without their values, as the vault lists them. @throws RestError */
export async function secretsIn(client: SecretClient): Promise<SecretState[]> {
  const found: SecretState[] = [];
  try {
    for await (const { name, expiresOn, enabled } of client.listPropertiesOfSecrets()) {
      found.push({ name, expires: expiresOn, isEnabled: enabled !== false });
    }
    return found;
  } catch (error) {
    // The SDK leaves out of a list that was refused whether a role or the network is what is missing.
    throw vaultRefusalOf(error).status === 403 ? ((await refusalOfReading(client)) ?? error) : error;
  }
}

async function refusalOfReading(client: SecretClient): Promise<unknown> {
  try {
    await client.getSecret(secretNames.clientId);
    return undefined;
  } catch (error) {
    return vaultRefusalOf(error).status === 403 ? error : undefined;
  }
}

/**
 * When a secret that is set now expires: in 89 days, or at the end of the day that is given (UTC).
 * @param day `yyyy-MM-dd`
 * @throws Error when that is not a day within the next 90
 */
export function expiryOn(day: string | undefined, now: Date): Date {
  if (day === undefined) return new Date(now.getTime() + usualValidityDays * msPerDay);
  const { success, data } = z.iso.date().safeParse(day);
  const end = success ? new Date(`${data}T23:59:59Z`) : undefined;
  const isWithin =
    end !== undefined && end > now && end.getTime() <= now.getTime() + longestValidityDays * msPerDay;
  if (isWithin) return end;
  throw new Error(
    `${day} is not a day within the next ${longestValidityDays} (yyyy-MM-dd). Landing zones refuse secrets that are valid for longer.`,
  );
}

/** @throws Error when a deleted secret of that name has to be recovered first; RestError */
export async function setSecret(
  client: SecretClient,
  name: string,
  value: string,
  expiresOn?: Date,
): Promise<void> {
  try {
    await client.setSecret(name, value, {
      contentType: 'text/plain',
      ...(expiresOn === undefined ? {} : { expiresOn }),
    });
  } catch (error) {
    if (vaultRefusalOf(error).code !== 'ObjectIsDeletedButRecoverable') throw error;
    throw new Error(
      `The vault holds a deleted secret ${name}. Recover it (portal: Secrets, Manage deleted secrets), then set it again.`,
      { cause: error },
    );
  }
}

/**
 * Makes the key of the pseudonyms, once: under another key the dates of every child would move by other weeks.
 * @throws Error when it was deleted and can be recovered
 */
export async function ensurePseudonymKey(client: SecretClient): Promise<'made' | 'there'> {
  const name = secretNames.pseudonymKey;
  if ((await secretsIn(client)).some((secret) => isNamed(secret, name))) return 'there';
  // A vault refuses to set a secret that was deleted and is not purged.
  await setSecret(client, name, randomBytes(32).toString('hex'));
  return 'made';
}

/** Repeats for ten minutes what a vault refuses for lack of a role: one that was just given takes some time to hold. */
export async function untilRoleHolds<T>(
  action: () => Promise<T>,
  clock: Clock,
  onWait: () => void,
): Promise<T> {
  const isNotHoldingYet = (error: unknown): boolean => vaultRefusalOf(error).code === 'ForbiddenByRbac';
  return await retryWhile(action, isNotHoldingYet, { clock, seconds: 600, everySeconds: 30, onWait });
}

/** What a person can do about a vault that refuses, in one sentence. */
export function vaultAdvice(error: unknown, { name }: Vault): string {
  const { status, code } = vaultRefusalOf(error);
  if (/^ForbiddenBy(Firewall|Connection)$/.test(code)) {
    return `The vault ${name} takes no calls from this machine: work from one inside its network (docs/deploy.md, Public endpoints denied).`;
  }
  if (status === 403) {
    return `You may not set secrets in the vault ${name}: have somebody who may assign roles run \`npm run azure -- secrets --for <you>\`.`;
  }
  if (status === undefined && error instanceof Error && error.name === 'RestError') {
    return `The vault ${name} cannot be reached from this machine: check its private DNS and your network.`;
  }
  return error instanceof Error ? error.message : 'The vault failed without a reason.';
}
