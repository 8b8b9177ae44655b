import { BlobServiceClient, type StorageRetryOptions } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { AzureBlobStore } from '../azure/azureBlobStore.js';
import { AzureQueues } from '../azure/azureQueues.js';
import type { LedgerBlobs } from '../records/ledger.js';
import { withEarlierEntries } from '../records/ledgerBlobs.js';
import { SettingsError } from '../settings/readSettings.js';
import type { Settings } from '../settings/settings.js';
import { identityOf } from './identity.js';

/** The Blob container that holds the facts about runs. */
export const resultsContainer = 'csc-runs';

/** @throws SettingsError */
export function runBlobs(settings: Settings, retryOptions?: StorageRetryOptions): AzureBlobStore {
  return new AzureBlobStore(blobService(settings, retryOptions).getContainerClient(resultsContainer));
}

/** The container of the ledger, with the entries that earlier versions left among the runs. */
export function ledgerBlobs(
  settings: Settings,
  runs: LedgerBlobs,
  retryOptions?: StorageRetryOptions,
): LedgerBlobs {
  const { LEDGER_CONTAINER: name } = settings;
  if (name === resultsContainer) return runs;
  const own = new AzureBlobStore(blobService(settings, retryOptions).getContainerClient(name));
  return withEarlierEntries(own, runs);
}

/** @throws SettingsError */
function blobService(settings: Settings, retryOptions: StorageRetryOptions = {}): BlobServiceClient {
  const { RESULTS_STORAGE: connectionString = '', RESULTS_STORAGE__blobServiceUri: uri } = settings;
  if (uri === undefined) {
    return fromStorageString('RESULTS_STORAGE', () =>
      BlobServiceClient.fromConnectionString(connectionString, { retryOptions }),
    );
  }
  return new BlobServiceClient(uri, identityOf(settings.RESULTS_STORAGE__clientId), { retryOptions });
}

/**
 * The queues, found as the Functions host finds them.
 * @throws SettingsError
 */
export function openQueues(settings: Settings, retryOptions: StorageRetryOptions): AzureQueues {
  const { AzureWebJobsStorage: connectionString, AzureWebJobsStorage__accountName: account } = settings;
  const options = { retryOptions };
  if (connectionString !== undefined) {
    return new AzureQueues(
      fromStorageString('AzureWebJobsStorage', () =>
        QueueServiceClient.fromConnectionString(connectionString, options),
      ),
    );
  }
  const uri =
    settings.AzureWebJobsStorage__queueServiceUri ??
    (account === undefined ? undefined : `https://${account}.queue.core.windows.net`);
  if (uri === undefined) {
    throw new SettingsError(
      'AzureWebJobsStorage is missing: give AzureWebJobsStorage__queueServiceUri (or AzureWebJobsStorage__accountName), or on a laptop a connection string.',
    );
  }
  return new AzureQueues(
    new QueueServiceClient(uri, identityOf(settings.AzureWebJobsStorage__clientId), options),
  );
}

/** For a wrong string the storage SDK says only that something in it is invalid. */
function fromStorageString<Client>(setting: keyof Settings, open: () => Client): Client {
  try {
    return open();
  } catch {
    throw new SettingsError(
      `${setting} is not the connection string of a storage account, or not a whole one.`,
    );
  }
}
