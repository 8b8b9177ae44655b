import { z } from 'zod';
import { appIn } from '../deployment/app/deployedApp.js';
import { lastDeployment } from '../deployment/resourceManager/deployments.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { databaseOf, prepare, type Preparation } from './databaseOfApp.js';
import { grantCommand } from './grant.js';
import { migrateCommand } from './migrate.js';
import { reasonOf, said } from './pipelineLog.js';
import { readCommand, startIfMain, text, type Environment, type Write } from './command.js';

interface Surroundings extends Preparation {
  readonly open: (environment: Environment) => Promise<SignedIn>;
}

const usage = `Usage: node dist/shared/commands/prepareDatabase.js --group NAME
Makes the staging table in the Azure SQL database of an environment, and gives the app's user its rights there. Which
database, user and names of tables: the last deployment and the settings of the app say so.
Needs a sign-in of the Azure CLI, by an administrator of the server or a user who may do both in the database.
Exit codes: 0 done, 1 it failed, 3 some people are in several rows (docs/dba.md).
`;

const options = z.object({ group: text });

export async function prepareDatabaseCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { open, migrate, grant }: Surroundings = { open: signedIn, migrate: migrateCommand, grant: grantCommand },
): Promise<number> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const { azure, subscriptionId } = await open(environment);
    const group = { subscriptionId, name: given.group };
    const deployment = await lastDeployment(azure, group);
    const app = await appIn(azure, group);
    if (deployment === undefined || app === undefined)
      throw new Error(
        `No deployment into ${given.group} has succeeded yet: run the stage Infrastructure first.`,
      );
    const database = await databaseOf(azure, app, deployment);
    if (database === undefined) {
      throw new Error(
        'This is not Azure SQL, or its sign-in is not by Entra ID. A DBA makes the table and grants the rights (docs/dba.md). Set …PreparesDatabase to false in council.yml.',
      );
    }
    // Names and errors of the database may hold what the agent takes for a command.
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
