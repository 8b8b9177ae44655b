import { parseArgs } from 'node:util';
import { appIn, settingsOf } from '../deployment/deployedApp.js';
import { lastDeployment, textOutput } from '../deployment/deployments.js';
import { signedIn, type SignedIn } from '../deployment/signedIn.js';
import { grantCommand } from './grantCommand.js';
import { migrateCommand } from './migrateCommand.js';
import { reasonOf } from './pipelineLog.js';
import { asksForHelp } from './help.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Write = (text: string) => void;

export interface Surroundings {
  readonly open: (environment: Environment) => Promise<SignedIn>;
  readonly migrate: (args: readonly string[], environment: Environment, write: Write) => Promise<number>;
  readonly grant: (args: readonly string[], environment: Environment, write: Write) => Promise<number>;
}

const usage = `Usage: node dist/shared/commands/prepareDatabase.js --group NAME
Makes the staging table in the Azure SQL database of an environment, and gives the app's user its rights there. Which
database, user and names of tables: the last deployment and the settings of the app say so.
Needs a sign-in of the Azure CLI, of somebody who administers the server or may do both in the database.
Exit codes: 0 done, 1 it failed, 3 persons stand in several rows (docs/dba.md).
`;

/** Settings of the app that decide what is made and granted; without them the defaults hold, here as in the app. */
const settingsThatDecide = ['STAGING_TABLE', 'SSD_PROFILE', 'SSD_SCHEMA'];

/** @param write takes the lines for the log of the pipeline */
export async function prepareDatabaseCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { open, migrate, grant }: Surroundings = { open: signedIn, migrate: migrateCommand, grant: grantCommand },
): Promise<number> {
  const name = readArguments(args);
  if (name === undefined) {
    write(usage);
    return asksForHelp(args) ? 0 : 1;
  }
  try {
    const { azure, subscriptionId } = await open(environment);
    const group = { subscriptionId, name };
    const deployment = await lastDeployment(azure, group);
    const app = await appIn(azure, group);
    if (deployment === undefined || app === undefined)
      throw new Error(
        `No deployment into ${name} has succeeded yet: the stage Infrastructure has to run first.`,
      );
    const server = textOutput(deployment, 'sqlServerHost');
    if (server === '') {
      throw new Error(
        'This is not Azure SQL: a DBA makes the table and grants the rights (docs/dba.md). Set …PreparesDatabase to false in council.yml.',
      );
    }
    const settings = await settingsOf(azure, app);
    const given = settingsThatDecide.flatMap((key) => {
      const value = settings.get(key);
      return value === undefined || value === '' ? [] : [[key, value] as const];
    });
    const inDatabase = {
      ...environment,
      ...Object.fromEntries(given),
      SSD_CONNECTION_STRING: `Server=tcp:${server},1433;Database=${textOutput(deployment, 'sqlDatabaseName')};Authentication=Active Directory Default`,
    };
    const migrated = await migrate([], inDatabase, write);
    if (migrated !== 0) return migrated;
    const user = textOutput(deployment, 'identityName');
    const clientId = textOutput(deployment, 'identityClientId');
    return await grant(['--user', user, '--client-id', clientId], inDatabase, write);
  } catch (error) {
    write(`${reasonOf(error)}\nThe database is not prepared.\n`);
    return 1;
  }
}

function readArguments(args: readonly string[]): string | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { group: { type: 'string' } } });
    return values.group === '' ? undefined : values.group;
  } catch {
    return undefined;
  }
}
