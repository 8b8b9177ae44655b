import { z } from 'zod';
import { lastDeployment } from '../../deployment/resourceManager/deployments.js';
import { flag } from '../command.js';
import { theApp, verb } from './verb.js';
import { databaseOf, prepare } from '../databaseOfApp.js';
import { migrateCommand } from '../migrate.js';

/** `database`: the staging table, and the rights of the app's identity, with the settings that the app has. */
export const database = verb({
  says: 'makes the staging table and gives the app its rights in the database (DBA)',
  help: ['--check       changes nothing and says what is missing in the staging table'],
  options: z.object({ check: flag }),
  run: async (surroundings, { check }) => {
    const { azure, group, write } = surroundings;
    const app = await theApp(surroundings);
    const deployment = await lastDeployment(azure, group);
    if (deployment === undefined) {
      write(`No deployment of main.bicep has succeeded in ${group.name} yet.\n`);
      return 1;
    }
    const found = await databaseOf(azure, app, deployment);
    if (found === undefined) {
      write(
        'The sign-in of this database is not by Entra ID. A DBA runs the scripts of docs/dba.md with a connection string of their own.\n',
      );
      return 1;
    }
    write(`Database ${found.name} on ${found.server}, with your own sign-in.\n`);
    const code = check
      ? await migrateCommand(['--check'], found.settings, write)
      : await prepare(found, {}, write);
    return code === 0 ? 0 : 1;
  },
});
