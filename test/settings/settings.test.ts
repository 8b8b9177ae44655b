import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { collectionYears } from '../../shared/child/codes/codeLists.js';
import { addressesNotKnown } from '../../shared/settings/dfeAddresses.js';
import { readSettings, SettingsError } from '../../shared/settings/readSettings.js';
import { settingsSchema } from '../../shared/settings/settings.js';

const enough = {
  LA_CODE: '999',
  DFE_API_BASE_URL: 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver/1',
  DFE_TOKEN_URL: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
  DFE_SCOPE: 'api://dfe/.default',
  DFE_RECEIVER: 'live',
  DFE_CLIENT_ID: 'client',
  DFE_CLIENT_SECRET: 'a-secret-value',
  DFE_SUPPLIER_KEY: 'a-key-value',
  SSD_CONNECTION_STRING: 'Server=tcp:council.database.windows.net,1433;Database=ssd',
  RUN_SCHEDULE: '0 0 2 * * *',
  RESULTS_STORAGE: 'UseDevelopmentStorage=true',
};

function errorOf(environment: Record<string, string | undefined>): string {
  try {
    readSettings(environment);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  assert.fail('the settings were taken');
}

describe('settings', () => {
  test('have defaults for all that a council need not decide', () => {
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

  test('leave the collection year to the date of the run, unless one is given that has code lists', () => {
    assert.equal(readSettings(enough).COLLECTION_YEAR, undefined);
    const [year] = collectionYears;
    assert.equal(readSettings({ ...enough, COLLECTION_YEAR: year }).COLLECTION_YEAR, year);
    assert.match(errorOf({ ...enough, COLLECTION_YEAR: '1999-00' }), /COLLECTION_YEAR must be/);
  });

  test('that are missing are all named in one error', () => {
    const message = errorOf({});
    for (const name of Object.keys(enough)) assert.match(message, new RegExp(`^  ${name} is missing`, 'm'));
  });

  test('that would let an attempt outlast the host are refused, with what to do', () => {
    const message = errorOf({ ...enough, DFE_RETRY_SECONDS: '7200' });
    assert.match(message, /DFE_RETRY_SECONDS must be at most 1800, since .* give less/);
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

  test('take plain http for this machine only', () => {
    readSettings({ ...enough, DFE_API_BASE_URL: 'http://127.0.0.1:7081/1' });
    assert.match(errorOf({ ...enough, DFE_TOKEN_URL: 'http://10.0.0.1/token' }), /DFE_TOKEN_URL/);
  });

  test('never let invented children go where DfE takes real ones', () => {
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

  test('need the key of the pseudonyms where real children go to a test receiver, and nowhere else', () => {
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
    assert.match(errorOf({ ...enough, COHORT_WINDOW_MONTHS: '12' }), /must be at least 24/);
  });

  test('know their own lists only, and not what every object has', () => {
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

const liveAddress = enough.DFE_API_BASE_URL;
const testAddress = liveAddress.replace('receiver', 'receiver-test');
const tokenAddress = enough.DFE_TOKEN_URL;

/** A host and a path that are not what they look like. */
const dressedUp = (address: string): Readonly<Record<string, string>> => {
  const { host, pathname } = new URL(address);
  const domain = host.split('.').slice(-2).join('.');
  return {
    'a query': `${address}?a=1`,
    'an empty query': `${address}?`,
    'a fragment': `${address}#a`,
    'a name before the host': `https://${host}@evil.example${pathname}`,
    'a name and a password': `https://me:secret@${host}${pathname}`,
    'the host as the beginning of another one': `https://${host}.evil.example${pathname}`,
    'the host as the end of another one': `https://evil-${domain}${pathname}`,
    'a dot after the host': `https://${host}.${pathname}`,
    'a percent-encoded letter in the path': address.replace('e', '%65'),
    'a percent-encoded path': `https://${host}/%63${pathname}`,
    'a percent-encoded host': `https://${host.replace('.', '%2e')}${pathname}`,
    'a percent-encoded slash': address.replace(/\/(?=[^/]*$)/, '%2f'),
    'letters of another script': `https://${host.replace('a', '\u0430').replace('o', '\u043e')}${pathname}`,
    'dots of another script': `https://${host.replaceAll('.', '\u3002')}${pathname}`,
    'such letters as punycode': `https://xn--${host.replace('.', '-80a.')}.example${pathname}`,
    backslashes: address.replaceAll('/', '\\'),
    'a backslash before another host': `https://evil.example\\.${host}${pathname}`,
    'another port': `https://${host}:8443${pathname}`,
    'no TLS': address.replace('https', 'http'),
    'two slashes in the path': `https://${host}/${pathname}`,
    'a path behind it': `${address}/more`,
    'a blank in it': address.replace('.', ' .'),
    'this machine as the beginning of another host': `https://localhost.evil.example${pathname}`,
    'another host': `https://evil.example${pathname}`,
  };
};

describe('the addresses in the settings', () => {
  for (const [setting, address] of [
    ['DFE_API_BASE_URL', liveAddress],
    ['DFE_TOKEN_URL', tokenAddress],
    ['KEY_VAULT_URI', 'https://kv-csc.vault.azure.net'],
    ['RESULTS_STORAGE__blobServiceUri', 'https://results.blob.core.windows.net'],
    ['AzureWebJobsStorage__queueServiceUri', 'https://host.queue.core.windows.net'],
  ] as const) {
    test(`are taken for what they are, in ${setting}`, () => {
      for (const same of [
        address,
        `${address}/`,
        address.replace('https', 'HTTPS'),
        address.replace(/\/\/[^/]+/, (host) => host.toUpperCase()),
        address.replace(/\/\/[^/]+/, (host) => `${host}:443`),
      ]) {
        readSettings({ ...enough, [setting]: same });
      }
      readSettings({ ...enough, [setting]: 'http://127.0.0.1:7081/receiver' });
      readSettings({ ...enough, [setting]: 'https://localhost:7081' });
    });

    for (const [trick, text] of Object.entries(dressedUp(address))) {
      test(`are refused with ${trick}, in ${setting}`, () => {
        const message = errorOf({ ...enough, [setting]: text });
        assert.match(message, new RegExp(`^  ${setting} `, 'm'));
        assert.ok(!message.includes(text));
      });
    }
  }

  for (const [name, address] of [
    ['as published', testAddress],
    ['in capital letters', testAddress.toUpperCase()],
    ['with a slash at the end', `${testAddress}/`],
    [
      'by way of the live one',
      testAddress.replace('/children', '/children-in-social-care-data-receiver/../children'),
    ],
    ['on another host of DfE', testAddress.replace('pp-api', 'api')],
  ] as const) {
    test(`never let a real child go to the test receiver, ${name}`, () => {
      assert.match(
        errorOf({ ...enough, DFE_API_BASE_URL: address }),
        /DFE_API_BASE_URL is DfE's test receiver/,
      );
      const PSEUDONYM_KEY = 'a1'.repeat(32);
      readSettings({ ...enough, DFE_RECEIVER: 'test', DFE_API_BASE_URL: address, PSEUDONYM_KEY });
    });
  }

  for (const [name, address] of [
    ['as published', liveAddress],
    ['in capital letters', liveAddress.toUpperCase()],
    [
      'by way of the test receiver',
      liveAddress.replace('/children', '/children-in-social-care-data-receiver-test/../children'),
    ],
    ['on another host of DfE', liveAddress.replace('pp-api', 'api')],
  ] as const) {
    test(`never let an invented child go to the live receiver, ${name}`, () => {
      const message = errorOf({ ...enough, DFE_RECEIVER: 'test', DFE_API_BASE_URL: address });
      assert.match(message, /DFE_API_BASE_URL is not DfE's test receiver/);
      readSettings({ ...enough, DFE_API_BASE_URL: address });
    });
  }

  test('may be others that DfE has given, each whole, of which the preflight is told', () => {
    const given = 'https://csc.dfe.example:8443/children/v2';
    const token = 'https://login.dfe.example/token';
    const refused = errorOf({ ...enough, DFE_API_BASE_URL: given, DFE_TOKEN_URL: token });
    assert.match(refused, /DFE_API_BASE_URL is not an address .* add it to DFE_FURTHER_ADDRESSES/);
    assert.match(refused, /DFE_TOKEN_URL is not a token endpoint .* add it to DFE_FURTHER_ADDRESSES/);
    const further = { ...enough, DFE_FURTHER_ADDRESSES: `${given}/, ${token}` };
    assert.deepEqual(addressesNotKnown(readSettings(further)), []);
    const settings = readSettings({ ...further, DFE_API_BASE_URL: given, DFE_TOKEN_URL: token });
    assert.deepEqual(addressesNotKnown(settings), ['DFE_API_BASE_URL', 'DFE_TOKEN_URL']);
    for (const near of [`${given}/more`, given.replace('8443', '443'), given.replace('csc', 'other')]) {
      assert.match(errorOf({ ...further, DFE_API_BASE_URL: near }), /DFE_API_BASE_URL is not an address/);
    }
  });

  test('that are added must be whole addresses, and never mix live and test', () => {
    for (const added of [
      '*.dfe.example',
      'https://*.dfe.example/1',
      'dfe.example',
      'https://a:b@dfe.example/1',
      'http://dfe.example/1',
    ]) {
      const message = errorOf({
        ...enough,
        DFE_FURTHER_ADDRESSES: added,
        DFE_API_BASE_URL: 'https://dfe.example/1',
      });
      assert.match(message, /DFE_FURTHER_ADDRESSES must be an https/);
    }
    const both = { ...enough, DFE_FURTHER_ADDRESSES: `${testAddress}, ${liveAddress}` };
    assert.match(errorOf({ ...both, DFE_API_BASE_URL: testAddress }), /is DfE's test receiver/);
    assert.match(errorOf({ ...both, DFE_RECEIVER: 'test' }), /is not DfE's test receiver/);
  });
});

describe('a storage connection string', () => {
  const key = 'AccountName=results;AccountKey=a2V5';
  const azure = `DefaultEndpointsProtocol=https;${key};EndpointSuffix=core.windows.net`;
  const local = `DefaultEndpointsProtocol=http;${key};BlobEndpoint=http://127.0.0.1:10000/results;QueueEndpoint=http://127.0.0.1:10001/results;`;
  for (const setting of ['RESULTS_STORAGE', 'AzureWebJobsStorage'] as const) {
    test(`leads to Azure or to this machine, in ${setting}`, () => {
      for (const text of [
        'UseDevelopmentStorage=true',
        azure,
        local,
        `${key};BlobEndpoint=https://results.blob.core.windows.net/`,
        'BlobEndpoint=https://results.z07.blob.storage.azure.net;SharedAccessSignature=sv=2026&sig=a%2Bb',
      ]) {
        readSettings({ ...enough, [setting]: text });
      }
    });

    for (const [trick, text] of [
      ['an endpoint elsewhere', `${azure};BlobEndpoint=https://evil.example`],
      [
        'an endpoint that begins like one of Azure',
        `${key};BlobEndpoint=https://results.blob.core.windows.net.evil.example`,
      ],
      [
        'an endpoint with a name before the host',
        `${key};BlobEndpoint=https://results.blob.core.windows.net@evil.example`,
      ],
      ['an endpoint of another service', `${key};BlobEndpoint=https://results.queue.core.windows.net`],
      ['a queue elsewhere', `${local}TableEndpoint=http://evil.example`],
      ['a second endpoint', `${local}BlobEndpoint=https://results.blob.core.windows.net`],
      [
        'a part that begins with the name of another',
        `${local}BlobEndpointX=;BlobEndpoint=https://evil.example`,
      ],
      ['a suffix elsewhere', azure.replace('core.windows.net', 'evil.example')],
      ['a suffix behind that of Azure', `${azure}.evil.example`],
      ['another host in the name of the account', azure.replace('results', 'evil.example/?')],
      ['no TLS on the way to Azure', azure.replace('https', 'http')],
      ['a proxy elsewhere', 'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://evil.example'],
    ] as const) {
      test(`is refused with ${trick}, in ${setting}`, () => {
        assert.match(
          errorOf({ ...enough, [setting]: text }),
          new RegExp(`^  ${setting} must be a storage`, 'm'),
        );
      });
    }
  }
});

describe('the User-Agent header', () => {
  test('has signs only that a header can have: not the dash that a word processor makes', () => {
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
          assert.match(message, new RegExp(`^  ${name} holds a character that cannot be seen`, 'm'));
          assert.ok(!message.includes(character) || character === '\n');
        }
      }
    });
  }
});
