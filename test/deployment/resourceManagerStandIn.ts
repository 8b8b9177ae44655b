import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { aCertificate } from '../local/keyVault.js';
import { ResourceManager } from '../../shared/deployment/resourceManager/resourceManager.js';
import { listenUntilTheEnd } from '../local/untilTheEnd.js';

export const subscriptionId = '00000000-0000-4000-8000-000000000001';

interface AzureCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface AzureReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Azure Resource Manager on this machine, in the shapes of its REST reference: resources by their ids, lists of them in
 * pages, puts that are accepted and done a moment later, and errors as `{ error: { code, message } }`. What a test gives
 * to `answer` goes first.
 */
export interface ResourceManagerStandIn {
  readonly url: string;
  /** The certificate of the server, for `NODE_EXTRA_CA_CERTS` of a child process. */
  readonly certificate: string;
  readonly calls: readonly AzureCall[];
  readonly client: ResourceManager;
  /** A resource that is there: its id, and what a GET answers besides `id`, `name` and `type`. */
  hold(id: string, resource: Readonly<Record<string, unknown>>): void;
  held(id: string): Readonly<Record<string, unknown>> | undefined;
  /** Answers every request of a method whose path matches; the newest goes first. `undefined` leaves it to the others. */
  answer(method: string, path: RegExp, reply: (call: AzureCall) => AzureReply | undefined): void;
}

export const tokenOfTests = 'a-token-for-tests';
const pageSize = 2;

/** The error that Azure answers with. */
export function refusal(
  status: number,
  code: string,
  message: string,
  details?: readonly unknown[],
): AzureReply {
  return { status, body: { error: { code, message, ...(details === undefined ? {} : { details }) } } };
}

export async function aResourceManager(t: TestContext): Promise<ResourceManagerStandIn> {
  const { cert, key } = await aCertificate();
  const resources = new Map<string, Readonly<Record<string, unknown>>>();
  const answers: { method: string; path: RegExp; reply: (call: AzureCall) => AzureReply | undefined }[] = [];
  const calls: AzureCall[] = [];
  let operations = 0;
  const asked = new Map<string, number>();

  const server = createServer({ cert, key }, (request, response) => {
    void callOf(request).then((call) => {
      const {
        status = 200,
        headers = {},
        body,
      } = request.headers.authorization === `Bearer ${tokenOfTests}`
        ? replyTo(call)
        : refusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  const port = await listenUntilTheEnd(t, server);
  const url = `https://127.0.0.1:${port}`;

  const replyTo = (call: AzureCall): AzureReply => {
    calls.push(call);
    for (const { method, path, reply } of answers) {
      const given = method === call.method && path.test(call.path) ? reply(call) : undefined;
      if (given !== undefined) return given;
    }
    if (!call.query.has('api-version')) {
      return refusal(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.');
    }
    if (call.path.startsWith('/operations/')) {
      const times = (asked.get(call.path) ?? 0) + 1;
      asked.set(call.path, times);
      return { body: { status: times === 1 ? 'Running' : 'Succeeded' } };
    }
    const there = resources.get(call.path.toLowerCase());
    switch (call.method) {
      case 'GET':
        return there === undefined ? listOf(call) : { body: there };
      case 'PUT':
        hold(call.path, isObject(call.body) ? call.body : {});
        operations += 1;
        return {
          status: there === undefined ? 201 : 200,
          headers: { 'azure-asyncoperation': `${url}/operations/${operations}?api-version=2025-04-01` },
          body: resources.get(call.path.toLowerCase()),
        };
      case 'DELETE':
        resources.delete(call.path.toLowerCase());
        return { status: there === undefined ? 204 : 200 };
      default: {
        // A list of secrets or settings is asked for with POST, so that no cache keeps it.
        const kept = resources.get(call.path.replace(/\/list(Keys)?$/, '').toLowerCase());
        return kept === undefined ? notFound(call) : { body: kept };
      }
    }
  };

  /** Ids end with a type and a name; without the name it is a list. */
  const listOf = (call: AzureCall): AzureReply => {
    const segments = call.path.split('/').length;
    const parts = call.path.split('/providers/').at(-1)?.split('/') ?? [];
    const isList = call.path.includes('/providers/') ? parts.length % 2 === 0 : segments % 2 === 0;
    if (!isList) return notFound(call);
    const start = `${call.path.toLowerCase()}/`;
    const items = [...resources]
      .filter(([id]) => id.startsWith(start) && !id.slice(start.length).includes('/'))
      .map(([, resource]) => resource);
    const from = Number(call.query.get('$skiptoken') ?? 0);
    const next = new URL(`${url}${call.path}?${call.query.toString()}`);
    next.searchParams.set('$skiptoken', String(from + pageSize));
    return {
      body: {
        value: items.slice(from, from + pageSize),
        ...(items.length > from + pageSize ? { nextLink: next.href } : {}),
      },
    };
  };

  const hold = (id: string, resource: Readonly<Record<string, unknown>>): void => {
    const parts = id.split('/providers/').at(-1)?.split('/') ?? [];
    const type = [parts[0], ...parts.slice(1).filter((_, index) => index % 2 === 0)].join('/');
    const name = parts.at(-1);
    resources.set(id.toLowerCase(), { id, name, type, ...resource });
  };

  return {
    url,
    certificate: cert,
    calls,
    client: new ResourceManager(
      {
        getToken: () => Promise.resolve({ token: tokenOfTests, expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
      { url, pollMs: 1, tlsOptions: { ca: cert }, retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 } },
    ),
    hold,
    held: (id) => resources.get(id.toLowerCase()),
    answer: (method, path, reply) => {
      answers.unshift({ method, path, reply });
    },
  };
}

function notFound({ path }: AzureCall): AzureReply {
  return refusal(404, 'ResourceNotFound', `The Resource '${path}' was not found.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function callOf(request: IncomingMessage): Promise<AzureCall> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
  const body: unknown =
    Number(request.headers['content-length'] ?? 0) === 0 ? undefined : await json(request);
  return { method: request.method ?? '', path: decodeURIComponent(pathname), query: searchParams, body };
}
