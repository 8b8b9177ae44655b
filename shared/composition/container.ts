import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import { BlobServiceClient, type StorageRetryOptions } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { appVersion } from './appVersion.js';
import { AzureBlobStore } from '../azure/azureBlobStore.js';
import { AzureQueues } from '../azure/azureQueues.js';
import { codeListsOn } from '../child/codes.js';
import { londonDate, type PlainDate } from '../child/dates.js';
import { pseudonymsOf, type Pseudonyms } from '../child/pseudonyms.js';
import type { Database } from '../database/database.js';
import { theInsights } from '../azure/insights.js';
import { InsightsTelemetry } from '../azure/insightsTelemetry.js';
import { observed } from '../database/observed.js';
import { isEmbedded, openDatabase } from '../database/open.js';
import { StatementError } from '../database/statementError.js';
import type { Patience } from '../database/transient.js';
import {
  keyVaultCredentials,
  keyVaultPseudonymKey,
  secretClientOf,
  type SecretRead,
} from '../azure/keyVaultSecrets.js';
import type { OnApiCall } from '../dfe/apiCall.js';
import { DfeClient } from '../dfe/client.js';
import { fixedCredentials, type Credentials } from '../dfe/credentials.js';
import { vocabularyWith } from '../dfe/keptWords.js';
import { Network } from '../dfe/network.js';
import { TokenSource } from '../dfe/tokenSource.js';
import { profileOf } from '../profileFiles.js';
import type { ExtractDependencies } from '../runs/extractRun.js';
import type { BlobStore } from '../records/blobStore.js';
import { noTelemetry, type Telemetry } from '../telemetry/events.js';
import type { PreflightDatabase, PreflightParts } from '../preflight/preflight.js';
import { Ledger, type LedgerBlobs } from '../records/ledger.js';
import { withEarlierEntries } from '../records/ledgerBlobs.js';
import { sqlCalled } from '../telemetry/runEvents.js';
import type { RequestRunDependencies } from '../runs/requestRun.js';
import { runStore } from '../records/runStore.js';
import type { ResumeDependencies } from '../runs/resumeStalledRuns.js';
import type { SendChunkDependencies } from '../runs/sendChunk.js';
import {
  addressesNotKnown,
  isPseudonymised,
  readSettings,
  SettingsError,
  type SendingSettings,
  type Settings,
} from '../settings.js';
import { withRegistrationColumn, type Profile } from '../ssd/profile.js';
import { SsdReader } from '../ssd/ssdReader.js';
import { StagingTable } from '../staging/stagingTable.js';

/** The Blob container that holds the facts about runs. */
const resultsContainer = 'csc-runs';

/** Everything the functions need, made once for the life of the process. */
export interface Container extends RequestRunDependencies, ResumeDependencies {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly preflight: PreflightParts;
  readonly openQueues: () => AzureQueues;
  /** What the extract and the sender need besides; opens the database when first asked for. */
  readonly withDatabase: () => Promise<ExtractDependencies & SendChunkDependencies>;
  readonly close: () => Promise<void>;
}

