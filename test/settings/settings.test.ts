import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectionYears } from '../../shared/child/codes/codeLists.js';
import { helpAddresses } from '../../shared/settings/helpSettings.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { enough, errorOf, testAddress } from './enough.js';

describe('settings', () => {
  test('have defaults for everything that a council need not decide', () => {
    const settings = readSettings(enough);
    assert.equal(settings.STAGING_TABLE, 'ssd_api_data_staging');
    assert.equal(settings.SUBMISSION_MODE, 'changes');
    assert.equal(settings.CHUNK_MAX_CHILDREN, 100);
    assert.equal(settings.MAX_LEAVERS_PERCENT, 5);
    assert.deepEqual(settings.COHORT_INCLUSION_SETS, [
      'referral',
      'openReferralWithoutAssessment',
      'childInNeedPlan',
      'lookedAfter',
      'careLeaver',
    ]);
  });

  test('take the collection year from the date of the run, unless one is given that has code lists', () => {
    assert.equal(readSettings(enough).COLLECTION_YEAR, undefined);
    const [year] = collectionYears;
    assert.equal(readSettings({ ...enough, COLLECTION_YEAR: year }).COLLECTION_YEAR, year);
    assert.match(errorOf({ ...enough, COLLECTION_YEAR: '1999-00' }), /COLLECTION_YEAR must be/);
  });

  test('that are missing are all named in one error', () => {
    const message = errorOf({});
    for (const name of Object.keys(enough)) assert.match(message, new RegExp(`^  ${name} is missing`, 'm'));
  });

  test('that would let an attempt take longer than the host allows are refused, with what to do', () => {
    const message = errorOf({ ...enough, DFE_RETRY_SECONDS: '7200' });
    assert.match(message, /DFE_RETRY_SECONDS must be at most 1800, since .* give less/);
  });

  test('that say where help is lead to D2I and DfE, and to a page of the council only if its address is plain', () => {
    const usual = helpAddresses({ HELP_D2I_URL: '' });
    assert.match(usual.d2i, /^https:\/\/data-to-insight\.github\.io\//);
    assert.match(usual.dfe, /^https:\/\/www\.gov\.uk\//);
    const given = { HELP_D2I_URL: 'https://supplier.example/help', HELP_DFE_URL: 'javascript:alert(1)' };
    assert.deepEqual(helpAddresses(given), { d2i: given.HELP_D2I_URL, dfe: usual.dfe });
    assert.match(errorOf({ ...enough, ...given }), /HELP_DFE_URL must be an https/);
  });

  test('that are empty count as missing', () => {
    assert.match(errorOf({ ...enough, LA_CODE: '' }), /LA_CODE is missing/);
  });

  test('that are wrong are all named at once, with what to do and without their values', () => {
    const message = errorOf({
      ...enough,
      LA_CODE: '12',
      DFE_API_BASE_URL: 'http://dfe.example',
      CHUNK_MAX_CHILDREN: '101',
      SSD_PROFILE: 'liquidlogic',
      STAGING_TABLE: 'staging; DROP TABLE x',
      COHORT_INCLUSION_SETS: 'referral,everyone',
      RUN_TODAY: '2026-02-30',
      RESULTS_STORAGE: '',
    });
    assert.match(message, /LA_CODE must be the three digits/);
    assert.match(message, /DFE_API_BASE_URL must be an https/);
    assert.match(message, /CHUNK_MAX_CHILDREN must be at most 100/);
    assert.match(message, /SSD_PROFILE must be systemc, mosaic, eclipse, or a file/);
    assert.match(message, /STAGING_TABLE must be a name/);
    assert.match(message, /COHORT_INCLUSION_SETS must be a comma list/);
    assert.match(message, /RUN_TODAY must be a date/);
    assert.match(message, /RESULTS_STORAGE is missing/);
    assert.doesNotMatch(message, /DROP TABLE|liquidlogic|a-secret-value|a-key-value/);
  });

  test('accept plain http for this machine only', () => {
    readSettings({ ...enough, DFE_API_BASE_URL: 'http://127.0.0.1:7081/1' });
    assert.match(errorOf({ ...enough, DFE_TOKEN_URL: 'http://10.0.0.1/token' }), /DFE_TOKEN_URL/);
  });

  test('never let invented children be sent where DfE takes real ones', () => {
    const synthetic = { ...enough, DFE_RECEIVER: 'test', SSD_SYNTHETIC: 'true' };
    const live = 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver/1';
    assert.match(errorOf({ ...synthetic, DFE_API_BASE_URL: live }), /is not DfE's test receiver/);
    readSettings({ ...synthetic, DFE_API_BASE_URL: live.replace('receiver/1', 'receiver-test/1') });
  });

  test('need the credentials, or a Key Vault that holds them', () => {
    const without = {
      ...enough,
      DFE_CLIENT_ID: undefined,
      DFE_CLIENT_SECRET: undefined,
      DFE_SUPPLIER_KEY: undefined,
    };
    const message = errorOf(without);
    for (const name of ['DFE_CLIENT_ID', 'DFE_CLIENT_SECRET', 'DFE_SUPPLIER_KEY']) {
      assert.match(message, new RegExp(`${name} is missing: give it, or KEY_VAULT_URI`));
    }
    readSettings({ ...without, KEY_VAULT_URI: 'https://kv-csc.vault.azure.net' });
  });

  test('need the key of the pseudonyms where real children are sent to a test receiver, and nowhere else', () => {
    const test = { ...enough, DFE_RECEIVER: 'test', DFE_API_BASE_URL: testAddress };
    assert.match(errorOf(test), /PSEUDONYM_KEY is missing: give it, or KEY_VAULT_URI/);
    assert.match(errorOf({ ...test, PSEUDONYM_KEY: 'a secret' }), /PSEUDONYM_KEY must be 64 hexadecimal/);
    assert.doesNotMatch(errorOf({ ...test, PSEUDONYM_KEY: 'a secret' }), /a secret/);
    readSettings({ ...test, PSEUDONYM_KEY: 'a1'.repeat(32) });
    readSettings({ ...test, KEY_VAULT_URI: 'https://kv-csc.vault.azure.net' });
    readSettings({ ...test, SSD_SYNTHETIC: 'true' });
    readSettings(enough);
  });

  test('let the pseudonyms be less exact than they could be, unless they say none', () => {
    const read = (given: string | undefined) =>
      readSettings({ ...enough, PSEUDONYMS_GENERALISE: given }).PSEUDONYMS_GENERALISE;
    assert.deepEqual(read(undefined), ['monthOfBirth', 'postcodeDistrict']);
    assert.deepEqual(read('postcodeDistrict'), ['postcodeDistrict']);
    assert.deepEqual(read('none'), []);
    for (const wrong of ['nothing', 'none,monthOfBirth', 'month']) {
      assert.match(errorOf({ ...enough, PSEUDONYMS_GENERALISE: wrong }), /PSEUDONYMS_GENERALISE must be/);
    }
  });

  test('never let live and test be mixed', () => {
    assert.match(
      errorOf({
        ...enough,
        DFE_API_BASE_URL: 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1',
      }),
      /DFE_API_BASE_URL is DfE's test receiver/,
    );
    assert.match(errorOf({ ...enough, SSD_SYNTHETIC: 'true' }), /SSD_SYNTHETIC must not be true/);
    assert.match(
      errorOf({ ...enough, STAGING_TABLE: 'ssd_api_data_staging_anon' }),
      /STAGING_TABLE is a table/,
    );
    assert.match(errorOf({ ...enough, RUN_TODAY: '2026-08-11' }), /RUN_TODAY is for tests/);
    assert.match(
      errorOf({ ...enough, STAGING_CONNECTION_STRING: 'embedded:folder' }),
      /STAGING_CONNECTION_STRING is for a try on a laptop/,
    );
  });

  test('keep the staging table in a database of its own on a laptop only', () => {
    const server = { ...enough, STAGING_CONNECTION_STRING: 'Server=db.example;Password=hunter2' };
    assert.match(errorOf(server), /STAGING_CONNECTION_STRING must begin with embedded:/);
    assert.doesNotMatch(errorOf(server), /hunter2/);
  });

  test('let a council choose a longer window and how workers are named, within what is foreseen', () => {
    const usual = readSettings(enough);
    assert.equal(usual.COHORT_WINDOW_MONTHS, 24);
    assert.equal(usual.UNREGISTERED_WORKERS, 'leaveOut');
    assert.equal(usual.WORKER_REGISTRATION_COLUMN, 'prof_social_worker_registration_no');
    const chosen = readSettings({
      ...enough,
      COHORT_WINDOW_MONTHS: '36',
      UNREGISTERED_WORKERS: 'sendWorkerId',
      WORKER_REGISTRATION_COLUMN: 'prof_staff_id',
    });
    assert.equal(chosen.COHORT_WINDOW_MONTHS, 36);
    const message = errorOf({
      ...enough,
      COHORT_WINDOW_MONTHS: '37',
      UNREGISTERED_WORKERS: 'guess',
      WORKER_REGISTRATION_COLUMN: 'id; DROP TABLE x',
    });
    assert.match(message, /COHORT_WINDOW_MONTHS must be at most 36/);
    assert.match(message, /UNREGISTERED_WORKERS must be leaveOut or sendWorkerId/);
    assert.match(message, /WORKER_REGISTRATION_COLUMN must be a name such as prof_staff_id/);
    assert.match(errorOf({ ...enough, COHORT_WINDOW_MONTHS: '0' }), /must be at least 1/);
    for (const setting of ['COHORT_PLANS_MONTHS', 'COHORT_PLACEMENTS_MONTHS']) {
      const longer = { ...enough, COHORT_WINDOW_MONTHS: '24', [setting]: '36' };
      assert.match(errorOf(longer), new RegExp(`${setting} must not be more than COHORT_WINDOW_MONTHS`));
    }
  });

  test('know only the names on their lists, not those that every object has', () => {
    assert.match(errorOf({ ...enough, COHORT_INCLUSION_SETS: 'constructor' }), /COHORT_INCLUSION_SETS/);
    assert.match(errorOf({ ...enough, SSD_PROFILE: 'toString' }), /SSD_PROFILE/);
  });

  test('need some storage for the results', () => {
    assert.match(errorOf({ ...enough, RESULTS_STORAGE: undefined }), /RESULTS_STORAGE is missing/);
    readSettings({
      ...enough,
      RESULTS_STORAGE: undefined,
      RESULTS_STORAGE__blobServiceUri: 'https://results.blob.core.windows.net',
    });
  });
});

describe('the User-Agent header', () => {
  test('has only characters that a header can have: not the dash that a word processor makes', () => {
    const agent = (text: string) => errorOf({ ...enough, DFE_USER_AGENT: text });
    assert.match(agent('council \u2013 sender'), /^ {2}DFE_USER_AGENT must be plain letters/m);
    assert.match(agent('s\u00e9nder'), /^ {2}DFE_USER_AGENT must be plain letters/m);
    assert.equal(readSettings({ ...enough, DFE_USER_AGENT: 'a (b; c)/1.0' }).DFE_USER_AGENT, 'a (b; c)/1.0');
  });
});

describe('the check of certificates', () => {
  test('cannot be switched off: the vault and the storage would be any server', () => {
    const message = errorOf({ ...enough, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    assert.match(message, /^ {2}NODE_TLS_REJECT_UNAUTHORIZED must not be 0: .*NODE_EXTRA_CA_CERTS$/m);
    readSettings({ ...enough, NODE_TLS_REJECT_UNAUTHORIZED: '1' });
  });
});

describe('every setting', () => {
  for (const name of Object.keys(settingsSchema.shape)) {
    test(`is refused with a character that cannot be seen: ${name}`, () => {
      for (const character of [
        '\0',
        '\t',
        '\r',
        '\n',
        '\x1b',
        '\x7f',
        '\u0085',
        '\u200b',
        '\u202e',
        '\u2028',
        '\ufeff',
      ]) {
        for (const text of [`${character}1`, `1${character}`, `1${character}1`]) {
          const message = errorOf({ ...enough, [name]: text });
          assert.match(message, new RegExp(`^  ${name} has a character that cannot be seen`, 'm'));
          assert.ok(!message.includes(character) || character === '\n');
        }
      }
    });
  }
});
