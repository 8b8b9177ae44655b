import { AzureCliCredential, type TokenCredential } from '@azure/identity';
import { subscriptionOf } from './azureLogin.js';
import { ResourceManager } from './resourceManager.js';

/** Azure as a job of the pipeline reaches it: the task AzureCLI@2 has signed in, and has chosen the subscription. */
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
  const subscriptionId = await subscriptionOf(environment);
  return { azure: new ResourceManager(credential), credential, subscriptionId };
}
