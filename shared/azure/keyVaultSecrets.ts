import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { pseudonymKeyPattern } from '../child/pseudonyms/pseudonyms.js';
import {
  CachedCredentials,
  CredentialsError,
  keysOf,
  type Credentials,
  type DfeCredentials,
} from '../dfe/credentials.js';

/** A Key Vault does not allow an underscore in the name of a secret. */
export const secretNames = {
  clientId: 'DFE-CLIENT-ID',
  clientSecret: 'DFE-CLIENT-SECRET',
  supplierKey: 'DFE-SUPPLIER-KEY',
  secondarySupplierKey: 'DFE-SUPPLIER-KEY-SECONDARY',
  pseudonymKey: 'PSEUDONYM-KEY',
} as const;

type SecretName = (typeof secretNames)[keyof typeof secretNames];

/** What a read of the vault found about one secret. A missing secondary key is not reported. */
export interface SecretRead {
  readonly secret: SecretName;
  readonly outcome: 'read' | 'unreadable' | 'expired';
  /** Until it expires; absent when it does not expire, or was not read. */
  readonly daysLeft?: number;
}

const timeoutMs = 30_000;

/**
 * The client of a Key Vault, reached with an identity of the app.
 * @param vaultUri for example `https://kv-csc-prod.vault.azure.net`
 */
export function secretClientOf(
  vaultUri: string,
  identity: TokenCredential,
  options: SecretClientOptions = {},
): SecretClient {
  return new SecretClient(vaultUri, identity, { retryOptions: { maxRetries: 2 }, ...options });
}

/** The credentials for DfE in a Key Vault: when they are replaced there, the app uses the new ones without a restart. */
export function keyVaultCredentials(
  client: SecretClient,
  {
    keptMs,
    now,
    onRead,
  }: { readonly keptMs: number; readonly now: () => Date; readonly onRead?: (read: SecretRead) => void },
): Credentials {
  const vault = `the Key Vault ${new URL(client.vaultUrl).host}`;
  return new CachedCredentials(
    {
      client: `the secrets ${secretNames.clientId} and ${secretNames.clientSecret} in ${vault}`,
      supplierKeys: `the secrets ${secretNames.supplierKey} and ${secretNames.secondarySupplierKey} in ${vault}`,
    },
    () => read(client, vault, now, onRead),
    keptMs,
    now,
  );
}

/**
 * The key of the pseudonyms in a Key Vault.
 * @throws CredentialsError when it is not there, cannot be read, or is not such a key
 */
export async function keyVaultPseudonymKey(
  client: SecretClient,
  { now, onRead }: { readonly now: () => Date; readonly onRead?: (read: SecretRead) => void },
): Promise<string> {
  const vault = `the Key Vault ${new URL(client.vaultUrl).host}`;
  const found = await readSecret(client, secretNames.pseudonymKey);
  const isKey = 'value' in found && pseudonymKeyPattern.test(found.value);
  const secret = 'problem' in found || isKey ? found : { name: found.name, ...lasting(noKey) };
  onRead?.(readOf(secret, now()));
  if (!('problem' in secret)) return secret.value;
  throw new CredentialsError(
    `The key of the pseudonyms could not be read from ${vault}, and no child is sent to a test receiver without it. ${sentencesOf([secret])}`,
    secret.isTransient,
  );
}

const noKey = 'not 64 hexadecimal digits, set its value again as docs/deploy.md says';

interface Secret {
  readonly name: SecretName;
  readonly value: string;
  readonly expiresOn: Date | undefined;
}

/** Why a secret cannot be used, in words that come after its name. */
interface Problem {
  readonly name: SecretName;
  readonly problem: string;
  readonly isTransient: boolean;
  /** The vault can be read, and has no such secret. */
  readonly isNone: boolean;
}

async function read(
  client: SecretClient,
  vault: string,
  now: () => Date,
  onRead?: (read: SecretRead) => void,
): Promise<DfeCredentials> {
  const [clientId, clientSecret, supplierKey, secondary] = await Promise.all([
    readSecret(client, secretNames.clientId),
    readSecret(client, secretNames.clientSecret),
    readSecret(client, secretNames.supplierKey),
    readSecret(client, secretNames.secondarySupplierKey),
  ]);
  const hasNoSecondary = 'problem' in secondary && secondary.isNone;
  const needed = [clientId, clientSecret, supplierKey, ...(hasNoSecondary ? [] : [secondary])];
  for (const found of needed) onRead?.(readOf(found, now()));
  const problems = needed.filter((found) => 'problem' in found);
  if (problems.length > 0 || 'problem' in clientId || 'problem' in clientSecret || 'problem' in supplierKey) {
    throw new CredentialsError(
      `The credentials for DfE could not be read from ${vault}. ${sentencesOf(problems)}`,
      problems.every(({ isTransient }) => isTransient),
    );
  }
  return {
    clientId: clientId.value,
    clientSecret: clientSecret.value,
    supplierKeys: keysOf(supplierKey.value, 'problem' in secondary ? undefined : secondary.value),
    // The vault still returns an expired secret, and DfE may still accept it, so it is used.
    remarks: needed
      .filter((found) => 'value' in found)
      .flatMap(({ name, expiresOn }) =>
        expiresOn !== undefined && expiresOn <= now()
          ? [
              `The secret ${name} in ${vault} expired on ${expiresOn.toISOString().slice(0, 10)}: give it a new version with what DfE has issued.`,
            ]
          : [],
      ),
  };
}

