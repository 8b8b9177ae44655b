import { z } from 'zod';
import { profileOf } from '../ssd/profileFiles.js';
import { settingsSchema } from '../settings/settings.js';
import { readSomeSettings } from '../settings/readSettings.js';
import type { Database, Row } from '../database/database.js';
import { sidOf } from '../database/identitySid.js';
import { openDatabase } from '../database/open.js';
import { runScript } from '../database/scripts.js';
import { readCommand, startIfMain, type Environment, type Write } from './command.js';
import { reasonOf } from './pipelineLog.js';

const environmentSchema = settingsSchema.pick({
  SSD_CONNECTION_STRING: true,
  SSD_PROFILE: true,
  SSD_SCHEMA: true,
  STAGING_TABLE: true,
});

const options = z.object({
  // The scripts put it in brackets or quotes.
  user: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/),
  'client-id': z.string().optional(),
});

const usage = `Usage: npm run grant -- --user NAME [--client-id GUID]
Gives the app's database user the rights of infra/sql/*/grants.sql, and prints what it may do afterwards.
  --user       the database user of the app's identity
  --client-id  Azure SQL: the client id of the identity; the user is made when it is not there yet
Reads SSD_CONNECTION_STRING (of a user who may grant), SSD_PROFILE or SSD_SCHEMA, and STAGING_TABLE.
Exit codes: 0 done, 1 it failed.
`;

/** `npm run grant`. */
export async function grantCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  open: (connectionString: string) => Promise<Database> = openDatabase,
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const settings = readSomeSettings(environmentSchema, environment);
    const { SSD_CONNECTION_STRING, SSD_PROFILE, SSD_SCHEMA, STAGING_TABLE: StagingTable } = settings;
    const SsdSchema = SSD_SCHEMA ?? profileOf(SSD_PROFILE).schema;
    const database = await open(SSD_CONNECTION_STRING);
    try {
      const { user, 'client-id': clientId } = given;
      if (clientId !== undefined && database.engine !== 'sqlserver') {
        throw new Error('--client-id is for Azure SQL only.');
      }
      const rights = await giveRights(database, { user, clientId, SsdSchema, StagingTable });
      write(`${user} has these rights and no others:\n${rights.map(lineOf).join('')}`);
      return 0;
    } finally {
      await database.close();
    }
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 1;
  }
}

/**
 * Gives the app's database user its rights; giving them again changes nothing.
 * @param given with a client id the user is made, on Azure SQL, where it is not there yet
 * @returns every right that it has afterwards
 */
export async function giveRights(
  database: Database,
  given: { user: string; clientId: string | undefined; SsdSchema: string; StagingTable: string },
): Promise<Row[]> {
  const { user: AppUser, clientId, SsdSchema, StagingTable } = given;
  if (clientId !== undefined && database.engine === 'sqlserver') {
    await runScript(database, 'user.sql', { AppUser, AppSid: sidOf(clientId) });
  }
  return await runScript(database, 'grants.sql', { AppUser, SsdSchema, StagingTable });
}

function lineOf(right: Row): string {
  return `  ${Object.values(right).map(String).join(' ')}\n`;
}

startIfMain(module, grantCommand);
