import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
  type TokenCredential,
} from '@azure/identity';
import { z } from 'zod';
import { SignInError } from './deployingPerson.js';
import { ResourceManager } from '../resourceManager/resourceManager.js';

/** Azure as a command reaches it. */
export interface SignedIn {
  readonly azure: ResourceManager;
  readonly credential: TokenCredential;
  readonly subscriptionId: string;
}

/** An agent starts the Azure CLI slowly, and slower the first time. */
const cliTimeoutMs = 60_000;

const subscriptionId = z.guid();
const exampleId = '00000000-0000-4000-8000-000000000001';

/**
 * @param login who signs in, given the subscription; unless given a job of the pipeline, which the task AzureCLI@2 has signed in
 * @param subscription unless given that of the environment, or else of the Azure CLI
 * @throws Error when no one is signed in; it says what to do
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
 * A person at a keyboard: signed in with `az login` (Cloud Shell is), or else with `azd auth login`. Where neither is so,
 * `getToken` throws a `SignInError`, which says what to do.
 * @param subscription to work in, for its tenant; else that of the subscription which `az account set` has chosen
 */
export function personsLogin(subscription?: string): TokenCredential {
  const chain = new ChainedTokenCredential(
    new AzureCliCredential(subscription === undefined ? {} : { subscription }),
    new AzureDeveloperCliCredential(),
  );
  return {
    getToken: async (scopes, options) => {
      try {
        return await chain.getToken(scopes, options);
      } catch (error) {
        throw signInErrorOf(error);
      }
    },
  };
}

/** Of the details of each way to sign in, only Entra ID's code helps the reader. */
function signInErrorOf(error: unknown): SignInError {
  const [code] = /AADSTS\d+/.exec(inspect(error)) ?? [];
  const refused = code === undefined ? '' : ` Entra ID refuses what is there (${code}).`;
  return new SignInError(
    `You are not signed in to Azure: azd auth login, or az login.${refused} Then run the command again.`,
    { cause: error },
  );
}

/**
 * The subscription to work in: `given`, else AZURE_SUBSCRIPTION_ID, else the one that `az account set` has chosen.
 * @throws Error when there is none, or what is given is not an id
 */
export async function subscriptionOf(
  environment: Readonly<Record<string, string | undefined>>,
  given: string | undefined = environment['AZURE_SUBSCRIPTION_ID'],
): Promise<string> {
  const chosen = given ?? (await chosenByAzureCli());
  const { success, data } = subscriptionId.safeParse(chosen);
  if (success) return data;
  if (chosen !== '') {
    throw new Error(
      `"${chosen}" is not the id of a subscription, which is a GUID such as ${exampleId}. \`az account list --output table\` shows names and ids. Correct --subscription or AZURE_SUBSCRIPTION_ID.`,
    );
  }
  throw new Error(
    'There is no subscription to work in. Sign in by `az login` and choose one by `az account set --subscription <id>`; or sign in by `azd auth login` and set AZURE_SUBSCRIPTION_ID to the id (a GUID).',
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
