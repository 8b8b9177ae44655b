import { readSomeSettings } from '../settings/readSettings.js';
import { settingsSchema } from '../settings/settings.js';
import { openDatabase } from '../database/open.js';
import {
  checkStagingTable,
  DuplicatePersonsError,
  duplicatesMessage,
  migrate,
} from '../staging/migrations.js';
import { asksForHelp } from './help.js';

/** What a pipeline goes by. */
export const exitCodes = {
  done: 0,
  /** Settings are wrong, or the database refused. */
  failed: 1,
  /** `--check` found something that `npm run migrate` would make. */
  missing: 2,
  /** Someone must decide between rows of the same person first. */
  duplicates: 3,
} as const;
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const environmentSchema = settingsSchema.pick({ SSD_CONNECTION_STRING: true, STAGING_TABLE: true });

const usage = `Usage: npm run migrate [-- --check]
Makes the staging table of SSD_CONNECTION_STRING under the name STAGING_TABLE, or adds what one that is there lacks.
  --check   changes nothing and says what is missing
Exit codes: 0 nothing is missing any more, 1 it failed, 2 --check: something is missing, 3 people are in several rows.
`;

/** `npm run migrate`. @param write takes the lines for whoever reads the console or the pipeline's log */
export async function migrateCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
): Promise<ExitCode> {
  if (args.some((arg) => arg !== '--check')) {
    write(usage);
    return asksForHelp(args) ? exitCodes.done : exitCodes.failed;
  }
  try {
    const settings = readSomeSettings(environmentSchema, environment);
    const { SSD_CONNECTION_STRING: connectionString, STAGING_TABLE: table } = settings;
    const database = await openDatabase(connectionString);
    try {
      const { missing, duplicatePersons } = await checkStagingTable(database, table);
      for (const thing of missing) write(`missing: ${thing}\n`);
      if (duplicatePersons > 0) {
        write(`${duplicatesMessage(table, duplicatePersons)}\n`);
        return exitCodes.duplicates;
      }
      if (missing.length === 0) {
        write(`${table} lacks nothing\n`);
        return exitCodes.done;
      }
      if (args.includes('--check')) return exitCodes.missing;
      await migrate(database, table);
      write(`${table}: made what was missing\n`);
      return exitCodes.done;
    } finally {
      await database.close();
    }
  } catch (error) {
    write(`${error instanceof Error ? error.message : 'it failed without a reason'}\n`);
    return error instanceof DuplicatePersonsError ? exitCodes.duplicates : exitCodes.failed;
  }
}
