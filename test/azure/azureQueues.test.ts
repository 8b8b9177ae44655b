import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { QueueServiceClient, type DequeuedMessageItem } from '@azure/storage-queue';
import { AzureQueues } from '../../shared/azure/azureQueues.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';

let azurite: Azurite;
let service: QueueServiceClient;
before(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
after(() => azurite.stop());

/** Puts a message on a queue and takes it, as the host does. */
async function taken(queue: string): Promise<{ queue: string; id: string; popReceipt: string }> {
  const client = service.getQueueClient(queue);
  await client.createIfNotExists();
  await client.sendMessage('b2xk');
  const { receivedMessageItems } = await client.receiveMessages({ visibilityTimeout: 600 });
  const [message] = receivedMessageItems;
  assert.ok(message);
  return { queue, id: message.messageId, popReceipt: message.popReceipt };
}

/** What the host would get now. */
async function next(queue: string): Promise<DequeuedMessageItem | undefined> {
  const { receivedMessageItems } = await service.getQueueClient(queue).receiveMessages();
  return receivedMessageItems[0];
}

async function countOf(queue: string): Promise<number | undefined> {
  return (await service.getQueueClient(queue).getProperties()).approximateMessagesCount;
}

test('a message is replaced by others, which are visible at once and have not been tried', async () => {
  const held = await taken('work');
  const content = { runId: 'r1', chunk: 3 };
  const by = [
    { queue: 'work', content },
    { queue: 'new', content },
  ];
  assert.equal(await new AzureQueues(service).replace(held, by), true);
  for (const queue of ['work', 'new']) {
    const message = await next(queue);
    assert.deepEqual(JSON.parse(Buffer.from(message?.messageText ?? '', 'base64').toString()), content);
    assert.equal(message?.dequeueCount, 1);
    assert.equal(await countOf(queue), 1);
  }
});

test('a message may be replaced by nothing', async () => {
  const held = await taken('done');
  assert.equal(await new AzureQueues(service).replace(held, []), true);
  assert.equal(await countOf('done'), 0);
});

test('a message that someone else has taken since, or that is gone, is not replaced', async () => {
  const queues = new AzureQueues(service);
  const held = await taken('lost');
  const by = [{ queue: 'lost', content: 'new' }];
  const { popReceipt = '' } = await service
    .getQueueClient('lost')
    .updateMessage(held.id, held.popReceipt, undefined, 600);
  assert.equal(await queues.replace(held, by), false);
  assert.equal(await countOf('lost'), 1);
  await service.getQueueClient('lost').deleteMessage(held.id, popReceipt);
  assert.equal(await queues.replace(held, by), false);
  assert.equal(await queues.replace({ ...held, queue: 'no-such-queue' }, by), false);
  assert.equal(await countOf('lost'), 0);
});
