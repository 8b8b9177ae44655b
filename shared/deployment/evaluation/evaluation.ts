import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { addressOf, receiverKindsIn } from '../../settings/addresses.js';
import { sqlServerConfiguration } from '../../database/connectionString.js';
import { appIn, groupId, settingsOf, type DeployedApp, type ResourceGroup } from '../app/deployedApp.js';
import { lastDeployment, textOutput } from '../resourceManager/deployments.js';
import type { ResourceManager } from '../resourceManager/resourceManager.js';

/** The tag by which a resource group says that an evaluation made it, and nothing else is in it. */
const evaluationTag = 'csc-evaluation';
/** The tag with the object id of the person whose evaluation it is. */
const administratorTag = 'csc-administrator';
const evaluationIdPattern = /^[0-9a-f]{10}$/;
const groupsApi = '2021-04-01';
const serversApi = '2025-01-01';

/** What an evaluation must not be pointed at. The message says what to do; nothing was changed. */
class NotAnEvaluationError extends Error {}

/** An evaluation that is deployed: all that the steps after the deployment need. */
export interface Evaluation {
  readonly group: ResourceGroup;
  readonly app: DeployedApp;
  readonly server: { readonly id: string; readonly hostName: string };
  readonly databaseName: string;
  readonly stagingTable: string;
  /** The app's identity, which is also the name of its database user. */
  readonly identity: { readonly name: string; readonly clientId: string };
}

/** `infra/azd/main.bicep` names the group in the same way. */
export function groupOfEvaluation(subscriptionId: string, evaluationName: string): ResourceGroup {
  return { subscriptionId, name: `rg-csc-${evaluationName}` };
}

/**
 * The id of the evaluation in a group: the one that is there, or a new one where there is no group. A new one after each
 * deletion, because the name of the vault, which holds it, stays taken.
 * @throws NotAnEvaluationError when something else has made the group
 */
export async function evaluationIdOf(azure: ResourceManager, group: ResourceGroup): Promise<string> {
  return (await evaluationIdThere(azure, group)) ?? randomBytes(5).toString('hex');
}

/**
 * The id of the evaluation that is in a group.
 * @param administratorId who wants it: object id
 * @returns undefined where there is no group
 * @throws NotAnEvaluationError when something else has made the group, or it is another person's evaluation
 */
export async function evaluationIdThere(
  azure: ResourceManager,
  group: ResourceGroup,
  administratorId?: string,
): Promise<string | undefined> {
  const found = await azure.get(groupId(group), groupsApi);
  if (found === undefined) return undefined;
  const { tags } = z.object({ tags: z.record(z.string(), z.string()).default({}) }).parse(found);
  const id = tags[evaluationTag];
  if (id === undefined || !evaluationIdPattern.test(id)) {
    throw new NotAnEvaluationError(
      `The resource group ${group.name} exists and was not made by an evaluation. Nothing was changed. Give the evaluation another name: azd env new <name>, or npm run evaluate -- --name <name>.`,
    );
  }
  const owner = tags[administratorTag];
  if (administratorId !== undefined && owner !== undefined && owner !== administratorId) {
    throw new NotAnEvaluationError(
      `${group.name} is another person's evaluation. Nothing was changed. Give yours another name: azd env new <name>, or npm run evaluate -- --name <name>.`,
    );
  }
  return id;
}

const serverSchema = z.object({
  id: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  properties: z.object({ fullyQualifiedDomainName: z.string() }),
});

/**
 * Looks whether what is deployed in a group is an evaluation and nothing else: its SSD is declared to be invented, DfE's
 * test receiver is the only one that is named, and the database is on the server that this evaluation made.
 * @throws NotAnEvaluationError before anything is read or written
 */
export async function evaluationIn(azure: ResourceManager, group: ResourceGroup): Promise<Evaluation> {
  const id = await evaluationIdOf(azure, group);
  const deployment = await lastDeployment(azure, group);
  const app = await appIn(azure, group);
  if (deployment === undefined || app === undefined) {
    throw new NotAnEvaluationError(
      `No deployment of ${group.name} has succeeded yet: run azd up, or npm run evaluate.`,
    );
  }
  const refuse = (why: string): never => {
    throw new NotAnEvaluationError(
      `${why}. An evaluation works with invented children and DfE's test receiver only: nothing was read or written. Deploy the evaluation again (azd up, or npm run evaluate), or delete the group ${group.name} and begin anew.`,
    );
  };
  const settings = await settingsOf(azure, app);
  if (settings.get('SSD_SYNTHETIC') !== 'true') refuse('The app does not have SSD_SYNTHETIC true');
  const receiver = addressOf(settings.get('DFE_API_BASE_URL') ?? '');
  const kinds = receiver && receiverKindsIn(receiver);
  if (settings.get('DFE_RECEIVER') !== 'test' || kinds?.test !== true || kinds.live) {
    refuse("The app does not send to a test receiver of DfE's");
  }
  const hostName = textOutput(deployment, 'sqlServerHost');
  const databaseName = textOutput(deployment, 'sqlDatabaseName');
  const servers = (await azure.list(`${groupId(group)}/providers/Microsoft.Sql/servers`, serversApi)).map(
    (each) => serverSchema.parse(each),
  );
  const server = servers.find(
    ({ properties, tags }) => properties.fullyQualifiedDomainName === hostName && tags[evaluationTag] === id,
  );
  if (server === undefined) {
    return refuse(`The SQL server ${hostName} was not made by this evaluation`);
  }
  if (!names(settings.get('SSD_CONNECTION_STRING') ?? '', hostName, databaseName)) {
    refuse('The app reads another database than the one that this evaluation made');
  }
  return {
    group,
    app,
    server: { id: server.id, hostName },
    databaseName,
    stagingTable: settings.get('STAGING_TABLE') ?? 'ssd_api_data_staging_anon',
    identity: {
      name: textOutput(deployment, 'identityName'),
      clientId: textOutput(deployment, 'identityClientId'),
    },
  };
}

function names(connectionString: string, server: string, database: string): boolean {
  try {
    const configuration = sqlServerConfiguration(connectionString);
    return configuration.server === server && configuration.database === database;
  } catch {
    return false;
  }
}
