import { z } from 'zod';
import { clientIdOf } from '../../deployment/app/appSignIn.js';
import { appIn, functionsOf, settingsOf, type DeployedApp } from '../../deployment/app/deployedApp.js';
import {
  deploymentsAfter,
  lastDeployment,
  type Deployment,
} from '../../deployment/resourceManager/deployments.js';
import { endpointsIn } from '../../deployment/network/privateEndpoints.js';
import { ResourceManagerError } from '../../deployment/resourceManager/resourceManager.js';
import { findRoles, wantedRoles } from '../../deployment/roles.js';
import {
  neededSecrets,
  isNamed,
  secretsListed,
  type SecretState,
  validityOf,
} from '../../deployment/vault/secrets.js';
import { deletedVaultsOf, vaultIn } from '../../deployment/vault/vault.js';
import { isPaused } from '../../deployment/app/appState.js';
import { commandLine, verb, type Surroundings } from './verb.js';

/** Outputs that people need in other commands, and what for. */
const shownOutputs: Readonly<Record<string, string>> = {
  egressAddress: 'address that DfE sees',
  identityName: 'identity (its database user)',
  identityClientId: 'client id of the identity',
  sqlServerHost: 'SQL server',
  sqlDatabaseName: 'database',
  resultsStorageName: 'results storage',
};

/** `status`: everything about an environment that a person asks first, and what is left to do. No key, no secret. */
export const status = verb({
  says: 'shows what is deployed, its state, and what is left to do',
  options: z.object({}),
  run: async (surroundings) => {
    const { group, write } = surroundings;
    const toDo: string[] = [];
    const line = (what: string, found: string) => {
      write(`${what.padEnd(29)} ${found}\n`);
    };
    line('resource group', `${group.name}, subscription ${group.subscriptionId}`);
    const deployment = await aboutDeployment(surroundings, line, toDo);
    await about(line, 'app', () => aboutApp(surroundings, line, toDo));
    await about(line, 'vault', () => aboutVault(surroundings, line, toDo));
    await about(line, 'roles', () => aboutRoles(surroundings, deployment, line, toDo));
    await about(line, 'private endpoints', () => aboutEndpoints(surroundings, line, toDo));
    write(
      toDo.length === 0
        ? '\nNothing is left to do here.\n'
        : `\nLeft to do:\n${toDo.map((each) => `- ${each}\n`).join('')}`,
    );
    return 0;
  },
});

type Line = (what: string, found: string) => void;

/** One part that may not be read does not hide the others. */
async function about(line: Line, what: string, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof ResourceManagerError)) throw error;
    line(what, `not readable: ${error.message}`);
  }
}

async function aboutDeployment(
  { azure, group }: Surroundings,
  line: Line,
  toDo: string[],
): Promise<Deployment | undefined> {
  const deployment = await lastDeployment(azure, group);
  line('last good deployment', deployment?.name ?? 'none');
  const [later] = await deploymentsAfter(azure, group, deployment);
  if (later !== undefined) {
    line('a later one', `${later.name}: ${later.state} at ${later.at}`);
    if (later.state === 'Failed')
      toDo.push(
        `The deployment ${later.name} failed: correct the cause and deploy again (portal: resource group, Deployments).`,
      );
  } else if (deployment === undefined) toDo.push('Deploy main.bicep (docs/deploy.md).');
  for (const [name, what] of Object.entries(shownOutputs)) {
    const value = deployment?.outputs.get(name);
    if (typeof value === 'string' && value !== '') line(what, value);
  }
  return deployment;
}

async function aboutApp(surroundings: Surroundings, line: Line, toDo: string[]): Promise<void> {
  const { azure, group } = surroundings;
  const app = await appIn(azure, group);
  if (app === undefined) {
    line('app', 'none');
    return;
  }
  line('app', `${app.name}, ${app.state}`);
  line('address', `https://${app.hostName}`);
  if (app.state !== 'Running') toDo.push(`The app is ${app.state}: ${commandLine(surroundings, 'start')}`);
  // A host that does not start is one reason for no answer.
  await about(line, 'functions', () => aboutCode(surroundings, app, line, toDo));
  const settings = await settingsOf(azure, app);
  const isOff = isPaused(settings);
  line(
    'nightly run',
    isOff
      ? 'paused'
      : `${settings.get('RUN_SCHEDULE') ?? 'no schedule'} (UTC), to the ${settings.get('DFE_RECEIVER') ?? 'unknown'} receiver`,
  );
  if (isOff)
    toDo.push(
      `The nightly run is paused. Once it may send (docs/deploy.md says when): ${commandLine(surroundings, 'resume')}`,
    );
  const clientId = await clientIdOf(azure, app);
  line('sign-in', clientId === undefined ? 'off' : `by the app registration ${clientId}`);
  if (clientId === undefined) toDo.push(`The pages are closed: ${commandLine(surroundings, 'sign-in')}`);
}

async function aboutCode(
  { azure }: Surroundings,
  app: DeployedApp,
  line: Line,
  toDo: string[],
): Promise<void> {
  const functions = await functionsOf(azure, app);
  line(
    'functions',
    functions.length === 0 ? 'none' : functions.map((name) => name.split('/').at(-1)).join(', '),
  );
  if (functions.length === 0) {
    toDo.push(
      'Deploy the code. If it is deployed already, the host does not start: look at the roles first.',
    );
  }
}

async function aboutVault(surroundings: Surroundings, line: Line, toDo: string[]): Promise<void> {
  const { azure, group } = surroundings;
  const vault = await vaultIn(azure, group);
  if (vault === undefined) {
    line('vault', 'none');
    for (const { name, purgedOn } of await deletedVaultsOf(azure, group)) {
      line('deleted vault', `${name}, its name cannot be used until ${purgedOn}`);
      toDo.push(
        `Recover the deleted vault before the next deployment: ${commandLine(surroundings, 'recover-vault')}`,
      );
    }
    return;
  }
  line('vault', vault.name);
  await about(line, 'secrets', async () => {
    const there = await secretsListed(azure, vault);
    line('secrets', there.map(wordsOf).join(', ') || 'none');
    const missing = neededSecrets.filter((name) => !there.some((secret) => isNamed(secret, name)));
    if (missing.length > 0) {
      toDo.push(`Put in ${missing.join(', ')}: ${commandLine(surroundings, 'secrets')}`);
    }
  });
}

function wordsOf(secret: SecretState): string {
  return `${secret.name} (${secret.isEnabled ? validityOf(secret) : 'disabled'})`;
}

async function aboutRoles(
  surroundings: Surroundings,
  deployment: Deployment | undefined,
  line: Line,
  toDo: string[],
): Promise<void> {
  if (deployment === undefined) return;
  const found = await findRoles(surroundings.azure, wantedRoles(deployment));
  const lacking = found.filter(({ state }) => state !== 'assigned');
  line('roles', `${found.length - lacking.length} of ${found.length} assigned`);
  if (lacking.length > 0) toDo.push(`Roles are missing: ${commandLine(surroundings, 'roles')}`);
}

async function aboutEndpoints(surroundings: Surroundings, line: Line, toDo: string[]): Promise<void> {
  const { azure, group } = surroundings;
  const endpoints = await endpointsIn(azure, group);
  const open = endpoints.filter((endpoint) => endpoint.status !== 'Approved');
  line(
    'private endpoints',
    endpoints.length === 0 ? 'none' : `${endpoints.length - open.length} of ${endpoints.length} approved`,
  );
  if (open.length > 0)
    toDo.push(`Private endpoints wait for approval: ${commandLine(surroundings, 'approve')}`);
}
