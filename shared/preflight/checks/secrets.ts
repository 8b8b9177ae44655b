import { count, pass, shortMs, warn, type Check } from '../check.js';

export const secrets = {
  name: 'secrets',
  limitMs: shortMs,
  look: async ({ dfe }) => {
    const { credentials } = dfe();
    const { supplierKeys, remarks } = await credentials.current();
    const { client, supplierKeys: keys } = credentials.names;
    const found = `Client and ${count(supplierKeys.length, 'supplier key')} can be read: ${client}; ${keys}.`;
    if (remarks.length === 0) return pass(found);
    return warn(`${found} ${remarks.join(' ')}`, 'Renew what has expired before DfE refuses it.');
  },
  remedy:
    "Give the app's identity the role Key Vault Secrets User, let its network through the vault's firewall, and check that each secret is there, enabled and not expired.",
} as const satisfies Check;
