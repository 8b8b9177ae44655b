import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
  type TokenCredential,
} from '@azure/identity';
import { z } from 'zod';
import { ResourceManager } from './resourceManager.js';

/** Azure as a command reaches it. */
export interface SignedIn {
  readonly azure: ResourceManager;
  readonly credential: TokenCredential;
  readonly subscriptionId: string;
}

/** An agent starts the Azure CLI slowly, and slower the first time. */
const cliTimeoutMs = 60_000;

const subscriptionId = z.guid();

/**
 * @param login who signs in, given the subscription; unless given a job of the pipeline, which the task AzureCLI@2 has signed in
 * @param subscription unless given that of the environment, or else of the Azure CLI
 * @throws Error when nobody is signed in; it says what to do
 */
export async function signedIn(
  environment: Readonly<Record<string, string | undefined>>,
  login: (subscription: string) => TokenCredential = agentsLogin,
  subscription?: string,
): Promise<SignedIn> {
  const chosen = await subscriptionOf(environment, subscription);
  const credential = login(chosen);
  return { azure: new ResourceManager(credential), credential, subscriptionId: chosen };
}

function agentsLogin(): TokenCredential {
  return new AzureCliCredential({ processTimeoutInMs: cliTimeoutMs });
}

/**
 * A person at a keyboard: signed in with `az login` (Cloud Shell is), or else with `azd auth login`.
 * @param subscription to work in, for its tenant; else that of the subscription which `az account set` has chosen
 */
export function personsLogin(subscription?: string): TokenCredential {
  return new ChainedTokenCredential(
    new AzureCliCredential(subscription === undefined ? {} : { subscription }),
    new AzureDeveloperCliCredential(),
  );
}

/**
 * The subscription to work in: `given`, else AZURE_SUBSCRIPTION_ID, else the one that `az account set` has chosen.
 * @throws Error when there is none
 */
export async function subscriptionOf(
  environment: Readonly<Record<string, string | undefined>>,
  given: string | undefined = environment['AZURE_SUBSCRIPTION_ID'],
): Promise<string> {
  const chosen = given ?? (await chosenByAzureCli());
  const { success, data } = subscriptionId.safeParse(chosen);
  if (success) return data;
  throw new Error(
    'There is no subscription to work in: run `az login`, then `az account set --subscription <id>`, or set AZURE_SUBSCRIPTION_ID to the id (a GUID).',
  );
}

async function chosenByAzureCli(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      'az',
      ['account', 'show', '--query', 'id', '--output', 'tsv'],
      // On Windows `az` is a batch file.
      { shell: process.platform === 'win32' },
    );
    return stdout.trim();
  } catch {
    return '';
  }
}
