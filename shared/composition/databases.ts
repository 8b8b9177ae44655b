import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open.js';
import { readOnly } from '../database/readOnly.js';
import type { Settings } from '../settings/settings.js';
import { once, type Once } from './once.js';

/** The database of the SSD and that of the staging table: the same one, except on a laptop that only reads the SSD. */
export interface Databases {
  readonly ssd: Once<Database>;
  readonly staging: Once<Database>;
  readonly areApart: boolean;
  readonly close: () => Promise<void>;
}

/** @param signal gives up the opening */
export function databasesOf(settings: Settings, signal: AbortSignal): Databases {
  const { SSD_CONNECTION_STRING: ofSsd, STAGING_CONNECTION_STRING: ofStaging } = settings;
  const open = (connectionString: string) => once(() => openDatabase(connectionString, { signal }));
  if (ofStaging === undefined) {
    const both = open(ofSsd);
    return { ssd: both, staging: both, areApart: false, close: () => closed(both) };
  }
  const ssd = once(async () => readOnly(await openDatabase(ofSsd, { signal })));
  const staging = open(ofStaging);
  return {
    ssd,
    staging,
    areApart: true,
    close: async () => {
      await Promise.all([ssd, staging].map(closed));
    },
  };
}

async function closed(database: Once<Database>): Promise<void> {
  await (await database.made())?.close();
}
