import { needsSignIn } from '../../settings/readSettings.js';
import { clientIdOf } from './appSignIn.js';
import { functionKeyOf, settingsOf, type DeployedApp } from './deployedApp.js';
import type { SignedIn } from '../login/signedIn.js';

/** A preflight takes three minutes at most, and Azure breaks a call off after four. */
export const longestCallMs = 240_000;

/** How a command calls the app. */
interface AppCall {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds. */
  readonly longest?: number;
}

/** Calls the HTTP API of the app. @param path below `/api/` */
export async function callApp(
  call: (url: URL, init: RequestInit) => Promise<Response>,
  { hostName }: Pick<DeployedApp, 'hostName'>,
  path: string,
  { longest = longestCallMs, ...init }: AppCall,
): Promise<Response> {
  return await call(new URL(`https://${hostName}/api/${path}`), {
    ...init,
    // A redirect would take the key along.
    redirect: 'manual',
    signal: AbortSignal.timeout(longest),
  });
}

type Entry = Pick<SignedIn, 'azure' | 'credential'>;

/**
 * The headers by which a deployment calls the app: the function key and, where the app wants everybody to sign in
 * (`HTTP_NEEDS_SIGN_IN`), a token of the program signed in here, for which the app role `deployer` is enough.
 * @param settings those of the app, when they have been read already
 * @throws Error that says what to do; ResourceManagerError when the host does not start
 */
export async function headersOfCalls(
  entry: Entry,
  app: DeployedApp,
  settings?: ReadonlyMap<string, string>,
): Promise<Readonly<Record<string, string>>> {
  const key = await keyHeader(entry, app);
  const environment = Object.fromEntries(settings ?? (await settingsOf(entry.azure, app)));
  if (!needsSignIn(environment)) return key;
  return {
    ...key,
    ...(await signInHeader(entry, app, {
      noSignIn: `HTTP_NEEDS_SIGN_IN is true, but no sign-in is set up in front of ${app.name}: set signInClientId in the parameter file, or HTTP_NEEDS_SIGN_IN to false.`,
      noToken:
        'The service connection needs the app role deployer there: docs/pipeline.md, "Where everybody signs in".',
    })),
  };
}

/** @throws Error that says what to do; ResourceManagerError when the host does not start */
export async function keyHeader(
  { azure }: Pick<Entry, 'azure'>,
  app: DeployedApp,
): Promise<Readonly<Record<string, string>>> {
  const key = await functionKeyOf(azure, app);
  if (key === undefined || key === '') {
    throw new Error(
      `The app ${app.name} has no function key yet: its host has not started, or no key has been made (npm run azure -- key --name default).`,
    );
  }
  return { 'x-functions-key': key };
}

/**
 * A token for the app, for the person or program that is signed in here.
 * @param remedies what to do where no sign-in is in front of the app, or Entra ID gives no token
 */
export async function signInHeader(
  { azure, credential }: Entry,
  app: DeployedApp,
  { noSignIn, noToken }: { readonly noSignIn: string; readonly noToken: string },
): Promise<Readonly<Record<string, string>>> {
  const clientId = await clientIdOf(azure, app);
  if (clientId === undefined) throw new Error(noSignIn);
  try {
    const token = await credential.getToken(`api://${clientId}/.default`);
    if (token !== null) return { authorization: `Bearer ${token.token}` };
  } catch {
    // The reason is Entra ID's, and the remedy the same for each.
  }
  throw new Error(`Entra ID gives no token for the app registration ${clientId}. ${noToken}`);
}
