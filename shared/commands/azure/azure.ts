import { setTimeout as delay } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import password from '@inquirer/password';
import { AzureBlobStore } from '../../azure/azureBlobStore.js';
import { secretClientOf } from '../../azure/keyVaultSecrets.js';
import { personsLogin, signedIn } from '../../deployment/login/signedIn.js';
import { Directory } from '../../deployment/entra/directory.js';
import { publish } from '../../deployment/app/publish.js';
import { azureCommand } from './azureCommand.js';

/** Twenty looks half a minute apart: a new role holds within ten minutes. */
const pauses = Array.from({ length: 20 }, () => 30_000);
const write = (text: string) => process.stdout.write(text);

void azureCommand(
  process.argv.slice(2),
  async ({ group, subscription }) => {
    const { azure, credential, subscriptionId } = await signedIn(process.env, personsLogin, subscription);
    return {
      azure,
      directory: new Directory(credential),
      credential,
      vaultClient: (uri) => secretClientOf(uri, credential),
      blobs: (uri, container) =>
        new AzureBlobStore(new BlobServiceClient(uri, credential).getContainerClient(container)),
      group: { subscriptionId, name: group },
      write,
      ask: (question) => password({ message: question }),
      now: () => new Date(),
      call: fetch,
      publish: (app, zip) => publish(credential, app, zip, { now: Date.now, wait: delay }),
      pauses,
    };
  },
  write,
).then((code) => {
  process.exitCode = code;
});
