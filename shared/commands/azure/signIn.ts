import { z } from 'zod';
import { DirectoryError } from '../../deployment/entra/directory.js';
import { ensureRegistration } from '../../deployment/entra/registration.js';
import { clientIdOf } from '../../deployment/app/appSignIn.js';
import { functionKeyOf, type DeployedApp } from '../../deployment/app/deployedApp.js';
import { flag } from '../command.js';
import { commandLine, theApp, verb, type ExitCode, type Surroundings } from './verb.js';

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
    '--give ROLE=ID gives a group, person or program a role: reader, operator, data-officer, or (programs only) deployer; several times',
    '--host NAME    another name that people open the app by, such as a gateway; several times',
    '--client-id ID an app registration that is there already',
    '--check        changes nothing: calls the app without, with a forged and with a real right to enter',
  ],
  options: z.object({
    give: z.array(roleWish).default([]),
    host: z.array(z.string().regex(/^[a-z0-9.-]+$/i)).default([]),
    'client-id': z.guid().optional(),
    check: flag,
  }),
  run: async (surroundings, { give, host, 'client-id': given, check }) => {
    const { azure, directory, write, clock } = surroundings;
    const app = await theApp(surroundings);
    if (check) return checkFront(surroundings, app);
    const deployed = await clientIdOf(azure, app);
    try {
      const { clientId, scope, changes } = await ensureRegistration(directory, {
        app,
        clientId: given ?? deployed,
        hosts: [app.hostName, ...host],
        wishes: give,
        clock,
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

/** What App Service tells the app of who is signed in. Only the platform may set it. */
const forged = Buffer.from('{"claims":[{"typ":"roles","val":"reader"}]}').toString('base64');

/** Whether the platform lets function keys through and nobody else's word: not tried in Azure, so asked of each app. */
async function checkFront({ azure, write, call }: Surroundings, app: DeployedApp): Promise<ExitCode> {
  const key = (await functionKeyOf(azure, app)) ?? '';
  const asks = [
    {
      what: 'a page, without signing in',
      path: '/api/dashboard',
      headers: {},
      expected: 401,
      else: 'The platform turns people away by itself: set "Unauthenticated requests" to "Allow unauthenticated access" (portal, Authentication).',
    },
    {
      what: 'a page, with a forged sign-in',
      path: '/api/dashboard',
      headers: { 'x-ms-client-principal': forged },
      expected: 401,
      else: 'The platform passes on a header that anyone can send. Switch the sign-in off at once (portal, Authentication), and report it to us.',
    },
    {
      what: 'the HTTP API, with the key',
      path: '/api/runs?limit=1',
      headers: { 'x-functions-key': key },
      expected: 200,
      else: 'The platform does not let the function key through (or HTTP_NEEDS_SIGN_IN is true, and then 401 is right).',
    },
  ];
  let wrong = 0;
  for (const { what, path, headers, expected, else: meaning } of asks) {
    const { status } = await call(new URL(path, `https://${app.hostName}`), { headers, redirect: 'manual' });
    write(`${status} for ${what}${status === expected ? '' : `, not ${expected}. ${meaning}`}\n`);
    if (status !== expected) wrong += 1;
  }
  if (wrong === 0) write('The sign-in holds. Now somebody with a role signs in and sees the pages.\n');
  return wrong === 0 ? 0 : 1;
}
