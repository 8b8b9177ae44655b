import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import { compileEvaluation, evaluationParameters } from '../../infra/azd/compileEvaluation.js';
import { neededProviders } from '../../infra/azd/evaluationSteps.js';
import { anyTarget, bicepCompiler, NoBicepCompiler } from '../../infra/tools/bicepCompiler.js';
import { groupOfEvaluation } from '../../shared/deployment/evaluation.js';
import { readSettings } from '../../shared/settings.js';
import { projectRoot } from '../local/migrations.js';

const resourceSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({}).optional(),
});
type Resource = z.output<typeof resourceSchema>;
const siteSchema = z.object({
  siteConfig: z.object({ appSettings: z.array(z.object({ name: z.string(), value: z.string() })) }),
});

const given = {
  AZURE_ENV_NAME: 'jo',
  AZURE_LOCATION: 'ukwest',
  CSC_EVALUATION_ID: '0123456789',
  CSC_ADMINISTRATOR_ID: '00000000-0000-4000-8000-0000000000aa',
  CSC_ADMINISTRATOR_NAME: 'jo@council.example',
};

/** In a prediction these are expressions. */
const onlyAzureKnows = {
  KEY_VAULT_URI: 'https://kv-csc-0123456789.vault.azure.net/',
  SSD_CONNECTION_STRING: 'Server=tcp:the-server,1433;Database=ssd',
  RESULTS_STORAGE__blobServiceUri: 'https://results.blob.core.windows.net/',
  AzureWebJobsStorage__queueServiceUri: 'https://host.queue.core.windows.net/',
};

const made = new Map<string, Promise<readonly Resource[]>>();

