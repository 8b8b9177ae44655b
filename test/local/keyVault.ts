import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Server as NetServer } from 'node:net';
import { json as body } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { z } from 'zod';

const setSchema = z.object({
  value: z.string(),
  contentType: z.string().optional(),
  attributes: z.object({ exp: z.number().optional() }).default({}),
});

/** A secret as the vault holds it. */
interface HeldSecret {
  readonly value: string;
  /** Default true. */
  readonly enabled?: boolean;
  readonly expires?: Date;
  readonly contentType?: string;
  /** Deleted, and not purged yet: it can be recovered, and its name cannot be used. */
  readonly isDeleted?: boolean;
}

/** What goes wrong with every read. */
type VaultFault = 'ForbiddenByRbac' | 'ForbiddenByFirewall' | 'busy' | 'cut off' | 'otherTenant';

export interface KeyVault {
  /** As a setting holds it; any free port of 127.0.0.1. */
  readonly uri: string;
  /** The certificate of the server, which a client has to trust. */
  readonly certificate: string;
  /** Where App Service says its identity endpoint is; for process.env. */
  readonly identity: { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string };
  /** A token that the vault accepts, such as a person at a keyboard has. */
  readonly token: string;
  readonly held: ReadonlyMap<string, HeldSecret>;
  /** The names of the secrets that were read with a valid token, in order. */
  readonly reads: readonly string[];
  hold(secrets: Readonly<Record<string, string | HeldSecret>>): void;
  remove(name: string): void;
  fail(fault: VaultFault | undefined): void;
  /** Empties the vault, ends its fault and forgets what was read. */
  clear(): void;
  stop(): Promise<void>;
}

/** The client id for which the identity endpoint has no identity. */
export const unassignedClientId = '00000000-0000-4000-8000-00000000dead';

/** A self-signed certificate for 127.0.0.1 and localhost, valid for a day. */
export async function aCertificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert, key };
}

/**
 * Azure Key Vault's REST API as far as secrets are read, listed and set, with its challenge, and the endpoint of App Service that gives an app
 * the tokens of its managed identity, so that the real SDKs can be tested: learn.microsoft.com, "Get Secret" and "REST
 * endpoint reference" of managed identities. Errors have the shape and the codes of the service. One for a process: the
 * identity SDK keeps to the first endpoint that it has met, and to the tokens from it.
 */
