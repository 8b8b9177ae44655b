import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { FunctionRunner } from './functionRunner.js';
import type { HttpTrigger, IndexedFunction } from './indexing.js';
import type { HttpExchange } from './workerApi.js';
import { Route } from './route.js';
import { principalHeaders, type SignedIn } from './signedIn.js';

interface HttpFrontOptions {
  readonly functions: readonly IndexedFunction<HttpTrigger>[];
  readonly runner: FunctionRunner;
  readonly functionKey: string;
  /** Lets `x-ms-client-principal…` headers through, which in Azure only the platform can set. */
  readonly acceptClientPrincipal: boolean;
  /** Plays App Service authentication: who is signed in at a request; `undefined` for no one. */
  readonly signedIn: () => SignedIn | undefined;
}

/** The HTTP side of the host: routes and keys. */
export class HttpFront {
  readonly #options: HttpFrontOptions;
  readonly #routes: readonly { readonly route: Route; readonly target: IndexedFunction<HttpTrigger> }[];
  readonly #server: Server;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#routes = options.functions
      .map((target) => ({ route: new Route(target.trigger.route), target }))
      .sort((a, b) => Route.compare(a.route, b.route));
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.destroy();
        options.runner.warn(`A request could not be answered: ${String(error)}`); // the caller went away, mostly
      });
    });
  }

  /** Listens on 127.0.0.1 and gives the base URL. @throws Error when the port is taken. */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The HTTP front has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Takes no more connections. */
  stopAccepting(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  /** Cuts the connections that are left. */
  close(): void {
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    const found = this.#find(method, url.pathname);
    if (found === undefined || !this.#isAllowed(request, url, found.target.trigger.authLevel)) {
      response.statusCode = found === undefined ? 404 : 401;
      request.resume();
      response.end();
      return;
    }
    const body = await bodyOf(request);
    const { target, params } = found;
    const http = {
      ...{ url: url.href, method, params, query: queryOf(url) },
      ...{ headers: this.#headersOf(request), body: { bytes: body } },
    };
    const outcome = await this.#options.runner.run(target, {
      inputData: [{ name: target.trigger.name, data: { http } }],
    });
    if ('response' in outcome) {
      send(response, outcome.response.returnValue?.http ?? { statusCode: '204' });
    } else if ('error' in outcome) {
      response.statusCode = 500;
      response.end();
    } else {
      response.destroy();
    }
  }

  #find(
    method: string,
    path: string,
  ): { target: IndexedFunction<HttpTrigger>; params: Record<string, string> } | undefined {
    for (const { route, target } of this.#routes) {
      const params = target.trigger.methods.includes(method) ? route.match(path) : undefined;
      if (params !== undefined) return { target, params };
    }
    return undefined;
  }

  #isAllowed(request: IncomingMessage, url: URL, level: HttpTrigger['authLevel']): boolean {
    if (level === 'anonymous') return true;
    const key = request.headers['x-functions-key'] ?? url.searchParams.get('code');
    return key === this.#options.functionKey;
  }

  #headersOf(request: IncomingMessage): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) {
      if (name.startsWith('x-ms-client-principal') && !this.#options.acceptClientPrincipal) continue;
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return { ...headers, ...principalHeaders(this.#options.signedIn()) };
  }
}

/** As the real host: the values of a name that is repeated are joined. */
function queryOf({ searchParams }: URL): Record<string, string> {
  return Object.fromEntries(
    [...searchParams.keys()].map((name) => [name, searchParams.getAll(name).join(',')]),
  );
}

/** As the real host: it passes on a body whose length was given, and drops one that was sent in chunks. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const body = await buffer(request);
  return Number(request.headers['content-length'] ?? 0) > 0 ? body : Buffer.alloc(0);
}

function send(response: ServerResponse, { statusCode, headers, body }: HttpExchange): void {
  response.statusCode = Number(statusCode ?? 200);
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!['connection', 'content-length', 'transfer-encoding'].includes(name))
      response.setHeader(name, value);
  }
  response.end(body?.bytes ?? body?.string);
}
