import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { settingsSchema } from '../../shared/settings.js';
import { projectRoot } from '../local/migrations.js';
import { Expression } from './bicepFile.js';
import { at, declared, itemsOf, place, readProject, resourcesOf, textAt, textOf } from './project.js';

const reading = readProject();
const file = 'modules/function-app.bicep';

/** Settings of the sender that no deployment gives. */
const notDeployed = [
  // Read from the Key Vault under KEY_VAULT_URI.
  'DFE_CLIENT_ID',
  'DFE_CLIENT_SECRET',
  'DFE_SUPPLIER_KEY',
  'DFE_SUPPLIER_KEY_SECONDARY',
  'PSEUDONYM_KEY',
  // A laptop only.
  'RESULTS_STORAGE',
  'AzureWebJobsStorage',
  // In place of the addresses, which hold in every cloud.
  'AzureWebJobsStorage__accountName',
  // Tests only.
  'RUN_TODAY',
];

/** Read by Node.js itself (docs/onboarding.md, Networks). */
const readByNode = ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS', 'NO_PROXY'];

/** What Flex Consumption refuses or breaks by; runtime, scale and deployment stand in functionAppConfig. */
const forbidden =
  /(?<!\w)(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_\w+|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|TZ)\b/;

async function namesIn(variable: string): Promise<string[]> {
  const { value } = declared(await reading, file, variable);
  assert.ok(value instanceof Map, variable);
  return [...value.keys()];
}

async function optionalNames(): Promise<string[]> {
  return [...declared(await reading, 'modules/settings.bicep', 'optionalSettings').described.keys()];
}

describe('the settings of the sender', () => {
  it('are all there: given by Bicep, or open to be given, but for those that are no matter of a deployment', async () => {
    const known = Object.keys(settingsSchema.shape);
    const given = [
      ...(await namesIn('senderSettings')),
      ...(await namesIn('hostSettings')).filter((name) => known.includes(name)),
      ...(await optionalNames()),
    ];
    const asked = known.filter((name) => !notDeployed.includes(name));
    assert.deepEqual(given.sort(), [...asked, ...readByNode].sort());
  });

  it('that have no default are always given', async () => {
    const given = await namesIn('senderSettings');
    for (const [name, schema] of Object.entries(settingsSchema.shape)) {
      if (!schema.safeParse(undefined).success) assert.ok(given.includes(name), name);
    }
  });

  it('can be given as Bicep gives them: an identity for vault, database and storage', async () => {
    const { value } = declared(await reading, file, 'senderSettings');
    for (const name of ['KEY_VAULT_CLIENT_ID', 'RESULTS_STORAGE__clientId']) {
      assert.equal(textAt(value, name), 'identity.properties.clientId');
    }
    const connection = textOf(declared(await reading, file, 'azureSqlConnection').value) ?? '';
    assert.match(
      connection,
      /Authentication=Active Directory Managed Identity;User Id=\$\{identity\.properties\.clientId\}'$/,
    );
  });

  it('are open in a type that knows no other name', async () => {
    const type = declared(await reading, 'modules/settings.bicep', 'optionalSettings');
    assert.ok(type.decorators.has('sealed'));
  });
});

describe('the settings of the host', () => {
  it('are those it needs to reach storage and telemetry by its identity, and one that takes its default page away', async () => {
    assert.deepEqual((await namesIn('hostSettings')).sort(), [
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'AzureWebJobsDisableHomepage',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__clientId',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'OTEL_TRACES_SAMPLER',
    ]);
    const { value } = declared(await reading, file, 'hostSettings');
    assert.equal(textAt(value, 'AzureWebJobsDisableHomepage'), 'true');
    assert.equal(textAt(value, 'AzureWebJobsStorage__credential'), 'managedidentity');
    assert.equal(textAt(value, 'AzureWebJobsStorage__clientId'), 'identity.properties.clientId');
    assert.equal(textAt(value, 'OTEL_TRACES_SAMPLER'), 'always_on');
    assert.equal(
      textAt(value, 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'),
      "'ClientId=${identity.properties.clientId};Authorization=AAD'",
    );
  });
});

describe('the setting that disables one function', () => {
  it('has in the docs one of the two names that the host reads; with two underscores it does nothing', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'operate.md'), 'utf8');
    const names = new Set([...page.matchAll(/AzureWebJobs\W?_*\w+?[\W_]Disabled/g)].map(([name]) => name));
    assert.deepEqual([...names].sort(), ['AzureWebJobs.nightly.Disabled', 'AzureWebJobs_nightly_Disabled']);
  });
});

