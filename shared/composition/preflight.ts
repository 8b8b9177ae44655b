import { codeListsOn } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { Database } from '../database/database.js';
import { isEmbedded, openDatabase } from '../database/open.js';
import { readOnly } from '../database/readOnly.js';
import { StatementError } from '../database/statementError.js';
import type { Patience } from '../database/transient.js';
import type { PreflightDatabase, PreflightParts } from '../preflight/parts.js';
import { addressesNotKnown } from '../settings/dfeAddresses.js';
import { SettingsError } from '../settings/readSettings.js';
import type { Settings } from '../settings/settings.js';
import { termsOf } from '../settings/terms.js';
import type { Profile } from '../ssd/profile.js';
import type { Telemetry } from '../telemetry/events.js';
import type { Databases } from './databases.js';
import { openDfe } from './dfe.js';
import { once, type Once } from './once.js';
import { inventedPeopleIn, ssdReader } from './ssd.js';
import { ledgerBlobs, openQueues, runBlobs } from './storage.js';

/**
 * How long a preflight waits, where a run waits for longer: a person waits for its answer, and gateways wait no longer
 * than four minutes.
 */
export const preflightWaits = {
  /** For one request to DfE, and for all that repeat it. */
  dfeSeconds: 20,
  /** A sleeping database wakes within a minute; a lasting error should be reported before the preflight gives up. */
  database: { firstWaitMs: 1000, longestWaitMs: 10_000, budgetMs: 55_000 } satisfies Patience,
  /** The usual four tries would take longer than a check, which then could not give the reason. */
  storage: { maxTries: 2, retryDelayInMs: 1000 },
} as const;

/** What the preflight shares with the runs. */
interface Shared {
  readonly profile: Profile;
  readonly changedRules: PreflightParts['changedRules'];
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly today: () => PlainDate;
  readonly receiver: PreflightParts['receiver'];
  readonly readPseudonyms: PreflightParts['readPseudonyms'];
  readonly databases: Pick<Databases, 'ssd' | 'staging' | 'areApart'>;
}

/** @throws SettingsError */
export function preflightParts(settings: Settings, shared: Shared): PreflightParts {
  const { profile, changedRules, telemetry, now, today, receiver, readPseudonyms, databases } = shared;
  const blobs = runBlobs(settings, preflightWaits.storage);
  return {
    openDatabase: () => openForPreflight(settings.SSD_CONNECTION_STRING, databases.ssd),
    // An embedded database can be open only once, so this is the one that the runs use.
    stagingApart: databases.areApart ? databases.staging.get : undefined,
    ssdOf: (database) => ssdReader(databases.areApart ? readOnly(database) : database, profile, settings),
    system: profile.system,
    careWorkerRoles: settings.CARE_WORKER_GATES.includes('role') ? profile.careWorkerRoles : undefined,
    today,
    changedRules,
    codeLists: () => codeListsOn(today(), settings.COLLECTION_YEAR),
    stagingTable: settings.STAGING_TABLE,
    terms: termsOf(settings),
    readPseudonyms,
    readInvented: (database) => inventedPeopleIn(database, profile, settings),
    openDfe: () => {
      const { dfeSeconds } = preflightWaits;
      const { client, credentials, network } = openDfe(
        {
          ...settings,
          DFE_TIMEOUT_SECONDS: Math.min(settings.DFE_TIMEOUT_SECONDS, dfeSeconds),
          DFE_RETRY_SECONDS: Math.min(settings.DFE_RETRY_SECONDS, dfeSeconds),
        },
        now,
        telemetry,
      );
      return { credentials, probe: () => client.probe(), close: () => network.close() };
    },
    receiver,
    addressesNotKnown: addressesNotKnown(settings),
    blobs,
    ledger: ledgerBlobs(settings, blobs, preflightWaits.storage),
    openQueues: () => openQueues(settings, preflightWaits.storage),
    now,
  };
}

function openForPreflight(connectionString: string, shared: Once<Database>): PreflightDatabase {
  // An embedded database can be open only once.
  if (isEmbedded(connectionString)) return { get: shared.get, close: () => Promise.resolve() };
  const closing = new AbortController();
  const own = once(() =>
    openDatabase(connectionString, { patience: preflightWaits.database, signal: closing.signal }).catch(
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
