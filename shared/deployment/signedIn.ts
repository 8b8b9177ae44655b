import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AzureCliCredential, type TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { ResourceManager } from './resourceManager.js';

/** Azure as somebody reaches it who has signed in with the Azure CLI: a person, or the task AzureCLI@2 of a pipeline. */
export interface SignedIn {
  readonly azure: ResourceManager;
  readonly credential: TokenCredential;
  readonly subscriptionId: string;
}

/** An agent starts the Azure CLI slowly, and slower the first time. */
const cliTimeoutMs = 60_000;

/** @throws Error when nobody is signed in; it says what to do */
export async function signedIn(environment: Readonly<Record<string, string | undefined>>): Promise<SignedIn> {
  const credential = new AzureCliCredential({ processTimeoutInMs: cliTimeoutMs });
  return {
    azure: new ResourceManager(credential),
    credential,
    subscriptionId: await subscriptionIdOf(environment),
  };
}

/**
 * `AZURE_SUBSCRIPTION_ID`, else the subscription that the Azure CLI has chosen.
 * @throws Error when nobody is signed in
 */
export async function subscriptionIdOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const given = environment['AZURE_SUBSCRIPTION_ID']?.trim() ?? '';
  if (given !== '') return given;
  try {
    const { stdout } = await promisify(execFile)('az', ['account', 'show', '--output', 'json'], {
      timeout: cliTimeoutMs,
      env: environment,
    });
    return z.object({ id: z.uuid() }).parse(JSON.parse(stdout)).id;
  } catch {
    throw new Error(
      'No subscription is known. Sign in (az login, then az account set --subscription NAME), or set AZURE_SUBSCRIPTION_ID.',
    );
  }
}
