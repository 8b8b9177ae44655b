import { z } from 'zod';
import { agreementSettings } from './agreementSettings.js';
import { childrenSettings } from './childrenSettings.js';
import { databaseSettings } from './databaseSettings.js';
import { dfeSettings } from './dfeSettings.js';
import { helpSettings } from './helpSettings.js';
import { runSettings } from './runSettings.js';
import { secretSettings } from './secretSettings.js';
import { storageSettings } from './storageSettings.js';

/**
 * Every setting, as an environment variable. The descriptions are the documentation: `docs/settings.md` is made from
 * them by `npm run docs`.
 */
export const settingsSchema = z.object({
  ...agreementSettings,
  ...dfeSettings,
  ...secretSettings,
  ...databaseSettings,
  ...childrenSettings,
  ...runSettings,
  ...storageSettings,
  ...helpSettings,
  NODE_TLS_REJECT_UNAUTHORIZED: z
    .string()
    .refine(
      (text) => text !== '0',
      'must not be 0: the app would take any server for the vault and the storage. Give a certificate authority of your own in NODE_EXTRA_CA_CERTS',
    )
    .optional()
    .describe(
      'Read by Node.js; do not give it. With `0` Node.js checks no certificate, so the app reads nothing and sends nothing. A proxy that opens TLS needs `NODE_EXTRA_CA_CERTS` ([onboarding.md](onboarding.md#networks)).',
    ),
});
export type Settings = z.output<typeof settingsSchema>;

/** What sending to DfE alone needs. */
export const sendingSchema = settingsSchema.pick({
  LA_CODE: true,
  DFE_API_BASE_URL: true,
  DFE_TOKEN_URL: true,
  DFE_FURTHER_ADDRESSES: true,
  DFE_SCOPE: true,
  DFE_RECEIVER: true,
  DFE_USER_AGENT: true,
  DFE_TIMEOUT_SECONDS: true,
  DFE_RETRY_SECONDS: true,
  DFE_POSTS_IN_FLIGHT: true,
  DFE_POSTS_PER_SECOND: true,
  DFE_CLIENT_ID: true,
  DFE_CLIENT_SECRET: true,
  DFE_SUPPLIER_KEY: true,
  DFE_SUPPLIER_KEY_SECONDARY: true,
  KEY_VAULT_URI: true,
  KEY_VAULT_CLIENT_ID: true,
  SECRETS_CACHE_MINUTES: true,
  COLLECTION_YEAR: true,
  NODE_TLS_REJECT_UNAUTHORIZED: true,
});
export type SendingSettings = z.output<typeof sendingSchema>;

/** Whether children are sent under pseudonyms only: they are real, and the receiver is a test receiver. */
export function isPseudonymised({
  DFE_RECEIVER,
  SSD_SYNTHETIC,
}: Pick<Settings, 'DFE_RECEIVER' | 'SSD_SYNTHETIC'>): boolean {
  return DFE_RECEIVER === 'test' && !SSD_SYNTHETIC;
}
