import { z } from 'zod';
import { grantCommand } from './grantCommand.js';
import { migrateCommand } from './migrateCommand.js';
import { settingsOf, signsInByIdentity } from '../deployment/deployedApp.js';
import { lastDeployment, textOutput } from '../deployment/deployments.js';
import { theApp, verb } from './azureVerb.js';

/** `database`: the staging table, and the rights of the app's identity, with the settings that the app has. */
export const database = verb({
  says: 'makes the staging table and gives the app its rights in the database (DBA)',
  help: ['--check       changes nothing and says what the staging table lacks'],
  options: { check: { type: 'boolean', default: false } },
  schema: z.object({ check: z.boolean(), positionals: z.tuple([]) }),
  run: async (surroundings, { check }) => {
    const { azure, group, write } = surroundings;
    const app = await theApp(surroundings);
    const settings = await settingsOf(azure, app);
    const deployment = await lastDeployment(azure, group);
    if (deployment === undefined) {
      write(`No deployment of main.bicep has succeeded in ${group.name} yet.\n`);
      return 1;
    }
    const server = textOutput(deployment, 'sqlServerHost');
    if (server === '' || !signsInByIdentity(settings)) {
      write(
        'The database of this app takes no Entra ID: a DBA runs the scripts of docs/dba.md, with SSD_CONNECTION_STRING set to a string of their own.\n',
      );
      return 1;
    }
    const name = textOutput(deployment, 'sqlDatabaseName');
    const environment = {
      ...Object.fromEntries(
        [...settings].filter(([setting]) => /^(SSD_PROFILE|SSD_SCHEMA|STAGING_TABLE)$/.test(setting)),
      ),
      SSD_CONNECTION_STRING: `Server=tcp:${server},1433;Database=${name};Authentication=Active Directory Default`,
    };
    write(`Database ${name} on ${server}, as you are signed in.\n`);
    const migrated = await migrateCommand(check ? ['--check'] : [], environment, write);
    if (migrated !== 0 || check) return migrated === 0 ? 0 : 1;
    const user = ['--user', textOutput(deployment, 'identityName')];
    return grantCommand(
      [...user, '--client-id', textOutput(deployment, 'identityClientId')],
      environment,
      write,
    );
  },
});