function createContainer(settings: Settings): Container {
  const now = () => new Date();
  const blobs = new AzureBlobStore(blobService(settings).getContainerClient(resultsContainer));
  const today = () => settings.RUN_TODAY ?? londonDate(now());
  const telemetry = telemetryOf(settings, today);
  const dfe = once(() => Promise.resolve(openDfe(settings, now, telemetry)));
  const profile = profileIn(settings);
  const closing = new AbortController();
  const database = once(() => openDatabase(settings.SSD_CONNECTION_STRING, { signal: closing.signal }));

  const ssdOf = (opened: Database) =>
    new SsdReader(
      opened,
      settings.SSD_SCHEMA ?? profile.schema,
      profile.names,
      {
        ageLimit: settings.COHORT_AGE_LIMIT,
        cohortList: settings.COHORT_LIST_TABLE,
        allowList: settings.COHORT_ALLOW_LIST_TABLE,
      },
      { placeholderDates: [...profile.placeholderDates] },
    );

  const readPseudonyms = () => pseudonymsIn(settings, now, telemetry);
  const openQueues = () => new AzureQueues(queueService(settings));
  const preflightBlobs = new AzureBlobStore(
    blobService(settings, preflightStorage).getContainerClient(resultsContainer),
  );
  const receiver = { receiver: settings.DFE_RECEIVER, baseUrl: settings.DFE_API_BASE_URL };

  const withoutDatabase = {
    blobs,
    openQueues,
    preflight: {
      openDatabase: () => openForPreflight(settings.SSD_CONNECTION_STRING, database.get),
      ssdOf,
      careWorkerRoles: settings.CARE_WORKER_GATES.includes('role') ? profile.careWorkerRoles : undefined,
      today,
      codeLists: () => codeListsOn(today(), settings.COLLECTION_YEAR),
      stagingTable: settings.STAGING_TABLE,
      readPseudonyms: isPseudonymised(settings) ? readPseudonyms : undefined,
      openDfe: () => {
        const { client, credentials, network } = openDfe(
          { ...settings, ...withPreflightTimeouts(settings) },
          now,
          telemetry,
        );
        return { credentials, probe: () => client.probe(), close: () => network.close() };
      },
      receiver,
      addressesNotKnown: addressesNotKnown(settings),
      blobs: preflightBlobs,
      ledger: ledgerBlobs(settings, preflightBlobs, preflightStorage),
      openQueues,
      now,
    },
    telemetry,
    runs: runStore(blobs),
    ledger: new Ledger(ledgerBlobs(settings, blobs)),
    now,
    today,
    randomHex: () => randomBytes(3).toString('hex'),
    receiver,
    stagingTable: settings.STAGING_TABLE,
    pseudonyms: isPseudonymised(settings) ? once(readPseudonyms).get : undefined,
    pausedRunExpiresAfterMs: settings.HELD_RUN_EXPIRES_HOURS * 60 * 60_000,
  };

  return {
    ...withoutDatabase,
    withDatabase: async () => {
      const opened = observed(await database.get(), (call) => {
        telemetry.record(sqlCalled(call));
      });
      return {
        ...withoutDatabase,
        ssd: ssdOf(opened),
        staging: new StagingTable(opened, settings.STAGING_TABLE, { app: now }),
        post: async (children) => (await dfe.get()).client.post(children),
        probe: async () => (await (await dfe.get()).client.probe()).credentials,
        vocabulary: vocabularyWith(settings.DFE_VOCABULARY),
        pause: (ms) => delay(ms),
        every,
        codesOn: (day) => codeListsOn(day, settings.COLLECTION_YEAR).lists,
        profile,
        inclusionSets: settings.COHORT_INCLUSION_SETS,
        windowMonths: settings.COHORT_WINDOW_MONTHS,
        careWorkerGates: settings.CARE_WORKER_GATES,
        unregisteredWorkers: settings.UNREGISTERED_WORKERS,
        mode: settings.SUBMISSION_MODE,
        chunkLimits: { maxChildren: settings.CHUNK_MAX_CHILDREN, maxBytes: settings.CHUNK_MAX_BYTES },
        guardLimits: {
          maxLeaversPercent: settings.MAX_LEAVERS_PERCENT,
          maxTableFallPercent: settings.MAX_TABLE_FALL_PERCENT,
          maxIdChurnPercent: settings.MAX_ID_CHURN_PERCENT,
        },
        rangeSize: settings.EXTRACT_RANGE_SIZE,
        version: appVersion(),
        lanes: settings.DFE_POSTS_IN_FLIGHT,
        leastMsPerPost: leastMsPerPost(settings),
      };
    },
    close: async () => {
      // A sleeping database is not waited for any longer.
      closing.abort();
      await (await database.made())?.close();
      await (await dfe.made())?.network.close();
    },
  };
}

/** The container of the ledger, with what is left beside the runs. */
function ledgerBlobs(settings: Settings, runs: BlobStore, retryOptions?: StorageRetryOptions): LedgerBlobs {
  const { LEDGER_CONTAINER: name } = settings;
  if (name === resultsContainer) return runs;
  const own = new AzureBlobStore(blobService(settings, retryOptions).getContainerClient(name));
  return withEarlierEntries(own, runs);
}

