import type { ClientOptions } from '@azure-rest/core-client';
import type { TokenCredential } from '@azure/identity';
import { londonDate } from '../../shared/child/dates.js';
import { giveRights } from '../../shared/commands/grant.js';
import type { Database } from '../../shared/database/database.js';
import { functionsOf, type DeployedApp } from '../../shared/deployment/app/deployedApp.js';
import { deployingPerson } from '../../shared/deployment/login/deployingPerson.js';
import {
  evaluationIdOf,
  evaluationIdThere,
  evaluationIn,
  groupOfEvaluation,
  type Evaluation,
} from '../../shared/deployment/evaluation/evaluation.js';
import {
  apiOf,
  figuresText,
  firstDryRun,
  functionsListed,
  passedPreflight,
  runsVersion,
} from '../../shared/deployment/evaluation/evaluationRun.js';
import type { Clock } from '../../shared/deployment/patience.js';
import { registerProviders } from '../../shared/deployment/resourceManager/providers.js';
import { publish } from '../../shared/deployment/app/publish.js';
import type { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { closeFirewall, throughFirewall } from '../../shared/deployment/network/sqlFirewall.js';
import type { CompiledTemplate } from '../../shared/deployment/resourceManager/template.js';
import {
  deployToSubscription,
  untilEarlierEnded,
  untilNoneGoesOn,
} from '../../shared/deployment/resourceManager/templateDeployment.js';
import { migrate } from '../../shared/staging/migrations.js';
import { fillSsd, madeSchema } from '../syntheticSsd/fill.js';
import { isMarkedAs } from '../syntheticSsd/mark.js';

/** Where an evaluation is made. */
export interface EvaluationRequest {
  readonly subscriptionId: string;
  /** As azd calls its environments. */
  readonly name: string;
  readonly location: string;
  /** What to type to sign in, for messages. */
  readonly howToSignIn: string;
}

/** Code that is ready to be published, once it is needed. */
export interface Code {
  /** With what it was made from: the same sources have the same version. */
  readonly version: string;
  readonly zip: () => Promise<Uint8Array>;
}

/** What the steps work with; a test plays Azure with it. */
export interface Surroundings {
  readonly azure: ResourceManager;
  readonly credential: TokenCredential;
  readonly clock: Clock;
  /** Takes the lines for the console; no key and no token is among them. */
  readonly write: (line: string) => void;
  readonly openDatabase: (connectionString: string) => Promise<Database>;
  readonly code: () => Promise<Code>;
  /** Compiles `infra/azd/main.bicep`; its parameters are environment variables. */
  readonly compile: (values: Readonly<Record<string, string>>) => Promise<CompiledTemplate>;
  /** How many children are invented. */
  readonly children: number;
  /** The address of a host of Azure's. */
  readonly urlOf: (hostName: string) => string;
  readonly publishing?: ClientOptions;
}

/** What the template needs and azd does not ask for, by the names of environment variables. */
export type TemplateValues = Readonly<
  Record<'CSC_EVALUATION_ID' | 'CSC_ADMINISTRATOR_ID' | 'CSC_ADMINISTRATOR_NAME', string>
>;

/** An input that cannot be. The message says what to type instead. */
export class EvaluationRequestError extends Error {}

/** The namespaces of the resources of `infra/azd/main.bicep`, and that of Flex Consumption. */
export const neededProviders: readonly string[] = [
  'Microsoft.App',
  'Microsoft.Authorization',
  'Microsoft.Insights',
  'Microsoft.KeyVault',
  'Microsoft.ManagedIdentity',
  'Microsoft.OperationalInsights',
  'Microsoft.Sql',
  'Microsoft.Storage',
  'Microsoft.Web',
];

const longestDeploymentName = 64;
const regions: readonly string[] = ['uksouth', 'ukwest'];
/** Of azd's names those that a resource group takes, too. */
const namePattern = /^[A-Za-z0-9()_.-]{0,63}[A-Za-z0-9()_-]$/;

/**
 * What goes before the deployment: who deploys, the resource providers, and the id of the evaluation. Changes nothing but
 * the registration of providers.
 * @throws EvaluationRequestError, SignInError, ProvidersError, NotAnEvaluationError
 */
export async function prepare(
  request: EvaluationRequest,
  surroundings: Surroundings,
): Promise<TemplateValues> {
  const { azure, credential, clock, write } = surroundings;
  checkRequest(request);
  const person = await deployingPerson(credential, request.howToSignIn);
  const group = groupOfEvaluation(request.subscriptionId, request.name);
  await evaluationIdThere(azure, group, person.objectId);
  write(`You are ${person.name}, and become the administrator of the new database.`);
  write('Registering what the subscription lacks of Azure’s services …');
  const registered = await registerProviders(azure, request.subscriptionId, neededProviders, clock);
  write(registered.length === 0 ? 'All were registered.' : `Registered ${registered.join(', ')}.`);
  await untilNoneGoesOn(azure, group, clock);
  return {
    // Only now: the deployment that we waited for may have made the group.
    CSC_EVALUATION_ID: await evaluationIdOf(azure, group),
    CSC_ADMINISTRATOR_ID: person.objectId,
    CSC_ADMINISTRATOR_NAME: person.name,
  };
}

/** Deploys the resources, which azd does itself where it is there. @throws ResourceManagerError */
export async function deployResources(
  request: EvaluationRequest,
  values: TemplateValues,
  { azure, clock, write, compile }: Surroundings,
): Promise<void> {
  const { subscriptionId, name, location } = request;
  write('Deploying the resources; this takes about ten minutes …');
  const deployment = { subscriptionId, name: deploymentName(name, location), location };
  await untilEarlierEnded(azure, deployment, clock);
  // It may have made the group, and a second id would make a second vault.
  const id = await evaluationIdThere(azure, groupOfEvaluation(subscriptionId, name));
  const compiled = await compile({
    ...values,
    CSC_EVALUATION_ID: id ?? values.CSC_EVALUATION_ID,
    AZURE_ENV_NAME: name,
    AZURE_LOCATION: location,
  });
  await deployToSubscription(azure, deployment, compiled);
  write('Deployed.');
}

/** Azure accepts no longer name, and ties each to one location. */
function deploymentName(name: string, location: string): string {
  return `csc-evaluation-${location === 'uksouth' ? '' : `${location}-`}${name}`.slice(
    0,
    longestDeploymentName,
  );
}

/**
 * All that follows the deployment, from the database to the first dry run. Each step looks first at what is there
 * already, so that it can be repeated after any interruption.
 */
export async function finish(
  request: Pick<EvaluationRequest, 'subscriptionId' | 'name'>,
  surroundings: Surroundings,
): Promise<void> {
  const { azure, clock, write, urlOf } = surroundings;
  const evaluation = await evaluationIn(azure, groupOfEvaluation(request.subscriptionId, request.name));
  const { app } = evaluation;
  await prepareDatabase(evaluation, surroundings);
  const version = await publishCode(app, surroundings);
  const functions = await functionsListed(azure, app, clock);
  write(`The app has started with ${functions} functions. Asking it for a preflight …`);
  const url = urlOf(app.hostName);
  const api = await apiOf(azure, app, url, clock);
  write(await passedPreflight(api, version, clock));
  write('A dry run reads and builds every child and sends nothing …');
  const run = await firstDryRun(api, clock);
  write(
    [
      '',
      figuresText(run),
      '',
      `Web pages: ${url}/api/dashboard`,
      'They open once people can sign in: docs/deploy.md, "What comes after the evaluation".',
      'The nightly run is off in an evaluation, and DfE’s credentials are not needed.',
    ].join('\n'),
  );
}

/** Closes the firewall of the SQL server, where a command that was killed has left it open. */
export async function closeDoor(
  request: Pick<EvaluationRequest, 'subscriptionId' | 'name'>,
  { azure, write }: Surroundings,
): Promise<void> {
  const { server } = await evaluationIn(azure, groupOfEvaluation(request.subscriptionId, request.name));
  const closed = await closeFirewall(azure, server.id);
  write(closed.length === 0 ? 'The firewall of the SQL server was closed.' : `Closed: ${closed.join(', ')}.`);
}

function checkRequest({ name, location }: EvaluationRequest): void {
  if (!namePattern.test(name)) {
    throw new EvaluationRequestError(
      `The name ${name} cannot be part of the name of a resource group. Use at most 64 letters, digits, hyphens, underscores and dots, without a dot at the end.`,
    );
  }
  if (!regions.includes(location)) {
    throw new EvaluationRequestError(
      `The region ${location} is outside the United Kingdom. Nothing was changed. Choose another: azd env set AZURE_LOCATION uksouth, then azd up; or npm run evaluate -- --location ukwest.`,
    );
  }
}

/** The invented SSD, the staging table, and the rights of the app's identity. */
async function prepareDatabase(
  { server, databaseName, stagingTable, identity }: Evaluation,
  { azure, clock, write, openDatabase, children }: Surroundings,
): Promise<void> {
  const invented = { kind: 'synthetic', children, seed: '1' } as const;
  write('Preparing the database; the first connection may take some minutes …');
  const connectionString = `Server=tcp:${server.hostName},1433;Database=${databaseName};Authentication=Active Directory Default`;
  const open = (): Promise<Database> => openDatabase(connectionString);
  await throughFirewall(azure, server.id, clock, open, async (database) => {
    if (await isMarkedAs(database, madeSchema, invented)) {
      write('The invented SSD was there.');
    } else {
      await fillSsd(database, madeSchema, invented, londonDate(new Date(clock.now())));
      write(`Made an SSD of ${children} invented children in the schema ${madeSchema}.`);
    }
    await migrate(database, stagingTable);
    const rights = await giveRights(database, {
      user: identity.name,
      clientId: identity.clientId,
      SsdSchema: madeSchema,
      StagingTable: stagingTable,
    });
    write(
      `The staging table is ${stagingTable}; ${identity.name} has ${rights.length} rights and no others.`,
    );
  });
  write('The firewall of the SQL server is closed to this machine again.');
}

/** Uploads the code, unless the app runs this very version. @returns the version */
async function publishCode(app: DeployedApp, surroundings: Surroundings): Promise<string> {
  const { azure, credential, clock, write, urlOf, code, publishing = {} } = surroundings;
  const { version, zip } = await code();
  const isThere = (await functionsOf(azure, app)).length > 0;
  if (isThere && (await runsVersion(await apiOf(azure, app, urlOf(app.hostName), clock), version))) {
    write(`The app runs version ${version} already.`);
    return version;
  }
  write(`Making the package of version ${version} …`);
  const content = await zip();
  write('Uploading it; new roles may take ten minutes to hold …');
  await publish(credential, app, content, clock, { url: urlOf(app.scmHostName), ...publishing });
  write('Uploaded.');
  return version;
}