export async function startKeyVault(): Promise<KeyVault> {
  const certificate = await aCertificate();
  const secrets = new Map<string, HeldSecret>();
  const reads: string[] = [];
  const token = `token-of-the-identity-${randomUUID()}`;
  const identityHeader = randomUUID();
  let fault: VaultFault | undefined;

  const vault = createServer(certificate, (request, response) => {
    if (request.headers.authorization === undefined || fault === 'otherTenant') {
      response.setHeader(
        'WWW-Authenticate',
        'Bearer authorization="https://login.microsoftonline.com/11111111-0000-4000-8000-000000000000", resource="https://vault.azure.net"',
      );
      refuse(response, 401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.');
      return;
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      refuse(
        response,
        401,
        'Unauthorized',
        'AKV10046: Unable to resolve the key used for signature validation.',
      );
      return;
    }
    const [, kind, name] =
      /^\/(secrets|deletedsecrets)(?:\/([0-9A-Za-z-]{1,127}))?\/?(?:\?|$)/.exec(request.url ?? '') ?? [];
    const isSet = kind === 'secrets' && request.method === 'PUT' && name !== undefined;
    const isRead = request.method === 'GET' && (kind === 'secrets' || name !== undefined);
    if (kind === undefined || (!isSet && !isRead)) {
      refuse(response, 400, 'BadParameter', 'The request URI contains an invalid name.');
      return;
    }
    if (isRead && kind === 'secrets' && name !== undefined) reads.push(name);
    if (fault === 'cut off') request.socket.destroy();
    else if (fault === 'busy') refuse(response, 503, 'ServiceUnavailable', 'Try again.');
    else if (fault !== undefined) {
      refuse(
        response,
        403,
        'Forbidden',
        'The caller is not authorized to perform action on resource.',
        fault,
      );
    } else if (isSet) {
      void body(request).then((given) => set(response, name, setSchema.parse(given)));
    } else if (name === undefined) {
      const value = [...secrets].filter(([, { isDeleted }]) => isDeleted !== true);
      json(response, 200, { value: value.map(([each, held]) => itemOf(each, held)) });
    } else if (kind === 'deletedsecrets') {
      const held = secrets.get(name);
      if (held?.isDeleted === true) json(response, 200, itemOf(name, held));
      else refuse(response, 404, 'SecretNotFound', `Deleted Secret not found: ${name}`);
    } else give(response, name);
  });

  function give(response: ServerResponse, name: string): void {
    const held = secrets.get(name);
    if (held === undefined || held.isDeleted === true) {
      const text = `A secret with (name/id) ${name} was not found in this key vault.`;
      refuse(response, 404, 'SecretNotFound', text);
    } else if (held.enabled === false) {
      const text = 'Operation get is not allowed on a disabled secret.';
      refuse(response, 403, 'Forbidden', text, 'SecretDisabled');
    } else {
      const { id, ...item } = itemOf(name, held);
      json(response, 200, { value: held.value, ...item, id: `${id}/0123456789abcdef0123456789abcdef` });
    }
  }

  function itemOf(name: string, { enabled = true, expires, contentType = 'text/plain' }: HeldSecret) {
    const seconds = Math.floor(Date.now() / 1000);
    const exp = expires === undefined ? {} : { exp: Math.floor(expires.getTime() / 1000) };
    return {
      contentType,
      id: `${originOf('https', vault)}/secrets/${name}`,
      attributes: { enabled, ...exp, created: seconds, updated: seconds, recoveryLevel: 'Recoverable' },
    };
  }

  function set(response: ServerResponse, name: string, given: z.output<typeof setSchema>): void {
    if (secrets.get(name)?.isDeleted === true) {
      const text = `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused.`;
      refuse(response, 409, 'Conflict', text, 'ObjectIsDeletedButRecoverable');
      return;
    }
    const { exp } = given.attributes;
    secrets.set(name, {
      value: given.value,
      ...(given.contentType === undefined ? {} : { contentType: given.contentType }),
      ...(exp === undefined ? {} : { expires: new Date(exp * 1000) }),
    });
    give(response, name);
  }

  const identity = createHttpServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (request.headers['x-identity-header'] !== identityHeader) {
      json(response, 401, { statusCode: 401, message: 'Unauthorized' });
    } else if (url.searchParams.get('client_id') === unassignedClientId) {
      json(response, 400, {
        statusCode: 400,
        message: 'No User Assigned or Delegated Managed Identity found',
      });
    } else {
      json(response, 200, {
        access_token: token,
        expires_on: String(Math.floor(Date.now() / 1000) + 86_400),
        resource: url.searchParams.get('resource'),
        token_type: 'Bearer',
        client_id: url.searchParams.get('client_id') ?? 'system',
      });
    }
  });
  await Promise.all([listen(vault), listen(identity)]);

  return {
    uri: originOf('https', vault),
    certificate: certificate.cert,
    identity: {
      IDENTITY_ENDPOINT: `${originOf('http', identity)}/msi/token`,
      IDENTITY_HEADER: identityHeader,
    },
    token,
    held: secrets,
    reads,
    hold: (given) => {
      for (const [name, secret] of Object.entries(given)) {
        secrets.set(name, typeof secret === 'string' ? { value: secret } : secret);
      }
    },
    remove: (name) => {
      secrets.delete(name);
    },
    fail: (next) => {
      fault = next;
    },
    clear: () => {
      secrets.clear();
      reads.length = 0;
      fault = undefined;
    },
    stop: async () => {
      await Promise.all([stop(vault), stop(identity)]);
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  innerCode?: string,
): void {
  const inner = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  json(response, status, { error: { code, message, ...inner } });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function listen(server: NetServer): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function originOf(scheme: string, server: NetServer): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.');
  return `${scheme}://127.0.0.1:${String(address.port)}`;
}

async function stop(server: Server | HttpServer): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
