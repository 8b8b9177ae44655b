import { z } from 'zod';
import { deletedVaultsOf, recoverVault as recover, tenantOf } from '../../deployment/vault/vault.js';
import { verb } from './verb.js';

/** `recover-vault`: a vault whose group was deleted keeps its name for weeks, and stops the next deployment. */
export const recoverVault = verb({
  says: 'recovers a deleted vault of this group, and first makes the group',
  options: z.object({}),
  run: async ({ azure, group, write }) => {
    const [vault, another] = await deletedVaultsOf(azure, group);
    if (vault === undefined) {
      write(`Azure keeps no deleted vault of ${group.name}.\n`);
      return 0;
    }
    if (another !== undefined) {
      write(
        `Azure keeps several deleted vaults of ${group.name} (${vault.name}, ${another.name}): recover the one you want in the portal (Key vaults, Manage deleted vaults).\n`,
      );
      return 1;
    }
    await recover(azure, group, vault, await tenantOf(azure, group.subscriptionId));
    write(`${vault.name} is recovered with its secrets, in ${group.name}.\n`);
    return 0;
  },
});
