import { z } from 'zod';
import { approve as approveConnection, endpointsIn } from '../../deployment/network/privateEndpoints.js';
import { ResourceManagerError } from '../../deployment/resourceManager/resourceManager.js';
import { flag } from '../command.js';
import { verb } from './verb.js';

/** `approve`: private endpoints of the environment that wait for the owner of what they lead to. */
export const approve = verb({
  says: 'approves the private endpoints of this group that are pending',
  help: ['--check       only lists them'],
  options: z.object({ check: flag }),
  run: async ({ azure, group, write }, { check }) => {
    const endpoints = await endpointsIn(azure, group);
    if (endpoints.length === 0) write(`There are no private endpoints in ${group.name}.\n`);
    let left = 0;
    for (const endpoint of endpoints) {
      const { name, target, status } = endpoint;
      if (status !== 'Pending' || check) {
        write(`${status.padEnd(12)} ${name} → ${target}\n`);
        if (status !== 'Approved') left += 1;
        continue;
      }
      try {
        const isApproved = await approveConnection(azure, endpoint);
        write(
          isApproved
            ? `Approved     ${name} → ${target}\n`
            : `Pending      ${name} → ${target}: the resource shows no request yet. Try again in a few minutes.\n`,
        );
        if (!isApproved) left += 1;
      } catch (error) {
        if (!(error instanceof ResourceManagerError)) throw error;
        left += 1;
        write(
          `Pending      ${name} → ${target}\n${error.message}\nThe owner of the resource runs the same command, or approves it in the portal (Private endpoint connections).\n`,
        );
      }
    }
    return left === 0 ? 0 : 1;
  },
});
