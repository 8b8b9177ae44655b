import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { after, before, describe, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { StorageError } from '../../shared/azure/storageError.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const stores: readonly (readonly [string, (container: string) => BlobStore])[] = [
  [
    'the blob store',
    (container) => {
      const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
      return new AzureBlobStore(service.getContainerClient(container));
    },
  ],
  ['the blob store in memory that tests use', () => new MemoryBlobs()],
];

for (const [what, aStore] of stores)
  describe(what, () => {
    test('makes its container, and returns what was written, byte for byte', async () => {
      const store = aStore('text');
      await store.write('a/b.json', '{"name":"Siân علي 👶"}');
      assert.equal(await store.read('a/b.json'), '{"name":"Siân علي 👶"}');
      assert.equal(await store.read('a/c.json'), undefined);
    });

    test('creates a blob once: the first writer wins, even among many at the same time', async () => {
      const store = aStore('once');
      const won = await Promise.all(['a', 'b', 'c', 'd'].map((content) => store.create('summary', content)));
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(await store.read('summary'), ['a', 'b', 'c', 'd'][won.indexOf(true)]);
    });

    test('lists blobs under a prefix with their facts', async () => {
      const store = aStore('list');
      await store.create('runs/2/results/2', '', { accepted: '3' });
      await store.create('runs/2/results/1', '', { accepted: '5' });
      await store.create('runs/1/results/1', '', { accepted: '7' });
      const entries = await store.list('runs/2/results/');
      assert.deepEqual(
        entries.map(({ name, facts }) => ({ name, facts })),
        [
          { name: 'runs/2/results/1', facts: { accepted: '5' } },
          { name: 'runs/2/results/2', facts: { accepted: '3' } },
        ],
      );
      const secondsAgo = entries.map(({ modified }) => (Date.now() - modified.getTime()) / 1000);
      assert.ok(secondsAgo.every((age) => age > -5 && age < 60));
      assert.deepEqual(await store.folders('runs/'), ['1', '2']);
    });

    test('replaces a blob only as it was read: one of many at the same time wins', async () => {
      const store = aStore('replace');
      await store.create('turn', 'first');
      const read = await store.readTagged('turn');
      assert.equal(read?.content, 'first');
      const [listed] = await store.list('turn');
      assert.deepEqual(read.modified, listed?.modified);
      const won = await Promise.all(
        ['a', 'b', 'c', 'd'].map((content) => store.replace('turn', content, read.tag)),
      );
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(await store.read('turn'), ['a', 'b', 'c', 'd'][won.indexOf(true)]);
      assert.equal(await store.replace('turn', 'late', read.tag), false);
      assert.equal(await store.readTagged('nothing'), undefined);
    });

    test('never reads half of one content and half of another while a blob is overwritten', async () => {
      const store = aStore('torn');
      const contents = [1, 9_999_999].map((number) => JSON.stringify({ number }));
      await store.write('progress', contents[0] ?? '');
      const writer = (async () => {
        for (let round = 0; round < 200; round += 1) await store.write('progress', contents[round % 2] ?? '');
      })();
      for (let round = 0; round < 200; round += 1) {
        assert.ok(contents.includes((await store.read('progress')) ?? ''));
      }
      await writer;
    });
  });

describe('an error of the storage', () => {
  /** A proxy between the app and storage that returns what was sent. */
  async function anEcho(t: TestContext, type: string) {
    const server = createServer((request, response) => {
      const { authorization = '' } = request.headers;
      void textOf(request).then((body) =>
        response
          .writeHead(400, { 'content-type': type })
          .end(`<Error><Code>Blocked</Code><Message>${authorization} ${body}</Message></Error>`),
      );
    });
    const endpoint = `BlobEndpoint=http://127.0.0.1:${await listenUntilTheEnd(t, server)}/local`;
    const connectionString = azurite.connectionString.replace(/BlobEndpoint=[^;]+/, endpoint);
    const retryOptions = { maxTries: 1 };
    const service = BlobServiceClient.fromConnectionString(connectionString, { retryOptions });
    return new AzureBlobStore(service.getContainerClient('echo'));
  }

  for (const type of ['application/xml', 'text/html']) {
    test(`gives its status, and quotes nothing from an answer of ${type}`, async (t) => {
      const store = await anEcho(t, type);
      const content = '{"surname":"Featherston"}';
      for (const act of [
        () => store.create('a', content),
        () => store.write('a', content),
        () => store.replace('a', content, '"1"'),
        () => store.read('a'),
        () => store.list('a'),
        () => store.folders('a'),
        () => store.time(),
      ]) {
        await assert.rejects(act(), (error) => {
          assert.ok(error instanceof StorageError);
          assert.equal(error.statusCode, 400);
          assert.match(error.message, /^The storage account 127\.0\.0\.1:\d+ did not do/);
          const everything = inspect(error, { depth: Infinity, showHidden: true });
          assert.doesNotMatch(everything, /Featherston|SharedKey/);
          return true;
        });
      }
    });
  }
});

describe('the clock of the storage', () => {
  const containerOf = (connectionString: string) =>
    BlobServiceClient.fromConnectionString(connectionString, {
      retryOptions: { maxTries: 1 },
    }).getContainerClient('clock');

  const assertRight = async (store: AzureBlobStore) => {
    // The answer is in full seconds.
    const earliest = Math.floor(Date.now() / 1000) * 1000;
    const time = (await store.time())?.getTime() ?? NaN;
    assert.ok(time >= earliest && time <= Date.now(), String(time));
  };

  test('can be read, whether the container is there or not', async () => {
    const container = containerOf(azurite.connectionString);
    const store = new AzureBlobStore(container);
    await assertRight(store);
    assert.equal(await container.exists(), false);
    await container.create();
    await assertRight(store);
  });

  test('can be read even when storage refuses the app, as it does when the app’s clock is wrong', async () => {
    const key = Buffer.from('another key').toString('base64');
    const refused = azurite.connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${key}`);
    const store = new AzureBlobStore(containerOf(refused));
    await assert.rejects(store.read('anything'), { statusCode: 403 });
    await assertRight(store);
  });

  test('is not taken from an answer that is not from storage', async (t) => {
    const server = createServer((_, response) => response.writeHead(407).end());
    const endpoint = `BlobEndpoint=http://127.0.0.1:${await listenUntilTheEnd(t, server)}/local`;
    const elsewhere = azurite.connectionString.replace(/BlobEndpoint=[^;]+/, endpoint);
    await assert.rejects(new AzureBlobStore(containerOf(elsewhere)).time(), { statusCode: 407 });
  });
});
