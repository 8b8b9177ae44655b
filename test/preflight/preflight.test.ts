import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { QueueServiceClient, StorageSharedKeyCredential } from '@azure/storage-queue';
import { AzureQueues } from '../../shared/azure/azureQueues.js';
import { plainDate } from '../../shared/child/dates.js';
import type { Database, Engine } from '../../shared/database/database.js';
import { statementError } from '../../shared/database/statementError.js';
import { CredentialsError, fixedCredentials } from '../../shared/dfe/credentials.js';
import {
  preflight,
  preflightChecks,
  type Preflight,
  type PreflightCheckName,
  type PreflightDatabase,
  type PreflightParts,
} from '../../shared/preflight/preflight.js';
import { chunkQueue, extractQueue, poisonOf } from '../../shared/host/queues.js';
import { readSettings, SettingsError } from '../../shared/settings.js';
import { codeListsOn } from '../../shared/child/codes/codeLists.js';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { SsdReader, type CohortLimits } from '../../shared/ssd/ssdReader.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { emptySsd, openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';
import { asRole, createRole } from '../database/role.js';
import { migrate } from '../local/migrations.js';
import { loadRows } from '../local/ssd/load.js';
import { aTableOfDataToInsightOnPostgres } from '../staging/dataToInsight.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';

const aChild = { pers_person_id: 'C-seeded-id', pers_forename: 'Siân-seeded', pers_dob: '2015-05-05' };
const seeded = /seeded/;
const today = plainDate('2026-08-11');
const inTime = { shortMs: 20_000, longMs: 20_000 };

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const oneTry = { retryOptions: { maxTries: 1 } };

function theQueues(connectionString = azurite.connectionString): AzureQueues {
  return new AzureQueues(QueueServiceClient.fromConnectionString(connectionString, oneTry));
}

function outcomesOf({ checks }: Preflight): Partial<Record<PreflightCheckName, string>> {
  return Object.fromEntries(checks.map(({ check, outcome }) => [check, outcome]));
}

function typeIn(engine: Engine, type: keyof ReturnType<typeof typesOf>): string {
  return typesOf(engine)[type];
}

