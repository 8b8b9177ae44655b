import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { exitCodes, migrateCommand } from '../../shared/commands/migrate.js';
import { checkStagingTable, DuplicatePersonsError, migrate } from '../../shared/staging/migrations.js';
import { openDatabase } from '../../shared/database/open.js';
import { projectRoot } from '../local/migrations.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';

for (const engine of testEngines) {
  describe(`migrating the staging table (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    const types = typesOf(engine.engine);
    const word = engine.engine === 'sqlserver' ? 'NVARCHAR' : 'VARCHAR';

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
    });
    after(() => made.remove());

    /** A table of Data to Insight as older scripts left it. */
    async function anOldTable(name: string, width: number): Promise<string> {
      const table = `${made.schema}.${name}`;
      await database.query(`CREATE TABLE ${table} (
        id ${types.identity} PRIMARY KEY, person_id ${word}(${width}) NULL, legacy_id ${word}(36) NULL,
        previous_json_payload ${types.text} NULL, json_payload ${types.text} NOT NULL, current_hash ${types.hash} NULL,
        submission_status ${word}(50) DEFAULT 'Pending', submission_timestamp ${types.moment},
        api_response ${types.text} NULL, last_updated ${types.moment})`);
      return table;
    }
    const addRow = (table: string, personId: string | null) =>
      database.query(`INSERT INTO ${table} (person_id, json_payload) VALUES (@personId, '{}')`, { personId });

    it('A new table is made that the check finds complete', async () => {
      const table = `${made.schema}.fresh`;
      assert.deepEqual(await checkStagingTable(database, table), {
        missing: [`table ${table}`],
        duplicatePersons: 0,
      });
      await migrate(database, table);
      assert.deepEqual(await checkStagingTable(database, table), { missing: [], duplicatePersons: 0 });
    });

    for (const width of [36, 48]) {
      it(`An older table gets what it lacks and keeps its person_id of ${width} characters`, async () => {
        const table = await anOldTable(`old${width}`, width);
        const longId = 'x'.repeat(width);
        await addRow(table, longId);
        assert.deepEqual(
          (await checkStagingTable(database, table)).missing.map((thing) => thing.replace(table, '')),
          [
            'column .partial_json_payload',
            'column .previous_hash',
            'column .row_state',
            'column .refused_hash',
            'column .acknowledged_hash',
            'column .unanswered_json_payload',
            'column .sent_run_id',
            'column .sent_claim_id',
            'column .sent_run_number',
            'column .open_posts',
            'unique index on  (person_id)',
          ],
        );
        await migrate(database, table);
        await migrate(database, table);
        assert.deepEqual(await checkStagingTable(database, table), { missing: [], duplicatePersons: 0 });
        assert.deepEqual(await database.query(`SELECT person_id, row_state, previous_hash FROM ${table}`), [
          { person_id: longId, row_state: null, previous_hash: null },
        ]);
      });
    }

    it('People in several rows are counted and not named, and nothing is changed', async () => {
      const table = await anOldTable('twice', 20);
      for (const id of ['SECRET1', 'SECRET1', 'SECRET1', 'SECRET2', 'SECRET2', 'ALONE']) {
        await addRow(table, id);
      }
      const before = await checkStagingTable(database, table);
      assert.equal(before.duplicatePersons, 2);
      await assert.rejects(migrate(database, table), (error) => {
        assert.ok(error instanceof DuplicatePersonsError);
        assert.match(error.message, /^People in more than one row of \S+: 2\./);
        assert.doesNotMatch(error.message, /SECRET/);
        return true;
      });
      assert.deepEqual(await checkStagingTable(database, table), before);
    });

    it('A table is migrated once the statement of the script has left one row a person, the one that was sent', async () => {
      const table = await anOldTable('corrected', 20);
      for (const id of ['A1', 'A1', 'B2']) await addRow(table, id);
      await database.query(
        `UPDATE ${table} SET submission_status = 'sent' WHERE id = (SELECT MIN(id) FROM ${table})`,
      );
      await database.query(await correctingStatement(engine.engine, table));
      assert.deepEqual(
        await database.query(`SELECT person_id, submission_status FROM ${table} ORDER BY person_id`),
        [
          { person_id: 'A1', submission_status: 'sent' },
          { person_id: 'B2', submission_status: 'Pending' },
        ],
      );
      await migrate(database, table);
    });

    it('A unique index that leaves rows out does not count as one on every person', async () => {
      const table = await anOldTable('partly', 20);
      await database.query(
        `CREATE UNIQUE INDEX partly_own ON ${table} (person_id) WHERE submission_status = 'Sent'`,
      );
      assert.ok((await checkStagingTable(database, table)).missing.some((thing) => thing.includes('unique')));
      await migrate(database, table);
      await addRow(table, 'A1');
      await assert.rejects(addRow(table, 'A1'));
    });

    const unfit = {
      sqlserver: [
        ['json_payload varchar(max) NOT NULL', /json_payload is varchar and must be nvarchar\(max\)/],
        [
          'json_payload nvarchar(2000)',
          /json_payload is nvarchar of length 4000 and must be nvarchar\(max\)/,
        ],
        ['previous_json_payload ntext', /previous_json_payload is ntext/],
        ['current_hash varchar(64)', /current_hash is varchar of length 64 and must be binary\(32\)/],
        ['previous_hash binary(20)', /previous_hash is binary of length 20 and must be binary\(32\)/],
        ['person_id int', /person_id is int .*must be nvarchar/],
        ['last_updated date', /last_updated is date .*must be datetime/],
        ['legacy_id nvarchar(36) NOT NULL', /legacy_id must allow NULL/],
      ],
      postgres: [
        ['json_payload varchar(2000)', /json_payload is character varying of length 2000 and must be text/],
        ['previous_json_payload bytea', /previous_json_payload is bytea and must be text/],
        ['current_hash text', /current_hash is text and must be bytea/],
        ['person_id integer', /person_id is integer and must be varchar/],
        ['person_id char(20)', /person_id is character of length 20 and must be varchar/],
        ['last_updated date', /last_updated is date and must be timestamp/],
        ['legacy_id varchar(36) NOT NULL', /legacy_id must allow NULL/],
      ],
    } as const;
    for (const [at, [column, said]] of unfit[engine.engine].entries()) {
      it(`A table with ${column} is refused by the column's name, and nothing is changed`, async () => {
        const table = `${made.schema}.unfit${String(at)}`;
        const columns = [`person_id ${word}(20)`, `json_payload ${types.text}`].filter(
          (each) => !column.startsWith(each.split(' ')[0] ?? ''),
        );
        await database.query(
          `CREATE TABLE ${table} (id ${types.identity}, ${[...columns, column].join(', ')})`,
        );
        await assert.rejects(checkStagingTable(database, table), said);
        await assert.rejects(migrate(database, table), said);
        await assert.rejects(database.query(`SELECT sent_claim_id FROM ${table}`));
      });
    }

    it('The partial payload may be empty where a version of their script forbids it', async () => {
      const table = `${made.schema}.never_empty`;
      await database.query(`CREATE TABLE ${table} (id ${types.identity}, person_id ${word}(20),
        json_payload ${types.text} NOT NULL, partial_json_payload ${types.text} NOT NULL)`);
      assert.ok(
        (await checkStagingTable(database, table)).missing.includes(
          `change of ${table}.partial_json_payload: it must allow NULL`,
        ),
      );
      await migrate(database, table);
      assert.deepEqual(await checkStagingTable(database, table), { missing: [], duplicatePersons: 0 });
      await addRow(table, 'A1');
    });

    it('A table that is something else is refused', async () => {
      await database.query(`CREATE TABLE ${made.schema}.other (id int)`);
      await assert.rejects(migrate(database, `${made.schema}.other`), /is not a staging table/);
    });
  });
}

