import {
  getClient,
  type Client,
  type ClientOptions,
  type PathUncheckedResponse,
} from '@azure-rest/core-client';
import { createHttpPoller, type OperationResponse, type OperationState } from '@azure/core-lro';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';

/** Where Azure Resource Manager answers. */
const resourceManagerUrl = 'https://management.azure.com';
/** What a token for Azure's management is asked for by. */
export const resourceManagerScope = `${resourceManagerUrl}/.default`;

/** More pages than any list here has; a service that always names a next one must not keep a deployment for ever. */
const mostPages = 100;
/** How deep the causes of a failed deployment are nested: deployment, module, resource, and what the resource says. */
const deepest = 6;
const longestMessage = 4_000;

/** A request that Resource Manager refused. The message says which, and has Azure's codes and words. */
export class ResourceManagerError extends Error {
  /** HTTP status, 0 when the operation was accepted and failed later. */
  readonly status: number;
  /** Azure's code, such as `AuthorizationFailed`; empty when the answer has none. */
  readonly code: string;

  constructor(request: string, status: number, { code, says }: { code: string; says: string }) {
    super(`Azure refused ${request}${status === 0 ? '' : ` (${status})`}: ${says}`);
    this.status = status;
    this.code = code;
  }
}

/**
 * Azure Resource Manager over REST: throttled and failed calls are repeated by the pipeline of Azure's SDK, lists are
 * read to their end, and operations that take long are waited for. Paths are ids of resources and begin with `/`.
 */
export class ResourceManager {
  readonly #client: Client;
  readonly #pollMs: number | undefined;

  /** @param pollMs how long to wait between two looks at an operation that takes long, where Azure does not say */
  constructor(
    credential: TokenCredential,
    { url = resourceManagerUrl, pollMs, ...options }: ClientOptions & { url?: string; pollMs?: number } = {},
  ) {
    this.#client = getClient(url, credential, {
      credentials: { scopes: [resourceManagerScope] },
      ...options,
    });
    this.#pollMs = pollMs;
  }

  /**
   * @returns undefined when it is not there
   * @throws ResourceManagerError
   */
  async get(id: string, apiVersion: string): Promise<unknown> {
    const answer = await this.#client.pathUnchecked(id).get(versioned(apiVersion));
    if (isStatus(answer, 404)) return undefined;
    return bodyOf(answer, `GET ${id}`);
  }

  /**
   * Every item of a list, of all its pages.
   * @returns an empty list when what it is of is not there
   * @throws ResourceManagerError
   */
  async list(id: string, apiVersion: string, filter?: string): Promise<unknown[]> {
    const items: unknown[] = [];
    let next = this.#client.pathUnchecked(id).get({
      queryParameters: { 'api-version': apiVersion, ...(filter === undefined ? {} : { $filter: filter }) },
    });
    for (let page = 1; page <= mostPages; page += 1) {
      const answer = await next;
      if (isStatus(answer, 404)) return items;
      const { value, nextLink } = listSchema.parse(bodyOf(answer, `GET ${id}`));
      items.push(...value);
      if (nextLink === undefined || nextLink === null || nextLink === '') return items;
      // Its path and query only, so that the token goes to no other host.
      const { pathname, search } = new URL(nextLink);
      next = this.#client.pathUnchecked(`${pathname}${search}`).get({ skipUrlEncoding: true });
    }
    throw new ResourceManagerError(`GET ${id}`, 0, {
      code: '',
      says: `the list has no end after ${mostPages} pages`,
    });
  }

  /** @throws ResourceManagerError */
  async post(id: string, apiVersion: string, body?: unknown): Promise<unknown> {
    return this.#untilDone('POST', id, apiVersion, body);
  }

  /** @throws ResourceManagerError */
  async put(id: string, apiVersion: string, body: unknown): Promise<unknown> {
    return this.#untilDone('PUT', id, apiVersion, body);
  }

  /** What is not there is deleted already. @throws ResourceManagerError */
  async delete(id: string, apiVersion: string): Promise<void> {
    try {
      await this.#untilDone('DELETE', id, apiVersion, undefined);
    } catch (error) {
      if (!(error instanceof ResourceManagerError) || error.status !== 404) throw error;
    }
  }

  async #untilDone(
    method: 'POST' | 'PUT' | 'DELETE',
    id: string,
    apiVersion: string,
    body: unknown,
  ): Promise<unknown> {
    const request = `${method} ${id}`;
    const resource = this.#client.pathUnchecked(id);
    const options = { ...versioned(apiVersion), ...(body === undefined ? {} : { body }) };
    const send = {
      POST: () => resource.post(options),
      PUT: () => resource.put(options),
      DELETE: () => resource.delete(options),
    };
    let refused: ResourceManagerError | undefined;
    let lastBody: unknown;
    const operationAnswer = (answer: PathUncheckedResponse): OperationResponse => {
      if (Number(answer.status) >= 400) {
        refused = refusalOf(answer, request);
        throw refused;
      }
      const content: unknown = answer.body;
      lastBody = content;
      return {
        flatResponse: content,
        rawResponse: {
          statusCode: Number(answer.status),
          headers: answer.headers,
          body: content,
          request: { method: answer.request.method, url: answer.request.url },
        },
      };
    };
    const poller = createHttpPoller<unknown, OperationState<unknown>>(
      {
        sendInitialRequest: async () => operationAnswer(await send[method]()),
        sendPollRequest: async (path) => {
          const { pathname, search } = new URL(path, resourceManagerUrl);
          const address = `${pathname}${search}`;
          return operationAnswer(await this.#client.pathUnchecked(address).get({ skipUrlEncoding: true }));
        },
      },
      this.#pollMs === undefined ? {} : { intervalInMs: this.#pollMs },
    );
    try {
      return await poller.pollUntilDone();
    } catch (error) {
      // The library's own words leave out why it failed.
      throw (
        refused ?? (lastBody === undefined ? error : new ResourceManagerError(request, 0, causesOf(lastBody)))
      );
    }
  }
}

