import { after, before, beforeEach } from 'node:test';
import { ManagedIdentityCredential } from '@azure/identity';
import { keyVaultCredentials, secretClientOf, type SecretRead } from '../../shared/azure/keyVaultSecrets.js';
import type { Credentials } from '../../shared/dfe/credentials.js';
import { Network } from '../../shared/dfe/network.js';
import { startKeyVault, type KeyVault } from '../local/keyVault.js';

/** The real SDKs of Azure, with a local vault and a local identity endpoint. */
export let vault: KeyVault;
export const network = new Network({ connectTimeoutMs: 500 });
before(async () => {
  vault = await startKeyVault();
  Object.assign(process.env, vault.identity);
});
after(async () => {
  for (const name of Object.keys(vault.identity)) Reflect.deleteProperty(process.env, name);
  await vault.stop();
  await network.close();
});

export const kept = {
  'DFE-CLIENT-ID': 'the-client-id',
  'DFE-CLIENT-SECRET': 'the-client-secret',
  'DFE-SUPPLIER-KEY': 'the-primary-key',
  'DFE-SUPPLIER-KEY-SECONDARY': 'the-secondary-key',
} as const;
/** Any value of a secret in these tests. */
export const anyValue = /the-(old|next|client|primary|secondary)-?\w*(-key|-secret|-id)/;

export let now: Date;
beforeEach(() => {
  vault.clear();
  vault.hold(kept);
  now = new Date('2026-11-10T02:00:00Z');
});
export function minutesPass(minutes: number): void {
  now = new Date(now.getTime() + minutes * 60_000);
}

interface VaultOptions {
  readonly uri?: string;
  readonly clientId?: string;
  readonly onRead?: (read: SecretRead) => void;
}

export function theClient(uri = vault.uri, clientId = 'system-made') {
  return secretClientOf(uri, new ManagedIdentityCredential({ clientId }), {
    tlsOptions: { ca: vault.certificate },
    // 127.0.0.1 is not below vault.azure.net.
    disableChallengeResourceVerification: true,
    retryOptions: { maxRetries: 0 },
  });
}

export function theCredentials({ uri, clientId, onRead = () => undefined }: VaultOptions = {}): Credentials {
  const client = theClient(uri, clientId);
  return keyVaultCredentials(client, { keptMs: 60 * 60_000, now: () => now, onRead });
}
