import { z } from 'zod';
import { deletedVaultsOf, recoverVault as recover, tenantOf } from '../../deployment/vault/vault.js';
import { verb } from './verb.js';

/** `recover-vault`: a vault whose group was deleted keeps its name for weeks, and stops the next deployment. */
export const recoverVault = verb({
  says: 'brings a deleted vault of this group back, and its group first',
  options: z.object({}),
  run: async ({ azure, group, write }) => {
    const [vault, another] = await deletedVaultsOf(azure, group);
    if (vault === undefined) {
      write(`No deleted vault of ${group.name} is kept.\n`);
      return 0;
    }
    if (another !== undefined) {
      write(
        `Several deleted vaults of ${group.name} are kept (${vault.name}, ${another.name}): recover the one you want in the portal (Key vaults, Manage deleted vaults).\n`,
      );
      return 1;
    }
    await recover(azure, group, vault, await tenantOf(azure, group.subscriptionId));
    write(`${vault.name} is back, with its secrets, in ${group.name}.\n`);
    return 0;
  },
});
