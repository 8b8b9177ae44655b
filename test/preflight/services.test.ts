import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { QueueServiceClient, StorageSharedKeyCredential } from '@azure/storage-queue';
import { AzureQueues } from '../../shared/azure/azureQueues.js';
import { CredentialsError } from '../../shared/dfe/credentials.js';
import { chunkQueue, extractQueue, poisonOf } from '../../shared/host/queues.js';
import { SettingsError } from '../../shared/settings/readSettings.js';
import { InventedPeople } from '../../shared/ssd/inventedPeople.js';
import { testEngines } from '../database/engines.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import {
  aChild,
  aDfe,
  azuriteQueues,
  foundBy,
  oneTry,
  outcomesOf,
  preflightsOn,
  seeded,
} from './preflightsOn.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    test('fails when DfE refuses the credentials or does not answer', async () => {
      for (const said of ['refused', 'unanswered'] as const) {
        const result = await look({ openDfe: () => aDfe(said) });
        assert.equal(outcomesOf(result).dfe, 'fail');
        assert.equal(foundBy('dfe', result), 'What DfE said.');
      }
    });

    test('asks DfE nothing without credentials', async () => {
      const unreadable = () => Promise.reject(new CredentialsError('No secret of this name.', false));
      const dfe = aDfe('accepted');
      const result = await look({
        openDfe: () => ({ ...dfe, credentials: { ...dfe.credentials, current: unreadable } }),
      });
      assert.equal(foundBy('secrets', result), 'No secret of this name.');
      assert.equal(outcomesOf(result).dfe, 'skipped');
    });

    test('fails without the key of the pseudonyms, and asks for none where none are made', async () => {
      const unreadable = () => Promise.reject(new CredentialsError('No secret of this name.', false));
      const result = await look({ readPseudonyms: unreadable });
      assert.equal(outcomesOf(result).pseudonyms, 'fail');
      assert.equal(foundBy('pseudonyms', result), 'No secret of this name.');
      assert.equal(outcomesOf(result).dfe, 'pass');
      assert.equal(outcomesOf(await look({ readPseudonyms: undefined })).pseudonyms, 'pass');
    });

    test('says whether SSD_SYNTHETIC is proven: by the mark, the ids and the receiver', async () => {
      const asTheyAre = (people: InventedPeople | undefined) =>
        look({
          readPseudonyms: undefined,
          receiver: { receiver: 'test', baseUrl: 'http://127.0.0.1:1' },
          readInvented: () => Promise.resolve(people),
        });
      const listed = await asTheyAre(new InventedPeople([], [aChild.pers_person_id]));
      assert.equal(outcomesOf(listed).pseudonyms, 'pass');
      assert.match(foundBy('pseudonyms', listed), /lists all 1 id in the SSD and 0 in the staging table/);
      const unmarked = await asTheyAre(undefined);
      assert.equal(outcomesOf(unmarked).pseudonyms, 'fail');
      assert.match(foundBy('pseudonyms', unmarked), /SSD_SYNTHETIC is true, and the SSD has no mark/);
      const others = await asTheyAre(new InventedPeople(['1'], []));
      assert.equal(outcomesOf(others).pseudonyms, 'fail');
      assert.match(
        foundBy('pseudonyms', others),
        /did not make 1 of 1 id in the SSD and 0 of 0 in the staging table/,
      );
      assert.doesNotMatch(JSON.stringify(others), seeded);
    });

    test('warns of a secret that has expired', async () => {
      const dfe = aDfe('accepted');
      const current = async () => ({ ...(await dfe.credentials.current()), remarks: ['It has expired.'] });
      const result = await look({
        openDfe: () => ({ ...dfe, credentials: { ...dfe.credentials, current } }),
      });
      assert.equal(outcomesOf(result).secrets, 'warn');
      assert.equal(outcomesOf(result).dfe, 'pass');
    });

    test('shows the code of storage that cannot be written, and nothing else', async () => {
      const write = () =>
        Promise.reject(Object.assign(new Error('AccountKey=seeded'), { code: 'AuthorizationFailure' }));
      const result = await look({ blobs: { ...world.parts().blobs, write } });
      assert.match(foundBy('storage', result), /AuthorizationFailure/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
      const lost = await look({ blobs: { ...world.parts().blobs, read: () => Promise.resolve(undefined) } });
      assert.equal(outcomesOf(lost).storage, 'fail');
    });

    test('fails when no entry can be added to the ledger, and adds under another name each time', async () => {
      const ledger = new MemoryBlobs();
      for (const outcome of [await look({ ledger }), await look({ ledger })]) {
        assert.equal(outcomesOf(outcome).storage, 'pass');
      }
      assert.equal((await ledger.list('preflights/')).length, 2);
      const create = () =>
        Promise.reject(Object.assign(new Error('seeded'), { code: 'AuthorizationPermissionMismatch' }));
      const closed = await look({ ledger: { create, read: (name) => ledger.read(name) } });
      assert.equal(outcomesOf(closed).storage, 'fail');
      assert.match(foundBy('storage', closed), /AuthorizationPermissionMismatch/);
    });

    test('puts a message into a queue of its own and removes it, and leaves those of the functions alone', async () => {
      const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
      const working = [extractQueue, chunkQueue].map(({ queueName }) => service.getQueueClient(queueName));
      for (const queue of working) {
        await queue.createIfNotExists();
        await queue.clearMessages();
        await queue.sendMessage('a message for the app');
      }
      assert.equal(
        outcomesOf(await look({ openQueues: () => azuriteQueues(azurite.connectionString) })).queues,
        'pass',
      );
      for (const queue of working) {
        const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
        assert.deepEqual(
          peekedMessageItems.map(({ messageText, dequeueCount }) => [messageText, dequeueCount]),
          [['a message for the app', 0]],
        );
      }
      const own = await service.getQueueClient('csc-preflight').getProperties();
      assert.equal(own.approximateMessagesCount, 0);
    });

    test('warns of messages in a poison queue, by its name and their number', async () => {
      const { queueName } = poisonOf(chunkQueue);
      const poison = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
        queueName,
      );
      await poison.createIfNotExists();
      await poison.sendMessage('seeded');
      const result = await look({ openQueues: () => azuriteQueues(azurite.connectionString) });
      await poison.delete();
      assert.equal(outcomesOf(result).queues, 'warn');
      assert.match(foundBy('queues', result), /csc-chunks-poison holds 1 message\.$/);
      assert.doesNotMatch(JSON.stringify(result), seeded);
      assert.equal(
        outcomesOf(await look({ openQueues: () => azuriteQueues(azurite.connectionString) })).queues,
        'pass',
      );
    });

    test('shows the code of queues that are forbidden or cannot be reached, and nothing else', async () => {
      const key = Buffer.from('seeded').toString('base64');
      const forbidden = azuriteQueues(
        azurite.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`),
      );
      const refused = await look({ openQueues: () => forbidden });
      assert.equal(outcomesOf(refused).queues, 'fail');
      assert.match(
        foundBy('queues', refused),
        /It failed with (AuthorizationFailure|AuthenticationFailed|403)\./,
      );
      const nowhere = new QueueServiceClient(
        'http://127.0.0.1:1/seeded',
        new StorageSharedKeyCredential('seeded', key),
        oneTry,
      );
      const lost = await look({ openQueues: () => new AzureQueues(nowhere) });
      assert.equal(foundBy('queues', lost), 'It failed with ECONNREFUSED.');
      const unset = await look({
        openQueues: () => {
          throw new SettingsError('AzureWebJobsStorage is missing.');
        },
      });
      assert.equal(foundBy('queues', unset), 'AzureWebJobsStorage is missing.');
      for (const result of [refused, lost]) assert.doesNotMatch(JSON.stringify(result), /seeded|c2VlZGVk/);
    });
  });
}
