import { needsSignIn } from '../settings/readSettings.js';
import { isSignInInFront, mayAs, type Environment, type Principal, type Role } from './principal.js';

export interface Denial {
  readonly status: 401 | 403;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody: { readonly error: string; readonly role?: Role };
}

/**
 * Why a caller of the HTTP API may not do what needs `role`. For a person who is signed in only the roles count, with
 * any key. Without a sign-in the function key is enough, except in two cases: the council wants everyone to sign in,
 * or the call names children and Entra ID is in front to say who is asking.
 * @returns `undefined` when the caller may do it
 */
export function denialOf(
  principal: Principal | undefined,
  role: Role,
  environment: Environment,
): Denial | undefined {
  if (principal !== undefined) return mayAs(principal, role) ? undefined : roleIsLacking(principal, role);
  const isInFront = isSignInInFront(environment);
  if (role === 'data-officer' && isInFront) {
    return signInFirst(role, 'A function key alone does not open calls and files that name children.');
  }
  if (!needsSignIn(environment)) return undefined;
  return signInFirst(
    role,
    isInFront
      ? 'HTTP_NEEDS_SIGN_IN says that a function key alone is not enough.'
      : 'HTTP_NEEDS_SIGN_IN says that a function key alone is not enough, and no Entra ID authentication is in front of the app: switch it on, or set HTTP_NEEDS_SIGN_IN to false.',
  );
}

function roleIsLacking({ roles }: Principal, role: Role): Denial {
  const given = roles.size === 0 ? 'none of the roles of this app' : [...roles].join(', ');
  const error = `This needs the app role ${role} in Entra ID. You are signed in and have ${given}. The person who manages the app registration can give it.`;
  return { status: 403, jsonBody: { error, role } };
}

function signInFirst(role: Role, why: string): Denial {
  const error = `${why} Sign in with Entra ID as someone who has the app role ${role}, and send the token with the key.`;
  return { status: 401, headers: { 'www-authenticate': 'Bearer' }, jsonBody: { error, role } };
}
