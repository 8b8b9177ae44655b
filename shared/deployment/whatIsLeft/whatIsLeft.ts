import { BlockList, isIPv6 } from 'node:net';
import type { Endpoint } from '../network/privateEndpoints.js';
import { shortId } from '../resourceManager/resourceManager.js';
import type { FoundRole } from '../roles.js';

/** What is known about an environment once its infrastructure is there. */
export interface Facts {
  readonly group: string;
  /** The virtual networks in the group; none where the platform team gave subnets. */
  readonly networks: readonly NetworkFact[];
  /** The private DNS zones in the group; none where the landing zone writes the entries. */
  readonly zones: readonly string[];
  readonly endpoints: readonly Endpoint[];
  readonly hosts: readonly HostFact[];
  /** Roles that the deployment has not assigned. */
  readonly roles: readonly FoundRole[];
  readonly vault: string;
  /** Whether a DBA prepares the database, and not the pipeline. */
  readonly isDatabaseLeft: boolean;
  /** Whether the sign-in is still to be set up. */
  readonly isSignInLeft: boolean;
  /** Secrets that a run needs and that are missing or have expired; `undefined` when they may not be listed. */
  readonly missingSecrets: readonly string[] | undefined;
  /** The settings about the data-sharing agreement that are not given and are needed. */
  readonly agreementMissing: readonly string[];
}

interface NetworkFact {
  readonly id: string;
  readonly name: string;
  /** `half`: this side is there, and that of the hub is not. */
  readonly peering: 'none' | 'half' | 'whole';
}

/** One address that a deployment or the app calls, as the agent sees it. */
export interface HostFact {
  readonly of: 'app' | 'upload' | 'vault' | 'database';
  readonly name: string;
  /** What the name resolves to; empty when it resolves to nothing. */
  readonly addresses: readonly string[];
  /** Whether a private endpoint leads there, so that each address must be a private one. */
  readonly isPrivate: boolean;
  readonly answers: boolean;
}

/** One thing that a person has to do. */
export interface ToDo {
  readonly who: string;
  readonly what: string;
  /** From a clone of this project, or of the Azure CLI; words in capitals with `<` and `>` are to be replaced. */
  readonly command: string;
  /** Whether database and code wait for it. */
  readonly stops: boolean;
}

const platformTeam = 'Platform team';
/** Website Contributor, for the pipeline: what has just made the app may deploy its code. */
const roleOfPipeline = 'de139f84-1756-47ae-9be6-808fbbe84772';

/** What people have to do, in an order that works. */
export function whatIsLeft(facts: Facts): ToDo[] {
  return [
    ...endpointsToApprove(facts),
    ...namesToResolve(facts),
    ...hostsToReach(facts),
    ...rolesToAssign(facts),
    ...secretsToPutIn(facts),
    ...databaseToPrepare(facts),
    ...signInToMake(facts),
    ...agreementToGive(facts),
  ];
}

function endpointsToApprove({ group, endpoints }: Facts): ToDo[] {
  return endpoints
    .filter(({ status }) => status !== 'Approved')
    .map(({ id, name, target, status }) => {
      const isSql = /\/Microsoft\.Sql\//i.test(target);
      const who = isSql ? 'Owner of the database server' : platformTeam;
      return status === 'Pending'
        ? {
            who,
            what: `Approve the private endpoint ${name}, which leads to ${shortId(target)}.`,
            command: `npm run azure -- approve --group ${group}`,
            stops: true,
          }
        : {
            who,
            what: `The private endpoint ${name} is ${status.toLowerCase()}. Agree with its owner, delete it and deploy again: this makes a new request.`,
            command: `az network private-endpoint delete --ids ${id}`,
            stops: true,
          };
    });
}

function namesToResolve({ group, hosts, zones }: Facts): ToDo[] {
  const wrong = hosts.filter(isWronglyResolved);
  if (wrong.length === 0) return [];
  const names = wrong.map(({ name, addresses }) => `${name} (${addresses.join(', ') || 'no address'})`);
  const what = `The agent does not find the private address of ${names.join(', ')}.`;
  const stops = wrong.some(isNeeded);
  if (zones.length > 0) {
    return zones.map((zone) => ({
      who: platformTeam,
      what: `${what} Link the zone ${zone} to the network of the agents.`,
      command: `az network private-dns link vnet create --resource-group ${group} --zone-name ${zone} --name agents --virtual-network <ID-OF-THE-AGENTS-NETWORK> --registration-enabled false`,
      stops,
    }));
  }
  return [
    {
      who: platformTeam,
      what: `${what} Write the entries of the private endpoints in ${group}, and let the agents ask that DNS.`,
      command: `az network private-endpoint list --resource-group ${group} --query "[].{name:name, names:customDnsConfigs[].fqdn, addresses:customDnsConfigs[].ipAddresses[]}"`,
      stops,
    },
  ];
}

