import type { Database } from '../../../shared/database/database.js';
import { SsdLayoutError } from '../../../shared/ssd/layout.js';
import type { Profile } from '../../../shared/ssd/profile.js';
import { SsdReader } from '../../../shared/ssd/ssdReader.js';
import { isMadeHere, schemaWith } from '../../../infra/syntheticSsd/fill.js';

/** The SSD of a database that was not started here cannot be read, or must not. The message says why and what to do. */
export class TheirSsdError extends Error {
  override readonly name = 'TheirSsdError';
}

/**
 * Looks whether the app can read the SSD of a database that was not started here, and may. Reads the catalogue and
 * nothing else.
 * @param isReal the person has said that its children are real
 * @throws TheirSsdError; nothing is ever made for it
 */
export async function lookAtTheirSsd(
  database: Database,
  schema: string,
  profile: Profile,
  isReal: boolean,
): Promise<void> {
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
      `Schema ${schema} of this database has no SSD that the profile can read. Nothing was made: npm start makes no SSD in a database of yours. ${remedy} A table that your login may not read looks as if it were missing: then ask the DBA for SELECT on it.\n${error.missing.map((each) => `  missing: ${each}`).join('\n')}`,
      { cause: error },
    );
  }
  if (isReal || (await isMadeHere(database, schema))) return;
  throw new TheirSsdError(
    `The SSD in schema ${schema} was not made by npm run synthetic-ssd, so its children may be real. None of them was read. If it is your council's own SSD, add --real: it is then only read, and nothing is sent (docs/local-stack.md).`,
  );
}
