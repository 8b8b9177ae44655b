import { z } from 'zod';
import { preflightSchema, type Preflight } from '../preflight/answer.js';
import { Explained } from '../preflight/check.js';
import type { PreflightParts } from '../preflight/parts.js';
import { preflight } from '../preflight/preflight.js';
import { reasonOf } from '../preflight/reasonOf.js';
import { answerDeadline } from '../records/inTime.js';
import type { RunStore } from '../records/runStore.js';
import { count } from '../records/scalars.js';
import { helpAddresses } from '../settings/helpSettings.js';
import { readAlone } from '../settings/readAlone.js';
import { RulesFileError } from '../settings/rulesFile.js';
import { settingsSchema } from '../settings/settings.js';
import { ProfileError } from '../ssd/profileFile.js';
import { childStateNames, countByState } from '../staging/childStates.js';
import { profileSeen, profileSeenSchema, profileUnusable } from './profileSeen.js';
import { refusalsSeen, refusalsSeenSchema } from './refusalsSeen.js';
import { runsSeen, runsSeenSchema } from './runsSeen.js';
import { settingSeenSchema, settingsSeen, withheld } from './settingsSeen.js';

/** What could not be found out, and why. */
const notKnownSchema = z.strictObject({ notKnown: z.string() });
type NotKnown = z.output<typeof notKnownSchema>;

const orNotKnown = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, notKnownSchema]);

/** Everything that a person who helps a council needs to know of its app, and nothing about a child or a person. */
export const supportBundleSchema = z.strictObject({
  about: z.string(),
  madeAt: z.string(),
  laCode: z.string().optional(),
  versions: z.strictObject({
    app: z.string(),
    node: z.string(),
    functionsHost: z.string().optional(),
  }),
  help: z.strictObject({ dataToInsight: z.string(), dfe: z.string() }),
  settings: z.array(settingSeenSchema),
  profile: orNotKnown(profileSeenSchema),
  preflight: preflightSchema,
  runs: orNotKnown(runsSeenSchema),
  refusals: orNotKnown(refusalsSeenSchema),
  childrenByState: orNotKnown(z.partialRecord(z.enum(childStateNames), count)),
});
export type SupportBundle = z.output<typeof supportBundleSchema>;

/** What the app is put together from, as far as a bundle needs it. */
export interface SupportParts {
  readonly runs: RunStore;
  readonly preflight: PreflightParts;
}

/** What is known without any setting. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly versions: SupportBundle['versions'];
  readonly now: () => Date;
  /** Whether the person may ask for a preflight: otherwise the checks that leave something behind are left out. */
  readonly mayCheckAll: boolean;
}

/** Of each check of the preflight, of which up to three wait for each other. */
const longestCheckMs = 40_000;
/** Of each other part. All are made at the same time, so that the whole takes two minutes at most. */
const longestPartMs = 110_000;

const about =
  'Made for the people who help a council with csc-api-sender. It holds settings without secrets, checks, and numbers about runs; no names, ids or values of children, and no names or words of people.';

/**
 * The support bundle. It never fails: a part that could not be made says why, so that there is a bundle also when the
 * settings are wrong or the database or the storage does not answer.
 * @param partsOf throws SettingsError, ProfileError or RulesFileError when the settings are wrong
 */
export async function supportBundle(
  partsOf: () => SupportParts,
  { environment, versions, now, mayCheckAll }: Surroundings,
): Promise<SupportBundle> {
  const parts = () => withoutQuotes(partsOf);
  const part = async <Made>(make: () => Made | Promise<Made>): Promise<Made | NotKnown> => {
    try {
      return await inTime(make);
    } catch (error) {
      return { notKnown: withheld(reasonOf(error), environment) };
    }
  };
  const deadline = answerDeadline(now);
  const theRuns = part(() => runsSeen(parts().runs, deadline));
  const [profile, checked, runs, refusals, childrenByState] = await Promise.all([
    part(() => profileSeen(environment)),
    preflight(() => parts().preflight, {
      longestMs: longestCheckMs,
      leavesNoTraces: !mayCheckAll,
      withoutValues: true,
    }),
    theRuns,
    part(async () => {
      const seen = await theRuns;
      return 'notKnown' in seen ? seen : refusalsSeen(seen, parts().runs, deadline);
    }),
    part(() => countChildren(parts().preflight)),
  ]);
  const { d2i, dfe } = helpAddresses(environment);
  return supportBundleSchema.parse({
    about,
    madeAt: now().toISOString(),
    laCode: readAlone(settingsSchema.shape.LA_CODE, environment['LA_CODE']),
    versions,
    help: { dataToInsight: d2i, dfe },
    settings: settingsSeen(environment),
    profile,
    preflight: withheldFrom(checked, environment),
    runs,
    refusals,
    childrenByState,
  } satisfies SupportBundle);
}

const rulesUnusable =
  'The file that RULES_FILE names cannot be used, so no run can start. The check settings of a preflight names each wrong place; it may quote words of the council, and so it is not in a support bundle.';

function withoutQuotes(partsOf: () => SupportParts): SupportParts {
  try {
    return partsOf();
  } catch (error) {
    if (error instanceof ProfileError) throw new Explained(profileUnusable);
    throw error instanceof RulesFileError ? new Explained(rulesUnusable) : error;
  }
}

function withheldFrom({ outcome, checks }: Preflight, environment: Surroundings['environment']): Preflight {
  return { outcome, checks: checks.map((each) => ({ ...each, found: withheld(each.found, environment) })) };
}

/** The children of the staging table in each state, over a connection of its own that does not wait for long. */
async function countChildren({ openDatabase, stagingTable }: PreflightParts) {
  const database = openDatabase();
  try {
    return Object.fromEntries(await countByState(await database.get(), stagingTable));
  } finally {
    // It waits for what was given up.
    void database.close().catch(() => undefined);
  }
}

async function inTime<Made>(make: () => Made | Promise<Made>): Promise<Made> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Explained(`No answer within ${String(longestPartMs / 1000)} seconds.`));
    }, longestPartMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(make), late]);
  } finally {
    clearTimeout(timer);
  }
}
