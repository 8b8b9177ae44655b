import type { TestContext } from 'node:test';
import { secretClientOf } from '../../../shared/azure/keyVaultSecrets.js';
import { azureCommand } from '../../../shared/commands/azure/azure.js';
import type { Surroundings } from '../../../shared/commands/azure/verb.js';
import { aGraph, type GraphStandIn } from '../../deployment/graphStandIn.js';
import {
  aResourceManager,
  subscriptionId,
  type ResourceManagerStandIn,
} from '../../deployment/resourceManagerStandIn.js';
import { MemoryBlobs } from '../../records/memoryBlobs.js';
import type { BlobStore } from '../../../shared/records/blobStore.js';
import { startKeyVault, type KeyVault } from '../../local/keyVault.js';
import { aClock } from '../../deployment/aClock.js';

export const group = { subscriptionId, name: 'rg-csc-test' };
export const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/${group.name}`;
export const appPath = `${groupPath}/providers/Microsoft.Web/sites/func-csc`;
export const vaultPath = `${groupPath}/providers/Microsoft.KeyVault/vaults/kv-csc`;
export const me = {
  id: '33333333-3333-4333-8333-333333333333',
  displayName: 'Alex Engineer',
  userPrincipalName: 'alex@council.example',
};
const colleague = {
  id: '44444444-4444-4444-8444-444444444444',
  displayName: 'Sam Officer',
  userPrincipalName: 'sam@council.example',
};

export const resultsUri = 'https://stresults.blob.core.windows.net/';

interface Said {
  readonly code: 0 | 1;
  readonly text: string;
}

export interface TestEnvironment {
  readonly azure: ResourceManagerStandIn;
  readonly graph: GraphStandIn;
  readonly vault: KeyVault;
  /** The calls of the app's HTTP API. */
  readonly appCalls: { readonly url: URL; readonly init: RequestInit }[];
  /** What was handed over as code. */
  readonly published: Uint8Array[];
  /** What the app answers. */
  appAnswers: (url: URL, headers: Headers) => Response;
  /** The container `csc-runs`, `csc-ledger` of the results storage. */
  readonly blobs: (container: string) => BlobStore;
  /** Runs `npm run azure -- …` with what the person types at the prompts. */
  readonly run: (args: string, typed?: (question: string) => string) => Promise<Said>;
}

/** An empty resource group, with Azure, Entra ID and a vault that stand in; you are Alex Engineer. */
export async function anEnvironment(t: TestContext): Promise<TestEnvironment> {
  const [azure, graph, vault] = await Promise.all([aResourceManager(t), aGraph(t), startKeyVault()]);
  t.after(() => vault.stop());
  graph.users.push(me, colleague);
  const stores = new Map<string, BlobStore>();
  const storeOf = (address: string): BlobStore => {
    const store = stores.get(address) ?? new MemoryBlobs();
    stores.set(address, store);
    return store;
  };
  const published: Uint8Array[] = [];
  const appCalls: TestEnvironment['appCalls'] = [];
  const environment: TestEnvironment = {
    azure,
    graph,
    vault,
    blobs: (container) => storeOf(`${resultsUri}${container}`),
    appCalls,
    published,
    appAnswers: () => Response.json({}),
    run: async (args, typed = () => '') => {
      let text = '';
      const surroundings: Surroundings = {
        azure: azure.client,
        directory: graph.client,
        credential: {
          getToken: (scope) =>
            Promise.resolve({
              token: `token for ${String(scope)}`,
              expiresOnTimestamp: Date.now() + 3_600_000,
            }),
        },
        vaultClient: (uri) =>
          secretClientOf(
            uri,
            {
              getToken: () =>
                Promise.resolve({ token: vault.token, expiresOnTimestamp: Date.now() + 3_600_000 }),
            },
            {
              disableChallengeResourceVerification: true,
              tlsOptions: { ca: vault.certificate },
              retryOptions: { maxRetries: 0 },
            },
          ),
        blobs: (service, container) => storeOf(`${service}${container}`),
        group,
        write: (line) => {
          text += line;
        },
        ask: (question) => {
          text += `${question}\n`;
          return Promise.resolve(typed(question));
        },
        publish: (_, zip) => {
          published.push(zip);
          return Promise.resolve();
        },
        call: (url, init) => {
          appCalls.push({ url, init });
          return Promise.resolve(environment.appAnswers(url, new Headers(init.headers)));
        },
        clock: aClock(Date.parse('2026-12-01T09:00:00Z')),
      };
      const words = [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      const code = await azureCommand(
        [...words, '--group', group.name],
        () => Promise.resolve(surroundings),
        surroundings.write,
      );
      return { code, text };
    },
  };
  return environment;
}

/** What a deployment of main.bicep leaves: an app that runs, a vault, and its outputs. */
export function holdDeployed(
  { azure, vault }: Pick<TestEnvironment, 'azure' | 'vault'>,
  {
    roles = [],
    settings = {},
  }: { roles?: readonly object[]; settings?: Readonly<Record<string, string>> } = {},
): void {
  azure.hold(appPath, {
    kind: 'functionapp,linux',
    properties: { state: 'Running', defaultHostName: 'func-csc.azurewebsites.net' },
  });
  azure.hold(`${appPath}/config/appsettings`, {
    properties: { RUN_SCHEDULE: '0 0 2 * * *', DFE_RECEIVER: 'test', ...settings },
  });
  azure.hold(`${appPath}/functions/nightly`, { properties: { isDisabled: false } });
  azure.hold(`${appPath}/host/default`, {
    masterKey: 'the-master-key',
    functionKeys: { default: 'the-key' },
    systemKeys: {},
  });
  azure.hold(vaultPath, { location: 'uksouth', properties: { vaultUri: `${vault.uri}/` } });
  const outputs = {
    functionAppName: 'func-csc',
    identityName: 'id-csc-test',
    identityClientId: '55555555-5555-4555-8555-555555555555',
    sqlServerHost: 'sql-csc.database.windows.net',
    sqlDatabaseName: 'ssd',
    egressAddress: '192.0.2.7',
    roles,
  };
  azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/csc-1`, {
    properties: {
      provisioningState: 'Succeeded',
      timestamp: '2026-11-30T09:00:00.1234567Z',
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [name, { type: 'String', value }]),
      ),
    },
  });
}

/** An assignment as Azure lists it: its scope is among its properties. */
export function holdAssignment(
  azure: ResourceManagerStandIn,
  name: string,
  { scope, ...properties }: { scope: string; principalId: string; roleId: string; condition?: string },
): void {
  azure.hold(`${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, {
    properties: {
      ...properties,
      scope,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${properties.roleId}`,
    },
  });
}
