import { z } from 'zod';
import { DirectoryError } from '../../deployment/directory.js';
import { ensureRegistration } from '../../deployment/signIn.js';
import { clientIdOf } from '../../deployment/appSignIn.js';
import { commandLine, theApp, verb } from './verb.js';

const roleWish = z
  .string()
  .regex(/^[a-z-]+=[0-9a-fA-F-]{36}$/)
  .transform((text) => {
    const [role = '', principalId = ''] = text.split('=');
    return { role, principalId };
  });

/** `sign-in`: the app registration in Entra ID by which people sign in. */
export const signIn = verb({
  says: 'makes or completes the app registration by which people sign in',
  help: [
    '--give ROLE=ID gives a group, person or program a role: reader, operator, data-officer; several times',
    '--host NAME    another name that people open the app by, such as a gateway; several times',
    '--client-id ID an app registration that is there already',
  ],
  options: {
    give: { type: 'string', multiple: true },
    host: { type: 'string', multiple: true },
    'client-id': { type: 'string' },
  },
  schema: z.object({
    give: z.array(roleWish).default([]),
    host: z.array(z.string().regex(/^[a-z0-9.-]+$/i)).default([]),
    'client-id': z.guid().optional(),
    positionals: z.tuple([]),
  }),
  run: async (surroundings, { give, host, 'client-id': given }) => {
    const { azure, directory, write, pauses } = surroundings;
    const app = await theApp(surroundings);
    const deployed = await clientIdOf(azure, app);
    try {
      const { clientId, scope, changes } = await ensureRegistration(directory, {
        app,
        clientId: given ?? deployed,
        hosts: [app.hostName, ...host],
        wishes: give,
        retryMs: Math.min(pauses[0] ?? 0, 5_000),
      });
      for (const change of changes) write(`${change}\n`);
      if (changes.length === 0) write('The app registration is as it should be: nothing was changed.\n');
      write(`Tokens for the HTTP API are asked for by ${scope}.\n`);
      if (deployed?.toLowerCase() !== clientId.toLowerCase()) {
        write(
          `\nPut this into the parameter file and deploy, outside the run window:\n\nparam signInClientId = '${clientId}'\n`,
        );
      }
      if (give.length === 0) {
        write(
          `\nRoles: ${commandLine(surroundings, 'sign-in --give reader=<object id of a group>')}, or Entra ID, Enterprise applications, Users and groups.\n`,
        );
      }
      return 0;
    } catch (error) {
      if (!(error instanceof DirectoryError) || error.status !== 403) throw error;
      write(
        `${error.message}\nAn Application Administrator of Entra ID runs this command; what was done before is kept.\n`,
      );
      return 1;
    }
  },
});
