import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { Directory } from '../../shared/deployment/entra/directory.js';
import { aCertificate } from '../local/keyVault.js';
import { tokenOfTests } from './resourceManagerStandIn.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

interface GraphCall {
  readonly method: string;
  /** Decoded, with the query. */
  readonly path: string;
  readonly body: unknown;
}

type Entity = Record<string, unknown>;
interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

const entitlements = z.array(z.looseObject({ id: z.string(), isEnabled: z.boolean().default(true) }));
const apiSchema = z.looseObject({
  oauth2PermissionScopes: entitlements.default([]),
  preAuthorizedApplications: z
    .array(z.looseObject({ appId: z.string(), delegatedPermissionIds: z.array(z.string()) }))
    .default([]),
});
const bodySchema = z.record(z.string(), z.unknown());

/**
 * Microsoft Graph on this machine, in the shapes of its reference, as far as registrations need it. It keeps to the
 * rules that have bitten: an enabled role or scope is not taken away, and a client can be allowed a scope only when the
 * scope is there already.
 */
export interface GraphStandIn {
  readonly url: string;
  readonly certificate: string;
  readonly client: Directory;
  readonly calls: readonly GraphCall[];
  readonly applications: readonly Entity[];
  readonly servicePrincipals: readonly Entity[];
  readonly assignments: readonly Entity[];
  readonly users: Entity[];
  register(application: Entity): void;
  answer(method: string, path: RegExp, reply: (call: GraphCall) => Reply | undefined): void;
}

export function graphRefusal(status: number, code: string, message: string): Reply {
  const innerError = { date: '2026-11-30T12:00:00', 'request-id': randomUUID() };
  return { status, body: { error: { code, message, innerError } } };
}

