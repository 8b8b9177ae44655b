import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { appVersion } from '../../shared/composition/appVersion.js';
import { plainDate } from '../../shared/child/dates.js';
import { AddressRefusedError } from '../../shared/database/connectionError.js';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import type { Clock } from '../../shared/deployment/patience.js';
import type { CommandSurroundings } from '../../infra/azd/evaluateCommand.js';
import type { EvaluationRequest } from '../../infra/azd/evaluationSteps.js';
import {
  aResourceManager,
  refusal,
  subscriptionId,
  type ResourceManagerStandIn,
} from '../deployment/resourceManagerStandIn.js';
import type { FunctionsHost } from '../local/host/functionsHost.js';
import { aCertificate } from '../local/keyVault.js';
import { Stack } from '../local/stack.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

const today = plainDate('2026-08-11');
export const evaluationName = 'jo';
export const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/rg-csc-${evaluationName}`;
export const serverPath = `${groupPath}/providers/Microsoft.Sql/servers/sql-eval`;
const appPath = `${groupPath}/providers/Microsoft.Web/sites/func-eval`;
const deploymentPath = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deployments/csc-evaluation-${evaluationName}`;
const serverHost = 'sql-eval.database.windows.net';
const identityName = 'id_csc_eval';
/** From where this machine reaches the server. */
export const addressHere = '203.0.113.7';

export const request: EvaluationRequest = {
  subscriptionId,
  name: evaluationName,
  location: 'uksouth',
  howToSignIn: 'azd auth login',
};

export interface AnEvaluation {
  readonly azure: ResourceManagerStandIn;
  readonly surroundings: CommandSurroundings;
  /** What was written to the console. */
  readonly written: readonly string[];
  /** Packages that were taken. */
  readonly published: readonly Uint8Array[];
  /** What azd was given to keep. */
  readonly kept: ReadonlyMap<string, string>;
  /** Statements that the database was asked. */
  readonly statements: readonly string[];
  readonly runs: () => Promise<number>;
  /** Names of the firewall rules that are open. */
  readonly openRules: () => Promise<string[]>;
  /** Looks before each statement, each line of the console, and each upload; what it throws breaks the step off. */
  breakOff: ((point: string) => void) | undefined;
  /** What the site for code answers before it takes a package. */
  readonly refusals: { readonly status: number; readonly body: unknown }[];
  /** How the next deployments of a package end, before one succeeds. */
  readonly failures: { readonly status: number; readonly status_text: string }[];
}

/** What changes while the steps go on. */
interface World {
  readonly azure: ResourceManagerStandIn;
  readonly written: string[];
  readonly published: Uint8Array[];
  readonly kept: Map<string, string>;
  readonly statements: string[];
  readonly refusals: AnEvaluation['refusals'];
  readonly failures: { readonly status: number; readonly status_text: string }[];
  breakOff: AnEvaluation['breakOff'];
}

