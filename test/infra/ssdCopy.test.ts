import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { ssdCopyTables, ssdCopyTablesFile } from '../../infra/tools/ssdCopyTables.js';
import { readNewRun } from '../../shared/requests/newRun.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { columnsOf, knownTables } from '../../shared/ssd/tables.js';
import { projectRoot } from '../local/migrations.js';
import {
  at,
  itCompiled,
  itemsAt,
  predicted,
  predictedEnvironments,
  refusalOf,
  textAt,
  type Prediction,
} from './predicted.js';

const factories = 'Microsoft.DataFactory/factories';
const services = `${factories}/linkedservices`;
const copiesSchema = z.array(z.strictObject({ name: z.string(), query: z.string(), empties: z.string() }));

/** With everything else than the parameter file says: a variation costs seconds. */
const predictedOther = () =>
  predicted('ssd-copy', {
    ssdProfile: 'mosaic',
    leftOut: ['ssd_sdq_scores', 'ssd_person.pers_legacy_id'],
    further: [
      { name: 'ssd_professionals', columns: ['prof_agency_id'] },
      { name: 'our_cohort', columns: ['person_id'] },
    ],
    deployRoleAssignments: true,
  });

const pipelineOf = (prediction: Prediction) => prediction.one(`${factories}/pipelines`);
const copiesOf = (prediction: Prediction) =>
  copiesSchema.parse(at(pipelineOf(prediction), 'properties.parameters.tables.defaultValue'));

function activity(prediction: Prediction, name: string): unknown {
  const found = itemsAt(pipelineOf(prediction), 'properties.activities').find(
    (each) => textAt(each, 'name') === name,
  );
  assert.ok(found, name);
  return found;
}

function takeOverOf(prediction: Prediction): string {
  const [script, ...more] = itemsAt(activity(prediction, 'Take over'), 'typeProperties.scripts');
  assert.equal(more.length, 0, 'one script: what is in several is not in one transaction');
  return textAt(script, 'text') ?? '';
}

describe('the tables that the copy of the SSD brings', () => {
  it('are those that the profiles say: `npm run docs` writes them', () => {
    assert.equal(readFileSync(ssdCopyTablesFile, 'utf8'), ssdCopyTables());
  });

  itCompiled('are every table and column that the profile reads, by their names there', async () => {
    const prediction = await predictedOther();
    const { names } = builtInProfile('mosaic');
    const copies = copiesOf(prediction);
    const here = knownTables.filter((table) => table !== 'ssd_sdq_scores');
    assert.deepEqual(
      copies.map(({ name }) => name),
      [...here.map((table) => names.tableName(table)), 'our_cohort'],
    );
    for (const table of here) {
      const { query } = copies.find(({ name }) => name === names.tableName(table)) ?? {};
      for (const column of columnsOf(table).filter((each) => each !== 'pers_legacy_id')) {
        assert.ok(query?.includes(`[${names.columnName(table, column)}]`), `${table}.${column}`);
      }
    }
    assert.ok(
      copies.some(({ query }) => query.includes('[cin_plan_id]')),
      'the name that Mosaic has',
    );
  });

  itCompiled('are without what the source does not have, and with what the council adds', async () => {
    const prediction = await predictedOther();
    const copies = copiesOf(prediction);
    const queryOf = (table: string) => copies.find(({ name }) => name === table)?.query;
    assert.equal(queryOf('ssd_sdq_scores'), undefined);
    assert.doesNotMatch(queryOf('ssd_person') ?? '', /pers_legacy_id/);
    assert.match(queryOf('ssd_professionals') ?? '', /\[prof_staff_id\], .*\[prof_agency_id\]/);
    assert.equal(queryOf('our_cohort'), 'SELECT [person_id] FROM [ssd_development].[our_cohort]');
    assert.doesNotMatch(takeOverOf(prediction), /ssd_sdq_scores|pers_legacy_id/);
  });
});

