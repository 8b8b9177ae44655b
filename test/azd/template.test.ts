import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { z } from 'zod';
import { compileEvaluation, evaluationParameters } from '../../infra/azd/compileEvaluation.js';
import { neededProviders } from '../../infra/azd/evaluationSteps.js';
import { anyTarget } from '../../infra/tools/bicepCompiler.js';
import { groupOfEvaluation } from '../../shared/deployment/evaluation/evaluation.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { at, itCompiled, predictedFrom, type Prediction } from '../infra/predicted.js';
import { projectRoot } from '../local/migrations.js';

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

/** What Azure would be asked for with these environment variables. */
async function predictedFor(values: Readonly<Record<string, string>>): Promise<Prediction> {
  const parameters = Object.entries(await evaluationParameters(projectRoot, values));
  const { tenantId, subscriptionId } = anyTarget;
  return await predictedFrom(
    'azd/main.bicep',
    Object.fromEntries(parameters.map(([name, { value }]) => [name, value])),
    { tenantId, subscriptionId, location: 'ukwest' },
  );
}

function settingsIn(prediction: Prediction): Record<string, string> {
  const { siteConfig } = siteSchema.parse(at(prediction.one('Microsoft.Web/sites'), 'properties'));
  return Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value]));
}

describe('what azd up deploys', () => {
  itCompiled('is in a group of its own, under the names by which the steps find it', async () => {
    const prediction = await predictedFor(given);
    const group = prediction.one('Microsoft.Resources/resourceGroups');
    assert.equal(group.name, groupOfEvaluation(anyTarget.subscriptionId, 'jo').name);
    assert.equal(at(group, 'tags.azd-env-name'), 'jo');
    for (const type of ['Microsoft.Resources/resourceGroups', 'Microsoft.Sql/servers']) {
      assert.equal(at(prediction.one(type), 'tags.csc-evaluation'), given.CSC_EVALUATION_ID, type);
    }
    assert.equal(prediction.one('Microsoft.KeyVault/vaults').name, 'kv-csc-0123456789');
    // An id that only Azure knows is an expression, of something that belongs to one of the others.
    const elsewhere = prediction.resources.filter(({ id }) => id.startsWith('/') && !id.startsWith(group.id));
    assert.deepEqual(elsewhere, []);
  });

  itCompiled('has the tags that a landing zone wants', async () => {
    const prediction = await predictedFor({ ...given, CSC_TAGS: 'owner=ict,costCentre=1234' });
    const server = prediction.one('Microsoft.Sql/servers');
    assert.deepEqual([at(server, 'tags.owner'), at(server, 'tags.costCentre')], ['ict', '1234']);
  });

  itCompiled('has the person who deploys as the administrator of a new database', async () => {
    const prediction = await predictedFor(given);
    const { administrators } = z
      .object({ administrators: z.record(z.string(), z.unknown()) })
      .parse(at(prediction.one('Microsoft.Sql/servers'), 'properties'));
    assert.equal(administrators['principalType'], 'User');
    assert.equal(administrators['sid'], given.CSC_ADMINISTRATOR_ID);
    assert.equal(administrators['login'], given.CSC_ADMINISTRATOR_NAME);
    assert.equal(administrators['azureADOnlyAuthentication'], true);
  });

  itCompiled(
    'reads invented children only, sends to a test receiver only, and sends nothing by itself',
    async () => {
      // Whatever somebody gives to azd.
      const wishes = { SSD_SYNTHETIC: 'false', DFE_RECEIVER: 'live', SSD_CONNECTION_STRING: 'theirs' };
      const prediction = await predictedFor({ ...given, ...wishes });
      const settings = settingsIn(prediction);
      assert.equal(settings['SSD_SYNTHETIC'], 'true');
      assert.equal(settings['DFE_RECEIVER'], 'test');
      assert.equal(settings['AzureWebJobs_nightly_Disabled'], 'true');
      assert.match(settings['SSD_CONNECTION_STRING'] ?? '', /parameters\('sqlServerHost'\)/);
      assert.equal(
        prediction.resources.some(({ type }) => type.includes('privateEndpoints')),
        false,
      );
      assert.doesNotThrow(() => readSettings({ ...settings, ...onlyAzureKnows }));
    },
  );

  itCompiled('cannot be given the address of the live receiver: the app refuses it', async () => {
    const live = 'https://api.education.gov.uk/children-in-social-care-data-receiver/1';
    const prediction = await predictedFor({ ...given, CSC_DFE_API_BASE_URL: live });
    const settings = { ...settingsIn(prediction), ...onlyAzureKnows };
    assert.throws(() => readSettings(settings), /DFE_API_BASE_URL is not DfE's test receiver/);
  });

  itCompiled('takes no provider that the first step does not register', async () => {
    const prediction = await predictedFor(given);
    const namespaces = new Set(prediction.resources.map(({ type }) => type.split('/')[0] ?? ''));
    namespaces.delete('Microsoft.Resources');
    assert.deepEqual(
      [...namespaces].filter((namespace) => !neededProviders.includes(namespace)),
      [],
    );
  });

  itCompiled('compiles before the first step has run, as azd does it', async () => {
    assert.ok((await predictedFor({})).resources.length > 0);
  });
});

describe('what npm run evaluate deploys', () => {
  itCompiled('is the same template, with the values that its first step found', async () => {
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
  });
});
