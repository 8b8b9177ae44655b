import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { statementError } from '../../shared/database/statementError.js';
import { CredentialsError, fixedCredentials } from '../../shared/dfe/credentials.js';
import {
  preflight,
  preflightChecks,
  type Preflight,
  type PreflightCheckName,
  type PreflightParts,
} from '../../shared/run/preflight.js';
import { readSettings } from '../../shared/settings.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { emptySsd, openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import { loadRows } from '../local/ssd/load.js';

const aChild = { pers_person_id: 'C-seeded-id', pers_forename: 'Siân-seeded', pers_dob: '2015-05-05' };
const seeded = /seeded/;
const inTime = { shortMs: 20_000, longMs: 20_000 };

function outcomesOf({ checks }: Preflight): Partial<Record<PreflightCheckName, string>> {
  return Object.fromEntries(checks.map(({ check, outcome }) => [check, outcome]));
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
        { cine_referral_id: 'E1', cine_person_id: aChild.pers_person_id },
      ]);
      await database.query(`DROP TABLE IF EXISTS ${stagingTable}`);
      await migrate(database, stagingTable);
    });

    function parts(changed: Partial<PreflightParts> = {}): PreflightParts {
      const blobs = new Map<string, string>();
      return {
        database: () => Promise.resolve(database),
        ssdOf: (opened) => new SsdReader(opened, made.schema, builtInProfile('systemc').names),
        stagingTable,
        openDfe: () => aDfe('accepted'),
        blobs: {
          write: (name, content) => Promise.resolve(void blobs.set(name, content)),
          read: (name) => Promise.resolve(blobs.get(name)),
        },
        ...changed,
      };
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

    test('skips what needs a database that cannot be reached, and quotes nothing of the driver', async () => {
      const error = Object.assign(new Error('Login failed, Password=seeded-password'), { code: 'ELOGIN' });
      const result = await look({ database: () => Promise.reject(error) });
      assert.deepEqual(outcomesOf(result), {
        settings: 'pass',
        secrets: 'pass',
        database: 'fail',
        ssdTables: 'skipped',
        ssdIndexes: 'skipped',
        ssdRows: 'skipped',
        stagingTable: 'skipped',
        stagingRights: 'skipped',
        dfe: 'pass',
        storage: 'pass',
      });
      assert.match(foundBy('database', result), /ELOGIN/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('shows no value of a row that the database quotes in an error', async () => {
      const quoting = { query: () => Promise.reject(statementError(new Error("Truncated value: 'seeded'"))) };
      const result = await look({ database: () => Promise.resolve({ ...database, ...quoting }) });
      assert.equal(outcomesOf(result).database, 'fail');
      assert.doesNotMatch(JSON.stringify(result), seeded);
    });

    test('names each missing table and column of the SSD', async () => {
      await database.query(`DROP TABLE ${made.schema}.ssd_disability`);
      await database.query(`ALTER TABLE ${made.schema}.ssd_person DROP COLUMN pers_upn`);
      const result = await look();
      assert.equal(outcomesOf(result).ssdTables, 'fail');
      assert.match(foundBy('ssdTables', result), /table \S+\.ssd_disability/);
      assert.match(foundBy('ssdTables', result), /column \S+\.ssd_person\.pers_upn/);
      assert.equal(outcomesOf(result).ssdRows, 'skipped');
    });

    test('warns of person columns without an index, until they have one', async () => {
      assert.match(foundBy('ssdIndexes', await look()), /ssd_address\.addr_person_id/);
      await database.query(`CREATE INDEX ix_addr ON ${made.schema}.ssd_address (addr_person_id)`);
      const result = await look();
      assert.equal(outcomesOf(result).ssdIndexes, 'warn');
      assert.doesNotMatch(foundBy('ssdIndexes', result), /ssd_address/);
    });

    test('warns of an SSD that is empty', async () => {
      await emptySsd(database, made.schema);
      const result = await look();
      assert.equal(result.outcome, 'warn');
      assert.match(foundBy('ssdRows', result), /^Empty: ssd_person, ssd_cin_episodes\./);
    });

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

    if (engine.engine === 'postgres') {
      test('fails when the login may read the staging table but not write it', async () => {
        await database.query('CREATE ROLE reader');
        await database.query(`GRANT USAGE ON SCHEMA ${made.schema} TO reader`);
        await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${made.schema} TO reader`);
        await database.query('SET ROLE reader');
        try {
          const result = await look();
          assert.equal(outcomesOf(result).stagingTable, 'pass');
          assert.equal(outcomesOf(result).stagingRights, 'fail');
          assert.match(foundBy('stagingRights', result), /permission denied/);
        } finally {
          await database.query('RESET ROLE');
        }
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