/** What Azure would be asked for with these environment variables. Skips the test where there is no compiler. */
async function predicted(
  t: TestContext,
  values: Readonly<Record<string, string>>,
): Promise<readonly Resource[] | undefined> {
  const key = JSON.stringify(values);
  const known = made.get(key) ?? predict(values);
  made.set(key, known);
  try {
    return await known;
  } catch (error) {
    if (!(error instanceof NoBicepCompiler)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

async function predict(values: Readonly<Record<string, string>>): Promise<readonly Resource[]> {
  // The compiler writes beside the file.
  const folder = await mkdtemp(join(tmpdir(), 'azd-template-'));
  try {
    await cp(join(projectRoot, 'infra'), join(folder, 'infra'), { recursive: true });
    const parameters = Object.entries(await evaluationParameters(projectRoot, values));
    const file = join(folder, 'infra', 'azd', 'main.bicepparam');
    const lines = parameters.map(([name, { value }]) => `param ${name} = '${value}'`);
    await writeFile(file, ["using 'main.bicep'", ...lines, ''].join('\n'));
    const { tenantId, subscriptionId } = anyTarget;
    const compiler = await bicepCompiler();
    const snapshot = await compiler.snapshot(file, { tenantId, subscriptionId, location: 'ukwest' });
    assert.ok(snapshot.isMade, snapshot.findings.join('\n'));
    return z.object({ predictedResources: z.array(resourceSchema) }).parse(JSON.parse(snapshot.output))
      .predictedResources;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function one(resources: readonly Resource[], type: string): Resource {
  const [found, another] = resources.filter((each) => each.type === type);
  assert.ok(found !== undefined && another === undefined, type);
  return found;
}

function settingsIn(resources: readonly Resource[]): Record<string, string> {
  const { siteConfig } = siteSchema.parse(one(resources, 'Microsoft.Web/sites').properties);
  return Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value]));
}

describe('what azd up deploys', () => {
  it('is in a group of its own, under the names by which the steps find it', async (t) => {
    const resources = await predicted(t, given);
    if (resources === undefined) return;
    const group = one(resources, 'Microsoft.Resources/resourceGroups');
    assert.equal(group.name, groupOfEvaluation(anyTarget.subscriptionId, 'jo').name);
    assert.equal(group.tags?.['azd-env-name'], 'jo');
    for (const type of ['Microsoft.Resources/resourceGroups', 'Microsoft.Sql/servers']) {
      assert.equal(one(resources, type).tags?.['csc-evaluation'], given.CSC_EVALUATION_ID, type);
    }
    assert.equal(one(resources, 'Microsoft.KeyVault/vaults').name, 'kv-csc-0123456789');
    // An id that only Azure knows is an expression, of something that belongs to one of the others.
    const elsewhere = resources.filter(({ id }) => id.startsWith('/') && !id.startsWith(group.id));
    assert.deepEqual(elsewhere, []);
  });

  it('has the tags that a landing zone wants', async (t) => {
    const resources = await predicted(t, { ...given, CSC_TAGS: 'owner=ict,costCentre=1234' });
    if (resources === undefined) return;
    const { tags } = one(resources, 'Microsoft.Sql/servers');
    assert.deepEqual([tags?.['owner'], tags?.['costCentre']], ['ict', '1234']);
  });

  it('has the person who deploys as the administrator of a new database', async (t) => {
    const resources = await predicted(t, given);
    if (resources === undefined) return;
    const { administrators } = z
      .object({ administrators: z.record(z.string(), z.unknown()) })
      .parse(one(resources, 'Microsoft.Sql/servers').properties);
    assert.equal(administrators['principalType'], 'User');
    assert.equal(administrators['sid'], given.CSC_ADMINISTRATOR_ID);
    assert.equal(administrators['login'], given.CSC_ADMINISTRATOR_NAME);
    assert.equal(administrators['azureADOnlyAuthentication'], true);
  });

  it('reads invented children only, sends to a test receiver only, and sends nothing by itself', async (t) => {
    // Whatever somebody gives to azd.
    const wishes = { SSD_SYNTHETIC: 'false', DFE_RECEIVER: 'live', SSD_CONNECTION_STRING: 'theirs' };
    const resources = await predicted(t, { ...given, ...wishes });
    if (resources === undefined) return;
    const settings = settingsIn(resources);
    assert.equal(settings['SSD_SYNTHETIC'], 'true');
    assert.equal(settings['DFE_RECEIVER'], 'test');
    assert.equal(settings['AzureWebJobs_nightly_Disabled'], 'true');
    assert.match(settings['SSD_CONNECTION_STRING'] ?? '', /parameters\('sqlServerHost'\)/);
    assert.equal(
      resources.some(({ type }) => type.includes('privateEndpoints')),
      false,
    );
    assert.doesNotThrow(() => readSettings({ ...settings, ...onlyAzureKnows }));
  });

  it('cannot be given the address of the live receiver: the app refuses it', async (t) => {
    const live = 'https://api.education.gov.uk/children-in-social-care-data-receiver/1';
    const resources = await predicted(t, { ...given, CSC_DFE_API_BASE_URL: live });
    if (resources === undefined) return;
    const settings = { ...settingsIn(resources), ...onlyAzureKnows };
    assert.throws(() => readSettings(settings), /DFE_API_BASE_URL is not DfE's test receiver/);
  });

  it('takes no provider that the first step does not register', async (t) => {
    const resources = await predicted(t, given);
    if (resources === undefined) return;
    const namespaces = new Set(resources.map(({ type }) => type.split('/')[0] ?? ''));
    namespaces.delete('Microsoft.Resources');
    assert.deepEqual(
      [...namespaces].filter((namespace) => !neededProviders.includes(namespace)),
      [],
    );
  });

  it('compiles before the first step has run, as azd does it', async (t) => {
    assert.ok((await predicted(t, {})) ?? true);
  });
});

describe('what npm run evaluate deploys', () => {
  it('is the same template, with the values that its first step found', async (t) => {
    try {
      const { template, parameters } = await compileEvaluation(projectRoot, given);
      const { $schema } = z.object({ $schema: z.string() }).parse(template);
      assert.match($schema, /subscriptionDeploymentTemplate/);
      const value = z.object({ value: z.string() });
      const read = z
        .object({ evaluationId: value, location: value, administratorName: value })
        .parse(parameters);
      assert.deepEqual(read, {
        evaluationId: { value: given.CSC_EVALUATION_ID },
        location: { value: given.AZURE_LOCATION },
        administratorName: { value: given.CSC_ADMINISTRATOR_NAME },
      });
    } catch (error) {
      if (!(error instanceof NoBicepCompiler)) throw error;
      t.skip(error.message);
    }
  });
});
