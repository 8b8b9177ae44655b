import type { TokenCredential } from '@azure/identity';
import type { SecretClient } from '@azure/keyvault-secrets';
import type { z } from 'zod';
import { appIn, type DeployedApp, type ResourceGroup } from '../../deployment/app/deployedApp.js';
import type { Directory } from '../../deployment/entra/directory.js';
import type { BlobStore } from '../../records/blobStore.js';
import type { Clock } from '../../deployment/patience.js';
import type { ResourceManager } from '../../deployment/resourceManager/resourceManager.js';
import type { Write } from '../command.js';

/** What a verb works with. */
export interface Surroundings {
  readonly azure: ResourceManager;
  readonly directory: Directory;
  readonly credential: TokenCredential;
  readonly vaultClient: (uri: string) => SecretClient;
  /** A container of a storage account, by the address of its blobs. */
  readonly blobs: (serviceUri: string, container: string) => BlobStore;
  readonly group: ResourceGroup;
  readonly write: Write;
  /** Asks at the keyboard, hidden. */
  readonly ask: (question: string) => Promise<string>;
  /** Hands a package to Azure, and waits until it is deployed or refused. */
  readonly publish: (app: DeployedApp, zip: Uint8Array) => Promise<void>;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
}

export type ExitCode = 0 | 1;

/** One thing that people do in Azure. */
export interface Verb {
  /** Its line in the usage. */
  readonly says: string;
  /** Its options as they are typed, a line each. */
  readonly help: readonly string[];
  /** The schemas of its options, by their names; of words without a name, `positionals`. */
  readonly options: z.core.$ZodShape;
  /** @returns undefined when the arguments are wrong */
  read(given: unknown): ((surroundings: Surroundings) => Promise<ExitCode>) | undefined;
}

export function verb<Options extends z.ZodObject>(definition: {
  readonly says: string;
  readonly help?: readonly string[];
  readonly options: Options;
  readonly run: (surroundings: Surroundings, given: z.output<Options>) => Promise<ExitCode>;
}): Verb {
  const { says, help = [], options, run } = definition;
  return {
    says,
    help,
    options: options.shape,
    read: (given) => {
      const { success, data } = options.safeParse(given);
      return success ? (surroundings) => run(surroundings, data) : undefined;
    },
  };
}

/** @throws Error when nothing is deployed yet */
export async function theApp({ azure, group }: Surroundings): Promise<DeployedApp> {
  const app = await appIn(azure, group);
  if (app !== undefined) return app;
  throw new Error(
    `There is no function app in ${group.name}. Is this the right resource group, and ${group.subscriptionId} the right subscription? If so, deploy main.bicep first.`,
  );
}

/** A command of this project for the same group, which can be pasted into any shell. */
export function commandLine({ group }: Pick<Surroundings, 'group'>, rest: string): string {
  return `npm run azure -- ${rest} --group ${group.name}`;
}
