import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../shared/settings.js';
import type { BicepFile, Value } from './bicepFile.js';
import { declared, itemsOf, place, readProject, textOf } from './project.js';

const reading = readProject();

async function parameters() {
  return (await reading).declarations.filter(({ file, kind }) => file === 'main.bicep' && kind === 'param');
}

function given(file: BicepFile): ReadonlyMap<string, Value | undefined> {
  return new Map(file.declarations.map(({ name, value }) => [name, value]));
}

async function fileOf(name: string): Promise<ReadonlyMap<string, Value | undefined>> {
  const file = (await reading).parameterFiles.find(({ path }) => path === `parameters/${name}.bicepparam`);
  assert.ok(file, name);
  return given(file);
}

describe('descriptions', () => {
  it('stand at every parameter, output and type, in every file', async () => {
    for (const each of (await reading).declarations) {
      if (!['param', 'output', 'type'].includes(each.kind)) continue;
      assert.match(each.decorators.get('description') ?? '', /^'.{4,}'$/, place(each));
    }
  });
  it('stand at every property of a type', async () => {
    for (const type of (await reading).declarations.filter(({ kind }) => kind === 'type')) {
      for (const [name, decorators] of type.described) assert.ok(decorators.has('description'), name);
    }
  });
});

describe('names', () => {
  it('are parameters: no resource of the platform has a fixed one', async () => {
    const isFree = /Name$|^name$|^zoneName$|endpoint\.name|^'\$\{namePrefix\}-\$\{alert\.name\}'$|^guid\(/;
    for (const each of (await reading).declarations) {
      if (each.kind !== 'resource' || each.isExisting || each.reference.split('/').length !== 2) continue;
      if (/^Microsoft\.(Authorization|Insights\/diagnosticSettings)/.test(each.reference)) continue;
      const name = each.value instanceof Map ? textOf(each.value.get('name')) : undefined;
      assert.match(name ?? '', isFree, place(each));
    }
  });
});

describe('regions', () => {
  it('are those of the United Kingdom', async () => {
    const location = declared(await reading, 'main.bicep', 'location');
    assert.equal(location.decorators.get('allowed'), "['uksouth', 'ukwest']");
  });
});

describe('periods of retention', () => {
  it('have no default: the controller decides', async () => {
    for (const name of [
      'runsRetentionDays',
      'ledgerRetentionDays',
      'versionRetentionDays',
      'immutabilityDays',
    ]) {
      assert.equal(declared(await reading, 'main.bicep', name).value, undefined, name);
    }
  });
});

describe('every parameter file', () => {
  it('is for the template', async () => {
    for (const { text, path } of (await reading).parameterFiles) {
      assert.match(text, /^using '\.\.\/main\.bicep'$/m, path);
    }
  });
  it('gives each parameter that has no default, and none that is unknown', async () => {
    const known = await parameters();
    const needed = known.filter(({ value }) => value === undefined).map(({ name }) => name);
    for (const file of (await reading).parameterFiles) {
      const names = [...given(file).keys()];
      assert.deepEqual(
        needed.filter((name) => !names.includes(name)),
        [],
        file.path,
      );
      assert.deepEqual(
        names.filter((name) => !known.some((each) => each.name === name)),
        [],
        file.path,
      );
    }
  });
  it('gives what its modes need', async () => {
    for (const file of (await reading).parameterFiles) {
      const values = given(file);
      const needed = [
        ...(values.get('networkMode') === 'existing'
          ? ['existingAppSubnetId', 'existingEndpointSubnetId']
          : []),
        ...(values.get('privateDnsMode') === 'existing' ? ['existingPrivateDnsZoneIds'] : []),
        ...(values.get('sqlMode') === 'create'
          ? ['sqlDatabaseName', 'sqlAdminGroupName', 'sqlAdminGroupId']
          : ['existingSqlServerHost', 'sqlDatabaseName']),
        ...(values.get('budgetAmount') === undefined ? [] : ['budgetStartDate']),
        ...(values.has('existingActionGroupId') ? [] : ['alertEmails']),
      ];
      assert.deepEqual(
        needed.filter((name) => !values.has(name)),
        [],
        file.path,
      );
    }
  });
  it('deletes nothing while it is immutable', async () => {
    for (const file of (await reading).parameterFiles) {
      const days = (name: string) => Number(given(file).get(name));
      for (const name of ['runsRetentionDays', 'ledgerRetentionDays', 'versionRetentionDays']) {
        assert.ok(days(name) > days('immutabilityDays'), `${name} of ${file.path}`);
      }
      const ledger = Number(given(file).get('ledgerImmutabilityDays') ?? 0);
      assert.ok(days('ledgerRetentionDays') > ledger, file.path);
    }
  });
  it('gives the app settings that are right', async () => {
    for (const file of (await reading).parameterFiles) {
      const values = given(file);
      const settings = values.get('settings');
      const environment = {
        LA_CODE: textOf(values.get('laCode')),
        DFE_API_BASE_URL: textOf(values.get('dfeApiBaseUrl')),
        DFE_TOKEN_URL: textOf(values.get('dfeTokenUrl')),
        DFE_SCOPE: textOf(values.get('dfeScope')),
        DFE_RECEIVER: textOf(values.get('dfeReceiver')),
        RUN_SCHEDULE: textOf(
          values.get('runSchedule') ?? declared(await reading, 'main.bicep', 'runSchedule').value,
        ),
        KEY_VAULT_URI: 'https://the-vault.vault.azure.net/',
        SSD_CONNECTION_STRING: 'Server=tcp:the-server,1433;Database=ssd',
        RESULTS_STORAGE__blobServiceUri: 'https://results.blob.core.windows.net/',
        ...Object.fromEntries(
          settings instanceof Map ? [...settings].map(([name, value]) => [name, textOf(value)]) : [],
        ),
      };
      assert.doesNotThrow(() => readSettings(environment), file.path);
    }
  });
});

describe('the parameter file', () => {
  it('minimal has no network, and so takes no real child', async () => {
    const minimal = await fileOf('minimal');
    assert.equal(minimal.get('networkMode'), 'none');
    assert.equal(minimal.get('dfeReceiver'), 'test');
    const settings = minimal.get('settings');
    assert.equal(settings instanceof Map && settings.get('SSD_SYNTHETIC'), 'true');
  });
  it('test is private, and for the test receiver', async () => {
    const test = await fileOf('test');
    assert.notEqual(test.get('networkMode'), 'none');
    assert.equal(test.get('dfeReceiver'), 'test');
  });
  it('prod is private, locked, and leaves roles, DNS, SQL and workspace to the platform team', async () => {
    const prod = await fileOf('prod');
    assert.notEqual(prod.get('networkMode'), 'none');
    assert.equal(prod.get('dfeReceiver'), 'live');
    assert.equal(prod.get('deployLocks'), true);
    assert.equal(prod.get('deployRoleAssignments'), false);
    assert.equal(prod.get('privateDnsMode'), 'policy');
    assert.equal(prod.get('sqlMode'), 'existing');
    assert.ok(prod.has('existingWorkspaceId'));
  });
  it('prod sends nobody who is not on the list of the first children, until the council takes that away', async () => {
    const settings = (await fileOf('prod')).get('settings');
    assert.ok(settings instanceof Map && settings.has('COHORT_ALLOW_LIST_TABLE'));
  });
  it('test and prod name who is told, and their networks', async () => {
    for (const name of ['test', 'prod']) {
      const values = await fileOf(name);
      assert.notEqual(itemsOf(values.get('alertEmails')).length, 0, name);
      assert.notEqual(itemsOf(values.get('trustedPrefixes')).length, 0, name);
    }
  });
});
