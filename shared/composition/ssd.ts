import { notReadBy } from '../child/categories.js';
import type { Database } from '../database/database.js';
import { addressOf, isLoopback } from '../settings/addresses.js';
import { readInventedPeople, type InventedPeople } from '../ssd/inventedPeople.js';
import { profileOf } from '../ssd/profileFiles.js';
import type { Settings } from '../settings/settings.js';
import { leftOutBy } from '../settings/terms.js';
import { withRegistrationColumn, type Profile } from '../ssd/profile.js';
import { SsdReader } from '../ssd/ssdReader.js';

/** The profile, with the column that the settings name as a worker's registration. */
export function profileIn(settings: Settings): Profile {
  const profile = profileOf(settings.SSD_PROFILE);
  return { ...profile, names: withRegistrationColumn(profile.names, settings.WORKER_REGISTRATION_COLUMN) };
}

/** Who is invented, by the mark in the database. */
export function inventedPeopleIn(
  database: Database,
  profile: Profile,
  settings: Settings,
): Promise<InventedPeople | undefined> {
  const receiver = addressOf(settings.DFE_API_BASE_URL);
  const isReceiverHere = receiver !== undefined && isLoopback(receiver);
  return readInventedPeople(database, settings.SSD_SCHEMA ?? profile.schema, { isReceiverHere });
}

export function ssdReader(database: Database, profile: Profile, settings: Settings): SsdReader {
  return new SsdReader(
    database,
    settings.SSD_SCHEMA ?? profile.schema,
    profile.names,
    {
      ageLimit: settings.COHORT_AGE_LIMIT,
      cohortList: settings.COHORT_LIST_TABLE,
      allowList: settings.COHORT_ALLOW_LIST_TABLE,
    },
    { placeholderDates: [...profile.placeholderDates], notRead: notReadBy(leftOutBy(settings)) },
  );
}
