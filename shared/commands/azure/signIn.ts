import { z } from 'zod';
import { DirectoryError } from '../../deployment/entra/directory.js';
import { ensureRegistration } from '../../deployment/entra/registration.js';
import { clientIdOf } from '../../deployment/app/appSignIn.js';
import { functionKeyOf, type DeployedApp } from '../../deployment/app/deployedApp.js';
import { flag } from '../command.js';
import { commandLine, theApp, verb, type ExitCode, type Surroundings } from './verb.js';

const roleGrant = z
  .string()
  .regex(/^[a-z-]+=[0-9a-fA-F-]{36}$/)
  .transform((text) => {
    const [role = '', principalId = ''] = text.split('=');
    return { role, principalId };
  });

/** `sign-in`: the app registration in Entra ID by which people sign in. */
export const signIn = verb({
  says: 'makes or completes the app registration that people sign in with',
  help: [
    '--give ROLE=ID gives a group, person or program a role: reader, operator, data-officer, or (programs only) deployer, ssd-refresh; several times',
    '--host NAME    another name under which people open the app, such as a gateway; several times',
    '--client-id ID uses an existing app registration',
    '--check        changes nothing: calls the app without a sign-in, with a forged one and with the key',
  ],
  options: z.object({
    give: z.array(roleGrant).default([]),
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
        grants: give,
        clock,
      });
      for (const change of changes) write(`${change}\n`);
      if (changes.length === 0) write('The app registration is complete. Nothing was changed.\n');
      write(`The scope of tokens for the HTTP API is ${scope}.\n`);
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
        `${error.message}\nAn Application Administrator of Entra ID must run this command. What is done so far is kept.\n`,
      );
      return 1;
    }
  },
});

/** The header in which App Service says who is signed in. Only the platform may set it. */
const forged = Buffer.from('{"claims":[{"typ":"roles","val":"reader"}]}').toString('base64');

/** Checks that the platform accepts function keys and no forged header. Not tried in Azure by us, so checked in each app. */
async function checkFront({ azure, write, call }: Surroundings, app: DeployedApp): Promise<ExitCode> {
  const key = (await functionKeyOf(azure, app)) ?? '';
  const asks = [
    {
      what: 'a page, without signing in',
      path: '/api/dashboard',
      headers: {},
      expected: 401,
      else: 'The platform refuses people before the app can: set "Unauthenticated requests" to "Allow unauthenticated access" (portal, Authentication).',
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
      else: 'The platform does not accept the function key (or HTTP_NEEDS_SIGN_IN is true, and then 401 is right).',
    },
  ];
  let wrong = 0;
  for (const { what, path, headers, expected, else: meaning } of asks) {
    const { status } = await call(new URL(path, `https://${app.hostName}`), { headers, redirect: 'manual' });
    write(`${status} for ${what}${status === expected ? '' : `, not ${expected}. ${meaning}`}\n`);
    if (status !== expected) wrong += 1;
  }
  if (wrong === 0) write('The sign-in works. Now someone with a role signs in and opens the pages.\n');
  return wrong === 0 ? 0 : 1;
}
