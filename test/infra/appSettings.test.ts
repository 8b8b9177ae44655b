import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultsContainer } from '../../shared/composition/storage.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { projectRoot } from '../local/migrations.js';
import {
  appSettingsOf,
  at,
  compiled,
  environments,
  givenBy,
  group,
  itCompiled,
  itemsAt,
  predicted,
  predictedEnvironments,
  textAt,
  type Prediction,
} from './predicted.js';

/** Settings of the sender that no deployment gives. */
const notDeployed = [
  // Read from the Key Vault under KEY_VAULT_URI.
  'DFE_CLIENT_ID',
  'DFE_CLIENT_SECRET',
  'DFE_SUPPLIER_KEY',
  'DFE_SUPPLIER_KEY_SECONDARY',
  'PSEUDONYM_KEY',
  // A laptop only.
  'STAGING_CONNECTION_STRING',
  'RESULTS_STORAGE',
  'AzureWebJobsStorage',
  // In place of the addresses, which hold in every cloud.
  'AzureWebJobsStorage__accountName',
  // Tests only.
  'RUN_TODAY',
  // Refused in the form that would mean something.
  'NODE_TLS_REJECT_UNAUTHORIZED',
];

/** Read by Node.js itself (docs/onboarding.md, Networks). */
const readByNode = ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS', 'NO_PROXY'];

/** What Flex Consumption refuses or breaks by; runtime, scale and deployment are in functionAppConfig. */
const forbidden =
  /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_\w+|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|TZ)$/;

/** The settings that Bicep gives by itself, by their names. */
async function givenByBicep(): Promise<ReadonlyMap<string, string>> {
  return settingsOf(await predicted('prod', { settings: {} }));
}

function settingsOf(prediction: Prediction): ReadonlyMap<string, string> {
  return appSettingsOf(prediction.of('Microsoft.Web/sites')[0]);
}

async function optionalSettings() {
  const { definitions } = await compiled('modules/function-app.bicep');
  const [, type] = Object.entries(definitions).find(([name]) => name.endsWith('optionalSettings')) ?? [];
  assert.ok(type);
  return type;
}

const identity = (name: string, of: string): string =>
  `reference('${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}', '2024-11-30').${of}`;
const clientId = identity('id-csc-prod', 'clientId');

const ofHost = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AzureWebJobsDisableHomepage',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
  'OTEL_TRACES_SAMPLER',
];

describe('the settings of the sender', () => {
  itCompiled(
    'are all there: given by Bicep, or open to be given, except those that a deployment does not set',
    async () => {
      const known = Object.keys(settingsSchema.shape);
      const given = [
        ...[...(await givenByBicep()).keys()].filter((name) => known.includes(name)),
        ...Object.keys((await optionalSettings()).properties ?? {}),
      ];
      const asked = known.filter((name) => !notDeployed.includes(name));
      assert.deepEqual(given.sort(), [...asked, ...readByNode].sort());
    },
  );

  itCompiled('that have no default are always given', async () => {
    const given = await givenByBicep();
    for (const [name, schema] of Object.entries(settingsSchema.shape)) {
      if (!schema.safeParse(undefined).success) assert.ok(given.has(name), name);
    }
  });

  itCompiled('can be given as Bicep gives them: an identity for vault, database and storage', async () => {
    const given = await givenByBicep();
    for (const name of ['KEY_VAULT_CLIENT_ID', 'RESULTS_STORAGE__clientId']) {
      assert.equal(given.get(name), `[${clientId}]`);
    }
    const connection = given.get('SSD_CONNECTION_STRING') ?? '';
    assert.ok(
      connection.includes('Authentication=Active Directory Managed Identity;User Id={2}'),
      connection,
    );
    assert.ok(connection.includes(clientId), connection);
  });

  itCompiled('are open in a type that knows no other name', async () => {
    assert.equal((await optionalSettings()).additionalProperties, false);
  });
});

describe('the settings of the host', () => {
  itCompiled(
    'are those it needs to reach storage and telemetry by its identity, and one that takes its default page away',
    async () => {
      const given = await givenByBicep();
      const known = Object.keys(settingsSchema.shape);
      const others = [...given.keys()].filter((name) => !known.includes(name) || ofHost.includes(name));
      assert.deepEqual(others.sort(), ofHost);
      assert.equal(given.get('AzureWebJobsDisableHomepage'), 'true');
      assert.equal(given.get('AzureWebJobsStorage__credential'), 'managedidentity');
      assert.equal(given.get('AzureWebJobsStorage__clientId'), `[${clientId}]`);
      assert.equal(given.get('OTEL_TRACES_SAMPLER'), 'always_on');
      assert.equal(
        given.get('APPLICATIONINSIGHTS_AUTHENTICATION_STRING'),
        `[format('ClientId={0};Authorization=AAD', ${clientId})]`,
      );
    },
  );
});

