import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const command = join(__dirname, '..', '..', 'shared', 'commands', 'preflight.js');
const today = plainDate('2026-08-11');

let stack: Stack;

before(async () => {
  stack = await Stack.start({});
  await stack.withDatabase((database) =>
    fillSsd(database, stack.schema, { kind: 'synthetic', children: 10, seed: 'preflight' }, today),
  );
});
after(() => stack.stop());

function run(
  env: Record<string, string>,
): Promise<{ code: number | string | null | undefined; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

describe('npm run preflight', () => {
  test('ends with 0 when nothing fails', async () => {
    const { code, output } = await run(stack.environment(today));
    assert.equal(code, 0, output);
    assert.match(output, /^pass +dfe: /m);
    assert.match(output, /^pass +clock: .* database to within a minute\. .* storage to within a minute\./m);
    assert.match(output, /^preflight: (pass|warn)$/m);
  });

  test('ends with 1, names every setting that is missing, and looks at nothing else', async () => {
    const { code, output } = await run({});
    assert.equal(code, 1);
    for (const setting of ['LA_CODE', 'DFE_SCOPE', 'SSD_CONNECTION_STRING', 'RESULTS_STORAGE']) {
      assert.match(output, new RegExp(`${setting} is missing`));
    }
    assert.match(output, /^skipped dfe: /m);
  });

  test('ends with 1 when DfE refuses the key, shows no secret, and still looks at the rest', async () => {
    const { code, output } = await run({
      ...stack.environment(today),
      DFE_SUPPLIER_KEY: 'seeded-key',
      DFE_CLIENT_ID: 'local-client',
    });
    assert.equal(code, 1);
    assert.match(output, /^fail +dfe: .*DFE_SUPPLIER_KEY/m);
    assert.match(output, /^pass +stagingRights: /m);
    assert.match(output, /^pass +storage: /m);
    assert.doesNotMatch(output, /seeded-key|local-secret|AccountKey/);
  });

  const aPassword = 'Pass/seeded';
  const broken = [
    [
      'that cannot be read',
      `Server=;User Id=sender;Password=${aPassword}`,
      /SSD_CONNECTION_STRING: .*names no server/,
    ],
    [
      'with a password that is not encoded',
      `postgres://sender:${aPassword}@db/ssd`,
      /SSD_CONNECTION_STRING: .*cannot be read/,
    ],
    [
      'of a server that is not there',
      // A name that no server has is told at once; a server that refuses is tried again for a while.
      `postgres://sender:${encodeURIComponent(aPassword)}@nowhere.invalid/ssd`,
      /No connection to the database server nowhere\.invalid:5432 \(ENOTFOUND\)/,
    ],
  ] as const;
  for (const [what, connectionString, says] of broken) {
    test(`ends with 1 and says why on a connection string ${what}`, async () => {
      const { code, output } = await run({
        ...stack.environment(today),
        SSD_CONNECTION_STRING: connectionString,
      });
      assert.equal(code, 1, output);
      assert.match(/^fail +database: .*/m.exec(output)?.[0] ?? output, says);
      assert.match(output, /^pass +queues: /m);
      assert.doesNotMatch(output, /seeded|sender/);
    });
  }

  test('says within the time of a check why storage and queues cannot be reached', async () => {
    const nowhere = stack.storage.replace(
      /(Blob|Queue)Endpoint=[^;]+/g,
      '$1Endpoint=http://127.0.0.1:1/local',
    );
    const { code, output } = await run({
      ...stack.environment(today),
      AzureWebJobsStorage: nowhere,
      RESULTS_STORAGE: nowhere,
    });
    assert.equal(code, 1, output);
    assert.match(output, /^fail +storage: It failed with ECONNREFUSED/m);
    assert.match(output, /^fail +queues: It failed with ECONNREFUSED/m);
  });

  test('says where the queues are to be named when no setting does', async () => {
    const { code, output } = await run({ ...stack.environment(today), AzureWebJobsStorage: '' });
    assert.equal(code, 1);
    assert.match(
      output,
      /^fail +queues: AzureWebJobsStorage is missing: give AzureWebJobsStorage__queueServiceUri/m,
    );
  });

  test('fails storage and queues whose connection string lacks its key, and says so', async () => {
    const half = 'DefaultEndpointsProtocol=https;AccountName=seeded;EndpointSuffix=core.windows.net';
    const queues = await run({ ...stack.environment(today), AzureWebJobsStorage: half });
    assert.match(queues.output, /^fail +queues: AzureWebJobsStorage is not the connection string/m);
    const storage = await run({ ...stack.environment(today), RESULTS_STORAGE: half });
    assert.match(storage.output, /^fail +settings: RESULTS_STORAGE is not the connection string/m);
    for (const { code, output } of [queues, storage]) {
      assert.equal(code, 1);
      assert.doesNotMatch(output, /seeded/);
    }
  });

  test('fails the storage check without quoting a connection string that storage does not answer to', async () => {
    const key = Buffer.from('seeded-account-key').toString('base64');
    const { code, output } = await run({
      ...stack.environment(today),
      RESULTS_STORAGE: stack.storage.replace(/AccountKey=[^;]+/, `AccountKey=${key}`),
    });
    assert.equal(code, 1);
    assert.match(output, /^fail +storage: /m);
    assert.ok(!output.includes(key));
  });
});
