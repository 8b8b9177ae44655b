import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { aService, type Answer, type Asked } from '../pipelines/script.js';

function refusal(status: number, code: string): Answer {
  return {
    status,
    headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`,
  };
}

/** Storage as the identity of the app sees it: the blob `there` exists, and `second` is the answer to a second write. */
async function aStore(t: TestContext, second: Answer) {
  const { address, asked } = await aService(t, ({ method, url }: Asked): Answer => {
    const isThere = url.includes('/there');
    if (url.includes('restype=container')) return refusal(403, 'AuthorizationPermissionMismatch');
    if (method === 'HEAD') return isThere ? { body: '' } : refusal(404, 'BlobNotFound');
    if (method !== 'PUT') return refusal(403, 'AuthorizationPermissionMismatch');
    return isThere ? second : { status: 201, headers: { etag: '"1"' }, body: '' };
  });
  const service = new BlobServiceClient(`${address}/account`);
  return { store: new AzureBlobStore(service.getContainerClient('csc-ledger')), asked };
}

describe('a role that may add blobs, but not overwrite or delete them', () => {
  test('is enough to add: the container is neither made nor looked for', async (t) => {
    const { store, asked } = await aStore(t, refusal(403, 'UnauthorizedBlobOverwrite'));
    assert.equal(await store.create('ledger/new', '{}'), true);
    assert.deepEqual(
      asked.map(({ method, headers }) => [method, headers['if-none-match']]),
      [['PUT', '*']],
    );
  });

  for (const [status, code] of [
    [409, 'BlobAlreadyExists'],
    [403, 'UnauthorizedBlobOverwrite'],
    [403, 'AuthorizationPermissionMismatch'],
    [409, 'BlobImmutableDueToPolicy'],
  ] as const) {
    test(`learns from ${code} that a blob is already there, which is not a failure`, async (t) => {
      const { store } = await aStore(t, refusal(status, code));
      assert.equal(await store.create('ledger/there', '{}'), false);
    });
  }

  test('cannot overwrite a blob, and the error has the code of storage', async (t) => {
    for (const code of ['UnauthorizedBlobOverwrite', 'BlobImmutableDueToPolicy']) {
      const { store } = await aStore(t, refusal(403, code));
      await assert.rejects(store.write('ledger/there', '{}'), { code });
      await assert.rejects(store.replace('ledger/there', '{}', '"1"'), { code });
    }
  });
});

test('without any rights a missing entry does not count as one that is there', async (t) => {
  const { address } = await aService(t, ({ method }) =>
    method === 'HEAD' ? refusal(404, 'BlobNotFound') : refusal(403, 'AuthorizationPermissionMismatch'),
  );
  const blobs = new AzureBlobStore(
    new BlobServiceClient(`${address}/account`).getContainerClient('csc-ledger'),
  );
  await assert.rejects(blobs.create('ledger/new', '{}'), { code: 'AuthorizationPermissionMismatch' });
  const { address: closed } = await aService(t, () => refusal(403, 'AuthorizationPermissionMismatch'));
  const none = new AzureBlobStore(
    new BlobServiceClient(`${closed}/account`).getContainerClient('csc-ledger'),
  );
  await assert.rejects(none.create('ledger/new', '{}'), { code: 'AuthorizationPermissionMismatch' });
});
