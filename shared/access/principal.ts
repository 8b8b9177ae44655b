import { z } from 'zod';

/**
 * What people may do, as app roles of the Entra ID registration in front of the app. `reader`: see runs and figures;
 * `operator`: ask for, approve and cancel runs; `data-officer`: see the council's child ids, and what is kept about one
 * child; `deployer`, for the pipeline alone: ask for a preflight; `ssd-refresh`, for the program that refreshes the SSD
 * alone: start the nightly run at the end of it. Each but the last may read as well.
 * shared/deployment/entra/appRoles.json has them for Entra ID.
 */
export const roles = ['reader', 'operator', 'data-officer', 'deployer', 'ssd-refresh'] as const;
export type Role = (typeof roles)[number];

/** Who makes a request. */
export interface Principal {
  /** The name Entra ID gives, for the record of who did what. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

/** The part of `HttpRequest['headers']` that is read. */
export interface Headers {
  get(name: string): string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What App Service authentication puts into `x-ms-client-principal`, in base64. */
const principalSchema = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
  name_typ: z.string().optional(),
  role_typ: z.string().optional(),
});

const usualRoleTypes = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'];
const usualNameTypes = [
  'preferred_username',
  'name',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
];

/**
 * The person or app that Entra ID authentication in front of the app has let in. The header is trusted only where the
 * platform sets it, which it says by `WEBSITE_AUTH_ENABLED`: elsewhere anyone can send it.
 * @returns `undefined` without a sign-in, or when the header cannot be read
 */
export function principalOf(headers: Headers, environment: Environment): Principal | undefined {
  if (!isSignInInFront(environment)) return undefined;
  const claims = claimsOf(headers.get('x-ms-client-principal'));
  if (claims === undefined) return undefined;
  const { all, nameTypes, roleTypes } = claims;
  const named = headers.get('x-ms-client-principal-name')?.trim();
  const claimed = all.find(({ typ, val }) => nameTypes.includes(typ) && val.trim() !== '')?.val.trim();
  const given = new Set(all.filter(({ typ }) => roleTypes.includes(typ)).map(({ val }) => val));
  return {
    name: named === undefined || named === '' ? (claimed ?? nameOfProgram(all)) : named,
    roles: new Set(roles.filter((role) => given.has(role))),
  };
}

/** A program that signs in for itself has no name in its token, but the client id of its registration. */
function nameOfProgram(claims: Claims['all']): string {
  const clientId = claims.find(({ typ, val }) => ['azp', 'appid'].includes(typ) && val.trim() !== '')?.val;
  return clientId === undefined ? 'signed in without a name' : `program ${clientId.trim()}`;
}

/** Whether Entra ID authentication is in front of the app, as the platform says. */
export function isSignInInFront(environment: Environment): boolean {
  return environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true';
}

/**
 * Who makes a request, for the record of who did what: the person or program that is signed in, otherwise `function
 * key`.
 */
export function requesterOf(principal: Principal | undefined): string {
  return principal?.name ?? 'function key';
}

/**
 * Whether a principal may do what needs `role`: any role but that of the refresh may read, and an operator may do what
 * programs may.
 */
export function mayAs({ roles: given }: Principal, role: Role): boolean {
  switch (role) {
    case 'reader':
      return roles.some((each) => each !== 'ssd-refresh' && given.has(each));
    case 'deployer':
    case 'ssd-refresh':
      return given.has(role) || given.has('operator');
    default:
      return given.has(role);
  }
}

interface Claims {
  readonly all: readonly { readonly typ: string; readonly val: string }[];
  readonly nameTypes: readonly string[];
  readonly roleTypes: readonly string[];
}

function claimsOf(header: string | null): Claims | undefined {
  if (header === null) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  const read = principalSchema.safeParse(json);
  if (!read.success) return undefined;
  const { claims, name_typ, role_typ } = read.data;
  return {
    all: claims,
    nameTypes: name_typ === undefined ? usualNameTypes : [name_typ, ...usualNameTypes],
    roleTypes: role_typ === undefined ? usualRoleTypes : [role_typ, ...usualRoleTypes],
  };
}
