import { randomBytes } from 'node:crypto';
import type { SecretClient } from '@azure/keyvault-secrets';
import { z } from 'zod';
import { secretNames, vaultRefusalOf } from '../../azure/keyVaultSecrets.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';
import { vaultsApi, type Vault } from './vault.js';

const msPerDay = 24 * 60 * 60_000;

/** The longest validity that landing zones allow a secret, in days. */
const longestValidityDays = 90;
/** A day less, so that no clock makes it too long. */
const usualValidityDays = longestValidityDays - 1;

/** The secrets that every run needs, at the test and at the live receiver. */
export const neededSecrets: readonly string[] = [
  secretNames.clientId,
  secretNames.clientSecret,
  secretNames.supplierKey,
];

/** The secrets that DfE issues. */
export const dfeSecrets: readonly string[] = [...neededSecrets, secretNames.secondarySupplierKey];

/** What the vault says about a secret, without its value. */
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

/** The last day on which a secret is valid, in UTC, for a person to read. */
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
