import { endpointOf, needed, storage } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** Where runs, results and the ledger are kept, and where the queues are. */
export const storageSettings = {
  RESULTS_STORAGE: storage
    .optional()
    .describe('The storage account for runs and results, as a connection string (on a laptop only). Secret.'),
  RESULTS_STORAGE__blobServiceUri: endpointOf('blob', 'https://results.blob.core.windows.net')
    .optional()
    .describe(
      'The Blob address of the storage account for runs and results; reached with the identity of the app.',
    ),
  RESULTS_STORAGE__clientId: needed
    .optional()
    .describe('The client id of the user-assigned identity to reach that storage account with.'),
  LEDGER_CONTAINER: needed
    .regex(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be the name of a Blob container')
    .default('csc-runs')
    .describe(
      'The Blob container of the ledger in that account. Bicep gives `csc-ledger`, to which the app may add, and where it need not change anything; versions before 0.2 have it in `csc-runs`, and what is there is read in any case.',
    )
    .register(seenBySupport, itsValue),
  AzureWebJobsStorage: storage
    .optional()
    .describe(
      'The storage account of the Functions host with the queues, as a connection string (a laptop only). Read by the host, and by the preflight. Secret.',
    ),
  AzureWebJobsStorage__queueServiceUri: endpointOf('queue', 'https://host.queue.core.windows.net')
    .optional()
    .describe(
      'The Queue address of that storage account, which the app reaches with its identity. Read by the host, and by the preflight.',
    ),
  AzureWebJobsStorage__accountName: needed
    .regex(/^[a-z0-9]{3,24}$/, 'must be the name of a storage account')
    .optional()
    .describe('In place of the addresses, the name of that storage account in the public Azure cloud.'),
  AzureWebJobsStorage__clientId: needed
    .optional()
    .describe('The client id of the user-assigned identity to reach that storage account with.'),
};