function hostsToReach({ group, hosts, networks }: Facts): ToDo[] {
  const silent = hosts.filter((host) => !host.answers && !isWronglyResolved(host));
  if (silent.length === 0) return [];
  const stops = silent.some(isNeeded);
  const what = `The agent does not reach ${silent.map(({ name }) => name).join(', ')}.`;
  const alone = networks.filter(({ peering }) => peering !== 'whole');
  if (silent.some(({ isPrivate }) => isPrivate) && alone.length > 0) {
    return alone.map(({ id, name, peering }) =>
      peering === 'half'
        ? {
            who: platformTeam,
            what: `${what} Make the hub's half of the peering with ${name}.`,
            command: `az network vnet peering create --resource-group <GROUP-OF-THE-HUB> --vnet-name <HUB> --name ${name} --remote-vnet ${id} --allow-vnet-access`,
            stops,
          }
        : {
            who: platformTeam,
            what: `${what} Peer the network ${name} with that of the agents, from both sides, and let the agents in (trustedPrefixes).`,
            command: `az network vnet peering create --resource-group ${group} --vnet-name ${name} --name agents --remote-vnet <ID-OF-THE-AGENTS-NETWORK> --allow-vnet-access`,
            stops,
          },
    );
  }
  return silent.map(({ name, of, isPrivate }) => ({
    who: platformTeam,
    what: `The agent does not reach ${name}. ${isPrivate ? 'Let the agents through the firewall, and in by trustedPrefixes of the parameter file.' : 'Let the agents through the firewall, or name your own pool in council.yml.'}`,
    command: `${of === 'database' ? `nc -vz ${name} 1433` : `curl -sSI https://${name}`}   # on an agent`,
    stops,
  }));
}

function rolesToAssign({ group, roles }: Facts): ToDo[] {
  const missing = roles.filter(({ state }) => state === 'missing');
  return [
    ...roleToDo(group, 'Assign', missing.filter(isOfApp), true),
    ...roleToDo(
      group,
      'Assign',
      missing.filter((row) => !isOfApp(row)),
      false,
    ),
    ...roleToDo(
      group,
      'Replace with an assignment that has its condition, so that the app cannot do more than it needs',
      roles.filter(({ state }) => state === 'other condition'),
      false,
    ),
    ...roleToDo(
      group,
      'Check that these are assigned, because the pipeline cannot look there',
      roles.filter(({ state }) => state === 'not readable'),
      false,
    ),
  ];
}

function roleToDo(group: string, verb: string, rows: readonly FoundRole[], stops: boolean): ToDo[] {
  if (rows.length === 0) return [];
  const what = `${verb}: ${rows.map(({ role, scope }) => `${role} on ${shortId(scope)}`).join('; ')}.`;
  return [{ who: platformTeam, what, command: `npm run azure -- roles --assign --group ${group}`, stops }];
}

/** Without the roles of groups people see less; the app needs its own. */
function isOfApp({ principalType, roleId }: FoundRole): boolean {
  return principalType === 'ServicePrincipal' && roleId !== roleOfPipeline;
}

function secretsToPutIn({ group, vault, missingSecrets }: Facts): ToDo[] {
  if (missingSecrets?.length === 0) return [];
  const what =
    missingSecrets === undefined
      ? `Check that the secrets are in the vault ${vault}: the pipeline cannot see them.`
      : `Put into the vault ${vault} what is missing, disabled or expired: ${missingSecrets.join(', ')}.`;
  return [
    {
      who: "Person who holds DfE's credentials",
      what,
      command: `npm run azure -- secrets --group ${group}`,
      stops: missingSecrets !== undefined,
    },
  ];
}

function databaseToPrepare({ group, isDatabaseLeft }: Facts): ToDo[] {
  if (!isDatabaseLeft) return [];
  return [
    {
      who: 'DBA',
      what: 'Check that the staging table exists and that the app has its rights: here the pipeline does not do this (docs/dba.md).',
      command: `npm run azure -- database --group ${group}`,
      stops: false,
    },
  ];
}

function signInToMake({ group, isSignInLeft }: Facts): ToDo[] {
  if (!isSignInLeft) return [];
  return [
    {
      who: 'Application Administrator of Entra ID',
      what: 'Make the app registration that people sign in with. Without it the pages are closed.',
      command: `npm run azure -- sign-in --group ${group}`,
      stops: false,
    },
  ];
}

function agreementToGive({ agreementMissing }: Facts): ToDo[] {
  if (agreementMissing.length === 0) return [];
  return [
    {
      who: 'Data protection officer',
      what: `Say what the signed data-sharing agreement covers: ${agreementMissing.join(', ')} ${agreementMissing.length === 1 ? 'is' : 'are'} not given. Until then each run is paused, and nothing about a real child is sent (docs/agreement.md).`,
      command: 'the settings of the parameter file, then deploy again',
      stops: false,
    },
  ];
}

/** The vault is read by the app and by people, and never by an agent. */
function isNeeded({ of }: HostFact): boolean {
  return of !== 'vault';
}

function isWronglyResolved({ isPrivate, addresses }: HostFact): boolean {
  return isPrivate && (addresses.length === 0 || !addresses.every(isPrivateAddress));
}

const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8);
privateRanges.addSubnet('172.16.0.0', 12);
privateRanges.addSubnet('192.168.0.0', 16);
privateRanges.addSubnet('100.64.0.0', 10);
privateRanges.addSubnet('fc00::', 7, 'ipv6');

function isPrivateAddress(address: string): boolean {
  return privateRanges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
