import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bicepFilesIn } from '../../infra/tools/bicepCompiler.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { projectRoot } from '../local/migrations.js';
import {
  appSettingsOf,
  at,
  compiled,
  environments,
  givenBy,
  itCompiled,
  itemsAt,
  otherTemplates,
  predicted,
  predictedEnvironments,
  type Json,
} from './predicted.js';

const infra = join(projectRoot, 'infra');

describe('descriptions', () => {
  itCompiled('are at every parameter, output, type and property of a type, in every file', async () => {
    const files = (await bicepFilesIn(infra)).filter((file) => file.endsWith('.bicep'));
    assert.ok(files.length > 15);
    for (const file of files) {
      const { parameters, outputs, definitions } = await compiled(file);
      const described = [
        ...Object.entries(parameters),
        ...Object.entries(outputs),
        // Types that the compiler makes of types that were imported carry the description of those.
        ...Object.entries(definitions).filter(([name]) => !name.startsWith('_')),
        ...Object.entries(definitions).flatMap(([type, { properties }]) =>
          Object.entries(properties ?? {}).map(([name, each]) => [`${type}.${name}`, each] as const),
        ),
      ];
      for (const [name, { metadata }] of described) {
        assert.match(metadata?.description ?? '', /^.{4,}$/s, `${name} in ${file}`);
      }
    }
  });
});

describe('names', () => {
  /** What has a name that a policy may look at: not a part of something else, and not named by Azure. */
  const named = (type: string): boolean =>
    type.split('/').length === 2 &&
    !/^Microsoft\.(Authorization|Insights\/(diagnosticSettings|workbooks)|Network\/privateDnsZones)/.test(
      type,
    );

  itCompiled('are parameters: every one can be replaced', async () => {
    const { parameters } = await compiled('main.bicep');
    const replaced: Record<string, Json> = {};
    for (const name of Object.keys(parameters).filter((each) => /Name(Prefix)?$/.test(each))) {
      if (['environmentName', 'sqlAdminGroupName', 'sqlDatabaseName', 'namePrefix'].includes(name)) continue;
      replaced[name] = `renamed${name.toLowerCase().slice(0, 14)}`;
    }
    const prediction = await predicted('test', replaced);
    const resources = prediction.resources.filter(({ type }) => named(type));
    assert.ok(resources.length > 20);
    for (const { name, id } of resources) assert.ok(name.startsWith('renamed'), id);
  });
});

describe('regions', () => {
  itCompiled('are those of the United Kingdom', async () => {
    const { location } = (await compiled('main.bicep')).parameters;
    assert.deepEqual(location?.allowedValues, ['uksouth', 'ukwest']);
    for (const { prediction } of await predictedEnvironments()) {
      for (const resource of prediction.resources) {
        const place = resource['location'];
        assert.ok(place === undefined || place === 'uksouth' || place === 'global', resource.id);
      }
    }
  });
});

describe('periods of retention', () => {
  itCompiled('have no default: the controller decides', async () => {
    const { parameters } = await compiled('main.bicep');
    for (const name of [
      'runsRetentionDays',
      'ledgerRetentionDays',
      'versionRetentionDays',
      'immutabilityDays',
    ]) {
      assert.ok(parameters[name] !== undefined && parameters[name].defaultValue === undefined, name);
    }
  });
});

describe('every parameter file', () => {
  it('is among those that are tested', () => {
    const files = readdirSync(join(infra, 'parameters')).filter((name) => name.endsWith('.bicepparam'));
    const tested = [...environments, ...otherTemplates].map((name) => `${name}.bicepparam`);
    assert.deepEqual(
      files.filter((file) => !tested.includes(file)),
      [],
    );
  });
  // Whether each parameter without a default is given, and none that is unknown, the compiler says: it makes no prediction.
  itCompiled('deploys something, in which no id has an empty part', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      assert.ok(prediction.resources.length > 70, name);
      for (const { id } of prediction.resources) assert.doesNotMatch(id, /\/\/|\/$/, name);
    }
  });
  itCompiled('gives what its modes need', async () => {
    for (const file of environments) {
      const values = await givenBy(file);
      const needed = [
        ...(values['networkMode'] === 'existing' ? ['existingAppSubnetId', 'existingEndpointSubnetId'] : []),
        ...(values['privateDnsMode'] === 'existing' ? ['existingPrivateDnsZoneIds'] : []),
        ...(values['sqlMode'] === 'create'
          ? ['sqlDatabaseName', 'sqlAdminGroupName', 'sqlAdminGroupId']
          : ['existingSqlServerHost', 'sqlDatabaseName']),
        ...('existingActionGroupId' in values ? [] : ['alertEmails']),
      ];
      assert.deepEqual(
        needed.filter((name) => !(name in values)),
        [],
        file,
      );
    }
  });
  itCompiled('deletes nothing while it is immutable', async () => {
    for (const file of environments) {
      const values = await givenBy(file);
      const days = (name: string) => Number(values[name] ?? 0);
      for (const name of ['runsRetentionDays', 'ledgerRetentionDays', 'versionRetentionDays']) {
        assert.ok(days(name) > days('immutabilityDays'), `${name} of ${file}`);
      }
      assert.ok(days('ledgerRetentionDays') > days('ledgerImmutabilityDays'), file);
    }
  });
  itCompiled('gives the app settings that are right', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const [app] = prediction.of('Microsoft.Web/sites');
      assert.doesNotThrow(
        () =>
          readSettings({
            ...Object.fromEntries(appSettingsOf(app)),
            // What only Azure knows.
            KEY_VAULT_URI: 'https://the-vault.vault.azure.net/',
            SSD_CONNECTION_STRING: 'Server=tcp:the-server,1433;Database=ssd',
            RESULTS_STORAGE__blobServiceUri: 'https://results.blob.core.windows.net/',
            AzureWebJobsStorage__queueServiceUri: 'https://host.queue.core.windows.net/',
          }),
        name,
      );
    }
  });
});

