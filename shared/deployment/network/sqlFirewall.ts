import { z } from 'zod';
import { AddressRefusedError } from '../../database/connectionError.js';
import type { Database } from '../../database/database.js';
import { askUntil, unlessInterrupted, type Clock } from '../patience.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

const serversApi = '2025-01-01';
/** The names of our rules begin like this. Other rules are not touched. */
const rulePrefix = 'csc-evaluation-';

const ruleSchema = z.object({ name: z.string() });

/** A firewall that stayed open. The message says for which address, and how to close it. */
class FirewallStaysOpenError extends Error {}

/**
 * Works on a database of an Azure SQL server that may not let this machine in. The server itself says which address
 * it refuses, so no other service is asked; the firewall is opened for that address and always closed again. Where
 * the machine already has access (Azure Cloud Shell) nothing is opened.
 * @param serverId resource id
 * @param open connects, and throws AddressRefusedError when the firewall refuses
 * @throws TookTooLongError when the firewall still refuses after ten minutes
 * @throws FirewallStaysOpenError when it could not be closed; what else went wrong is its cause
 */
export async function throughFirewall<Result>(
  azure: ResourceManager,
  serverId: string,
  clock: Clock,
  open: () => Promise<Database>,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  let failure: { readonly error: unknown } | undefined;
  try {
    const database = await letIn(azure, serverId, clock, open);
    try {
      return await unlessInterrupted(work(database), clock);
    } finally {
      await database.close();
    }
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    await close(azure, serverId, failure?.error);
  }
}

/** Closes what an interrupted run has left open. @returns the names of the rules that were taken away */
export async function closeFirewall(azure: ResourceManager, serverId: string): Promise<string[]> {
  const rules = (await azure.list(`${serverId}/firewallRules`, serversApi))
    .map((each) => ruleSchema.parse(each).name)
    .filter((name) => name.startsWith(rulePrefix));
  for (const name of rules) await azure.delete(`${serverId}/firewallRules/${name}`, serversApi);
  return rules;
}

async function letIn(
  azure: ResourceManager,
  serverId: string,
  clock: Clock,
  open: () => Promise<Database>,
): Promise<Database> {
  const opened = new Set<string>();
  return await askUntil(
    async () => {
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof AddressRefusedError)) throw error;
        const { address } = error;
        // A network may have several addresses, and a new rule takes some minutes.
        if (!opened.has(address)) {
          await azure.put(`${serverId}/firewallRules/${rulePrefix}${address}`, serversApi, {
            properties: { startIpAddress: address, endIpAddress: address },
          });
          opened.add(address);
        }
        return undefined;
      }
    },
    {
      clock,
      seconds: 600,
      everySeconds: 10,
      otherwise: () =>
        `The firewall of the SQL server has been opened for ${[...opened].join(' and ')} and still refuses this machine after ten minutes. Does a policy of the landing zone take such rules away, or the network let no connection out to port 1433? Azure Cloud Shell needs no rule: run the command there.`,
    },
  );
}

async function close(azure: ResourceManager, serverId: string, cause: unknown): Promise<void> {
  try {
    await closeFirewall(azure, serverId);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it failed without a reason';
    const also = cause instanceof Error ? `${cause.message}\nBesides, the` : 'The';
    throw new FirewallStaysOpenError(
      `${also} firewall of the SQL server could not be closed again: ${why}\nClose it: npm run evaluate -- --close, or delete the rules whose names begin with ${rulePrefix} in the portal (the server, Networking). It holds invented children only.`,
      { cause },
    );
  }
}
