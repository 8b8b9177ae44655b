import { z } from 'zod';
import { lastDeployment } from '../../deployment/resourceManager/deployments.js';
import { ResourceManagerError } from '../../deployment/resourceManager/resourceManager.js';
import {
  assignRole,
  commandFor,
  findRoles,
  requestsFor,
  wantedRoles,
  type FoundRole,
} from '../../deployment/roles.js';
import { flag } from '../command.js';
import { commandLine, verb, type Surroundings } from './verb.js';

/** `roles`: which roles the system's identities need, and which they have. */
export const roles = verb({
  says: 'lists the roles that the system needs and that are not assigned',
  help: [
    '--assign      assigns them, if you may',
    '--format F    for a team that has no copy of this project: bash, powershell (commands of az) or json (REST)',
  ],
  options: z.object({
    assign: flag,
    format: z.enum(['text', 'bash', 'powershell', 'json']).default('text'),
  }),
  run: async (surroundings, { assign, format }) => {
    const { azure, group, write } = surroundings;
    const deployment = await lastDeployment(azure, group);
    if (deployment === undefined) {
      write(
        `No deployment of main.bicep has succeeded in ${group.name} yet: a deployment says which roles are needed.\n`,
      );
      return 1;
    }
    const found = await findRoles(azure, wantedRoles(deployment));
    const lacking = found.filter(({ state }) => state !== 'assigned');
    if (format === 'json') {
      write(`${JSON.stringify(requestsFor(lacking), undefined, 2)}\n`);
      return 0;
    }
    if (format !== 'text') {
      for (const role of lacking) write(`${commandFor(role, format)}\n`);
      return 0;
    }
    if (found.length === 0) write(`The deployment ${deployment.name} names no roles.\n`);
    for (const role of found) write(lineOf(role));
    if (lacking.length === 0) {
      write('All roles are assigned.\n');
      return 0;
    }
    if (assign) return assignAll(surroundings, lacking);
    write(
      `\n${lacking.length} left. If you can assign roles: ${commandLine(surroundings, 'roles --assign')}\nFor the platform team, as commands or JSON: ${commandLine(surroundings, 'roles --format bash')} (powershell, json)\n`,
    );
    return 1;
  },
});

function lineOf({ state, role, principalId, principalType, scope }: FoundRole): string {
  return `${state.padEnd(15)} ${role} · ${principalType} ${principalId} · ${scope}\n`;
}

async function assignAll(surroundings: Surroundings, lacking: readonly FoundRole[]): Promise<0 | 1> {
  const { azure, write } = surroundings;
  let refused = 0;
  write('\n');
  for (const role of lacking) {
    try {
      await assignRole(azure, role);
      write(`Assigned ${role.role} on ${role.scope}.\n`);
    } catch (error) {
      if (!(error instanceof ResourceManagerError)) throw error;
      refused += 1;
      write(`Not assigned: ${role.role}. ${error.message}\n`);
    }
  }
  if (refused > 0) {
    write(
      `${refused} not assigned. Someone who can assign roles there (Owner, User Access Administrator or Role Based Access Control Administrator) runs the same command, or you give them the output of: ${commandLine(surroundings, 'roles --format bash')}\n`,
    );
    return 1;
  }
  write(`They take effect within ten minutes. Then: ${commandLine(surroundings, 'restart')}\n`);
  return 0;
}
