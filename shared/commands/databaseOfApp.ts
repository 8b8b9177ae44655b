import { settingsOf, signsInByIdentity, type DeployedApp } from '../deployment/app/deployedApp.js';
import { textOutput, type Deployment } from '../deployment/resourceManager/deployments.js';
import type { ResourceManager } from '../deployment/resourceManager/resourceManager.js';
import { grantCommand } from './grant.js';
import { migrateCommand } from './migrate.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Write = (text: string) => void;
type Command<Code extends number> = (
  args: readonly string[],
  environment: Environment,
  write: Write,
) => Promise<Code>;

/** Settings of the app that decide what is made and granted; without them the defaults hold, here as in the app. */
const settingsThatDecide = ['STAGING_TABLE', 'SSD_PROFILE', 'SSD_SCHEMA'];

/** The Azure SQL database of a deployed app, and what `migrate` and `grant` need to know about it. */
interface DatabaseOfApp {
  readonly server: string;
  readonly name: string;
  /** Settings of the app, and a connection string for the person who is signed in here. */
  readonly settings: Readonly<Record<string, string>>;
  /** The user of the app's identity. */
  readonly user: { readonly name: string; readonly clientId: string };
}

/**
 * Reads from the last good deployment and the settings of the app which database it has.
 * @returns undefined for a database without Entra ID, which a DBA prepares
 */
export async function databaseOf(
  azure: ResourceManager,
  app: DeployedApp,
  deployment: Deployment,
): Promise<DatabaseOfApp | undefined> {
  const settings = await settingsOf(azure, app);
  const server = textOutput(deployment, 'sqlServerHost');
  if (server === '' || !signsInByIdentity(settings)) return undefined;
  const name = textOutput(deployment, 'sqlDatabaseName');
  const given = settingsThatDecide.flatMap((key) => {
    const value = settings.get(key) ?? '';
    return value === '' ? [] : [[key, value] as const];
  });
  return {
    server,
    name,
    settings: {
      ...Object.fromEntries(given),
      SSD_CONNECTION_STRING: `Server=tcp:${server},1433;Database=${name};Authentication=Active Directory Default`,
    },
    user: {
      name: textOutput(deployment, 'identityName'),
      clientId: textOutput(deployment, 'identityClientId'),
    },
  };
}

/** The two commands that prepare a database. */
export interface Preparation {
  readonly migrate: Command<number>;
  readonly grant: Command<number>;
}

/**
 * Makes the staging table, and gives the app's user its rights.
 * @param environment what the commands read in addition to the settings of the app
 * @returns the exit code of the one that failed, or 0
 */
export async function prepare(
  { settings, user }: DatabaseOfApp,
  environment: Environment,
  write: Write,
  { migrate, grant }: Preparation = { migrate: migrateCommand, grant: grantCommand },
): Promise<number> {
  const inDatabase = { ...environment, ...settings };
  const migrated = await migrate([], inDatabase, write);
  if (migrated !== 0) return migrated;
  return await grant(['--user', user.name, '--client-id', user.clientId], inDatabase, write);
}
