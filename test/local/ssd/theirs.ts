import type { Database } from '../../../shared/database/database.js';
import { SsdLayoutError } from '../../../shared/ssd/layout.js';
import type { Profile } from '../../../shared/ssd/profile.js';
import { SsdReader } from '../../../shared/ssd/ssdReader.js';
import { schemaWith } from '../../../infra/syntheticSsd/fill.js';

/** The app cannot read the SSD of a database that is not ours. The message says what is missing and what to set. */
export class TheirSsdError extends Error {
  override readonly name = 'TheirSsdError';
}

/**
 * Looks whether the app can read the SSD of a database that is not ours. Reads the catalogue and nothing else.
 * @throws TheirSsdError; nothing is ever made for it
 */
export async function lookAtTheirSsd(database: Database, schema: string, profile: Profile): Promise<void> {
  try {
    await new SsdReader(database, schema, profile.names).missingTables();
  } catch (error) {
    if (!(error instanceof SsdLayoutError)) throw error;
    const elsewhere = await schemaWith(database, profile.names.tableName('ssd_person'));
    const remedy =
      elsewhere === undefined || elsewhere.toLowerCase() === schema.toLowerCase()
        ? 'Set SSD_PROFILE to the profile of this SSD (docs/profiles.md) and SSD_SCHEMA to its schema. In an empty database, npm run synthetic-ssd makes an SSD of invented children.'
        : `There are such tables in schema ${elsewhere}: set SSD_SCHEMA=${elsewhere}.`;
    throw new TheirSsdError(
      `Schema ${schema} of this database has no SSD that the profile can read. Nothing was made: npm start makes no SSD in a database of yours. ${remedy}\n${error.missing.map((each) => `  missing: ${each}`).join('\n')}`,
      { cause: error },
    );
  }
}
