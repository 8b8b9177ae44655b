import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { Faults } from './local/dfe/faults.js';
import { startDfeSimulator, type DfeSimulator } from './local/dfe/simulator.js';

const command = join(__dirname, 'local', 'onboarding.js');

async function aDfe(t: TestContext, faults: Faults = {}): Promise<DfeSimulator> {
  const dfe = await startDfeSimulator({
    laCode: '999',
    clientId: 'client',
    clientSecret: 'a-secret-value',
    scope: 'api://dfe/.default',
    supplierKeys: ['a-key-value'],
    faults,
  });
  t.after(() => dfe.stop());
  return dfe;
}

function run(
  dfe: DfeSimulator,
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<{ code: number | string | null | undefined; output: string }> {
  const env = {
    LA_CODE: '999',
    DFE_RECEIVER: 'test',
    DFE_API_BASE_URL: dfe.apiBaseUrl,
    DFE_TOKEN_URL: dfe.tokenUrl,
    DFE_SCOPE: dfe.scope,
    DFE_CLIENT_ID: 'client',
    DFE_CLIENT_SECRET: 'a-secret-value',
    DFE_SUPPLIER_KEY: 'a-key-value',
    DFE_RETRY_SECONDS: '2',
    NO_PROXY: '127.0.0.1',
    ...settings,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

describe('npm run dfe', () => {
  test('checks the connection without sending a child', async (t) => {
    const dfe = await aDfe(t);
    const { code, output } = await run(dfe, ['check']);
    assert.equal(code, 0, output);
    assert.match(output, /accepted the token and the supplier key/);
    assert.equal(dfe.children().length, 0);
  });

  test('says which credential is not accepted, and quotes none', async (t) => {
    const dfe = await aDfe(t);
    const wrongKey = await run(dfe, ['check'], { DFE_SUPPLIER_KEY: 'not-the-key' });
    assert.equal(wrongKey.code, 1);
    assert.match(wrongKey.output, /DFE_SUPPLIER_KEY/);
    const wrongSecret = await run(dfe, ['check'], { DFE_CLIENT_SECRET: 'not-the-secret' });
    assert.equal(wrongSecret.code, 1);
    assert.match(wrongSecret.output, /DFE_CLIENT_SECRET/);
    assert.doesNotMatch(wrongKey.output + wrongSecret.output, /a-key-value|a-secret-value|not-the/);
  });

  test('sends as many synthetic children as asked for', async (t) => {
    const dfe = await aDfe(t);
    for (const children of [1, 120]) {
      const { code, output } = await run(dfe, ['send', '--children', String(children)]);
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`${String(children)} of ${String(children)} synthetic children`));
    }
    assert.equal(dfe.children().length, 120);
  });

  test('names each child that DfE refuses, with its words', async (t) => {
    const dfe = await aDfe(t);
    await run(dfe, ['send', '--children', '3']);
    const bad = dfe.children()[1]?.la_child_id ?? '';
    dfe.setFaults({ refuse: { share: 0, ids: new Set([bad]) } });
    const { code, output } = await run(dfe, ['send', '--children', '3']);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`refused: ${bad}: 400`));
    assert.match(output, /2 of 3 synthetic children/);
  });

  test('never sends an invented child to the live receiver', async (t) => {
    const dfe = await aDfe(t);
    const { code, output } = await run(dfe, ['send'], {
      DFE_RECEIVER: 'live',
      DFE_API_BASE_URL: dfe.apiBaseUrl.replace('receiver-test', 'receiver'),
    });
    assert.equal(code, 2, output);
    assert.equal(dfe.statistics.posts, 0);
  });

  test('says what is missing, and how the command is called', async (t) => {
    const dfe = await aDfe(t);
    const { code, output } = await run(dfe, ['check'], { DFE_SCOPE: '' });
    assert.equal(code, 1);
    assert.match(output, /DFE_SCOPE is missing/);
    assert.equal((await run(dfe, ['check everything'])).code, 2);
  });
});
