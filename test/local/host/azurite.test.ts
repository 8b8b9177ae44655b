import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite } from './azurite.js';

test('Azurite serves blobs and queues until it is stopped', async () => {
  const azurite = await startAzurite();
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('letters');
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'box',
  );
  await queue.create();
  await queue.sendMessage('hello');
  await container.create();
  await container.uploadBlockBlob('note', 'hello', 5);

  assert.equal((await queue.receiveMessages()).receivedMessageItems[0]?.messageText, 'hello');
  assert.equal((await container.getBlobClient('note').downloadToBuffer()).toString(), 'hello');

  await azurite.stop();
  await azurite.stop();
  assert.equal(await answers(queue.url), false);
});

test('Azurite ends when the process that started it is killed', async () => {
  const script = `require(process.argv[1]).startAzurite().then((a) => console.log(a.connectionString));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', script, require.resolve('./azurite.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = createInterface(parent.stdout)[Symbol.asyncIterator]();
  const connectionString = String((await printed.next()).value);
  const endpoint = /QueueEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '';
  assert.equal(await answers(endpoint), true);

  parent.kill('SIGKILL');
  for (let tries = 0; tries < 100 && (await answers(endpoint)); tries++) await pause(50);
  assert.equal(await answers(endpoint), false);
});

test('a process that forgets to stop Azurite still ends', async () => {
  const script = 'require(process.argv[1]).startAzurite()';
  const parent = spawn(process.execPath, ['-e', script, require.resolve('./azurite.js')], {
    stdio: 'inherit',
  });
  assert.deepEqual(await once(parent, 'exit'), [0, null]);
});

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { headers: { connection: 'close' } })).text();
    return true;
  } catch {
    return false;
  }
}
