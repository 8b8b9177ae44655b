import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { resourceManagerScope } from '../resourceManager/resourceManager.js';

/** Who deploys. */
interface Person {
  /** Object id in Entra ID. */
  readonly objectId: string;
  /** The name they sign in with. */
  readonly name: string;
}

/** No person is signed in. The message says what to do. */
export class SignInError extends Error {}

const claimsSchema = z.object({
  oid: z.guid(),
  idtyp: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/**
 * Reads from their own token for Azure who is signed in: no directory has to be asked. The token is not checked, since
 * Azure does that at each call.
 * @throws SignInError
 */
export async function deployingPerson(credential: TokenCredential, howToSignIn: string): Promise<Person> {
  const token = await tokenOf(credential, howToSignIn);
  const claims = claimsSchema.safeParse(claimsIn(token));
  const name = claims.data?.upn ?? claims.data?.unique_name ?? claims.data?.preferred_username;
  if (!claims.success || name === undefined || claims.data.idtyp === 'app') {
    throw new SignInError(
      `A person must make an evaluation, not a program: that person becomes the administrator of its database. Sign in as yourself (${howToSignIn}) and run the command again.`,
    );
  }
  return { objectId: claims.data.oid, name };
}

async function tokenOf(credential: TokenCredential, howToSignIn: string): Promise<string> {
  try {
    const token = await credential.getToken(resourceManagerScope);
    if (token !== null) return token.token;
  } catch {
    // The details of each way to sign in do not help the reader.
  }
  throw new SignInError(`You are not signed in to Azure: ${howToSignIn}. Then run the command again.`);
}

function claimsIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