export async function aGraph(t: TestContext): Promise<GraphStandIn> {
  const { cert, key } = await aCertificate();
  const calls: GraphCall[] = [];
  const applications: Entity[] = [];
  const servicePrincipals: Entity[] = [];
  const assignments: Entity[] = [];
  const users: Entity[] = [];
  const answers: { method: string; path: RegExp; reply: (call: GraphCall) => Reply | undefined }[] = [];

  const server = createServer({ cert, key }, (request, response) => {
    void callOf(request).then((call) => {
      const { status = 200, body } =
        request.headers.authorization === `Bearer ${tokenOfTests}`
          ? replyTo(call)
          : graphRefusal(401, 'InvalidAuthenticationToken', 'Access token is empty.');
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  const port = await listenUntilTheEnd(t, server);
  const url = `https://127.0.0.1:${port}`;

  const replyTo = (call: GraphCall): Reply => {
    calls.push(call);
    for (const { method, path, reply } of answers) {
      const given = method === call.method && path.test(call.path) ? reply(call) : undefined;
      if (given !== undefined) return given;
    }
    const { pathname, searchParams } = new URL(call.path, url);
    const path = decodeURIComponent(pathname).replace(/^\/v1\.0/, '');
    const body = bodySchema.safeParse(call.body).data ?? {};
    const user = /^\/(me|users\/(.+))$/.exec(path);
    if (user !== null) {
      const found = users.find(
        (each) => user[1] === 'me' || each['id'] === user[2] || each['userPrincipalName'] === user[2],
      );
      return found === undefined ? missing(path) : { body: found };
    }
    const assigned = /^\/servicePrincipals\/([^/]+)\/appRoleAssignedTo$/.exec(path)?.[1];
    if (assigned !== undefined) return assignedTo(call, assigned, body);
    const kind = /^\/(applications|servicePrincipals)(?:\(appId='(.+)'\)|\/(.+))?$/.exec(path);
    if (kind === null)
      return graphRefusal(400, 'BadRequest', `Resource not found for the segment '${path}'.`);
    const held = kind[1] === 'applications' ? applications : servicePrincipals;
    const one = held.find((each) => each['appId'] === (kind[2] ?? '') || each['id'] === (kind[3] ?? ''));
    if (kind[2] === undefined && kind[3] === undefined) {
      if (call.method === 'POST') return held === applications ? newApplication(body) : newPrincipal(body);
      const name = /^displayName eq '(.*)'$/
        .exec(searchParams.get('$filter') ?? '')?.[1]
        ?.replaceAll("''", "'");
      return { body: { value: held.filter((each) => each['displayName'] === name) } };
    }
    if (one === undefined) return missing(path);
    return call.method === 'PATCH' ? changed(one, body) : { body: one };
  };

  const newApplication = (body: Entity): Reply => {
    const made = { id: randomUUID(), appId: randomUUID(), identifierUris: [], appRoles: [], ...body };
    const problem = wrongWith(made, {});
    if (problem !== undefined) return problem;
    applications.push(made);
    return { status: 201, body: made };
  };

  const newPrincipal = (body: Entity): Reply => {
    const { appId } = body;
    if (!applications.some((each) => each['appId'] === appId)) {
      return graphRefusal(
        400,
        'Request_BadRequest',
        `The appId '${String(appId)}' of the service principal does not reference a valid application object.`,
      );
    }
    const made = { id: randomUUID(), appRoleAssignmentRequired: false, ...body };
    servicePrincipals.push(made);
    return { status: 201, body: made };
  };

  const changed = (one: Entity, body: Entity): Reply => {
    const problem = wrongWith(body, one);
    if (problem !== undefined) return problem;
    // A complex property is merged, a collection replaced.
    for (const [name, value] of Object.entries(body)) {
      const merged = bodySchema.safeParse(value);
      one[name] = merged.success ? { ...bodySchema.safeParse(one[name]).data, ...merged.data } : value;
    }
    return { status: 204 };
  };

  const assignedTo = (call: GraphCall, principal: string, body: Entity): Reply => {
    if (call.method !== 'POST')
      return { body: { value: assignments.filter((each) => each['resourceId'] === principal) } };
    const isThere = assignments.some(
      (each) => each['principalId'] === body['principalId'] && each['appRoleId'] === body['appRoleId'],
    );
    if (isThere) {
      return graphRefusal(
        400,
        'Request_BadRequest',
        'Permission being assigned already exists on the object',
      );
    }
    assignments.push({ id: randomUUID(), ...body });
    return { status: 201, body };
  };

  return {
    url,
    certificate: cert,
    client: new Directory(
      {
        getToken: () => Promise.resolve({ token: tokenOfTests, expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
      {
        url,
        tlsOptions: { ca: cert },
        retryOptions: { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
      },
    ),
    calls,
    applications,
    servicePrincipals,
    assignments,
    users,
    register: (application) => {
      applications.push({ id: randomUUID(), identifierUris: [], appRoles: [], ...application });
    },
    answer: (method, path, reply) => {
      answers.unshift({ method, path, reply });
    },
  };
}

function wrongWith(next: Entity, before: Entity): Reply | undefined {
  const roles = entitlements.optional().parse(next['appRoles']);
  const rolesBefore = entitlements.parse(before['appRoles'] ?? []);
  const api = apiSchema.parse(before['api'] ?? {});
  const scopes =
    next['api'] === undefined ? undefined : bodySchema.parse(next['api'])['oauth2PermissionScopes'];
  const isTakenAway = (now: unknown, were: z.output<typeof entitlements>) =>
    now !== undefined &&
    were.some(({ id, isEnabled }) => isEnabled && !entitlements.parse(now).some((each) => each.id === id));
  if (isTakenAway(roles, rolesBefore) || isTakenAway(scopes, api.oauth2PermissionScopes)) {
    return graphRefusal(
      400,
      'CannotDeleteOrUpdateEnabledEntitlement',
      'Permission (scope or role) cannot be deleted or updated unless disabled first.',
    );
  }
  const { preAuthorizedApplications } = apiSchema.parse(next['api'] ?? {});
  const isKnown = (id: string) => api.oauth2PermissionScopes.some((each) => each.id === id);
  if (
    preAuthorizedApplications.some(({ delegatedPermissionIds }) => !delegatedPermissionIds.every(isKnown))
  ) {
    return graphRefusal(
      400,
      'InvalidValue',
      "Property PreAuthorizedApplication references applications that cannot be found or permissions that don't exist.",
    );
  }
  return undefined;
}

function missing(path: string): Reply {
  return graphRefusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${path}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

async function callOf(request: IncomingMessage): Promise<GraphCall> {
  const body: unknown =
    Number(request.headers['content-length'] ?? 0) === 0 ? undefined : await json(request);
  return { method: request.method ?? '', path: request.url ?? '/', body };
}