/** The DELETE that the head of the script recommends, out of its comment. */
async function correctingStatement(engine: Database['engine'], table: string): Promise<string> {
  const script = await readFile(
    join(projectRoot, 'infra', 'sql', engine, '004-one-row-a-person.sql'),
    'utf8',
  );
  const found = /^-- {3}WITH[\s\S]*?;$/m.exec(script)?.[0] ?? '';
  return found.replaceAll(/^--/gm, '').replaceAll('$(StagingTable)', table);
}

describe('npm run migrate', () => {
  let folder: string;
  let said: string;
  const run = (...args: string[]) =>
    migrateCommand(args, { SSD_CONNECTION_STRING: `embedded:${folder}`, STAGING_TABLE: 'staged' }, (text) => {
      said += text;
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csc-migrate-'));
    said = '';
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('The option --check says what is missing and makes nothing', async () => {
    assert.equal(await run('--check'), exitCodes.missing);
    assert.equal(await run('--check'), exitCodes.missing);
    assert.equal(said, 'missing: table staged\n'.repeat(2));
  });

  it('The command makes what is missing, after which nothing is missing', async () => {
    assert.equal(await run(), exitCodes.done);
    assert.equal(await run('--check'), exitCodes.done);
    assert.equal(await run(), exitCodes.done);
    assert.match(said, /lacks nothing\n$/);
  });

  for (const args of [[], ['--check']]) {
    it(`People in several rows have an exit code of their own (${args.join() || 'no option'})`, async () => {
      const database = await openDatabase(`embedded:${folder}`);
      await database.query('CREATE TABLE staged (id int, person_id varchar(20), json_payload text)');
      await database.query("INSERT INTO staged VALUES (1, 'SECRET', '{}'), (2, 'SECRET', '{}')");
      await database.close();
      assert.equal(await run(...args), exitCodes.duplicates);
      assert.match(said, /^People in more than one row of \S+: 1\./m);
      assert.doesNotMatch(said, /SECRET/);
    });
  }

  it('The command fails without a connection string, with a table that is not a name, and with an unknown option', async () => {
    const write = (text: string) => {
      said += text;
    };
    assert.equal(await migrateCommand([], {}, write), exitCodes.failed);
    const environment = { SSD_CONNECTION_STRING: 'embedded:', STAGING_TABLE: 'a; DROP TABLE b' };
    assert.equal(await migrateCommand([], environment, write), exitCodes.failed);
    assert.equal(await run('--chek'), exitCodes.failed);
    assert.match(said, /SSD_CONNECTION_STRING is missing\n[\s\S]*STAGING_TABLE must be a name[\s\S]*Usage/);
  });
});
