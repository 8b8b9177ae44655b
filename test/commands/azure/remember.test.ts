import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { anEnvironment, holdDeployed, resultsUri, type TestEnvironment } from './environment.js';

const runId = '20261120T020000000Z-abc123';
const hash = 'a'.repeat(64);

/** One chunk as the app records it: the entry of the ledger, and the payloads. */
async function recorded(
  { blobs }: TestEnvironment,
  {
    chunk,
    at,
    container = 'csc-ledger',
    isDeleted = false,
  }: { chunk: number; at: string; container?: string; isDeleted?: boolean },
): Promise<void> {
  const blob = `runs/${runId}/chunks/${chunk}.json`;
  const children = [
    {
      personId: `P'${chunk}`,
      hash,
      change: 'New',
      holds: 'payload',
      payload: { la_child_id: `P'${chunk}`, mis_child_id: 'M1' },
    },
    { personId: 'erased', hash, change: 'New', holds: 'payload', payload: {}, erasedAt: at },
  ];
  await blobs(container).create(
    `ledger/2026-11-20/${runId}-${chunk}-sent.json`,
    JSON.stringify({
      runId,
      chunk,
      at,
      receiver: { receiver: 'live', baseUrl: 'https://dfe.example' },
      trigger: 'timer',
      requestedBy: 'timer',
      blob,
      children: children.map(({ personId, change }) => ({ personId, hash, change })),
      childCount: 2,
      hash,
    }),
  );
  if (!isDeleted) await blobs('csc-runs').create(blob, JSON.stringify({ runId, chunk, children }));
}

async function aLedger(t: TestContext, connection?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'csc-remember-'));
  t.after(() => rm(folder, { recursive: true }));
  const environment = await anEnvironment(t);
  holdDeployed(environment, {
    settings: {
      RESULTS_STORAGE__blobServiceUri: resultsUri,
      LEDGER_CONTAINER: 'csc-ledger',
      STAGING_TABLE: 'api.staging',
      ...(connection === undefined ? {} : { SSD_CONNECTION_STRING: connection }),
    },
  });
  return { environment, file: join(folder, 'remember.sql') };
}

describe('npm run azure -- remember', () => {
  it('writes what was sent since, from both places of the ledger, and no erased child', async (t) => {
    const { environment, file } = await aLedger(t);
    await recorded(environment, { chunk: 1, at: '2026-11-19T02:00:00.000Z' });
    await recorded(environment, { chunk: 2, at: '2026-11-20T02:00:00.000Z', container: 'csc-runs' });
    await recorded(environment, { chunk: 3, at: '2026-11-21T02:00:00.000Z' });
    const { code, text } = await environment.run(`remember --since 2026-11-20T00:00:00Z --output ${file}`);
    assert.equal(code, 0, text);
    assert.match(text, /^2 submissions/);
    const sql = await readFile(file, 'utf8');
    assert.ok(sql.includes(`UPDATE api.staging`));
    assert.ok(sql.includes(`WHERE person_id = N'P''2';`));
    assert.ok(sql.includes(`WHERE person_id = N'P''3';`));
    assert.doesNotMatch(sql, /P''1|erased/);
    assert.equal(sql.match(/^GO$/gm)?.length, 2);
    assert.equal((await stat(file)).mode & 0o077, 0);
  });

  it('writes the dialect of the database', async (t) => {
    const { environment, file } = await aLedger(t, 'postgres://council');
    await recorded(environment, { chunk: 1, at: '2026-11-21T02:00:00.000Z' });
    await environment.run(`remember --since 2026-11-20T00:00:00Z --output ${file}`);
    const sql = await readFile(file, 'utf8');
    assert.match(sql, /CHR\(10\)/);
    assert.doesNotMatch(sql, /GO|N'/);
  });

  it('names the payloads that are deleted by now, and the erasures to repeat', async (t) => {
    const { environment, file } = await aLedger(t);
    await recorded(environment, { chunk: 1, at: '2026-11-21T02:00:00.000Z', isDeleted: true });
    await environment.blobs('csc-ledger').create('ledger/erasures/2026-11-22.json', '{}');
    const { code, text } = await environment.run(`remember --since 2026-11-20T00:00:00Z --output ${file}`);
    assert.equal(code, 1);
    assert.match(text, /payloads of runs\/.*\/chunks\/1\.json are deleted/);
    assert.match(text, /Repeat the erasure that ledger\/erasures\/2026-11-22\.json/);
  });

  it('writes over no file, and wants a moment', async (t) => {
    const { environment, file } = await aLedger(t);
    await environment.run(`remember --since 2026-11-20T00:00:00Z --output ${file}`);
    assert.match(
      (await environment.run(`remember --since 2026-11-20T00:00:00Z --output ${file}`)).text,
      /cannot be written. Does this file exist already/,
    );
    assert.match((await environment.run(`remember --since yesterday --output ${file}`)).text, /^Usage/);
  });
});
