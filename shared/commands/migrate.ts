import { z } from 'zod';
import { settingsSchema } from '../settings/settings.js';
import { readSomeSettings } from '../settings/readSettings.js';
import { openDatabase } from '../database/open.js';
import {
  checkStagingTable,
  DuplicatePersonsError,
  duplicatesMessage,
  migrate,
} from '../staging/migrations.js';
import { flag, readCommand, startIfMain, type Environment, type Write } from './command.js';
import { reasonOf } from './pipelineLog.js';

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

/** `npm run migrate`. */
export async function migrateCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
): Promise<ExitCode> {
  const given = readCommand(args, { usage, options: z.object({ check: flag }) }, write);
  if (typeof given === 'number') return given;
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
      if (given.check) return exitCodes.missing;
      await migrate(database, table);
      write(`${table}: made what was missing\n`);
      return exitCodes.done;
    } finally {
      await database.close();
    }
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return error instanceof DuplicatePersonsError ? exitCodes.duplicates : exitCodes.failed;
  }
}

startIfMain(module, migrateCommand);
