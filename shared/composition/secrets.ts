import {
  keyVaultCredentials,
  keyVaultPseudonymKey,
  secretClientOf,
  type SecretRead,
} from '../azure/keyVaultSecrets.js';
import { pseudonymsOf, type Pseudonyms } from '../child/pseudonyms/pseudonyms.js';
import { fixedCredentials, type Credentials } from '../dfe/credentials.js';
import type { SendingSettings, Settings } from '../settings/settings.js';
import type { Telemetry } from '../telemetry/events.js';
import { identityOf } from './identity.js';

/** Those of DfE: from the Key Vault, else from the settings. */
export function credentialsOf(settings: SendingSettings, now: () => Date, telemetry: Telemetry): Credentials {
  const { KEY_VAULT_URI: vault, KEY_VAULT_CLIENT_ID: clientId } = settings;
  if (vault === undefined) {
    return fixedCredentials({
      clientId: settings.DFE_CLIENT_ID ?? '',
      clientSecret: settings.DFE_CLIENT_SECRET ?? '',
      supplierKey: settings.DFE_SUPPLIER_KEY ?? '',
      secondarySupplierKey: settings.DFE_SUPPLIER_KEY_SECONDARY,
    });
  }
  const keptMs = settings.SECRETS_CACHE_MINUTES * 60_000;
  return keyVaultCredentials(secretClientOf(vault, identityOf(clientId)), {
    keptMs,
    now,
    onRead: recordedIn(telemetry),
  });
}

/** @throws CredentialsError */
export async function pseudonymsIn(
  settings: Settings,
  now: () => Date,
  telemetry: Telemetry,
): Promise<Pseudonyms> {
  const { KEY_VAULT_URI: vault, KEY_VAULT_CLIENT_ID: clientId, PSEUDONYM_KEY: given = '' } = settings;
  const key =
    vault === undefined
      ? given
      : await keyVaultPseudonymKey(secretClientOf(vault, identityOf(clientId)), {
          now,
          onRead: recordedIn(telemetry),
        });
  return pseudonymsOf(Buffer.from(key, 'hex'), settings.PSEUDONYMS_GENERALISE);
}

function recordedIn(telemetry: Telemetry): (read: SecretRead) => void {
  return ({ secret, outcome, daysLeft }) => {
    const measurements = daysLeft === undefined ? {} : { daysLeft };
    telemetry.record({ name: 'SecretRead', dimensions: { secret, outcome }, measurements });
  };
}