function foundBy(check: PreflightCheckName, { checks }: Preflight): string {
  return checks.find((each) => each.check === check)?.found ?? '';
}

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let stagingTable: string;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      stagingTable = `${made.schema}.staging`;
    });
    after(() => made.remove());
    beforeEach(async () => {
      await emptySsd(database, made.schema);
      await loadRows(database, made.schema, 'ssd_person', [aChild]);
      await loadRows(database, made.schema, 'ssd_cin_episodes', [
        { cine_referral_id: 'E1', cine_person_id: aChild.pers_person_id, cine_referral_date: '2026-08-04' },
      ]);
      await database.query(`DROP TABLE IF EXISTS ${stagingTable}`);
      await migrate(database, stagingTable);
    });

    function parts(changed: Partial<PreflightParts> = {}): PreflightParts {
      const blobs = new Map<string, string>();
      return {
        openDatabase: () => opened(() => Promise.resolve(database)),
        careWorkerRoles: builtInProfile('systemc').careWorkerRoles,
        today: () => today,
        codeLists: () => codeListsOn(today),
        ssdOf: (opened) => new SsdReader(opened, made.schema, builtInProfile('systemc').names),
        stagingTable,
        readPseudonyms: () => Promise.resolve(),
        openDfe: () => aDfe('accepted'),
        receiver: { receiver: 'live', baseUrl: 'https://csc.dfe.example/receiver/1' },
        addressesNotKnown: [],
        blobs: {
          write: (name, content) => Promise.resolve(void blobs.set(name, content)),
          read: (name) => Promise.resolve(blobs.get(name)),
          time: () => Promise.resolve(new Date()),
        },
        ledger: new MemoryBlobs(),
        openQueues: () => theQueues(),
        now: () => new Date(),
        ...changed,
      };
    }

    /** A database that is opened so, and need not be closed. */
    function opened(get: () => Promise<Database>): PreflightDatabase {
      return { get, close: () => Promise.resolve() };
    }

    function aDfe(credentials: 'accepted' | 'refused' | 'unanswered') {
      return {
        credentials: fixedCredentials({
          clientId: 'seeded-client',
          clientSecret: 'seeded-secret',
          supplierKey: 'seeded-key',
          secondarySupplierKey: undefined,
        }),
        probe: () => Promise.resolve({ credentials, text: 'What DfE said.', tries: 1 }),
        close: () => Promise.resolve(),
      };
    }

    const look = (changed: Partial<PreflightParts> = {}, limits = inTime) =>
      preflight(() => parts(changed), limits);

    test('passes everything but indexes on an app that is ready, and names no child', async () => {
      const result = await look();
      assert.deepEqual(
        result.checks.filter(({ outcome, check }) => outcome !== 'pass' && check !== 'ssdIndexes'),
        [],
      );
      assert.deepEqual(
        result.checks.map(({ check }) => check),
        [...preflightChecks],
      );
      assert.match(foundBy('ssdRows', result), /ssd_person 1\b/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('says which receiver children go to, and warns of an address that only a setting makes known', async () => {
      const known = await look();
      assert.match(foundBy('settings', known), /DfE's live receiver at csc\.dfe\.example\/receiver\/1\.$/);
      const added = await look({ addressesNotKnown: ['DFE_API_BASE_URL'] });
      const check = added.checks.find(({ check }) => check === 'settings');
      assert.equal(check?.outcome, 'warn');
      assert.match(check.found, /does not know the address in DFE_API_BASE_URL: DFE_FURTHER_ADDRESSES/);
      assert.match(check.remedy ?? '', /letter by letter/);
    });

    test('lists all wrong settings and skips the rest when the settings are wrong', async () => {
      const result = await preflight(() => {
        readSettings({ DFE_CLIENT_SECRET: 'seeded-secret', LA_CODE: 'seeded' });
        return parts();
      });
      assert.equal(result.outcome, 'fail');
      assert.match(foundBy('settings', result), /LA_CODE must be[\s\S]*DFE_SCOPE is missing/);
      assert.ok(result.checks.slice(1).every(({ outcome }) => outcome === 'skipped'));
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('warns, and fails nothing, where this release has no code lists for the collection year', async () => {
      const result = await look({ codeLists: () => codeListsOn('2091-06-01') });
      assert.equal(outcomesOf(result).codeLists, 'warn');
      assert.equal(result.outcome, 'warn');
      assert.match(foundBy('codeLists', result), /no code lists for the collection year 2091-92/);
    });

    test('skips what needs a database that cannot be reached, and quotes nothing of the driver', async () => {
      const error = Object.assign(new Error('Login failed, Password=seeded-password'), { code: 'ELOGIN' });
      const result = await look({ openDatabase: () => opened(() => Promise.reject(error)) });
      assert.deepEqual(outcomesOf(result), {
        settings: 'pass',
        codeLists: 'pass',
        secrets: 'pass',
        pseudonyms: 'pass',
        database: 'fail',
        ssdTables: 'skipped',
        ssdTypes: 'skipped',
        ssdIndexes: 'skipped',
        ssdRows: 'skipped',
        ssdRelations: 'skipped',
        ssdFreshness: 'skipped',
        cohortLists: 'skipped',
        stagingTable: 'skipped',
        stagingRights: 'skipped',
        dfe: 'pass',
        storage: 'pass',
        queues: 'pass',
        clock: 'skipped',
      });
      assert.match(foundBy('database', result), /ELOGIN/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('shows no value of a row that the database quotes in an error', async () => {
      const quoting = { query: () => Promise.reject(statementError(new Error("Truncated value: 'seeded'"))) };
      const result = await look({
        openDatabase: () => opened(() => Promise.resolve({ ...database, ...quoting })),
      });
      assert.equal(outcomesOf(result).database, 'fail');
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    describe('of an SSD that is not complete', () => {
      const dropColumns = async (table: string, ...columns: string[]) => {
        for (const column of columns) {
          await database.query(`ALTER TABLE ${made.schema}.${table} DROP COLUMN ${column}`);
        }
      };

      test('warns of tables and columns that would add something, and says what', async () => {
        await database.query(`DROP TABLE ${made.schema}.ssd_linked_identifiers`);
        await dropColumns('ssd_person', 'pers_upn');
        await dropColumns('ssd_address', 'addr_person_id', 'addr_address_end_date');
        await dropColumns('ssd_cin_plans', 'cinp_cin_plan_team', 'cinp_cin_plan_worker_id');
        const result = await look();
        assert.equal(outcomesOf(result).ssdTables, 'warn');
        assert.equal(
          foundBy('ssdTables', result),
          [
            'A run works, and DfE keeps what it holds. Not there: 1 table and 5 columns.',
            'Without ssd_linked_identifiers: no former UPN is sent.',
            'Without ssd_person.pers_upn: no UPN is sent.',
            'Without ssd_address.addr_person_id: no row of the table is sent.',
            'Without ssd_address.addr_address_end_date: the address that started last is taken.',
            'Without ssd_cin_plans.cinp_cin_plan_team, ssd_cin_plans.cinp_cin_plan_worker_id: findings are harder to look up.',
          ].join('\n'),
        );
        assert.equal(outcomesOf(result).ssdRows, 'pass');
        assert.notEqual(result.outcome, 'fail');
      });

      test('passes where only findings are harder to look up', async () => {
        await dropColumns('ssd_cin_plans', 'cinp_cin_plan_team');
        assert.equal(outcomesOf(await look()).ssdTables, 'pass');
      });

      for (const [table, column] of [
        ['ssd_person', 'pers_person_id'],
        ['ssd_cin_episodes', 'cine_referral_id'],
        ['ssd_cin_episodes', 'cine_person_id'],
      ] as const) {
        test(`fails without ${table}.${column}, and looks at none of the tables`, async () => {
          const { names } = profileFrom({ columnNames: { [table]: { [column]: 'not_there' } } }, 'ours');
          const result = await look({ ssdOf: (opened) => new SsdReader(opened, made.schema, names) });
          assert.equal(outcomesOf(result).ssdTables, 'fail');
          assert.match(foundBy('ssdTables', result), new RegExp(`column \\S+\\.${table}\\.not_there`));
          assert.equal(outcomesOf(result).ssdRows, 'skipped');
          assert.equal(outcomesOf(result).ssdRelations, 'skipped');
        });
      }
    });

    describe('looks at how the rows of the SSD find each other', () => {
      const involvements = (roles: readonly string[]) =>
        loadRows(
          database,
          made.schema,
          'ssd_involvements',
          roles.map((role, at) => ({
            invo_involvements_id: String(at),
            invo_person_id: aChild.pers_person_id,
            invo_referral_id: 'E1',
            invo_professional_id: 'W1',
            invo_professional_role_id: role,
          })),
        );
      beforeEach(() =>
        loadRows(database, made.schema, 'ssd_professionals', [{ prof_professional_id: 'W1' }]),
      );

      test('and says of each relation how many rows find their parent', async () => {
        await involvements(['CW', 'OTHER']);
        const result = await look();
        assert.equal(outcomesOf(result).ssdRelations, 'pass');
        const found = foundBy('ssdRelations', result);
        assert.match(found, /ssd_cin_episodes\.cine_person_id -> ssd_person 1 of 1/);
        assert.match(found, /ssd_involvements\.invo_referral_id -> ssd_cin_episodes 2 of 2/);
        assert.match(found, /Involvements with a role that the profile reports: 1 of 2\./);
      });

      test('and warns of a relation that joins nothing, with what to do', async () => {
        await loadRows(database, made.schema, 'ssd_assessment_factors', [
          { cinf_table_id: 'F', cinf_assessment_id: 'A9', cinf_assessment_factors_json: '["1A"]' },
        ]);
        const { checks } = await look();
        const relations = checks.find(({ check }) => check === 'ssdRelations');
        assert.equal(relations?.outcome, 'warn');
        assert.match(relations.found, /^0 of 1 rows of ssd_assessment_factors find their row in ssd_cin_ass/);
        assert.match(relations.remedy ?? '', /"relations" in a profile/);
      });

      test('and lists the roles where none is reported, but for rare ones, which may be names', async () => {
        const roles = [...Array<string>(6).fill('SOCWORK'), ...Array<string>(5).fill('IRO'), 'seeded name'];
        await involvements(roles);
        const result = await look();
        assert.equal(outcomesOf(result).ssdRelations, 'warn');
        assert.match(
          foundBy('ssdRelations', result),
          /^0 of 12 involvements have a role.*\nThe roles of involvements: SOCWORK 6, IRO 5, other roles or none 1\./,
        );
        assert.doesNotMatch(JSON.stringify(result), seeded);
      });

      test('and says nothing of roles where workers of every role are sent', async () => {
        await involvements(['SOCWORK']);
        const result = await look({ careWorkerRoles: undefined });
        assert.equal(outcomesOf(result).ssdRelations, 'pass');
        assert.doesNotMatch(foundBy('ssdRelations', result), /role/);
      });
    });

    test('warns of person columns without an index, until they have one', async () => {
      assert.match(foundBy('ssdIndexes', await look()), /ssd_address\.addr_person_id/);
      // As infra/sql/postgres/indexes.sql makes them: ids are compared without the blanks behind them there.
      const compared = engine.engine === 'postgres' ? 'RTRIM(addr_person_id)' : 'addr_person_id';
      await database.query(`CREATE INDEX ix_addr ON ${made.schema}.ssd_address (${compared})`);
      const result = await look();
      assert.equal(outcomesOf(result).ssdIndexes, 'warn');
      assert.doesNotMatch(foundBy('ssdIndexes', result), /ssd_address/);
    });

    test('warns of person columns that no index can serve, also when they have one', async () => {
      await retype('ssd_address', /^addr_person_id$/, 'integer');
      await database.query(`ALTER TABLE ${made.schema}.ssd_disability DROP COLUMN disa_person_id`);
      const collation = engine.engine === 'postgres' ? '"C"' : 'Latin1_General_BIN2';
      await database.query(
        `ALTER TABLE ${made.schema}.ssd_disability ADD disa_person_id varchar(48) COLLATE ${collation}`,
      );
      for (const [table, column] of [
        ['ssd_address', 'addr_person_id'],
        ['ssd_disability', 'disa_person_id'],
      ] as const) {
        await database.query(`CREATE INDEX ix_${column} ON ${made.schema}.${table} (${column})`);
      }
      const result = await look();
      assert.equal(outcomesOf(result).ssdIndexes, 'warn');
      assert.match(
        foundBy('ssdIndexes', result),
        /No index can serve 2 person columns, .*: ssd_address\.addr_person_id is int(eger)?, not text; ssd_disability\.disa_person_id has another collation than ssd_person's ids\./,
      );
    });

    describe('looks at the lists that limit who is sent', () => {
      const lookWith = (limits: CohortLimits, as = database) =>
        look({
          openDatabase: () => opened(() => Promise.resolve(as)),
          ssdOf: (opened) => new SsdReader(opened, made.schema, builtInProfile('systemc').names, limits),
        });
      let list: string;
      beforeEach(async () => {
        list = `${made.schema}.our_list`;
        await database.query(`DROP TABLE IF EXISTS ${list}`);
        await database.query(`CREATE TABLE ${list} (person_id varchar(20))`);
      });

      test('and passes those that hold ids', async () => {
        await database.query(`INSERT INTO ${list} VALUES ('C-seeded-id')`);
        const result = await lookWith({ cohortList: list });
        assert.equal(outcomesOf(result).cohortLists, 'pass');
        assert.equal(foundBy('cohortLists', result), `${list} lists 1 id.`);
        assert.doesNotMatch(JSON.stringify(result), seeded);
      });

      test('and warns of an empty one, by what it does', async () => {
        await database.query(`INSERT INTO ${list} VALUES (NULL)`);
        const cohort = await lookWith({ cohortList: list });
        assert.equal(outcomesOf(cohort).cohortLists, 'warn');
        assert.match(
          foundBy('cohortLists', cohort),
          /is empty: nobody is sent, and every child that DfE holds/,
        );
        const allowed = await lookWith({ allowList: list });
        assert.match(foundBy('cohortLists', allowed), /is empty: nobody is sent, changed or removed\.$/);
      });

      test('and fails on one that is not there or has no person_id', async () => {
        const absent = await lookWith({ cohortList: list, allowList: `${made.schema}.nowhere` });
        assert.equal(outcomesOf(absent).cohortLists, 'fail');
        assert.match(foundBy('cohortLists', absent), /The list \S+\.nowhere cannot be read/);
        const other = await lookWith({ cohortList: `${made.schema}.ssd_person` });
        assert.equal(outcomesOf(other).cohortLists, 'fail');
      });

      if (engine.engine === 'postgres') {
        test('and fails on one that the login may not read', async () => {
          const role = `unlisted_${made.schema}`;
          await createRole(database, role);
          await database.query(`GRANT USAGE ON SCHEMA ${made.schema} TO ${role}`);
          const result = await asRole(engine, database, role, (own) => lookWith({ allowList: list }, own));
          assert.equal(outcomesOf(result).cohortLists, 'fail');
          assert.match(foundBy('cohortLists', result), /our_list cannot be read: .*permission was denied/);
        });
      }
    });

    test('warns of an SSD that is empty', async () => {
      await emptySsd(database, made.schema);
      const result = await look();
      assert.equal(result.outcome, 'warn');
      assert.match(foundBy('ssdRows', result), /^Empty: ssd_person, ssd_cin_episodes\./);
    });

    test('warns of an SSD in which nothing has happened for more than a week, whatever its dates in the future say', async () => {
      assert.equal(
        foundBy('ssdFreshness', await look()),
        'Newest dates up to today: ssd_cin_episodes 2026-08-04, ssd_cin_assessments none, ssd_s47_enquiry none, ssd_involvements none.',
      );
      await loadRows(database, made.schema, 'ssd_involvements', [
        {
          invo_involvements_id: 'I1',
          invo_involvement_start_date: '2026-07-30',
          invo_involvement_end_date: '2027-01-01',
        },
      ]);
      const result = await look({ today: () => plainDate('2026-08-12') });
      assert.equal(outcomesOf(result).ssdFreshness, 'warn');
      assert.match(foundBy('ssdFreshness', result), /out of date.*ssd_involvements 2026-07-30\.$/);
      await database.query(
        `UPDATE ${made.schema}.ssd_involvements SET invo_involvement_end_date = CAST('2026-08-05' AS date)`,
      );
      const changed = await look({ today: () => plainDate('2026-08-12') });
      assert.equal(outcomesOf(changed).ssdFreshness, 'pass', 'a worker who left is a sign of life, too');
    });

    test('cannot tell how fresh an SSD is that has no date, or none in a column of dates', async () => {
      await emptySsd(database, made.schema);
      assert.match(foundBy('ssdFreshness', await look()), /^No date tells/);
      for (const table of ['cin_episodes', 'cin_assessments', 's47_enquiry', 'involvements']) {
        await retype(`ssd_${table}`, /_date$/, 'text');
      }
      await database.query(
        `INSERT INTO ${made.schema}.ssd_cin_episodes (cine_referral_id, cine_referral_date) VALUES ('E1', 'yesterday')`,
      );
      const result = await look();
      assert.equal(outcomesOf(result).ssdFreshness, 'warn');
      assert.match(foundBy('ssdFreshness', result), /^No date tells/);
    });

    /** Gives the columns of an SSD table that match a type. */
    async function retype(table: string, columns: RegExp, type: Parameters<typeof typeIn>[1]): Promise<void> {
      const found = await database.query(
        'SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = @schema AND TABLE_NAME = @table',
        { schema: made.schema, table },
      );
      for (const name of found.map((row) => String(row['name'])).filter((name) => columns.test(name))) {
        await database.query(`ALTER TABLE ${made.schema}.${table} DROP COLUMN ${name}`);
        await database.query(
          `ALTER TABLE ${made.schema}.${table} ADD ${name} ${typeIn(engine.engine, type)}`,
        );
      }
    }

    test('finds every type that the published extracts have fit to be read', async () => {
      assert.equal(outcomesOf(await look()).ssdTypes, 'pass');
      for (const system of ['mosaic', 'eclipse'] as const) {
        await emptySsd(database, made.schema, system);
        const ssdOf = (given: Database) => new SsdReader(given, made.schema, builtInProfile(system).names);
        assert.equal(
          foundBy('ssdTypes', await look({ ssdOf })),
          'Every column that is read has a type that can be.',
        );
      }
      await emptySsd(database, made.schema);
    });

    test('warns of ids that are rounded, by name, type and what comes of it', async () => {
      await retype('ssd_cin_plans', /^cinp_cin_plan_id$/, 'number');
      const result = await look();
      assert.equal(outcomesOf(result).ssdTypes, 'warn');
      assert.match(
        foundBy('ssdTypes', result),
        /^ssd_cin_plans\.cinp_cin_plan_id is (float|double precision), and text is expected: long numbers are rounded.*\.$/,
      );
    });

    test('warns of dates that are text or numbers, and of text that is bytes', async () => {
      await retype('ssd_address', /_start_date$/, 'text');
      await retype('ssd_sdq_scores', /_date$/, 'integer');
      await retype('ssd_disability', /_code$/, 'hash');
      const result = await look();
      assert.equal(outcomesOf(result).ssdTypes, 'warn');
      const found = foundBy('ssdTypes', result).split('\n');
      assert.deepEqual(
        found.map((line) => line.replace(/ is .*: /, ': ')),
        [
          'ssd_address.addr_address_start_date: only values such as 2026-05-31 are read, with or without a time, and all others are reported.',
          'ssd_disability.disa_disability_code: no value of it can be read.',
          'ssd_sdq_scores.csdq_sdq_completed_date: no value of it is a date, and all are reported.',
        ],
      );
    });

    test('passes ids that are whole numbers in one table and text in another: they are compared as text', async () => {
      await retype('ssd_cin_episodes', /^cine_referral_id$/, 'integer');
      assert.equal(outcomesOf(await look()).ssdTypes, 'pass');
    });

    if (engine.engine === 'postgres') {
      const odd = [
        ['a birth date that is text', 'ssd_person', /^pers_dob$/, 'text'],
        [
          'a referral that is a number in one of two tables',
          'ssd_cin_episodes',
          /^cine_referral_id$/,
          'integer',
        ],
        [
          'a professional who is a number in one of two tables',
          'ssd_professionals',
          /^prof_professional_id$/,
          'integer',
        ],
        [
          'a period of care that is a number in one of two tables',
          'ssd_cla_episodes',
          /^clae_cla_id$/,
          'integer',
        ],
      ] as const;
      for (const [what, table, column, type] of odd) {
        test(`does not fail, and a night runs, with ${what}`, async () => {
          await retype(table, column, type);
          assert.notEqual(outcomesOf(await look()).ssdTypes, 'fail');
          const reader = parts().ssdOf(database);
          assert.ok(reader instanceof SsdReader);
          await reader.survey();
          await reader.ranges(10);
          await reader.read({ after: null, upTo: 'C1' }, 'SELECT 1 AS nothing');
        });
      }
    }

    test('fails without the staging table, and with one that lacks columns or its unique index', async () => {
      await database.query(`DROP TABLE ${stagingTable}`);
      assert.match(foundBy('stagingTable', await look()), /sees no table/);
      await database.query(`CREATE TABLE ${stagingTable} (person_id varchar(20), json_payload varchar(20))`);
      const result = await look();
      assert.equal(outcomesOf(result).stagingTable, 'fail');
      assert.equal(outcomesOf(result).stagingRights, 'skipped');
      assert.match(foundBy('stagingTable', result), /lacks the columns .*sent_claim_id.*no unique index/);
      assert.doesNotMatch(foundBy('stagingTable', result), / (person_id|json_payload),/);
    });

    test('fails with a staging table whose columns cannot take what a night writes, by their names', async () => {
      await database.query(`ALTER TABLE ${stagingTable} DROP COLUMN partial_json_payload`);
      await database.query(`ALTER TABLE ${stagingTable} ADD partial_json_payload varchar(20)`);
      await database.query(`ALTER TABLE ${stagingTable} DROP COLUMN refused_hash`);
      await database.query(`ALTER TABLE ${stagingTable} ADD refused_hash varchar(64)`);
      const result = await look();
      assert.equal(outcomesOf(result).stagingTable, 'fail');
      assert.match(foundBy('stagingTable', result), /\.partial_json_payload is (character )?var/);
      assert.match(
        foundBy('stagingTable', result),
        /\.refused_hash is .* and must be (bytea|binary\(32\))\./,
      );
    });

    if (engine.engine === 'postgres') {
      test('fails when the login may not use the sequence that numbers the rows of the staging table', async () => {
        const role = `unnumbered_${made.schema}`;
        await database.query(`DROP TABLE ${stagingTable}`);
        await aTableOfDataToInsightOnPostgres(database, stagingTable);
        await migrate(database, stagingTable);
        await createRole(database, role);
        await database.query(`GRANT USAGE ON SCHEMA ${made.schema} TO ${role}`);
        await database.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${made.schema} TO ${role}`);
        const result = await asRole(engine, database, role, (own) =>
          look({ openDatabase: () => opened(() => Promise.resolve(own)) }),
        );
        assert.equal(outcomesOf(result).stagingTable, 'pass');
        assert.equal(outcomesOf(result).stagingRights, 'fail');
        assert.match(foundBy('stagingRights', result), /may not use the sequence \S+staging_id_seq/);
      });

      test('fails when the login may read the staging table but not write it', async () => {
        const role = `reader_${made.schema}`;
        await createRole(database, role);
        await database.query(`GRANT USAGE ON SCHEMA ${made.schema} TO ${role}`);
        await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${made.schema} TO ${role}`);
        const result = await asRole(engine, database, role, (own) =>
          look({ openDatabase: () => opened(() => Promise.resolve(own)) }),
        );
        assert.equal(outcomesOf(result).stagingTable, 'pass');
        assert.equal(outcomesOf(result).stagingRights, 'fail');
        assert.match(foundBy('stagingRights', result), /permission was denied/);
      });
    }

    test('leaves the rows of the staging table as they are', async () => {
      await database.query(
        `INSERT INTO ${stagingTable} (person_id, json_payload) VALUES ('C-seeded-id', '{"name":"seeded"}')`,
      );
      const before = await database.query(`SELECT * FROM ${stagingTable}`);
      assert.doesNotMatch(JSON.stringify(await look()), seeded);
      assert.deepEqual(await database.query(`SELECT * FROM ${stagingTable}`), before);
    });

    test('fails when DfE refuses the credentials or does not answer', async () => {
      for (const said of ['refused', 'unanswered'] as const) {
        const result = await look({ openDfe: () => aDfe(said) });
        assert.equal(outcomesOf(result).dfe, 'fail');
        assert.equal(foundBy('dfe', result), 'What DfE said.');
      }
    });

    test('asks DfE nothing without credentials', async () => {
      const unreadable = () => Promise.reject(new CredentialsError('No secret of this name.', false));
      const dfe = aDfe('accepted');
      const result = await look({
        openDfe: () => ({ ...dfe, credentials: { ...dfe.credentials, current: unreadable } }),
      });
      assert.equal(foundBy('secrets', result), 'No secret of this name.');
      assert.equal(outcomesOf(result).dfe, 'skipped');
    });

    test('fails without the key of the pseudonyms, and asks for none where none are made', async () => {
      const unreadable = () => Promise.reject(new CredentialsError('No secret of this name.', false));
      const result = await look({ readPseudonyms: unreadable });
      assert.equal(outcomesOf(result).pseudonyms, 'fail');
      assert.equal(foundBy('pseudonyms', result), 'No secret of this name.');
      assert.equal(outcomesOf(result).dfe, 'pass');
      assert.equal(outcomesOf(await look({ readPseudonyms: undefined })).pseudonyms, 'pass');
    });

    test('warns of a secret that has expired', async () => {
      const dfe = aDfe('accepted');
      const current = async () => ({ ...(await dfe.credentials.current()), remarks: ['It has expired.'] });
      const result = await look({
        openDfe: () => ({ ...dfe, credentials: { ...dfe.credentials, current } }),
      });
      assert.equal(outcomesOf(result).secrets, 'warn');
      assert.equal(outcomesOf(result).dfe, 'pass');
    });

    test('gives up a check that takes too long, and answers all the same', async () => {
      const never = () => new Promise<never>(() => undefined);
      const result = await look(
        { openDfe: () => ({ ...aDfe('accepted'), probe: never }) },
        { ...inTime, longMs: 1000 },
      );
      assert.equal(outcomesOf(result).dfe, 'fail');
      assert.match(foundBy('dfe', result), /No answer within 1 seconds/);
    });

    test('tells of storage that cannot be written its code and nothing else', async () => {
      const write = () =>
        Promise.reject(Object.assign(new Error('AccountKey=seeded'), { code: 'AuthorizationFailure' }));
      const result = await look({ blobs: { ...parts().blobs, write } });
      assert.match(foundBy('storage', result), /AuthorizationFailure/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
      const lost = await look({ blobs: { ...parts().blobs, read: () => Promise.resolve(undefined) } });
      assert.equal(outcomesOf(lost).storage, 'fail');
    });

    test('fails when no entry can be added to the ledger, and adds under another name each time', async () => {
      const ledger = new MemoryBlobs();
      for (const outcome of [await look({ ledger }), await look({ ledger })]) {
        assert.equal(outcomesOf(outcome).storage, 'pass');
      }
      assert.equal((await ledger.list('preflights/')).length, 2);
      const create = () =>
        Promise.reject(Object.assign(new Error('seeded'), { code: 'AuthorizationPermissionMismatch' }));
      const closed = await look({ ledger: { create, read: (name) => ledger.read(name) } });
      assert.equal(outcomesOf(closed).storage, 'fail');
      assert.match(foundBy('storage', closed), /AuthorizationPermissionMismatch/);
    });

    test('puts a message into a queue of its own and removes it, and leaves those of the functions alone', async () => {
      const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
      const working = [extractQueue, chunkQueue].map(({ queueName }) => service.getQueueClient(queueName));
      for (const queue of working) {
        await queue.createIfNotExists();
        await queue.clearMessages();
        await queue.sendMessage('a message for the app');
      }
      assert.equal(outcomesOf(await look()).queues, 'pass');
      for (const queue of working) {
        const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
        assert.deepEqual(
          peekedMessageItems.map(({ messageText, dequeueCount }) => [messageText, dequeueCount]),
          [['a message for the app', 0]],
        );
      }
      const own = await service.getQueueClient('csc-preflight').getProperties();
      assert.equal(own.approximateMessagesCount, 0);
    });

    test('warns of messages in a poison queue, by its name and their number', async () => {
      const { queueName } = poisonOf(chunkQueue);
      const poison = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
        queueName,
      );
      await poison.createIfNotExists();
      await poison.sendMessage('seeded');
      const result = await look();
      await poison.delete();
      assert.equal(outcomesOf(result).queues, 'warn');
      assert.match(foundBy('queues', result), /csc-chunks-poison holds 1 message\.$/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
      assert.equal(outcomesOf(await look()).queues, 'pass');
    });

    test('tells of queues that are forbidden or cannot be reached their code and nothing else', async () => {
      const key = Buffer.from('seeded').toString('base64');
      const forbidden = theQueues(azurite.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`));
      const refused = await look({ openQueues: () => forbidden });
      assert.equal(outcomesOf(refused).queues, 'fail');
      assert.match(
        foundBy('queues', refused),
        /It failed with (AuthorizationFailure|AuthenticationFailed|403)\./,
      );
      const nowhere = new QueueServiceClient(
        'http://127.0.0.1:1/seeded',
        new StorageSharedKeyCredential('seeded', key),
        oneTry,
      );
      const lost = await look({ openQueues: () => new AzureQueues(nowhere) });
      assert.equal(foundBy('queues', lost), 'It failed with ECONNREFUSED.');
      const unset = await look({
        openQueues: () => {
          throw new SettingsError('AzureWebJobsStorage is missing.');
        },
      });
      assert.equal(foundBy('queues', unset), 'AzureWebJobsStorage is missing.');
      for (const result of [refused, lost]) assert.doesNotMatch(JSON.stringify(result), /seeded|c2VlZGVk/);
    });

    describe('compares the clock of the app', () => {
      const second = 1000;
      const minute = 60 * second;
      const hour = 60 * minute;

      /** A preflight whose app and storage have clocks that are ahead by so much of the right time. */
      const lookWith = (ahead: { readonly app?: number; readonly storage?: number }) => {
        const { app = 0, storage = 0 } = ahead;
        const time = Date.now();
        return look({
          now: () => new Date(time + app),
          blobs: { ...parts().blobs, time: () => Promise.resolve(new Date(time + storage)) },
        });
      };

      for (const [ahead, outcome, says] of [
        [90 * second, 'warn', '1 minute ahead of'],
        [-4 * minute, 'warn', '4 minutes behind'],
        [-7 * minute, 'fail', '7 minutes behind'],
        [25 * hour, 'fail', '25 hours ahead of'],
        [-30 * 24 * hour, 'fail', '30 days behind'],
      ] as const) {
        // Its own clock moves on while it is looked at.
        const more = ahead < 0 ? -10 * second : 10 * second;
        test(`and says that it is ${says} the others: ${outcome}, with what to do`, async () => {
          const result = await lookWith({ app: ahead + more });
          assert.equal(outcomesOf(result).clock, outcome);
          assert.equal(result.outcome, outcome);
          assert.equal(
            foundBy('clock', result),
            ['database', 'storage']
              .map((other) => `The app's clock is ${says} that of the ${other}.`)
              .join(' '),
          );
          const { remedy } = result.checks.find(({ check }) => check === 'clock') ?? {};
          assert.match(remedy ?? '', /Pause the nightly run/);
        });
      }

      test('and warns from a minute and fails from five, whichever way it differs', async () => {
        for (const sign of [1, -1]) {
          for (const [apart, outcome] of [
            [minute - 1, 'pass'],
            [minute, 'warn'],
            [5 * minute - 1, 'warn'],
            [5 * minute, 'fail'],
          ] as const) {
            const result = await lookWith({ storage: sign * apart });
            assert.equal(outcomesOf(result).clock, outcome, String(sign * apart));
          }
        }
      });

      test('and names the one of the three that differs', async () => {
        assert.equal(
          foundBy('clock', await lookWith({ storage: hour })),
          "The app's clock agrees with that of the database to within a minute. The app's clock is 60 minutes behind that of the storage.",
        );
        assert.equal(
          foundBy('clock', await lookWith({ app: hour + 10 * second, storage: hour })),
          "The app's clock is 60 minutes ahead of that of the database. The app's clock agrees with that of the storage to within a minute.",
        );
      });

      test('and takes no slow answer for a wrong clock', async () => {
        const time = Date.now();
        let passed = 0;
        const result = await look({
          now: () => new Date(time + passed),
          blobs: {
            ...parts().blobs,
            time: () => {
              passed = 10 * minute;
              return Promise.resolve(new Date(time + 5 * minute));
            },
          },
        });
        assert.equal(outcomesOf(result).clock, 'pass');
      });

      test('and warns where storage does not say the time, and still says what it knows of the database', async () => {
        const code = Object.assign(new Error('AccountKey=seeded'), { code: 'ECONNREFUSED' });
        for (const [time, why] of [
          [() => Promise.reject(code), 'It failed with ECONNREFUSED.'],
          [() => Promise.resolve(undefined), 'The answer does not say the time.'],
          [() => Promise.resolve(new Date('seeded')), 'The answer does not say the time.'],
        ] as const) {
          const result = await look({ blobs: { ...parts().blobs, time } });
          assert.equal(outcomesOf(result).clock, 'warn');
          assert.equal(
            foundBy('clock', result),
            `The app's clock agrees with that of the database to within a minute. The clock of the storage could not be compared. ${why}`,
          );
          assert.doesNotMatch(JSON.stringify(result), seeded);
        }
      });

      test('and fails all the same where storage does not say the time and the database says another', async () => {
        const result = await look({
          now: () => new Date(Date.now() + hour),
          blobs: { ...parts().blobs, time: () => Promise.resolve(undefined) },
        });
        assert.equal(outcomesOf(result).clock, 'fail');
      });
    });

    test('closes the database it has opened, also when a check still waits for it', async () => {
      let closed = 0;
      const close = () => Promise.resolve(void (closed += 1));
      await look({ openDatabase: () => ({ get: () => Promise.resolve(database), close }) });
      assert.equal(closed, 1);
      const never = () => new Promise<never>(() => undefined);
      const result = await look({ openDatabase: () => ({ get: never, close }) }, { ...inTime, longMs: 500 });
      assert.match(foundBy('database', result), /No answer/);
      assert.equal(closed, 2);
    });

    test('fails a check that throws at once, without ending in an error', async () => {
      const result = await look({
        openDfe: () => {
          throw new Error('seeded');
        },
      });
      assert.equal(outcomesOf(result).secrets, 'fail');
      assert.equal(outcomesOf(result).dfe, 'skipped');
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });
  });
}
