import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, describe, it } from 'node:test';
import { runScript } from '../../shared/database/scripts.js';
import { ssdTables } from '../../shared/child/sourceRows.js';
import { migrate, projectRoot } from '../local/migrations.js';
import { aTableOfDataToInsightOnPostgres } from '../staging/dataToInsight.js';
import { aWorld, ssds } from './world.js';
import { markTable } from '../../shared/ssd/inventedPeople.js';

const readable = [...Object.keys(ssdTables), 'ssd_professionals'].sort();
/** In an SSD of invented children also the mark of their generator. */
const granted = [...readable, markTable];

describe("the rights of the app's identity", () => {
  const world = aWorld();
  let check: readonly Readonly<Record<string, unknown>>[] = [];
  const asApp = () => world.database.query('SET ROLE csc_app');

  before(async () => {
    await world.database.query('CREATE ROLE csc_app');
    for (const SsdSchema of [ssds.first, ssds.later]) {
      const variables = { AppUser: 'csc_app', SsdSchema, StagingTable: 'ssd_api_data_staging' };
      await runScript(world.database, 'grants.sql', variables);
      check = await runScript(world.database, 'grants.sql', variables);
    }
    await world.database.query('CREATE TABLE other (secret text)');
    await world.database.query(`CREATE TABLE ${ssds.first}.ssd_not_read (secret text)`);
  });
  afterEach(() => world.database.query('RESET ROLE'));

  it('are enough for nights with new, changed and removed children and for an erasure', async () => {
    const expected = { first: await world.expected('first'), later: await world.expected('later') };
    await asApp();
    for (const night of ['first', 'later'] as const) {
      await world.run(world.dependencies(night));
      assert.deepEqual(world.dfe.children(), expected[night]);
    }
    const { staging } = world.dependencies('later');
    const gone = (await world.stagingRows()).find((row) => row['previous_json_payload'] === null);
    assert.ok(gone !== undefined, 'a child has left');
    assert.equal(await staging.removeIfNotHeld(String(gone['person_id'])), true);
  });

  const forbidden = [
    'DROP TABLE ssd_api_data_staging',
    'ALTER TABLE ssd_api_data_staging ADD COLUMN more text',
    'TRUNCATE ssd_api_data_staging',
    'CREATE INDEX more ON ssd_api_data_staging (legacy_id)',
    'CREATE TABLE more (id int)',
    'SELECT secret FROM other',
    `SELECT secret FROM ${ssds.first}.ssd_not_read`,
    `SELECT pers_person_id FROM ${ssds.empty}.ssd_person`,
    `CREATE TABLE ${ssds.first}.more (id int)`,
    `DROP TABLE ${ssds.first}.ssd_person`,
    ...readable.flatMap((table) => [
      `DELETE FROM ${ssds.first}.${table}`,
      `INSERT INTO ${ssds.first}.${table} DEFAULT VALUES`,
    ]),
    `UPDATE ${ssds.first}.ssd_person SET pers_forename = ''`,
  ];
  for (const statement of forbidden) {
    it(`do not allow ${statement}`, async () => {
      await asApp();
      await assert.rejects(world.database.query(statement), { code: '42501' });
    });
  }

  it('are what the check query lists, and no more', () => {
    assert.deepEqual(
      check.map(({ may, on_what: what }) => `${String(may)} ${String(what)}`).sort(),
      [
        ...['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((may) => `${may} public.ssd_api_data_staging`),
        ...[ssds.first, ssds.later].flatMap((schema) => readable.map((table) => `SELECT ${schema}.${table}`)),
        `SELECT ${ssds.first}.${markTable}`,
      ].sort(),
    );
  });
});

describe("a night on the staging table of Data to Insight's PostgreSQL script, with these rights", () => {
  const world = aWorld();
  const stagingTable = 'ssd_api_data_staging';

  it('sends nothing of what their sender has sent already, and later what has changed', async () => {
    await world.run(world.dependencies('first'));
    const sent = await world.database.query(
      `SELECT person_id, json_payload FROM ${stagingTable} WHERE submission_status = 'Sent'`,
    );
    assert.ok(sent.length > 10);
    await world.database.query(`DROP TABLE ${stagingTable}`);
    await aTableOfDataToInsightOnPostgres(world.database, stagingTable);
    for (const row of sent) {
      await world.database.query(
        `INSERT INTO ${stagingTable} (person_id, json_payload, previous_json_payload, current_hash, previous_hash,
           submission_status, row_state)
         VALUES (@personId, CAST(@json AS jsonb), CAST(@json AS jsonb), sha256('theirs'), sha256('theirs'),
           'sent', 'unchanged')`,
        { personId: String(row['person_id']), json: String(row['json_payload']) },
      );
    }
    await migrate(world.database, stagingTable);
    await world.database.query('CREATE ROLE csc_app');
    for (const SsdSchema of [ssds.first, ssds.later]) {
      const variables = { AppUser: 'csc_app', SsdSchema, StagingTable: stagingTable };
      await runScript(world.database, 'grants.sql', variables);
    }
    const expected = await world.expected('later');

    await world.database.query('SET ROLE csc_app');
    let posts = 0;
    const silent = world.dependencies('first');
    const { post } = silent;
    await world.run({ ...silent, post: (payloads) => ((posts += 1), post(payloads)) });
    assert.equal(posts, 0);
    const rows = await world.stagingRows();
    assert.equal(rows.length, sent.length);
    assert.ok(rows.every((row) => row['acknowledged_hash'] !== null && row['row_state'] === 'Unchanged'));
    await world.run(world.dependencies('later'));
    await world.database.query('RESET ROLE');
    assert.deepEqual(world.dfe.children(), expected);
  });
});

describe('infra/sql/sqlserver/grants.sql', () => {
  const script = readFileSync(join(projectRoot, 'infra', 'sql', 'sqlserver', 'grants.sql'), 'utf8');

  it('grants what its PostgreSQL twin does: to read each table that is read, and to write the staging table', () => {
    const grants = [...script.matchAll(/^GRANT (.+) ON OBJECT::(\S+) TO \[\$\(AppUser\)\];$/gm)].map(
      ([, may, what]) => `${may ?? ''} ${what ?? ''}`,
    );
    assert.deepEqual(
      grants.sort(),
      [
        'SELECT, INSERT, UPDATE, DELETE $(StagingTable)',
        ...granted.map((table) => `SELECT $(SsdSchema).${table}`),
      ].sort(),
    );
    assert.equal([...script.matchAll(/^GRANT /gm)].length, grants.length);
  });

  it('looks for the very table it grants', () => {
    for (const [, looked, granted] of script.matchAll(
      /OBJECT_ID\('(\S+)'\) IS NOT NULL\nGRANT SELECT ON OBJECT::(\S+) /g,
    )) {
      assert.equal(looked, granted);
    }
  });
});

describe('infra/sql/sqlserver/indexes.sql', () => {
  it('makes the indexes of its PostgreSQL twin', () => {
    const [sqlServer, postgres] = ['sqlserver', 'postgres'].map((engine) =>
      readFileSync(join(projectRoot, 'infra', 'sql', engine, 'indexes.sql'), 'utf8'),
    );
    const made = [
      ...(sqlServer ?? '').matchAll(/^CREATE INDEX csc_(\w+) ON \$\(SsdSchema\)\.(\w+) \((\w+)\);$/gm),
    ];
    const wanted = [...(postgres ?? '').matchAll(/\('(ssd_\w+)', '(\w+)'\)/g)];
    assert.ok(made.length > 20);
    assert.deepEqual(
      made.map(([, name, table, column]) => [table, column, name]),
      wanted.map(([, table, column]) => [table, column, column]),
    );
  });
});
