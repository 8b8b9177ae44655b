import { z } from 'zod';
import { readAlone } from '../settings/readAlone.js';
import { settingsSchema } from '../settings/settings.js';
import { basisProfile, profileNames } from '../ssd/profile.js';
import { profileDifferences } from '../ssd/profileDifferences.js';
import { ProfileError } from '../ssd/profileFile.js';
import { profileOf } from '../ssd/profileFiles.js';
import { count } from '../records/scalars.js';

const entriesChanged = z.strictObject({ added: count, removed: count, changed: count });

export const profileSeenSchema = z.strictObject({
  profile: z.enum([...profileNames, 'a file', 'wrong']),
  basis: z.string().optional().describe('Of a file: the built-in profile that it extends.'),
  differences: z
    .strictObject({
      schema: z.string().optional(),
      tableNames: z.record(z.string(), z.string()),
      columnNames: z.record(z.string(), z.string()),
      relations: z.array(z.string()),
      ways: z.array(z.string()),
      lists: z.record(z.string(), entriesChanged),
      valueMaps: z.record(z.string(), entriesChanged),
      separators: z.array(z.string()),
      speaks: z.array(z.string()),
      placementIdsRepeat: z.boolean().optional(),
    })
    .optional()
    .describe(
      'Of a file: what it does differently. Tables, columns, fields and lists are named; values of the council are counted.',
    ),
  problem: z.string().optional(),
});
export type ProfileSeen = Readonly<z.output<typeof profileSeenSchema>>;

/** What is wrong with a file is said in its own words, which are the council's. */
export const profileUnusable =
  'The file that SSD_PROFILE names cannot be used, so no run can start. The check settings of a preflight names each wrong place; it may quote values of the council, and so it is not in a support bundle.';

/** The profile, known also when other settings are wrong. */
export function profileSeen(environment: Readonly<Record<string, string | undefined>>): ProfileSeen {
  const name = readAlone(settingsSchema.shape.SSD_PROFILE, environment['SSD_PROFILE']);
  if (name === undefined) return { profile: 'wrong' };
  const builtIn = profileNames.find((each) => each === name);
  if (builtIn !== undefined) return { profile: builtIn };
  try {
    const own = profileOf(name);
    const differences = profileDifferences(own, basisProfile(own.basis));
    return profileSeenSchema.parse({ profile: 'a file', basis: own.basis, differences });
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    return { profile: 'a file', problem: profileUnusable };
  }
}
