import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AzureQueues } from '../azure/azureQueues.js';
import { londonDate, type PlainDate } from '../child/dates.js';
import { codeListsOn } from '../child/codes/codeLists.js';
import type { About } from '../dataSubject/evidence.js';
import type { Database } from '../database/database.js';
import { observed } from '../database/observed.js';
import type { PreflightParts } from '../preflight/parts.js';
import type { BlobStore } from '../records/blobStore.js';
import { Ledger } from '../records/ledger.js';
import { runStore } from '../records/runStore.js';
import type { ExtractDependencies } from '../runs/extractRun.js';
import type { RequestRunDependencies } from '../runs/requestRun.js';
import type { ResumeDependencies } from '../runs/resumeStalledRuns.js';
import type { SendChunkDependencies } from '../runs/sendChunk.js';
import { readSettings } from '../settings/readSettings.js';
import { changedRulesOf } from '../settings/rulesFile.js';
import { isPseudonymised, type Settings } from '../settings/settings.js';
import { inclusionSetsBy, termsOf } from '../settings/terms.js';
import { compatibilityOf } from '../ssd/compatibility.js';
import type { Profile, SsdNames } from '../ssd/profile.js';
import { StagingTable } from '../staging/stagingTable.js';
import { sqlCalled } from '../telemetry/runEvents.js';
import { appVersion } from './appVersion.js';
import { databasesOf } from './databases.js';
import { openDfe } from './dfe.js';
import { every } from './every.js';
import { once, type Once } from './once.js';
import { preflightParts, preflightWaits } from './preflight.js';
import { runRules } from './runRules.js';
import { pseudonymsIn } from './secrets.js';
import { inventedPeopleIn, profileIn, ssdReader } from './ssd.js';
import { ledgerBlobs, openQueues, runBlobs } from './storage.js';
import { telemetryOf } from './telemetry.js';

/** Everything the functions need, made once for the life of the process. */
export interface Container extends RequestRunDependencies, ResumeDependencies {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly about: About;
  readonly preflight: PreflightParts;
  readonly ssdNames: SsdNames;
  readonly openQueues: () => AzureQueues;
  /** What only the extract and the sender need; opens the database when first used. */
  readonly withDatabase: () => Promise<ExtractDependencies & SendChunkDependencies>;
  readonly close: () => Promise<void>;
}

function createContainer(settings: Settings): Container {
  const now = () => new Date();
  const today = () => settings.RUN_TODAY ?? londonDate(now());
  const telemetry = telemetryOf(settings, today);
  const blobs = runBlobs(settings);
  const dfe = once(() => Promise.resolve(openDfe(settings, now, telemetry)));
  const profile = profileIn(settings);
  const changedRules = changedRulesOf(settings.RULES_FILE);
  const closing = new AbortController();
  const databases = databasesOf(settings, closing.signal);
  const receiver = { receiver: settings.DFE_RECEIVER, baseUrl: settings.DFE_API_BASE_URL };
  const readPseudonyms = isPseudonymised(settings) ? () => pseudonymsIn(settings, now, telemetry) : undefined;
  const shared = { profile, changedRules, telemetry, now, today, receiver, readPseudonyms, databases };

  const withoutDatabase = {
    blobs,
    openQueues: () => openQueues(settings, preflightWaits.storage),
    preflight: preflightParts(settings, shared),
    ssdNames: profile.names,
    telemetry,
    runs: runStore(blobs),
    ledger: new Ledger(ledgerBlobs(settings, blobs)),
    now,
    today,
    randomHex: () => randomBytes(3).toString('hex'),
    receiver,
    stagingTable: settings.STAGING_TABLE,
    terms: termsOf(settings),
    version: appVersion(),
    about: aboutApp(settings, profile, today),
    pseudonyms: readPseudonyms && once(readPseudonyms).get,
    isStartedByRefresh: settings.RUN_STARTED_BY_REFRESH,
    pausedRunExpiresAfterMs: settings.HELD_RUN_EXPIRES_HOURS * 60 * 60_000,
  };

  return {
    ...withoutDatabase,
    withDatabase: async () => {
      const opened = async (database: Once<Database>) =>
        observed(await database.get(), (call) => {
          telemetry.record(sqlCalled(call));
        });
      return {
        ...withoutDatabase,
        ...runRules(settings, profile, changedRules),
        ssd: ssdReader(await opened(databases.ssd), profile, settings),
        readInvented: async () => inventedPeopleIn(await opened(databases.ssd), profile, settings),
        staging: new StagingTable(
          await opened(databases.staging),
          settings.STAGING_TABLE,
          { app: now },
          databases.areApart,
        ),
        post: async (children) => (await dfe.get()).client.post(children),
        probe: async () => (await (await dfe.get()).client.probe()).credentials,
        pause: (ms) => delay(ms),
        every,
      };
    },
    close: async () => {
      // A sleeping database is not waited for any longer.
      closing.abort();
      await databases.close();
      await (await dfe.made())?.network.close();
    },
  };
}

function aboutApp(settings: Settings, profile: Profile, today: () => PlainDate): About {
  return {
    laCode: settings.LA_CODE,
    version: appVersion(),
    profile: settings.SSD_PROFILE,
    inclusionSets: inclusionSetsBy(settings),
    checkedAgainst: compatibilityOf(profile),
    // Looked up each time: a process may live into the next collection year.
    get collectionYear() {
      return codeListsOn(today(), settings.COLLECTION_YEAR).lists.collectionYear;
    },
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
