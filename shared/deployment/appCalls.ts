import { needsSignIn } from '../settings.js';
import { clientIdOf } from './appSignIn.js';
import { functionKeyOf, settingsOf, type DeployedApp } from './deployedApp.js';
import type { SignedIn } from './signedIn.js';

/**
 * The headers by which a deployment calls the app: the function key and, where the app wants everybody to sign in
 * (`HTTP_NEEDS_SIGN_IN`), a token of the person or program signed in here, for which the app role `deployer` is enough.
 * @param settings those of the app, when they have been read already
 * @throws Error that says what to do; ResourceManagerError when the host does not start
 */
export async function headersOfCalls(
  { azure, credential }: Pick<SignedIn, 'azure' | 'credential'>,
  app: DeployedApp,
  settings?: ReadonlyMap<string, string>,
): Promise<Readonly<Record<string, string>>> {
  const key = await functionKeyOf(azure, app);
  if (key === undefined || key === '')
    throw new Error(`The app ${app.name} has no function key yet: its host has not started.`);
  const keyHeader = { 'x-functions-key': key };
  const environment = Object.fromEntries(settings ?? (await settingsOf(azure, app)));
  if (!needsSignIn(environment)) return keyHeader;
  const clientId = await clientIdOf(azure, app);
  if (clientId === undefined) {
    throw new Error(
      `HTTP_NEEDS_SIGN_IN is true, but no sign-in is set up in front of ${app.name}: set signInClientId in the parameter file, or HTTP_NEEDS_SIGN_IN to false.`,
    );
  }
  return { ...keyHeader, authorization: `Bearer ${await tokenFor(clientId, credential)}` };
}

async function tokenFor(clientId: string, credential: SignedIn['credential']): Promise<string> {
  try {
    const token = await credential.getToken(`api://${clientId}/.default`);
    if (token !== null) return token.token;
  } catch {
    // The reason is Entra ID's, and the remedy the same for each.
  }
  throw new Error(
    `Entra ID gives no token for the app registration ${clientId}. The service connection needs the app role deployer there: docs/pipeline.md, "Where everybody signs in".`,
  );
}
