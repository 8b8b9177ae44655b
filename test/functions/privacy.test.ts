import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';
import { plainDate } from '../../shared/child/dates.js';
import { parseFaults } from '../local/dfe/faults.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../local/ssd/fill.js';
import { generateSsd } from '../local/ssd/generate.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const source = { kind: 'synthetic', children: 40, seed: 'privacy' } as const;

/** Values shorter than this stand in many a text by chance. */
const shortestTelling = 4;

/** Everything that tells who a child is: ids, UPNs, names, dates of birth, postcodes. */
function tellingValues(): Set<string> {
  const values = new Set<string>();
  const ssd = generateSsd({ ...source, today });
  const telling =
    /^(pers_(person_id|legacy_id|upn|forename|surname|dob|expected_dob)|addr_address_postcode)$/;
  for (const { row } of ssd.entries()) {
    for (const [column, value] of Object.entries(row)) {
      if (telling.test(column) && typeof value === 'string' && value.length >= shortestTelling) {
        values.add(value);
      }
    }
  }
  return values;
}

test('nothing that tells who a child is leaves the app but in payload blobs, the staging table and the request to DfE', async (t) => {
  const seen: string[] = [];
  const queued = queueMessagesSeen(t);
  const stack = await Stack.start({
    // Refusals, bad answers and failures: errors are where values leak.
    faults: parseFaults('refuse=10%,500=20%,count=10%,reset=10%'),
    settings: { CHUNK_MAX_CHILDREN: '8' },
    onLog: (entry) => seen.push(JSON.stringify(entry)),
  });
  t.after(() => stack.stop());
  await stack.withDatabase((database) => fillSsd(database, stack.schema, source, today));
  const host = await stack.startApp(today);
  const status = await runNight(host, AbortSignal.timeout(60_000), (run) => seen.push(JSON.stringify(run)));
  const names = await blobNames(stack.storage);
  assert.ok(names.length > 5, 'blob names were seen');
  seen.push(...names, ...queued());

  assert.ok((status.totals?.accepted ?? 0) > 0 && (status.totals?.refused ?? 0) > 0);
  assert.ok(seen.length > 50, 'logs, statuses, blob names and messages were seen');
  assert.ok(queued().length > 3, 'queue messages were seen');
  const values = tellingValues();
  assert.ok(values.size > 150);
  const text = seen.join('\n');
  const leaked = [...values].filter((value) => text.includes(value));
  // Only how many: a failing test must not print them either.
  assert.equal(leaked.length, 0);
});

/** The messages put on a queue from now on, decoded. */
function queueMessagesSeen(t: TestContext): () => string[] {
  const send = t.mock.method(QueueClient.prototype, 'sendMessage');
  return () =>
    send.mock.calls.map(({ arguments: [message] }) => Buffer.from(message, 'base64').toString('utf8'));
}

async function blobNames(connectionString: string): Promise<string[]> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const names: string[] = [];
  for await (const container of service.listContainers()) {
    for await (const blob of service.getContainerClient(container.name).listBlobsFlat()) {
      names.push(`${container.name}/${blob.name}`);
    }
  }
  return names;
}