describe('the copy of the SSD', () => {
  itCompiled('is in no environment that does not ask for it', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      assert.deepEqual(prediction.maybe(factories), [], name);
    }
  });

  itCompiled('fills a schema of its own and never the SSD', async () => {
    const prediction = await predicted('ssd-copy');
    const incoming = prediction.one(`${factories}/datasets`, 'IncomingTable');
    assert.equal(at(incoming, 'properties.typeProperties.schema'), 'ssd_incoming');
    for (const { name, empties } of copiesOf(prediction)) {
      assert.equal(empties, `DELETE FROM [ssd_incoming].[${name}]`);
    }
    const [copy] = itemsAt(activity(prediction, 'Copy every table'), 'typeProperties.activities');
    assert.equal(at(copy, 'typeProperties.enableSkipIncompatibleRow'), false, 'no row is left out silently');
  });

  itCompiled('replaces the SSD in one transaction, once every table has come', async () => {
    const prediction = await predicted('ssd-copy');
    assert.deepEqual(at(activity(prediction, 'Take over'), 'dependsOn'), [
      { activity: 'Copy every table', dependencyConditions: ['Succeeded'] },
    ]);
    const lines = takeOverOf(prediction).split('\n');
    const begin = lines.indexOf('BEGIN TRANSACTION;');
    assert.equal(lines[0], 'SET XACT_ABORT ON;');
    assert.equal(lines.at(-1), 'COMMIT TRANSACTION;');
    const within = lines.slice(begin + 1, -1);
    assert.deepEqual(
      within.filter((line) => line.startsWith('DELETE FROM')),
      copiesOf(prediction).map(({ name }) => `DELETE FROM [ssd_development].[${name}];`),
    );
    const refusals = lines.slice(1, begin);
    assert.deepEqual(
      refusals.map((line) => /FROM \[ssd_incoming\]\.\[(\w+)\]\) THROW 50003/.exec(line)?.[1]),
      ['ssd_person', 'ssd_cin_episodes'],
    );
    const stagingTable = settingsSchema.shape.STAGING_TABLE.parse(undefined);
    assert.ok(!takeOverOf(prediction).includes(stagingTable), 'what DfE has acknowledged is not the SSD');
  });

  itCompiled('starts the run at its very end, by its identity and a key that is in no log', async () => {
    const prediction = await predicted('ssd-copy');
    const start = activity(prediction, 'Start the run');
    assert.deepEqual(readNewRun(textAt(start, 'typeProperties.body') ?? ''), {
      scope: 'outstanding',
      startedBy: 'refresh',
    });
    assert.match(textAt(start, 'typeProperties.url') ?? '', /^https:\/\/.*\/api\/runs$/);
    assert.deepEqual(at(start, 'typeProperties.authentication'), {
      type: 'MSI',
      resource: 'api://00000000-0000-0000-0000-000000000000',
    });
    assert.equal(at(start, 'policy.secureInput'), true);
    assert.equal(at(activity(prediction, 'Get the key'), 'policy.secureOutput'), true);
    const order = ['Take over', 'Get the key', 'Start the run'];
    for (const [index, name] of order.slice(1).entries()) {
      assert.equal(textAt(itemsAt(activity(prediction, name), 'dependsOn')[0], 'activity'), order[index]);
    }
  });

  itCompiled('has an hour of London, which no change of the clocks moves', async () => {
    const trigger = (await predicted('ssd-copy')).one(`${factories}/triggers`);
    assert.equal(at(trigger, 'properties.typeProperties.recurrence.timeZone'), 'GMT Standard Time');
  });

  itCompiled('holds no password: its identity opens Azure SQL, and its own vault has the rest', async () => {
    const prediction = await predicted('ssd-copy');
    const target = prediction.one(services, '/target');
    assert.equal(at(target, 'properties.typeProperties.authenticationType'), 'SystemAssignedManagedIdentity');
    assert.equal(
      at(prediction.one(services, '/source'), 'properties.typeProperties.password.type'),
      'AzureKeyVaultSecret',
    );
    for (const service of prediction.of(services)) {
      assert.equal(textAt(service, 'properties.connectVia.referenceName'), 'on-premises', service.name);
    }
  });

  itCompiled('is private, tagged, reported to the workspace, and encrypted on the way', async () => {
    const prediction = await predicted('ssd-copy');
    const [factory, ...more] = prediction.of(factories);
    assert.equal(more.length, 0);
    assert.equal(at(factory, 'properties.publicNetworkAccess'), 'Disabled');
    const vault = prediction.one('Microsoft.KeyVault/vaults');
    assert.equal(at(vault, 'properties.publicNetworkAccess'), 'Disabled');
    assert.equal(at(vault, 'properties.enablePurgeProtection'), true);
    assert.deepEqual(
      prediction
        .of('Microsoft.Network/privateEndpoints')
        .flatMap((endpoint) => itemsAt(endpoint, 'properties.privateLinkServiceConnections'))
        .flatMap((connection) => itemsAt(connection, 'properties.groupIds')),
      ['dataFactory', 'vault'],
    );
    for (const resource of [factory, vault]) {
      assert.equal(at(resource, 'tags.application'), 'csc-api-sender');
      assert.ok(
        prediction
          .of('Microsoft.Insights/diagnosticSettings')
          .some(({ id }) => id.startsWith(`${resource?.id ?? ''}/`)),
      );
    }
    for (const name of ['/source', '/target']) {
      const properties = at(prediction.one(services, name), 'properties.typeProperties');
      assert.deepEqual(
        [at(properties, 'encrypt'), at(properties, 'trustServerCertificate')],
        ['mandatory', false],
      );
    }
  });

  itCompiled(
    'may read its own vault and nothing else in Azure, where the deployment assigns roles',
    async () => {
      const assignments = 'Microsoft.Authorization/roleAssignments';
      assert.deepEqual((await predicted('ssd-copy')).maybe(assignments), []);
      const prediction = await predictedOther();
      const [assignment, ...more] = prediction.of(assignments);
      assert.equal(more.length, 0);
      assert.ok(assignment?.id.startsWith(prediction.one('Microsoft.KeyVault/vaults').id));
      assert.match(
        textAt(assignment, 'properties.roleDefinitionId') ?? '',
        /4633458b-17de-408a-b874-0445c86b69e6$/,
      );
    },
  );

  itCompiled('is refused with all reasons at once where the parameters do not fit together', async () => {
    const refusal = await refusalOf('ssd-copy', {
      ssdProfile: 'unknown',
      endpointSubnetId: '',
      target: { server: 's', database: 'd', schema: 'ssd', incomingSchema: 'SSD' },
      signInClientId: '',
    });
    for (const why of [
      /ssd-copy-tables\.json/,
      /needs endpointSubnetId/,
      /two schemas/,
      /signInClientId is empty/,
    ]) {
      assert.match(refusal ?? '', why);
    }
  });
});

describe('infra/sql/sqlserver/ssd-copy.sql', () => {
  it('is for every table that the copy brings', () => {
    const script = readFileSync(join(projectRoot, 'infra', 'sql', 'sqlserver', 'ssd-copy.sql'), 'utf8');
    const named = [...script.matchAll(/^ {2}\('(\w+)'\)/gm)].map(([, table]) => table);
    assert.deepEqual(named, [...knownTables]);
  });
});