describe('the setting that disables one function', () => {
  it('has in the docs one of the two names that the host reads; with two underscores it does nothing', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'operate.md'), 'utf8');
    const names = new Set([...page.matchAll(/AzureWebJobs\W?_*\w+?[\W_]Disabled/g)].map(([name]) => name));
    assert.deepEqual([...names].sort(), ['AzureWebJobs.nightly.Disabled', 'AzureWebJobs_nightly_Disabled']);
  });
});

describe('the app settings', () => {
  itCompiled('are these lists, what a council gives being the weakest', async () => {
    const settings = { SSD_SCHEMA: 'social', NO_PROXY: 'localhost' };
    const given = settingsOf(await predicted('prod', { settings }));
    for (const [name, value] of Object.entries(settings)) assert.equal(given.get(name), value);
    assert.equal(given.size, (await givenByBicep()).size + 2);
    const weakest = settingsOf(await predicted('prod', { settings, laCode: '301' }));
    assert.equal(weakest.get('LA_CODE'), '301');
  });

  itCompiled('are set nowhere else', async () => {
    const prediction = await predicted('prod', { signInClientId: '22222222-0000-0000-0000-000000000001' });
    assert.deepEqual(
      prediction.of('Microsoft.Web/sites/config').map(({ name }) => name.split('/').at(-1)),
      ['authsettingsV2'],
    );
  });

  itCompiled(
    'that refer to a secret get it by the identity of the app, from a vault it may read',
    async () => {
      const prediction = await predicted('prod');
      const [app] = prediction.of('Microsoft.Web/sites');
      assert.match(textAt(app, 'properties.keyVaultReferenceIdentity') ?? '', /\/id-csc-prod$/);
      const connection = settingsOf(prediction).get('SSD_CONNECTION_STRING') ?? '';
      assert.match(
        connection,
        /^\[if\(empty\(parameters\('ssdConnectionString'\)\), .* parameters\('ssdConnectionString'\)\)\]$/,
      );
    },
  );

  itCompiled('hold none that Flex Consumption forbids, and open none', async () => {
    const open = Object.keys((await optionalSettings()).properties ?? {});
    for (const environment of environments) {
      const asked = Object.keys(at(await givenBy(environment), 'settings') ?? {});
      const given = settingsOf(await predicted(environment)).keys();
      for (const name of [...given, ...asked, ...open]) assert.doesNotMatch(name, forbidden, environment);
    }
  });

  itCompiled('hold no literal but the three words that are the same everywhere', async () => {
    const known = Object.keys(await givenBy('prod'));
    assert.ok(known.length > 20);
    // What is the same in an environment that has everything else named differently.
    const one = await givenByBicep();
    const other = settingsOf(
      await predicted('test', {
        namePrefix: 'other',
        settings: {},
        laCode: '301',
        dfeApiBaseUrl: 'https://dfe.example',
        dfeTokenUrl: 'https://token.example',
        dfeScope: 'scope',
        runSchedule: '0 30 1 * * *',
        narrowRoles: false,
      }),
    );
    const same = [...one].filter(([name, value]) => other.get(name) === value).map(([, value]) => value);
    assert.deepEqual(same.sort(), ['always_on', 'managedidentity', 'true']);
  });
});

describe('Flex Consumption', () => {
  itCompiled(
    'has runtime, scale and deployment in functionAppConfig, and its limits as parameters',
    async () => {
      const limits = { nodeVersion: '24', maximumInstanceCount: 7, instanceMemoryMB: 512 };
      const [app] = (await predicted('prod', limits)).of('Microsoft.Web/sites');
      const config = at(app, 'properties.functionAppConfig');
      assert.deepEqual(at(config, 'runtime'), { name: 'node', version: '24' });
      assert.deepEqual(at(config, 'scaleAndConcurrency'), { maximumInstanceCount: 7, instanceMemoryMB: 512 });
      assert.equal(at(config, 'deployment.storage.type'), 'blobContainer');
      assert.equal(at(app, 'properties.siteConfig.linuxFxVersion'), undefined);
    },
  );

  itCompiled('has one app on a plan of its own', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const [plan, ...plans] = prediction.of('Microsoft.Web/serverfarms');
      const [app, ...apps] = prediction.of('Microsoft.Web/sites');
      assert.equal(plans.length + apps.length, 0, name);
      assert.equal(at(plan, 'sku.name'), 'FC1', name);
      assert.equal(at(app, 'properties.serverFarmId'), plan?.id, name);
    }
  });

  itCompiled('starts on Node 22 unless another version is given', async () => {
    assert.equal((await compiled('main.bicep')).parameters['nodeVersion']?.defaultValue, '22');
  });

  itCompiled('waits for its roles and its private endpoints', async () => {
    const before = itemsAt((await compiled('main.bicep')).resources, 'functionApp.dependsOn');
    for (const name of ['roles', 'dataEndpoints', 'network', 'identity']) {
      assert.ok(before.includes(name), name);
    }
  });
});

describe('the container of the runs', () => {
  itCompiled('is the one the app writes to', async () => {
    const containers = (await predicted('prod')).of(
      'Microsoft.Storage/storageAccounts/blobServices/containers',
    );
    assert.ok(containers.some(({ name }) => name.endsWith(`/default/${resultsContainer}`)));
  });
});
