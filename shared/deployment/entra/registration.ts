import { z } from 'zod';
import type { DeployedApp } from '../app/deployedApp.js';
import appRoles from './appRoles.json';
import { retryWhile, type Clock } from '../patience.js';
import { DirectoryError, type Directory } from './directory.js';

/** The registration by which people sign in to the pages and the HTTP API. */
interface Registration {
  readonly clientId: string;
  /** What a token for the HTTP API is asked for. */
  readonly scope: string;
  /** What was made or changed, as sentences; empty where all was there. */
  readonly changes: readonly string[];
}

/** Fixed, so that a repeat changes nothing: Entra ID refuses a new id for a scope that is enabled. */
const scopeId = '3d2b8f64-57a1-4f0c-9b7e-1a6c5e90d244';
const scopeValue = 'use';
/** The Azure CLI, by which people get a token for the HTTP API. */
const azureCliId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
export const callbackPath = '/.auth/login/aad/callback';

const roleSchema = z.looseObject({ id: z.string(), value: z.string().nullish() });
const scopeSchema = z.looseObject({ id: z.string(), value: z.string().nullish() });
const clientSchema = z.looseObject({ appId: z.string(), delegatedPermissionIds: z.array(z.string()) });
const applicationSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  identifierUris: z.array(z.string()).default([]),
  appRoles: z.array(roleSchema).default([]),
  web: z
    .object({
      redirectUris: z.array(z.string()).default([]),
      implicitGrantSettings: z.object({ enableIdTokenIssuance: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  api: z
    .object({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: z.array(scopeSchema).default([]),
      preAuthorizedApplications: z.array(clientSchema).default([]),
    })
    .nullish(),
});
type Application = z.output<typeof applicationSchema>;
const principalSchema = z.object({
  id: z.string(),
  appRoleAssignmentRequired: z.boolean().nullish(),
});
const assignmentSchema = z.object({ principalId: z.string(), appRoleId: z.string() });

/** Who gets which app role: an object id of a group, a person or a service principal. */
interface RoleGrant {
  readonly role: string;
  readonly principalId: string;
}

/**
 * Makes the app registration, or adds to it what it lacks; nothing that is there is taken away. One that an earlier
 * version of the guide has made keeps the ids of its roles and its scope.
 * @param clientId of the registration; undefined to look for it by its name, and to make it where there is none
 * @param hosts under which people open the app, without `https://`
 * @throws DirectoryError what Entra ID refused
 */
export async function ensureRegistration(
  directory: Directory,
  {
    app,
    clientId,
    hosts,
    grants = [],
    clock,
  }: {
    readonly app: DeployedApp;
    readonly clientId: string | undefined;
    readonly hosts: readonly string[];
    readonly grants?: readonly RoleGrant[];
    readonly clock: Clock;
  },
): Promise<Registration> {
  const changes: string[] = [];
  const displayName = `CSC API sender (${app.name})`;
  const callbacks = hosts.map((host) => `https://${host}${callbackPath}`);
  const found = await registrationOf(directory, clientId, displayName);
  const application = found ?? (await registered(directory, displayName, callbacks));
  if (found === undefined) changes.push(`Made the app registration ${displayName}.`);
  const path = `/applications/${application.id}`;
  const change = async (what: string, body: object) => {
    await directory.patch(path, body);
    changes.push(what);
  };

  const rolesLacking = appRoles.filter(
    ({ value }) => !application.appRoles.some((role) => role.value === value),
  );
  const rolesNow = [...application.appRoles, ...rolesLacking];
  if (rolesLacking.length > 0) {
    await change(`Added the roles ${rolesLacking.map(({ value }) => value).join(', ')}.`, {
      appRoles: rolesNow,
    });
  }
  const redirectUris = application.web?.redirectUris ?? [];
  const callbacksLacking = callbacks.filter((callback) => !redirectUris.includes(callback));
  if (callbacksLacking.length > 0 || application.web?.implicitGrantSettings?.enableIdTokenIssuance !== true) {
    await change(
      'Let people come back to the app after they have signed in.',
      webOf([...redirectUris, ...callbacksLacking]),
    );
  }
  const address = `api://${application.appId}`;
  const scopes = application.api?.oauth2PermissionScopes ?? [];
  const scope = scopes.find(({ value }) => value === scopeValue)?.id ?? scopeId;
  const hasScope = scopes.some(({ id }) => id === scope);
  if (
    !hasScope ||
    !application.identifierUris.includes(address) ||
    application.api?.requestedAccessTokenVersion !== 2
  ) {
    await change('Made it an API that people can ask a token for.', {
      identifierUris: [...new Set([...application.identifierUris, address])],
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: hasScope ? scopes : [...scopes, theScope],
      },
    });
  }
  // In a call of its own: a client can be allowed a scope only when the scope is there.
  const clients = application.api?.preAuthorizedApplications ?? [];
  if (
    !clients.some(
      ({ appId, delegatedPermissionIds }) => appId === azureCliId && delegatedPermissionIds.includes(scope),
    )
  ) {
    const others = clients.filter(({ appId }) => appId !== azureCliId);
    const earlier = clients.find(({ appId }) => appId === azureCliId)?.delegatedPermissionIds ?? [];
    await change('Let the Azure CLI ask for a token.', {
      api: {
        preAuthorizedApplications: [
          ...others,
          { appId: azureCliId, delegatedPermissionIds: [...earlier, scope] },
        ],
      },
    });
  }
  const principal = await servicePrincipalOf(directory, application.appId, changes, clock);
  await assignRoles(directory, principal, rolesNow, grants, changes);
  return { clientId: application.appId, scope: `${address}/${scopeValue}`, changes };
}

async function registrationOf(
  directory: Directory,
  clientId: string | undefined,
  displayName: string,
): Promise<Application | undefined> {
  if (clientId !== undefined) {
    const found = await directory.get(`/applications(appId='${clientId}')`);
    if (found !== undefined) return applicationSchema.parse(found);
    throw new Error(
      `Entra ID has no app registration with the client id ${clientId}. Was it deleted? Restore it there (App registrations, Deleted applications), or empty signInClientId, switch the sign-in off in the portal and ask again.`,
    );
  }
  const named = await directory.list(
    '/applications',
    `displayName eq '${displayName.replaceAll("'", "''")}'`,
  );
  const [one, another] = named.map((each) => applicationSchema.parse(each));
  if (another === undefined) return one;
  throw new Error(
    `Entra ID has several app registrations named ${displayName}. Say which one with --client-id, and delete the others: ${named.map((each) => applicationSchema.parse(each).appId).join(', ')}.`,
  );
}

async function registered(
  directory: Directory,
  displayName: string,
  callbacks: readonly string[],
): Promise<Application> {
  const made = await directory.post('/applications', {
    displayName,
    signInAudience: 'AzureADMyOrg',
    appRoles,
    ...webOf(callbacks),
  });
  return applicationSchema.parse(made);
}

function webOf(redirectUris: readonly string[]): object {
  return { web: { redirectUris, implicitGrantSettings: { enableIdTokenIssuance: true } } };
}

const theScope = {
  id: scopeId,
  value: scopeValue,
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Use the HTTP API',
  adminConsentDescription: 'Call the HTTP API in your name, with your roles',
};

async function servicePrincipalOf(
  directory: Directory,
  appId: string,
  changes: string[],
  clock: Clock,
): Promise<string> {
  const path = `/servicePrincipals(appId='${appId}')`;
  const found = await directory.get(path);
  let principal = found === undefined ? undefined : principalSchema.parse(found);
  if (principal === undefined) {
    const made = await onceKnown(() => directory.post('/servicePrincipals', { appId }), [400, 404], clock);
    principal = principalSchema.parse(made);
    changes.push('Made its enterprise application.');
  }
  if (principal.appRoleAssignmentRequired !== true) {
    const { id } = principal;
    await onceKnown(
      () => directory.patch(`/servicePrincipals/${id}`, { appRoleAssignmentRequired: true }),
      [404],
      clock,
    );
    changes.push('Only people with a role can sign in now.');
  }
  return principal.id;
}

/** What was just made in Entra ID is not known everywhere at once. @param unknown how Graph answers until it is */
async function onceKnown<T>(request: () => Promise<T>, unknown: readonly number[], clock: Clock): Promise<T> {
  const isUnknown = (error: unknown): boolean =>
    error instanceof DirectoryError && unknown.includes(error.status);
  return await retryWhile(request, isUnknown, { clock, seconds: 150, everySeconds: 5 });
}

async function assignRoles(
  directory: Directory,
  principal: string,
  roles: readonly { readonly id: string; readonly value?: string | null | undefined }[],
  grants: readonly RoleGrant[],
  changes: string[],
): Promise<void> {
  if (grants.length === 0) return;
  const path = `/servicePrincipals/${principal}/appRoleAssignedTo`;
  const there = (await directory.list(path)).map((each) => assignmentSchema.parse(each));
  for (const { role, principalId } of grants) {
    const appRoleId = roles.find(({ value }) => value === role)?.id;
    if (appRoleId === undefined) throw new Error(`The registration has no role ${role}.`);
    if (there.some((each) => each.principalId === principalId && each.appRoleId === appRoleId)) continue;
    await directory.post(path, { principalId, resourceId: principal, appRoleId });
    changes.push(`Gave ${principalId} the role ${role}.`);
  }
}
