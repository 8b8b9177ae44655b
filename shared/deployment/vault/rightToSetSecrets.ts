import { v5 } from 'uuid';
import { vaultRefusalOf } from '../../azure/keyVaultSecrets.js';
import type { Principal } from '../entra/directory.js';
import { retryWhile, type Clock } from '../patience.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';
import { assignmentName, assignmentsApi, assignRole, type WantedRole } from '../roles.js';
import type { Vault } from './vault.js';

const secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';

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

/** The name of an assignment that was made here: others have other names. */
function ourAssignment(role: WantedRole): string {
  return v5('npm run azure -- secrets', assignmentName(role));
}

/**
 * Lets a person set secrets.
 * @returns `given`, or `there` when someone else has already given that person the role on this vault
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
    // Otherwise no one would know that there is something to take back.
    await takenBack(azure, vault, person);
    throw error;
  }
}

async function takenBack(azure: ResourceManager, vault: Vault, person: Principal): Promise<void> {
  try {
    await endSettingSecrets(azure, vault, person);
  } catch (cause) {
    throw new Error(
      `${person.name} was given the right to set secrets in ${vault.name}, and it could not be taken back. Someone who can assign roles runs \`npm run azure -- secrets --for ${person.name} --revoke\`.`,
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

/** Repeats for ten minutes what a vault refuses for lack of a role: one that was just given takes some time to hold. */
export async function untilRoleHolds<T>(
  action: () => Promise<T>,
  clock: Clock,
  onWait: () => void,
): Promise<T> {
  const isNotHoldingYet = (error: unknown): boolean => vaultRefusalOf(error).code === 'ForbiddenByRbac';
  return await retryWhile(action, isNotHoldingYet, { clock, seconds: 600, everySeconds: 30, onWait });
}