/** The profile, with the column that the settings name as a worker's registration. */
function profileIn(settings: Settings): Profile {
  const profile = profileOf(settings.SSD_PROFILE);
  return { ...profile, names: withRegistrationColumn(profile.names, settings.WORKER_REGISTRATION_COLUMN) };
}

/** Events go to Application Insights where it runs. */
function telemetryOf(settings: Settings, today: () => PlainDate): Telemetry {
  const insights = theInsights();
  if (insights === undefined) return noTelemetry;
  return new InsightsTelemetry(insights, {
    appVersion: appVersion(),
    // Looked up for each event: a process may live into the next collection year.
    get specVersion() {
      return codeListsOn(today(), settings.COLLECTION_YEAR).lists.collectionYear;
    },
    environment: settings.ENVIRONMENT ?? settings.DFE_RECEIVER,
    laCode: settings.LA_CODE,
  });
}

/** Whoever asks for a preflight waits for its answer, and gateways wait no longer than four minutes. */
function withPreflightTimeouts(
  settings: SendingSettings,
): Pick<SendingSettings, 'DFE_TIMEOUT_SECONDS' | 'DFE_RETRY_SECONDS'> {
  return {
    DFE_TIMEOUT_SECONDS: Math.min(settings.DFE_TIMEOUT_SECONDS, 20),
    DFE_RETRY_SECONDS: Math.min(settings.DFE_RETRY_SECONDS, 20),
  };
}

/** A sleeping database wakes within a minute; what is wrong for good should be told before the preflight gives up. */
const preflightPatience: Patience = { firstWaitMs: 1000, longestWaitMs: 10_000, budgetMs: 55_000 };

/** The usual four tries would outlast a check, which then could not tell the reason. */
const preflightStorage = { maxTries: 2, retryDelayInMs: 1000 };

function openForPreflight(connectionString: string, shared: () => Promise<Database>): PreflightDatabase {
  // An embedded database can be open only once.
  if (isEmbedded(connectionString)) return { get: shared, close: () => Promise.resolve() };
  const closing = new AbortController();
  const own = once(() =>
    openDatabase(connectionString, { patience: preflightPatience, signal: closing.signal }).catch(
      (error: unknown) => {
        throw readable(error);
      },
    ),
  );
  return {
    get: own.get,
    close: async () => {
      closing.abort();
      await (await own.made())?.close();
    },
  };
}

/** An error of opening that has no code is about the connection string, and quotes no part of it. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StatementError || 'code' in error) return error;
  return new SettingsError(`SSD_CONNECTION_STRING: ${error.message}`);
}

/** How long a connection to DfE may take to stand. */
const connectTimeoutMs = 10_000;

/** How long each of the posts in flight takes at least, so that together they keep to the posts a second. */
function leastMsPerPost(settings: Pick<Settings, 'DFE_POSTS_IN_FLIGHT' | 'DFE_POSTS_PER_SECOND'>): number {
  return (settings.DFE_POSTS_IN_FLIGHT / settings.DFE_POSTS_PER_SECOND) * 1000;
}

/** The way to DfE: one for the life of the process. */
export function openDfe(
  settings: SendingSettings,
  now: () => Date,
  telemetry: Telemetry = noTelemetry,
): { client: DfeClient; credentials: Credentials; network: Network } {
  const network = new Network({ connectTimeoutMs });
  const credentials = credentialsOf(settings, now, telemetry);
  const onCall: OnApiCall = ({ operation, status, ...measurements }) => {
    telemetry.record({ name: 'ApiCall', dimensions: { operation, status }, measurements });
  };
  const tokens = new TokenSource(
    { tokenUrl: settings.DFE_TOKEN_URL, scope: settings.DFE_SCOPE },
    { credentials, network, now, onCall },
  );
  const client = new DfeClient(
    {
      baseUrl: settings.DFE_API_BASE_URL,
      laCode: settings.LA_CODE,
      userAgent: settings.DFE_USER_AGENT,
      timeoutMs: settings.DFE_TIMEOUT_SECONDS * 1000,
      retry: {
        retries: 20,
        // Repetitions keep to the pace as well.
        firstWaitMs: Math.max(1000, leastMsPerPost(settings)),
        longestWaitMs: 60_000,
        budgetMs: settings.DFE_RETRY_SECONDS * 1000,
      },
    },
    { credentials, tokens, network, onCall },
  );
  return { client, credentials, network };
}

