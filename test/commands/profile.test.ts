import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { profileCommand } from '../../shared/commands/profile.js';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { profileOf } from '../../shared/ssd/profileFiles.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';
import { everyone } from '../ssd/anSsd.js';

const schema = 'ssd_development';
const folder = mkdtempSync(join(tmpdir(), 'csc-profile-'));
let database: Database;
let asked: string[] = [];

before(async () => {
  database = await openDatabase('embedded:');
});
after(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** Runs the command on the database of this file, which stays open. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const written: string[] = [];
  asked = [];
  const listened: Database = {
    engine: database.engine,
    query: (sql, parameters) => {
      asked.push(sql);
      return database.query(sql, parameters);
    },
    queryTogether: (selects, parameters) => {
      asked.push(...Object.values<string>(selects));
      return database.queryTogether(selects, parameters);
    },
    transaction: () => Promise.reject(new Error('nothing is written')),
    close: () => Promise.resolve(),
  };
  const code = await profileCommand(
    args,
    { SSD_CONNECTION_STRING: 'embedded:', RUN_TODAY: '2026-08-11', ...environment },
    (text) => written.push(text),
    () => Promise.resolve(listened),
  );
  return { code, text: written.join('') };
}

function aFile(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** The two tables that every run needs, empty: each other one would take time. */
async function emptySsd(): Promise<void> {
  await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  const needed = /SCHEMA|"(ssd_person|ssd_cin_episodes)"/;
  for (const sql of createTables(database.engine, schema, 'systemc').filter((each) => needed.test(each))) {
    await database.query(sql);
  }
}

/** Twelve children with a referral each, and one whose values nobody else has. */
async function anSsd(): Promise<void> {
  await emptySsd();
  const children = Array.from({ length: 13 }, (_, at) => ({ id: `C${String(at)}`, isRare: at === 12 }));
  await loadRows(
    database,
    schema,
    'ssd_person',
    children.map(({ id, isRare }) => ({
      pers_person_id: id,
      pers_dob: '2015-05-05',
      pers_sex: 'F',
      pers_ethnicity: isRare ? 'As his aunt told us' : 'WBRI',
    })),
  );
  await loadRows(
    database,
    schema,
    'ssd_cin_episodes',
    children.map(({ id }) => ({
      cine_referral_id: `R-${id}`,
      cine_person_id: id,
      cine_referral_date: '2026-01-05',
      cine_close_date: '2026-03-01',
      cine_close_reason: 'Nothing more to do',
    })),
  );
  await database.query(`ALTER TABLE ${schema}.ssd_person RENAME COLUMN pers_sex TO pers_sex_desc`);
}

describe('npm run profile', () => {
  before(anSsd);

  it('check names what to correct, ends with 1 and only reads', async () => {
    const file = aFile('wrong.json', {
      extends: 'systemc',
      columnNames: { ssd_person: { pers_upn: 'upn_of_child' } },
      valueMaps: { closureReason: { 'Nothing more to dooo': 'RC8' } },
    });
    const { code, text } = await run(['check', file]);
    assert.equal(code, 1, text);
    assert.match(text, /^13 people in the age range, 13 in the cohort, 0 held back\.$/m);
    assert.match(text, /the SSD has no ssd_person\.pers_sex\. Is it pers_sex_desc\?/);
    assert.match(text, /columnNames\.ssd_person\.pers_upn: "upn_of_child" is in the profile/);
    assert.match(text, /closureReason \(.*\): 0 of 13 are read\.\n +To correct: Nothing more to do \(13\)/);
    assert.match(text, /To correct or remove: valueMaps\.closureReason: "Nothing more to dooo"/);
    assert.match(text, / 92 % {2}child_details\.ethnicity \(12 of 13\)/);
    assert.match(text, / 14 {2}code-unknown: /);
    for (const sql of asked) assert.match(sql, /^SELECT /);
  });

  it('check shows no value that fewer than ten rows have, but counts it', async () => {
    const { text } = await run(['check', 'systemc']);
    assert.doesNotMatch(text, /aunt/);
    assert.match(text, /ethnicity \(.*\): 12 of 13 are read\.\n +Not shown: 1 other value, in 1 row\./);
  });

  it('check ends with 0 once the profile says what the values mean', async () => {
    const file = aFile('right.json', {
      extends: 'systemc',
      columnNames: { ssd_person: { pers_sex: 'pers_sex_desc' } },
      valueMaps: { closureReason: { 'Nothing more to do': 'RC8' } },
    });
    const { code, text } = await run(['check', file]);
    assert.equal(code, 0, text);
    assert.match(text, /100 % {2}child_details\.sex \(13 of 13\)/);
    assert.match(text, /profile: nothing to correct\n$/);
  });

  it('check says that the SSD has the published name where the profile has another', async () => {
    const { text } = await run([
      'check',
      aFile('renames.json', { columnNames: { ssd_person: { pers_dob: 'born' } } }),
    ]);
    assert.match(text, /the profile has another name for ssd_person\.pers_dob, and the SSD has this one/);
    assert.doesNotMatch(text, /the SSD has no ssd_person\.pers_dob/);
  });

  it('check names the columns whose type loses values', async () => {
    await database.query(`ALTER TABLE ${schema}.ssd_person RENAME COLUMN pers_dob TO pers_dob_before`);
    await database.query(`ALTER TABLE ${schema}.ssd_person ADD COLUMN pers_dob integer`);
    const { code, text } = await run(['check', 'systemc']);
    await database.query(`ALTER TABLE ${schema}.ssd_person DROP COLUMN pers_dob`);
    await database.query(`ALTER TABLE ${schema}.ssd_person RENAME COLUMN pers_dob_before TO pers_dob`);
    assert.equal(code, 1, text);
    assert.match(text, /To correct: ssd_person\.pers_dob is integer, and a date is expected: no value of it/);
  });

  it('check of an SSD without what every run needs says so, and where it may be', async () => {
    const file = aFile('other.json', { columnNames: { ssd_person: { pers_person_id: 'pers_person_no' } } });
    const { code, text } = await run(['check', file]);
    assert.equal(code, 1, text);
    assert.match(text, /column ssd_development\.ssd_person\.pers_person_no\n/);
    assert.doesNotMatch(text, /FILL RATES/);
  });

  it('which cannot run ends with 2', async () => {
    assert.equal((await run(['check', 'profiles/none.json'])).code, 2);
    assert.equal((await run(['check', 'systemc'], { SSD_CONNECTION_STRING: '' })).code, 2);
    assert.equal((await run(['look'])).code, 2);
  });

  it('new writes the names that differ, never over a file, and the draft can be checked', async () => {
    const file = join(folder, 'draft.json');
    const first = await run(['new', file, '--extends', 'systemc']);
    assert.equal(first.code, 0, first.text);
    const draft: unknown = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(draft, {
      extends: 'systemc',
      columnNames: { ssd_person: { pers_sex: 'pers_sex_desc' } },
    });
    const second = await run(['new', file]);
    assert.equal(second.code, 2);
    assert.match(second.text, /draft\.json is there already, and was not changed\. .*check \S+draft\.json/);
    assert.doesNotMatch((await run(['check', file])).text, /Is it/);
    assert.equal((await run(['new', join(folder, 'draft.txt')])).code, 2);
    assert.ok(!existsSync(join(folder, 'draft.txt')));
  });
});

describe('the profiles in profiles/examples', () => {
  const child = { pers_person_id: '1001', pers_ethnicity: 'WBRI', pers_dob: '2015-05-05' };
  const referral = {
    cine_referral_id: '2001',
    cine_person_id: '1001',
    cine_referral_date: '2026-01-05',
    cine_referral_source_code: '1A',
    cine_referral_nfa: 'N',
  };

  it('for Azeus leave out what the public draft fills with something else', async () => {
    // The columns and types of the draft's query for ssd_person; it joins all ids of a person, so that a child has several rows.
    await emptySsd();
    await database.query(`DROP TABLE ${schema}.ssd_person`);
    await database.query(
      `CREATE TABLE ${schema}.ssd_person (pers_person_id numeric, pers_sex varchar(255), pers_gender varchar(255),
        pers_ethnicity varchar(255), pers_dob timestamp, pers_single_unique_id varchar(255), pers_legacy_id varchar(255),
        pers_upn_unknown varchar(255), pers_send varchar(255), pers_expected_dob timestamp, pers_death_date timestamp)`,
    );
    for (const otherId of ['NHS1', 'NI1']) {
      await database.query(
        `INSERT INTO ${schema}.ssd_person (pers_person_id, pers_sex, pers_gender, pers_ethnicity, pers_dob, pers_legacy_id,
           pers_upn_unknown, pers_expected_dob)
         VALUES (1001, 'PLACEHOLDER_DATA', 'F', 'WBRI', '2015-05-05', 'PLACEHOLDER_DATA', @otherId, '2015-05-05')`,
        { otherId },
      );
    }
    await loadRows(database, schema, 'ssd_cin_episodes', [referral]);
    const { text } = await run(['check', 'profiles/examples/azeus.json']);
    assert.match(text, /100 % {2}child_details\.date_of_birth \(1 of 1\)/);
    assert.match(text, /100 % {2}child_details\.ethnicity \(1 of 1\)/);
    for (const path of ['mis_child_id', 'child_details.sex', 'child_details.expected_date_of_birth']) {
      assert.match(text, new RegExp(` 0 % {2}${path.replace('.', '\\.')} \\(0 of 1\\)`));
    }
    assert.match(text, /FINDINGS OF A RUN .*\n {2}None\./);
  });

  it('for other systems read an SSD as it is specified', async () => {
    await emptySsd();
    await loadRows(database, schema, 'ssd_person', [child]);
    await loadRows(database, schema, 'ssd_cin_episodes', [
      { ...referral, cine_referral_source_code: '1A', cine_referral_source_desc: 'Individual' },
    ]);
    const { code, text } = await run(['check', 'profiles/examples/other.json']);
    assert.equal(code, 0, text);
    assert.match(text, /100 % {2}social_care_episodes\.referral_source \(1 of 1\)/);
  });

  it('for a copy from Oracle read names in capitals and shorter ones, padded ids and dates with a time', async () => {
    const copy = '"SSD_COPY"';
    await database.query(`CREATE SCHEMA ${copy}`);
    await database.query(
      `CREATE TABLE ${copy}."SSD_PERSON" ("PERS_PERSON_ID" char(12), "PERS_SEX" char(3), "PERS_DOB" timestamp(0))`,
    );
    await database.query(
      `CREATE TABLE ${copy}."SSD_CIN_EPISODES" ("CINE_REFERRAL_ID" varchar(40), "CINE_PERSON_ID" varchar(40),
        "CINE_REFERRAL_DATE" timestamp(0), "CINE_CLOSE_DATE" timestamp(0))`,
    );
    await database.query(
      `CREATE TABLE ${copy}."SSD_CARE_LEAVERS" ("CLEA_PERSON_ID" varchar(40), "CLEA_LATEST_CONTACT" timestamp(0))`,
    );
    await database.query(`INSERT INTO ${copy}."SSD_PERSON" VALUES ('1001', 'F', '2008-05-05 00:00')`);
    await database.query(
      `INSERT INTO ${copy}."SSD_CIN_EPISODES" VALUES ('2001', '1001', '2026-01-05 14:30', NULL)`,
    );
    await database.query(`INSERT INTO ${copy}."SSD_CARE_LEAVERS" VALUES ('1001', '2026-02-01 09:00')`);
    const { names } = profileOf('profiles/examples/oracle-copy.json');
    const rows = (await everyone(new SsdReader(database, 'ssd_copy', names))).get('1001');
    assert.equal(rows?.ssd_cin_episodes[0]?.cine_referral_date, '2026-01-05');
    assert.equal(rows.ssd_care_leavers[0]?.clea_care_leaver_latest_contact, '2026-02-01');
    const { text } = await run(['check', 'profiles/examples/oracle-copy.json']);
    assert.match(text, /100 % {2}social_care_episodes \(1 of 1\)/);
    assert.match(text, /100 % {2}child_details\.sex \(1 of 1\)/);
    assert.match(text, /100 % {2}social_care_episodes\.care_leavers\.contact_date \(1 of 1\)/);
  });

  it('send no episode from a copy that has left out the date of closure, as the check says', async () => {
    await database.query('ALTER TABLE "SSD_COPY"."SSD_CIN_EPISODES" DROP COLUMN "CINE_CLOSE_DATE"');
    const { text } = await run(['check', 'profiles/examples/oracle-copy.json']);
    assert.match(text, /Without ssd_cin_episodes\.cine_close_date: no episode is sent/i);
    assert.match(text, / 0 % {2}social_care_episodes \(0 of 1\)/);
  });
});
