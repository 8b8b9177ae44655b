import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { codeListsOn } from '../child/codes/codeLists.js';
import { londonDate } from '../child/dates.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open.js';
import { tablesOfSchema } from '../database/schemaTables.js';
import { count } from '../preflight/check.js';
import { answerOnAbsence } from '../preflight/checks/ssdTables.js';
import { sourceWarnings } from '../records/sourceWarnings.js';
import { tryChildren } from '../runs/tryChildren.js';
import { readSomeSettings } from '../settings/readSettings.js';
import { settingsSchema } from '../settings/settings.js';
import { likelyNames } from '../ssd/likelyNames.js';
import { reportedInvolvements } from '../ssd/involvementRoles.js';
import { profileFrom, profileNames, withRegistrationColumn } from '../ssd/profile.js';
import { profileFit } from '../ssd/profileFit.js';
import { ownFileOf, profileOf } from '../ssd/profileFiles.js';
import { windowMonthsOf } from '../settings/terms.js';
import { SsdReader } from '../ssd/ssdReader.js';
import { readCommand, startIfMain, text, type Environment, type Write } from './command.js';
import { reasonOf } from './pipelineLog.js';
import { reportOn, reportOnNeeded } from './profileReport.js';

const usage = `Usage: npm run profile -- check [FILE]
       npm run profile -- new FILE [--extends PROFILE]
check  compares a profile with the SSD: names, types, values, entries that no row has, rows that find nothing, fill rates.
       FILE is systemc, mosaic, eclipse or a JSON file such as profiles/ours.json; without it, SSD_PROFILE.
new    writes the first draft of a profile: the names of the SSD that differ from those of PROFILE (national).
Both only read the database that SSD_CONNECTION_STRING names (schema: SSD_SCHEMA, or the profile's), and nothing leaves this
machine. Values that 10 rows or more have are shown: do not run it where others read the screen or the log.
Exit codes: 0 nothing to correct, 1 something to correct, 2 it could not run.
`;

const options = z.object({
  positionals: z.tuple([z.enum(['check', 'new']), text.optional()]),
  extends: z.enum(['national', ...profileNames]).default('national'),
});

const environmentSchema = settingsSchema.pick({
  SSD_CONNECTION_STRING: true,
  SSD_PROFILE: true,
  SSD_SCHEMA: true,
  WORKER_REGISTRATION_COLUMN: true,
  COHORT_INCLUSION_SETS: true,
  COHORT_AGE_LIMIT: true,
  COHORT_WINDOW_MONTHS: true,
  CARE_WORKER_GATES: true,
  UNREGISTERED_WORKERS: true,
  CHUNK_MAX_CHILDREN: true,
  CHUNK_MAX_BYTES: true,
  COLLECTION_YEAR: true,
  EXTRACT_RANGE_SIZE: true,
  RUN_TODAY: true,
});
type ProfileSettings = z.output<typeof environmentSchema>;

/** `npm run profile`. */
export async function profileCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  open: (connectionString: string) => Promise<Database> = openDatabase,
): Promise<0 | 1 | 2> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given === 0 ? 0 : 2;
  const [verb, file] = given.positionals;
  try {
    const settings = readSomeSettings(environmentSchema, environment);
    const database = await open(settings.SSD_CONNECTION_STRING);
    try {
      if (verb === 'check') return await check(database, settings, file ?? settings.SSD_PROFILE, write);
      if (file === undefined) throw new Error('Name the file to write, such as profiles/ours.json.');
      return await writeDraft(database, settings, { file, base: given.extends }, write);
    } finally {
      await database.close();
    }
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 2;
  }
}

async function check(
  database: Database,
  settings: ProfileSettings,
  nameOrFile: string,
  write: Write,
): Promise<0 | 1> {
  const read = profileOf(nameOrFile);
  const profile = { ...read, names: withRegistrationColumn(read.names, settings.WORKER_REGISTRATION_COLUMN) };
  const schema = settings.SSD_SCHEMA ?? profile.schema;
  write(`The profile ${nameOrFile} and the SSD in ${schema}\n\n`);
  const fit = await profileFit(database, schema, profile, ownFileOf(nameOrFile));
  const { text: report, problems } =
    fit.needed.length > 0
      ? reportOnNeeded(fit)
      : reportOn({ fit, ...(await tried(database, schema, profile, settings)) });
  write(report);
  write(
    problems === 0
      ? '\nprofile: nothing to correct\n'
      : `\nprofile: ${count(problems, 'thing')} to correct\n`,
  );
  return problems === 0 ? 0 : 1;
}

/** What a run would make of the SSD, the lists of the council aside. */
async function tried(
  database: Database,
  schema: string,
  profile: ReturnType<typeof profileOf>,
  settings: ProfileSettings,
) {
  const ssd = new SsdReader(
    database,
    schema,
    profile.names,
    { ageLimit: settings.COHORT_AGE_LIMIT },
    { placeholderDates: [...profile.placeholderDates] },
  );
  const children = await tryChildren(settings.RUN_TODAY ?? londonDate(new Date()), {
    ssd,
    profile,
    codesOn: (day) => codeListsOn(day, settings.COLLECTION_YEAR).lists,
    inclusionSets: settings.COHORT_INCLUSION_SETS,
    leftOut: [],
    careWorkerGates: settings.CARE_WORKER_GATES,
    unregisteredWorkers: settings.UNREGISTERED_WORKERS,
    chunkLimits: { maxChildren: settings.CHUNK_MAX_CHILDREN, maxBytes: settings.CHUNK_MAX_BYTES },
    windowMonths: windowMonthsOf(settings),
    rangeSize: settings.EXTRACT_RANGE_SIZE,
  });
  const roles = settings.CARE_WORKER_GATES.includes('role') ? await ssd.involvementRoles() : undefined;
  const involvements = roles === undefined ? undefined : reportedInvolvements(roles, profile.careWorkerRoles);
  return {
    tried: children,
    unfit: await ssd.unfitColumns(),
    absence: answerOnAbsence(await ssd.missingTables(), await ssd.absentColumns()).found,
    warnings: sourceWarnings({ relations: children.survey.relations, involvements, fill: children.fill }),
  };
}

/** Never over a file that is there. */
async function writeDraft(
  database: Database,
  settings: ProfileSettings,
  { file, base }: { readonly file: string; readonly base: string },
  write: Write,
): Promise<0> {
  if (!file.endsWith('.json')) throw new Error(`${file} must end in .json.`);
  const { schema: itsSchema, names } = profileFrom({ extends: base }, file);
  const schema = settings.SSD_SCHEMA ?? itsSchema;
  const found = likelyNames(await tablesOfSchema(database, schema), database.engine, names);
  const tableNames: Record<string, string> = {};
  const columnNames: Record<string, Record<string, string>> = {};
  for (const { table, column, name } of found) {
    if (column === undefined) tableNames[table] = name;
    else columnNames[table] = { ...columnNames[table], [column]: name };
  }
  const draft = {
    extends: base,
    ...(schema === itsSchema ? {} : { schema }),
    ...(Object.keys(tableNames).length === 0 ? {} : { tableNames }),
    ...(Object.keys(columnNames).length === 0 ? {} : { columnNames }),
  };
  try {
    writeFileSync(resolve(file), `${JSON.stringify(draft, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new Error(
      `${file} is there already, and was not changed. Name another file, or check this one: npm run profile -- check ${file}`,
      { cause: error },
    );
  }
  write(
    `Written: ${file}, with ${count(found.length, 'name')} guessed from those of the SSD. Look at each. Then: npm run profile -- check ${file}\n`,
  );
  return 0;
}

startIfMain(module, profileCommand);
