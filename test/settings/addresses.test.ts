import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addressesNotKnown } from '../../shared/settings/dfeAddresses.js';
import { readSettings } from '../../shared/settings/readSettings.js';
import { enough, errorOf, liveAddress, testAddress } from './enough.js';

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
    test(`never let a real child be sent to the test receiver, ${name}`, () => {
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
    test(`never let an invented child be sent to the live receiver, ${name}`, () => {
      const message = errorOf({ ...enough, DFE_RECEIVER: 'test', DFE_API_BASE_URL: address });
      assert.match(message, /DFE_API_BASE_URL is not DfE's test receiver/);
      readSettings({ ...enough, DFE_API_BASE_URL: address });
    });
  }

  test('may be others that DfE has given, each exactly as listed, which the preflight names', () => {
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