function credentialsOf(settings: SendingSettings, now: () => Date, telemetry: Telemetry): Credentials {
  const { KEY_VAULT_URI: vault, KEY_VAULT_CLIENT_ID: clientId } = settings;
  if (vault === undefined) {
    return fixedCredentials({
      clientId: settings.DFE_CLIENT_ID ?? '',
      clientSecret: settings.DFE_CLIENT_SECRET ?? '',
      supplierKey: settings.DFE_SUPPLIER_KEY ?? '',
      secondarySupplierKey: settings.DFE_SUPPLIER_KEY_SECONDARY,
    });
  }
  const keptMs = settings.SECRETS_CACHE_MINUTES * 60_000;
  return keyVaultCredentials(secretClientOf(vault, identityOf(clientId)), {
    keptMs,
    now,
    onRead: told(telemetry),
  });
}

function told(telemetry: Telemetry): (read: SecretRead) => void {
  return ({ secret, outcome, daysLeft }) => {
    const measurements = daysLeft === undefined ? {} : { daysLeft };
    telemetry.record({ name: 'SecretRead', dimensions: { secret, outcome }, measurements });
  };
}

/** @throws CredentialsError */
async function pseudonymsIn(settings: Settings, now: () => Date, telemetry: Telemetry): Promise<Pseudonyms> {
  const { KEY_VAULT_URI: vault, KEY_VAULT_CLIENT_ID: clientId, PSEUDONYM_KEY: given = '' } = settings;
  const key =
    vault === undefined
      ? given
      : await keyVaultPseudonymKey(secretClientOf(vault, identityOf(clientId)), {
          now,
          onRead: told(telemetry),
        });
  return pseudonymsOf(Buffer.from(key, 'hex'), settings.PSEUDONYMS_GENERALISE);
}

function identityOf(clientId: string | undefined): ManagedIdentityCredential {
  return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
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
 * The queues as the Functions host finds them.
 * @throws SettingsError
 */
function queueService(settings: Settings): QueueServiceClient {
  const { AzureWebJobsStorage: connectionString, AzureWebJobsStorage__accountName: account } = settings;
  const options = { retryOptions: preflightStorage };
  if (connectionString !== undefined) {
    return fromStorageString('AzureWebJobsStorage', () =>
      QueueServiceClient.fromConnectionString(connectionString, options),
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
  return new QueueServiceClient(uri, identityOf(settings.AzureWebJobsStorage__clientId), options);
}

/** The storage SDK says of a wrong string no more than that something in it is invalid. */
function fromStorageString<Client>(setting: keyof Settings, open: () => Client): Client {
  try {
    return open();
  } catch {
    throw new SettingsError(
      `${setting} is not the connection string of a storage account, or not a whole one.`,
    );
  }
}

function every(ms: number, act: () => Promise<unknown>): () => void {
  const timer = setInterval(() => {
    act().catch(() => undefined);
  }, ms);
  return () => {
    clearInterval(timer);
  };
}

/** Makes a thing when it is first asked for; a failure is not kept. */
function once<T>(make: () => Promise<T>): { get: () => Promise<T>; made: () => Promise<T | undefined> } {
  let pending: Promise<T> | undefined;
  return {
    get: () => {
      pending ??= make().catch((error: unknown) => {
        pending = undefined;
        throw error;
      });
      return pending;
    },
    // What could not be made need not be closed.
    made: async () => pending?.catch(() => undefined),
  };
}

let container: Container | undefined;

/**
 * The container of this process, made at the first invocation, after every function has been registered.
 * @throws SettingsError at each invocation until the settings are right
 */
export function theContainer(): Container {
  return (container ??= createContainer(readSettings(process.env)));
}

/** Closes what the container has opened; the next invocation makes a new one. */
export async function closeContainer(): Promise<void> {
  const closing = container;
  container = undefined;
  await closing?.close();
}