describe('the app settings', () => {
  it('are these lists, what a council gives being the weakest', async () => {
    const [app] = resourcesOf(await reading, 'Microsoft.Web/sites');
    assert.equal(
      textAt(app?.value, 'properties.siteConfig.appSettings'),
      'map(items(appSettings), setting => { name: setting.key, value: setting.value })',
    );
    assert.equal(
      textOf(declared(await reading, file, 'appSettings').value),
      'union(settings, senderSettings, hostSettings, pauseSettings)',
    );
  });

  it('are set nowhere else', async () => {
    const configurations = resourcesOf(await reading, 'Microsoft.Web/sites/config');
    assert.deepEqual(
      configurations.map(({ value }) => at(value, 'name')),
      ['authsettingsV2'],
    );
  });

  it('that refer to a secret get it by the identity of the app, from a vault it may read', async () => {
    const project = await reading;
    const [app] = resourcesOf(project, 'Microsoft.Web/sites');
    assert.equal(textAt(app?.value, 'properties.keyVaultReferenceIdentity'), 'identity.id');
    const connection = textAt(declared(project, file, 'senderSettings').value, 'SSD_CONNECTION_STRING');
    assert.equal(connection, 'empty(ssdConnectionString) ? azureSqlConnection : ssdConnectionString');
  });

  it('hold none that Flex Consumption forbids, in any file', async () => {
    const { templates, parameterFiles } = await reading;
    for (const { path, text } of [...templates, ...parameterFiles]) assert.ok(!forbidden.test(text), path);
  });

  it('hold no literal but the three words that are the same everywhere', async () => {
    const project = await reading;
    const literals = ['senderSettings', 'hostSettings'].flatMap((name) => {
      const { value } = declared(project, file, name);
      return value instanceof Map ? [...value.values()].filter((each) => !(each instanceof Expression)) : [];
    });
    assert.deepEqual(literals, ['true', 'managedidentity', 'always_on']);
  });
});

describe('Flex Consumption', () => {
  it('has runtime, scale and deployment in functionAppConfig, and its limits as parameters', async () => {
    const [app] = resourcesOf(await reading, 'Microsoft.Web/sites');
    const config = at(app?.value, 'properties.functionAppConfig');
    assert.equal(textAt(config, 'runtime.name'), 'node');
    assert.equal(textAt(config, 'runtime.version'), 'nodeVersion');
    assert.equal(textAt(config, 'scaleAndConcurrency.maximumInstanceCount'), 'maximumInstanceCount');
    assert.equal(textAt(config, 'scaleAndConcurrency.instanceMemoryMB'), 'instanceMemoryMB');
    assert.equal(textAt(config, 'deployment.storage.type'), 'blobContainer');
    assert.equal(at(app?.value, 'properties.siteConfig.linuxFxVersion'), undefined);
  });

  it('has one app on a plan of its own', async () => {
    const project = await reading;
    const plans = resourcesOf(project, 'Microsoft.Web/serverfarms');
    assert.deepEqual(
      plans.map(({ value }) => textAt(value, 'sku.name')),
      ['FC1'],
    );
    for (const app of resourcesOf(project, 'Microsoft.Web/sites')) {
      assert.equal(textAt(app.value, 'properties.serverFarmId'), 'plan.id', place(app));
    }
    assert.equal(resourcesOf(project, 'Microsoft.Web/sites').length, 1);
  });

  it('starts on Node 22 unless another version is given', async () => {
    const version = declared(await reading, 'main.bicep', 'nodeVersion');
    assert.equal(version.value, '22');
  });

  it('waits for its roles and its private endpoints', async () => {
    const app = declared(await reading, 'main.bicep', 'functionApp');
    const before = itemsOf(at(app.value, 'dependsOn')).map((each) => textOf(each));
    for (const name of ['roles', 'dataEndpoints', 'network', 'identity'])
      assert.ok(before.includes(name), name);
  });
});

describe('the container of the runs', () => {
  it('is the one the app writes to', async () => {
    const source = readFileSync(join(projectRoot, 'shared', 'container.ts'), 'utf8');
    const [, inCode] = /const resultsContainer = '([^']+)'/.exec(source) ?? [];
    assert.equal(declared(await reading, 'main.bicep', 'resultsContainerName').value, inCode);
  });
});
