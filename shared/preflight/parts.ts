import type { CodeListsOfRun } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { ChangedRule } from '../child/rules/changedRules.js';
import type { Database } from '../database/database.js';
import type { Probe } from '../dfe/client.js';
import type { Credentials } from '../dfe/credentials.js';
import type { BlobStore } from '../records/blobStore.js';
import type { Receiver } from '../records/receiver.js';
import type { Terms } from '../settings/terms.js';
import type { PublishedSystem } from '../ssd/publishedColumns.js';
import type { InventedPeople } from '../ssd/inventedPeople.js';
import type { SsdReader } from '../ssd/ssdReader.js';

/** The way to DfE, opened for one preflight: with no token or secret kept from before. */
export interface PreflightDfe {
  readonly credentials: Credentials;
  readonly probe: () => Promise<Probe>;
  readonly close: () => Promise<void>;
}

/** The database, opened for one preflight: and with less patience than a run has. */
export interface PreflightDatabase {
  readonly get: () => Promise<Database>;
  /** Breaks off what is under way. */
  readonly close: () => Promise<void>;
}

/** The queues through which the functions call each other. */
export interface QueueProbe {
  /** Puts a message into a queue that no function reads, and removes it. @returns the name of that queue */
  tryMessage(): Promise<string>;
  /** About how many messages a queue holds; none when there is no such queue. */
  messagesIn(queue: string): Promise<number>;
}

/** What a preflight asks of the SSD. */
export type Ssd = Pick<
  SsdReader,
  | 'missingTables'
  | 'absentColumns'
  | 'releaseSigns'
  | 'survey'
  | 'involvementRoles'
  | 'unfitColumns'
  | 'unindexedPersonColumns'
  | 'rowCounts'
  | 'newestDates'
  | 'lists'
  | 'countListed'
  | 'ranges'
  | 'ids'
>;

/** What is looked at. */
export interface PreflightParts {
  readonly openDatabase: () => PreflightDatabase;
  /** The database of the staging table, where it is not that of the SSD. */
  readonly stagingApart?: (() => Promise<Database>) | undefined;
  readonly ssdOf: (database: Database) => Ssd;
  /** Whose extract the profile is for; `undefined` where it extends no built-in profile. */
  readonly system: PublishedSystem | undefined;
  /** The roles of workers that are reported; `undefined` where workers of every role are. */
  readonly careWorkerRoles: ReadonlySet<string> | undefined;
  readonly today: () => PlainDate;
  readonly codeLists: () => CodeListsOfRun;
  /** The rules that the council has changed, those of any day. */
  readonly changedRules: readonly ChangedRule[];
  readonly stagingTable: string;
  readonly terms: Terms;
  /** Reads the key afresh; `undefined` where children are sent as they are. */
  readonly readPseudonyms: (() => Promise<unknown>) | undefined;
  /** Who is invented, by the mark in the database; `undefined` where no mark counts for the receiver. */
  readonly readInvented: (database: Database) => Promise<InventedPeople | undefined>;
  readonly openDfe: () => PreflightDfe;
  readonly receiver: Receiver;
  /** The settings with an address that this release does not know as DfE's. */
  readonly addressesNotKnown: readonly string[];
  readonly blobs: Pick<BlobStore, 'write' | 'read' | 'time'>;
  /** Where entries of the ledger may be added, and nothing else may be done. */
  readonly ledger: Pick<BlobStore, 'create' | 'read'>;
  /** @throws SettingsError when no setting says where the queues are */
  readonly openQueues: () => QueueProbe;
  /** The clock of the app. */
  readonly now: () => Date;
}