const msPerDay = 24 * 60 * 60_000;

function readOf(found: Secret | Problem, now: Date): SecretRead {
  const { name: secret } = found;
  if ('problem' in found) return { secret, outcome: 'unreadable' };
  if (found.expiresOn === undefined) return { secret, outcome: 'read' };
  const daysLeft = (found.expiresOn.getTime() - now.getTime()) / msPerDay;
  return { secret, outcome: daysLeft > 0 ? 'read' : 'expired', daysLeft };
}

async function readSecret(client: SecretClient, name: SecretName): Promise<Secret | Problem> {
  try {
    const { value = '', properties } = await client.getSecret(name, {
      abortSignal: AbortSignal.timeout(timeoutMs),
    });
    // A secret that was set from a file ends with a line break.
    const text = value.trim();
    if (text === '') {
      return { name, problem: 'empty, set its value', isTransient: false, isNone: true };
    }
    // A key is sent as a header.
    if (!/^[\x20-\x7e]*$/.test(text)) {
      const problem = 'holds a line break or a letter that no credential has, set its value again';
      return { name, problem, isTransient: false, isNone: false };
    }
    return { name, value: text, expiresOn: properties.expiresOn };
  } catch (error) {
    return { name, ...problemOf(error) };
  }
}

/** The parts of the SDK's errors that say what is wrong. Their messages are not quoted. */
const vaultErrorSchema = z.object({
  statusCode: z.number().optional(),
  details: z
    .object({
      error: z.object({ innerError: z.object({ code: z.string().optional() }).nullish() }).nullish(),
    })
    .optional()
    .catch(undefined),
});

/** Why a vault refused a request. */
export function vaultRefusalOf(error: unknown): {
  /** `undefined` when the vault did not answer. */
  readonly status: number | undefined;
  /** Such as `ForbiddenByRbac`, or ''. */
  readonly code: string;
  /** The vault's firewall does not accept calls from here. */
  readonly isByFirewall: boolean;
} {
  const { statusCode, details } = vaultErrorSchema.safeParse(error).data ?? {};
  const code = details?.error?.innerError?.code ?? '';
  return { status: statusCode, code, isByFirewall: /^ForbiddenBy(Firewall|Connection)$/.test(code) };
}

function problemOf(error: unknown): Omit<Problem, 'name'> {
  const name = error instanceof Error ? error.name : '';
  if (/^(CredentialUnavailable|Authentication|AuthenticationRequired)Error$/.test(name)) {
    return passing(
      'the managed identity of the app gave no token, check that it is assigned to the app and that KEY_VAULT_CLIENT_ID is its client id (behind a proxy also that NO_PROXY names the host of IDENTITY_ENDPOINT)',
    );
  }
  const { status, code, isByFirewall } = vaultRefusalOf(error);
  switch (status) {
    case 404:
      return { ...lasting('no such secret, add it'), isNone: true };
    case 403:
      return code === 'SecretDisabled'
        ? { ...lasting('disabled, enable it or give it a new version'), isNone: true }
        : lasting(
            isByFirewall
              ? "the vault's firewall blocks the app, let its network in (private endpoint or virtual network rule)"
              : 'not permitted, give the identity of the app the role Key Vault Secrets User on the vault',
          );
    case 401:
      return lasting(
        'the vault does not accept the identity of the app, check that both are in the same tenant',
      );
    case undefined:
      // Each read looks up the name of the vault and connects to it.
      return name === 'RestError' || name === 'AbortError' || name === 'TimeoutError'
        ? passing('the vault could not be reached, check KEY_VAULT_URI, its private DNS and its firewall')
        : lasting(`the vault could not be read (${name}), check KEY_VAULT_URI`);
    default:
      return status === 408 || status === 429 || status >= 500
        ? passing(`the vault answered ${String(status)}`)
        : lasting(`the vault answered ${String(status)}, check KEY_VAULT_URI`);
  }
}

function lasting(problem: string): Omit<Problem, 'name'> {
  return { problem, isTransient: false, isNone: false };
}

function passing(problem: string): Omit<Problem, 'name'> {
  return { problem, isTransient: true, isNone: false };
}

/** One sentence for each problem, with the secrets that have it. */
function sentencesOf(problems: readonly Problem[]): string {
  return [...new Set(problems.map(({ problem }) => problem))]
    .map((problem) => {
      const having = problems.filter((each) => each.problem === problem);
      return `${having.map(({ name }) => name).join(', ')}: ${problem}.`;
    })
    .join(' ');
}
