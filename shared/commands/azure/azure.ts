import { setTimeout as delay } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import password from '@inquirer/password';
import { z } from 'zod';
import { AzureBlobStore } from '../../azure/azureBlobStore.js';
import { secretClientOf } from '../../azure/keyVaultSecrets.js';
import { publish as publishPackage } from '../../deployment/app/publish.js';
import type { Clock } from '../../deployment/patience.js';
import { Directory } from '../../deployment/entra/directory.js';
import { personsLogin, signedIn } from '../../deployment/login/signedIn.js';
import { approve } from './approve.js';
import { api, preflight } from './api.js';
import { key, pause, restart, resume, start, stop } from './app.js';
import { database } from './database.js';
import { publish } from './publish.js';
import { recoverVault } from './recoverVault.js';
import { remember } from './remember.js';
import { roles } from './roles.js';
import { secrets } from './secrets.js';
import { signIn } from './signIn.js';
import { status } from './status.js';
import { supportBundle } from './supportBundle.js';
import type { ExitCode, Surroundings, Verb } from './verb.js';
import { argumentsOf, asksForHelp, startIfMain, text, type Write } from '../command.js';
import { reasonOf } from '../pipelineLog.js';

/** What people do in Azure by hand, in the order in which a new environment needs it. */
const verbs: Readonly<Record<string, Verb>> = {
  status,
  roles,
  approve,
  secrets,
  database,
  publish,
  preflight,
  'support-bundle': supportBundle,
  api,
  'sign-in': signIn,
  pause,
  resume,
  restart,
  stop,
  start,
  key,
  'recover-vault': recoverVault,
  remember,
};

/** Every verb takes these two. */
const place = z.object({ group: text, subscription: z.string().optional() });

/** The request: which group, and what to do there. */
interface AzureRequest extends z.output<typeof place> {
  readonly run: (surroundings: Surroundings) => Promise<ExitCode>;
}

/**
 * Reads `VERB [options] --group RG [--subscription ID]`.
 * @returns the usage, as text, when it cannot be read
 */
export function readAzureArguments(args: readonly string[]): AzureRequest | string {
  const [name = '', ...rest] = args;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return usage;
  const given = argumentsOf(rest, { ...verb.options, ...place.shape });
  const { success, data } = place.safeParse(given);
  const run = verb.read(given);
  return success && run !== undefined ? { ...data, run } : usageOf(name, verb);
}

const placeText = '--group RESOURCE-GROUP [--subscription ID]';

const usage = `Usage: npm run azure -- VERB ${placeText}
Uses your own sign-in (az login, or azd auth login). Each command first looks at what is there, and can be repeated.
The subscription, if you give none, is AZURE_SUBSCRIPTION_ID, or else the one of az account set.

${Object.entries(verbs)
  .map(
    ([name, { says, help }]) =>
      `  ${name.padEnd(14)} ${says}\n${help.map((each) => `                 ${each}\n`).join('')}`,
  )
  .join('')}
Exit codes: 0 done, 1 it failed or something is left to do.
`;

function usageOf(name: string, { says, help }: Verb): string {
  return `Usage: npm run azure -- ${name} ${placeText}\n${says}\n${help.map((each) => `  ${each}\n`).join('')}`;
}

/**
 * `npm run azure`.
 * @param open makes what the verb works with; called only when the arguments are right
 */
export async function azureCommand(
  args: readonly string[],
  open: (request: AzureRequest) => Promise<Surroundings>,
  write: Write,
): Promise<ExitCode> {
  const request = readAzureArguments(args);
  if (typeof request === 'string') {
    write(request);
    return asksForHelp(args) ? 0 : 1;
  }
  try {
    return await request.run(await open(request));
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 1;
  }
}

const clock: Clock = { now: Date.now, wait: delay };

startIfMain(module, (args, environment, write) => {
  const open = async ({ group, subscription }: AzureRequest): Promise<Surroundings> => {
    const { azure, credential, subscriptionId } = await signedIn(environment, personsLogin, subscription);
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
      call: fetch,
      publish: (app, zip) => publishPackage(credential, app, zip, clock),
      clock,
    };
  };
  return azureCommand(args, open, write);
});
