import type { TestContext } from 'node:test';
import type { SignedIn } from '../../shared/deployment/login/signedIn.js';
import {
  aResourceManager,
  subscriptionId,
  tokenOfTests,
  type ResourceManagerStandIn,
} from './resourceManagerStandIn.js';

export const groupName = 'rg-csc-test';
export const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/${groupName}`;
export const appPath = `${groupPath}/providers/Microsoft.Web/sites/func-csc`;
const hostName = 'func-csc.azurewebsites.net';
export const signInClientId = '11111111-2222-4333-8444-555555555555';

/** An environment in Azure as a job of the pipeline finds it. */
interface Environment {
  readonly azure: ResourceManagerStandIn;
  readonly open: () => Promise<SignedIn>;
  /** For what tokens were asked. */
  readonly scopes: readonly string[];
}

/** A resource group with nothing in it. */
export async function anEmptyGroup(
  t: TestContext,
  tokenOf: (scope: string) => string | undefined = () => tokenOfTests,
): Promise<Environment> {
  const azure = await aResourceManager(t);
  const scopes: string[] = [];
  const open = () =>
    Promise.resolve({
      azure: azure.client,
      subscriptionId,
      credential: {
        getToken: (scope: string | string[]) => {
          scopes.push(String(scope));
          const token = tokenOf(String(scope));
          if (token === undefined) return Promise.reject(new Error('AADSTS501051'));
          return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
        },
      },
    });
  return { azure, open, scopes };
}

/** Puts the app of an environment there, as Flex Consumption answers, with code, settings and a function key. */
export function holdApp(
  { azure }: Environment,
  {
    settings = { RUN_SCHEDULE: '0 0 2 * * *' },
    functions = ['listRuns', 'preflight'],
    state = 'Running',
    key = 'seeded-key',
    hasSignIn = false,
  }: {
    readonly settings?: Readonly<Record<string, string>>;
    readonly functions?: readonly string[];
    readonly state?: string;
    readonly key?: string;
    readonly hasSignIn?: boolean;
  } = {},
): void {
  azure.hold(appPath, {
    kind: 'functionapp,linux',
    location: 'UK South',
    properties: { state, defaultHostName: hostName, sku: 'FlexConsumption' },
  });
  for (const name of functions) azure.hold(`${appPath}/functions/${name}`, { properties: {} });
  azure.hold(`${appPath}/config/appsettings`, { properties: settings });
  azure.hold(`${appPath}/host/default`, {
    masterKey: 'seeded-master-key',
    functionKeys: key === '' ? {} : { default: key },
    systemKeys: {},
  });
  azure.hold(`${appPath}/config/authsettingsV2`, {
    properties: {
      platform: { enabled: hasSignIn },
      identityProviders: hasSignIn
        ? { azureActiveDirectory: { enabled: true, registration: { clientId: signInClientId } } }
        : {},
    },
  });
}

/** Outputs as a deployment answers with them. */
export function outputsOf(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { type: Array.isArray(value) ? 'Array' : 'String', value },
    ]),
  );
}

export const usualOutputs = {
  functionAppName: 'func-csc',
  functionAppHostName: hostName,
  identityName: 'id-csc-test',
  identityClientId: '22222222-2222-4222-8222-222222222222',
  sqlServerHost: 'sql-csc.database.windows.net',
  sqlDatabaseName: 'ssd',
  keyVaultName: 'kv-csc',
  egressAddress: '20.0.0.1',
  roles: [],
};

/** A deployment of main.bicep that is over. */
export function holdDeployment(
  { azure }: Environment,
  {
    name = 'csc-api-sender-1',
    state = 'Succeeded',
    timestamp = '2026-11-01T08:00:00Z',
    outputs = {},
  }: {
    readonly name?: string;
    readonly state?: string;
    readonly timestamp?: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
  } = {},
): void {
  azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/${name}`, {
    properties: {
      provisioningState: state,
      timestamp,
      ...(state === 'Succeeded' ? { outputs: outputsOf({ ...usualOutputs, ...outputs }) } : {}),
    },
  });
}