const listSchema = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

const errorSchema = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  details: z.array(z.unknown()).nullish(),
});
const refusalSchema = z.union([
  z.looseObject({ error: errorSchema }).transform(({ error }) => error),
  errorSchema,
]);

function versioned(apiVersion: string): { readonly queryParameters: { readonly 'api-version': string } } {
  return { queryParameters: { 'api-version': apiVersion } };
}

function isStatus(answer: PathUncheckedResponse, status: number): boolean {
  return Number(answer.status) === status;
}

function bodyOf(answer: PathUncheckedResponse, request: string): unknown {
  if (Number(answer.status) >= 400) throw refusalOf(answer, request);
  return answer.body;
}

function refusalOf({ status, body }: PathUncheckedResponse, request: string): ResourceManagerError {
  return new ResourceManagerError(request, Number(status), causesOf(body));
}

/**
 * What an answer of Azure's says of a failure: the code, and all messages down to the resource that failed, since the outer
 * ones only say that something inside did.
 */
export function causesOf(answer: unknown): { code: string; says: string } {
  const found: string[] = [];
  let code = '';
  const read = (content: unknown, depth: number): void => {
    const { success, data } = refusalSchema.safeParse(inSmallLetters(content));
    if (!success || depth > deepest) return;
    code ||= data.code ?? '';
    const inner = innerAnswer(data.message ?? '');
    const said = [data.code, inner === undefined ? data.message : undefined].filter(isSaid).join(': ');
    if (said !== '' && !found.includes(said)) found.push(said);
    if (inner !== undefined) read(inner, depth + 1);
    for (const detail of data.details ?? []) read(detail, depth + 1);
  };
  read(answer, 1);
  return { code, says: found.join('\n').slice(0, longestMessage) || 'it gave no reason' };
}

/** App Service writes `Code`, `Message` and `Details`. */
function inSmallLetters(content: unknown): unknown {
  const { success, data } = z.looseObject({ Message: z.string() }).safeParse(content);
  if (!success) return content;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name.toLowerCase(), value]));
}

function isSaid(part: string | null | undefined): boolean {
  return part !== undefined && part !== null && part !== '';
}

/** Resource providers put their own answer into the message, as JSON in a string. */
function innerAnswer(message: string): unknown {
  if (!message.startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** The id of a resource without its subscription and group. */
export function shortId(id: string): string {
  return id.replace(/^.*?\/providers\//i, '');
}
