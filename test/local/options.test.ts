import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deskSettings, ssdConnectionOf } from './desk/deskSettings.js';
import { readOptions, UsageError } from './options.js';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  assert.fail('it was not refused');
}

describe('the options of npm start', () => {
  test('are explained when one is wrong', () => {
    for (const args of [
      ['--children', 'many'],
      ['--today', '2026-02-30'],
      ['--faults', 'flood=1%'],
      ['--sql', 'embedded:', '--children', '5'],
      ['--sql', 'embedded:', '--ssd', '.'],
      ['--sql', 'embedded:', '--mistakes', '1'],
      ['--ssd', '.', '--mistakes', '1'],
    ]) {
      assert.match(
        refusal(() => readOptions(args)),
        /npm start \[-- OPTIONS\]/,
      );
    }
  });

  test('that invent children or disturb the simulated DfE are refused for a real SSD', () => {
    for (const option of [
      '--children',
      '--seed',
      '--ssd',
      '--mistakes',
      '--nights',
      '--latency',
      '--faults',
    ]) {
      const said = refusal(() => readOptions(['--real', option, '1']));
      assert.match(said, new RegExp(`^${option} is for invented children.*--real reads real children`));
    }
  });

  test('for a real SSD need --real, and sending needs a place to keep what was sent', () => {
    for (const args of [['--child', 'C1'], ['--send-test'], ['--keep', 'folder']]) {
      assert.match(
        refusal(() => readOptions(args)),
        new RegExp(`^${args[0] ?? ''} is for your own SSD`),
      );
    }
    assert.match(
      refusal(() => readOptions(['--real', '--send-test'])),
      /^--send-test needs --keep/,
    );
    assert.equal(readOptions(['--real', '--send-test', '--keep', 'folder']).keep, 'folder');
  });
});

describe('the settings of a try on a real SSD', () => {
  const compare = { keep: undefined, 'send-test': false };
  const send = { keep: 'folder', 'send-test': true };
  const key = 'ab'.repeat(32);

  test('say that the children are real and the receiver is the test receiver, whatever the environment says', () => {
    for (const options of [compare, send]) {
      const settings = deskSettings(options, { SSD_SYNTHETIC: 'true', PSEUDONYM_KEY: key, LA_CODE: '825' });
      assert.equal(settings['SSD_SYNTHETIC'], 'false');
      assert.equal(settings['DFE_RECEIVER'], 'test');
      assert.equal(settings['LA_CODE'], '825');
      assert.equal(settings['PSEUDONYM_KEY'], key);
    }
    assert.equal(deskSettings(compare, { DFE_RECEIVER: 'live' })['DFE_RECEIVER'], 'test');
  });

  test('switch off what sends where nothing is to be sent, and the nightly run in any case', () => {
    const disabled = (settings: Record<string, string>) =>
      Object.keys(settings).filter((name) => name.endsWith('.Disabled'));
    assert.deepEqual(disabled(deskSettings(compare, {})), [
      'AzureWebJobs.nightly.Disabled',
      'AzureWebJobs.sendChunk.Disabled',
    ]);
    assert.deepEqual(disabled(deskSettings(send, { PSEUDONYM_KEY: key })), ['AzureWebJobs.nightly.Disabled']);
  });

  test('have no address and no credentials of DfE and nothing of Azure where nothing is to be sent', () => {
    const given = {
      DFE_API_BASE_URL: 'https://dfe.example',
      DFE_CLIENT_SECRET: 'a-secret',
      KEY_VAULT_URI: 'v',
    };
    const settings = deskSettings(compare, given);
    assert.equal(settings['DFE_API_BASE_URL'], undefined);
    assert.equal(settings['DFE_CLIENT_SECRET'], undefined);
    assert.equal(settings['KEY_VAULT_URI'], '');
    assert.match(settings['PSEUDONYM_KEY'] ?? '', /^[0-9a-f]{64}$/);
  });

  test('are refused for the live receiver, and without the key of the pseudonyms', () => {
    const live = { DFE_RECEIVER: 'live', PSEUDONYM_KEY: key };
    assert.match(
      refusal(() => deskSettings(send, live)),
      /DFE_RECEIVER is live.*nothing was sent/,
    );
    assert.match(
      refusal(() => deskSettings(send, {})),
      /needs PSEUDONYM_KEY/,
    );
    assert.match(
      refusal(() => deskSettings({ ...compare, keep: 'folder' }, {})),
      /needs PSEUDONYM_KEY/,
    );
  });

  test('take the database from the environment, so that no password is in the history of the shell', () => {
    assert.equal(ssdConnectionOf({ sql: undefined }, { SSD_CONNECTION_STRING: 'a' }), 'a');
    assert.equal(ssdConnectionOf({ sql: 'b' }, { SSD_CONNECTION_STRING: 'a' }), 'b');
    assert.match(
      refusal(() => ssdConnectionOf({ sql: undefined }, {})),
      /Set SSD_CONNECTION_STRING/,
    );
  });
});
