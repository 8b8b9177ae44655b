import { z } from 'zod';
import { appIn } from '../deployment/app/deployedApp.js';
import { lastDeployment } from '../deployment/resourceManager/deployments.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { databaseOf, prepare, type Preparation } from './databaseOfApp.js';
import { grantCommand } from './grant.js';
import { migrateCommand } from './migrate.js';
import { reasonOf, said } from './pipelineLog.js';
import { readCommand, startIfMain, text, type Environment, type Write } from './command.js';

export interface Surroundings extends Preparation {
  readonly open: (environment: Environment) => Promise<SignedIn>;
}

const usage = `Usage: node dist/shared/commands/prepareDatabase.js --group NAME
Makes the staging table in the Azure SQL database of an environment, and gives the app's user its rights there. Which
database, user and names of tables: the last deployment and the settings of the app say so.
Needs a sign-in of the Azure CLI, of somebody who administers the server or may do both in the database.
Exit codes: 0 done, 1 it failed, 3 persons stand in several rows (docs/dba.md).
`;

const options = z.object({ group: text });

export async function prepareDatabaseCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { open, migrate, grant }: Surroundings = { open: signedIn, migrate: migrateCommand, grant: grantCommand },
): Promise<number> {
  const wish = readCommand(args, { usage, options }, write);
  if (typeof wish === 'number') return wish;
  try {
    const { azure, subscriptionId } = await open(environment);
    const group = { subscriptionId, name: wish.group };
    const deployment = await lastDeployment(azure, group);
    const app = await appIn(azure, group);
    if (deployment === undefined || app === undefined)
      throw new Error(
        `No deployment into ${wish.group} has succeeded yet: the stage Infrastructure has to run first.`,
      );
    const database = await databaseOf(azure, app, deployment);
    if (database === undefined) {
      throw new Error(
        'This is not Azure SQL, or takes no Entra ID: a DBA makes the table and grants the rights (docs/dba.md). Set …PreparesDatabase to false in council.yml.',
      );
    }
    // Names and errors of the database are somebody else's words.
    const writeSaid = (text: string) => {
      write(said(text));
    };
    return await prepare(database, environment, writeSaid, { migrate, grant });
  } catch (error) {
    write(`${reasonOf(error)}\nThe database is not prepared.\n`);
    return 1;
  }
}

startIfMain(module, prepareDatabaseCommand);