describe('the parameter file', () => {
  itCompiled('minimal has no network, and so takes no real child', async () => {
    const minimal = await givenBy('minimal');
    assert.equal(minimal['networkMode'], 'none');
    assert.equal(minimal['dfeReceiver'], 'test');
    assert.equal(at(minimal, 'settings.SSD_SYNTHETIC'), 'true');
  });
  itCompiled('test is private, and for the test receiver', async () => {
    const test = await givenBy('test');
    assert.notEqual(test['networkMode'], 'none');
    assert.equal(test['dfeReceiver'], 'test');
  });
  itCompiled(
    'prod is private, and leaves roles, locks, DNS, SQL and workspace to the platform team',
    async () => {
      const prod = await givenBy('prod');
      assert.notEqual(prod['networkMode'], 'none');
      assert.equal(prod['dfeReceiver'], 'live');
      assert.equal(prod['deployLocks'], false);
      assert.equal(prod['deployRoleAssignments'], false);
      assert.equal(prod['privateDnsMode'], 'policy');
      assert.equal(prod['sqlMode'], 'existing');
      assert.ok('existingWorkspaceId' in prod);
    },
  );
  itCompiled('prod needs no right but that of a contributor', async () => {
    for (const { id, type } of (await predicted('prod')).resources) {
      assert.doesNotMatch(type, /^Microsoft\.Authorization\//, id);
    }
  });
  itCompiled('prod works in any month: its budget begins with the one it is first deployed in', async () => {
    assert.ok(!('budgetStartDate' in (await givenBy('prod'))));
    const [budget] = (await predicted('prod', { currentMonth: '2031-05-01' })).of(
      'Microsoft.Consumption/budgets',
    );
    assert.equal(at(budget, 'properties.timePeriod.startDate'), '2031-05-01');
  });
  itCompiled(
    'prod sends only children on the list of the first children, until the council removes the list',
    async () => {
      assert.equal(typeof at(await givenBy('prod'), 'settings.COHORT_ALLOW_LIST_TABLE'), 'string');
    },
  );
  itCompiled('test and prod name who is notified, and their networks', async () => {
    for (const name of ['test', 'prod']) {
      const values = await givenBy(name);
      assert.notEqual(itemsAt(values, 'alertEmails').length, 0, name);
      assert.notEqual(itemsAt(values, 'trustedPrefixes').length, 0, name);
    }
  });
});

describe('a budget that is there', () => {
  itCompiled('is left alone without a date, since Azure never changes the date of one', async () => {
    const { resources } = await compiled('modules/budget.bicep');
    assert.notEqual(at(resources, 'firstBudget.@options.onlyIfNotExists'), undefined);
    assert.equal(at(resources, 'budget.@options'), undefined);
  });
  itCompiled('takes another amount with the date that it has', async () => {
    const prediction = await predicted('prod', { budgetStartDate: '2026-01-01', budgetAmount: 300 });
    const [budget, ...more] = prediction.of('Microsoft.Consumption/budgets');
    assert.equal(more.length, 0);
    assert.equal(at(budget, 'properties.amount'), 300);
    assert.equal(at(budget, 'properties.timePeriod.startDate'), '2026-01-01');
  });
});

describe('the README of infra/', () => {
  it('names each parameter file', () => {
    const text = readFileSync(join(infra, 'README.md'), 'utf8');
    for (const file of readdirSync(join(infra, 'parameters'))) {
      assert.ok(text.includes(`](parameters/${file})`), file);
    }
  });
});