/** What the template makes, as Azure holds it afterwards. */
export function holdEvaluation(
  azure: ResourceManagerStandIn,
  id: string,
  settings: Readonly<Record<string, string>> = {},
): void {
  const tags = { 'csc-evaluation': id };
  azure.hold(groupPath, { location: 'uksouth', tags });
  azure.hold(serverPath, { tags, properties: { fullyQualifiedDomainName: serverHost } });
  azure.hold(appPath, {
    kind: 'functionapp,linux',
    properties: {
      state: 'Running',
      defaultHostName: 'func-eval.azurewebsites.net',
      hostNameSslStates: [{ name: 'func-eval.scm.azurewebsites.net', hostType: 'Repository' }],
    },
  });
  azure.hold(`${appPath}/config/appsettings`, {
    properties: {
      SSD_SYNTHETIC: 'true',
      DFE_RECEIVER: 'test',
      DFE_API_BASE_URL: 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1',
      SSD_CONNECTION_STRING: `Server=tcp:${serverHost},1433;Database=ssd;Authentication=Active Directory Managed Identity;User Id=c`,
      STAGING_TABLE: 'ssd_api_data_staging_anon',
      ...settings,
    },
  });
  azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/csc-evaluation`, {
    properties: {
      provisioningState: 'Succeeded',
      timestamp: '2026-11-01T08:00:00Z',
      outputs: Object.fromEntries(
        Object.entries({
          functionAppName: 'func-eval',
          sqlServerHost: serverHost,
          sqlDatabaseName: 'ssd',
          identityName,
          identityClientId: '00112233-4455-6677-8899-aabbccddeeff',
        }).map(([name, value]) => [name, { type: 'String', value }]),
      ),
    },
  });
}

/** A token for Azure as Entra ID gives it to a person; nobody checks its signature here. */
export function aToken(claims: Readonly<Record<string, string>>): string {
  return ['{"alg":"none"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

const person = {
  oid: '00000000-0000-4000-8000-0000000000aa',
  upn: 'jo@council.example',
  idtyp: 'user',
};

/**
 * Azure on this machine for one evaluation: Resource Manager, whose deployment makes what the template makes; the site for
 * code, which starts the real app once it has taken a package; and the database, PGlite in place of Azure SQL, behind a
 * firewall. Time passes only where somebody waits.
 */
export async function anEvaluation(t: TestContext): Promise<AnEvaluation> {
  const azure = await aResourceManager(t);
  let starting: Promise<Stack> | undefined;
  const theStack = (): Promise<Stack> =>
    (starting ??= Stack.start({
      settings: { STAGING_TABLE: 'ssd_api_data_staging_anon', AzureWebJobs_nightly_Disabled: 'true' },
    }));
  let host: FunctionsHost | undefined;
  let isPublished = false;
  const startApp = async (): Promise<void> => {
    if (isPublished) host = await (await theStack()).startApp(today);
  };
  const world: World = {
    azure,
    written: [],
    published: [],
    kept: new Map(),
    statements: [],
    refusals: [],
    failures: [],
    breakOff: undefined,
  };

  const site = await aSiteForCode(t, world, async () => {
    isPublished = true;
    await startApp();
  });

  const registered = new Set<string>();
  azure.answer('GET', /^\/subscriptions\/[^/]+\/providers\/Microsoft\.\w+$/, ({ path }) => ({
    body: {
      namespace: path.split('/').at(-1),
      registrationState: registered.has(path) ? 'Registered' : 'NotRegistered',
    },
  }));
  azure.answer('POST', /\/providers\/Microsoft\.\w+\/register$/, ({ path }) => {
    registered.add(path.replace(/\/register$/, ''));
    return { body: {} };
  });
  azure.answer('PUT', new RegExp(`^${deploymentPath}$`), ({ body }) => {
    holdEvaluation(azure, idIn(body));
    azure.hold(deploymentPath, { properties: { provisioningState: 'Succeeded' } });
    return { status: 200, body: { properties: { provisioningState: 'Succeeded' } } };
  });
  azure.answer('GET', /\/sites\/func-eval\/functions$/, () => ({
    body: { value: isPublished ? [{ name: 'func-eval/nightly' }, { name: 'func-eval/getRun' }] : [] },
  }));
  azure.answer('POST', /\/host\/default\/listKeys$/, () =>
    host === undefined
      ? refusal(400, 'BadRequest', 'Encountered an error (ServiceUnavailable) from host runtime.')
      : { body: { masterKey: 'm', functionKeys: { default: host.functionKey }, systemKeys: {} } },
  );

  const openRules = async (): Promise<string[]> =>
    (await azure.client.list(`${serverPath}/firewallRules`, '2025-01-01')).map((rule) => nameOf(rule));

  let time = Date.parse(`${today}T08:00:00Z`);
  const clock: Clock = {
    now: () => time,
    wait: (milliseconds) => {
      time += milliseconds;
      // What is waited for happens in real time.
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
  const point = (name: string): void => {
    world.breakOff?.(name);
  };

  const openBehindFirewall = async (): Promise<Database> => {
    if (!(await openRules()).some((name) => name.endsWith(addressHere))) {
      throw new AddressRefusedError('No connection.', { code: '40615' }, addressHere);
    }
    const stack = await theStack();
    await stack.stopApp();
    host = undefined;
    const database = await openDatabase(stack.environment(today)['SSD_CONNECTION_STRING'] ?? '');
    // PostgreSQL makes no user of an identity.
    await database.query(
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${identityName}') THEN CREATE ROLE ${identityName}; END IF; END $$`,
    );
    return {
      engine: database.engine,
      query: (sql, parameters) => {
        world.statements.push(sql);
        point(`statement ${world.statements.length}`);
        return database.query(sql, parameters);
      },
      queryTogether: (selects, parameters) => database.queryTogether(selects, parameters),
      transaction: (work) => database.transaction(work),
      close: async () => {
        await database.close();
        await startApp();
      },
    };
  };

  t.after(async () => (await starting)?.stop());
  const surroundings: CommandSurroundings = {
    azure: azure.client,
    credential: {
      getToken: () => Promise.resolve({ token: aToken(person), expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    clock,
    write: (line) => {
      world.written.push(line);
      point(line);
    },
    openDatabase: openBehindFirewall,
    code: () =>
      Promise.resolve({
        version: appVersion(),
        zip: () => Promise.resolve(Buffer.from('a package')),
      }),
    compile: (values) => Promise.resolve({ template: {}, parameters: { values } }),
    children: 15,
    urlOf: (hostName) => (hostName.includes('.scm.') ? site.url : (host?.baseUrl ?? 'http://127.0.0.1:1')),
    publishing: {
      tlsOptions: { ca: site.certificate },
      retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 },
    },
    subscriptionId: () => Promise.resolve(subscriptionId),
    keepInAzd: (_, values) => {
      for (const [name, value] of Object.entries(values)) world.kept.set(name, value);
      return Promise.resolve();
    },
  };
  return Object.assign(world, {
    surroundings,
    openRules,
    runs: async () => {
      if (host === undefined) return 0;
      const answer = await fetch(`${host.baseUrl}/api/runs?limit=20`, {
        headers: { 'x-functions-key': host.functionKey },
      });
      return runsIn(await answer.json());
    },
  });
}

interface Site {
  readonly url: string;
  readonly certificate: string;
}

/** The site for code of an app on Flex Consumption: it takes a zip, answers with an id, and then says how far it is. */
async function aSiteForCode(
  t: TestContext,
  world: Pick<World, 'refusals' | 'failures' | 'published'>,
  onPublished: () => Promise<void>,
): Promise<Site> {
  const { cert, key } = await aCertificate();
  const asked = new Map<string, number>();
  let ids = 0;
  const server = createServer({ cert, key }, (request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const path = new URL(request.url ?? '/', 'https://localhost');
    void buffer(request).then(async (body) => {
      if (request.headers.authorization?.startsWith('Bearer ') !== true) return answer(401, 'no token');
      if (request.method === 'POST' && path.pathname === '/api/publish') {
        const refused = world.refusals.shift();
        if (refused !== undefined) return answer(refused.status, refused.body);
        if (
          request.headers['content-type'] !== 'application/zip' ||
          path.searchParams.get('RemoteBuild') !== 'false'
        ) {
          return answer(400, 'a zip, and no build');
        }
        world.published.push(body);
        ids += 1;
        return answer(202, `deployment-${ids}`);
      }
      const times = (asked.get(path.pathname) ?? 0) + 1;
      asked.set(path.pathname, times);
      if (times === 1) return answer(404, 'not there yet');
      if (times === 2) return answer(200, { status: 2, status_text: 'deploying' });
      const failed = world.failures.shift();
      if (failed !== undefined) return answer(200, failed);
      await onPublished();
      return answer(200, { status: 4, status_text: '' });
    });
  });
  const port = await listenUntilTheEnd(t, server);
  return { url: `https://127.0.0.1:${port}`, certificate: cert };
}

function nameOf(resource: unknown): string {
  const name: unknown = isRecord(resource) ? resource['name'] : undefined;
  return typeof name === 'string' ? name : '';
}

/** The id of the evaluation that a deployment was given. */
function idIn(body: unknown): string {
  const found = /"CSC_EVALUATION_ID":"([0-9a-f]{10})"/.exec(JSON.stringify(body));
  return found?.[1] ?? '';
}

function runsIn(answer: unknown): number {
  const runs: unknown = isRecord(answer) ? answer['runs'] : undefined;
  return Array.isArray(runs) ? runs.length : 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
