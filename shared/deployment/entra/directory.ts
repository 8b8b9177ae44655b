import {
  getClient,
  type Client,
  type ClientOptions,
  type PathUncheckedResponse,
} from '@azure-rest/core-client';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';

/** Where Microsoft Graph answers. */
const graphUrl = 'https://graph.microsoft.com';
const scope = 'https://graph.microsoft.com/.default';
const mostPages = 100;

/** A request that Microsoft Graph refused. The message says which, and has Graph's codes and words. */
export class DirectoryError extends Error {
  readonly status: number;
  /** Graph's code, such as `Authorization_RequestDenied`; empty when the answer has none. */
  readonly code: string;

  constructor(request: string, status: number, code: string, says: string) {
    super(`Microsoft Graph refused ${request} (${status}): ${says}`);
    this.status = status;
    this.code = code;
  }
}

/** Entra ID by Microsoft Graph 1.0 over REST. Paths begin with `/` and have no version. */
export class Directory {
  readonly #client: Client;

  constructor(
    credential: TokenCredential,
    { url = graphUrl, ...options }: ClientOptions & { url?: string } = {},
  ) {
    this.#client = getClient(url, credential, { credentials: { scopes: [scope] }, ...options });
  }

  /**
   * @returns undefined when it is not there
   * @throws DirectoryError
   */
  async get(path: string): Promise<unknown> {
    const answer = await this.#client.pathUnchecked(`/v1.0${path}`).get();
    return Number(answer.status) === 404 ? undefined : bodyOf(answer, `GET ${path}`);
  }

  /** Every item, of all pages. @throws DirectoryError */
  async list(path: string, filter?: string): Promise<unknown[]> {
    const items: unknown[] = [];
    let next = this.#client
      .pathUnchecked(`/v1.0${path}`)
      .get({ queryParameters: filter === undefined ? {} : { $filter: filter } });
    for (let page = 1; page <= mostPages; page += 1) {
      const listed = listSchema.parse(bodyOf(await next, `GET ${path}`));
      items.push(...listed.value);
      const link = listed['@odata.nextLink'];
      if (link === undefined) return items;
      // Its path and query only, so that the token goes to no other host.
      const { pathname, search } = new URL(link);
      next = this.#client.pathUnchecked(`${pathname}${search}`).get({ skipUrlEncoding: true });
    }
    throw new DirectoryError(`GET ${path}`, 0, '', `the list has no end after ${mostPages} pages`);
  }

  /** @throws DirectoryError */
  async post(path: string, body: unknown): Promise<unknown> {
    return bodyOf(await this.#client.pathUnchecked(`/v1.0${path}`).post({ body }), `POST ${path}`);
  }

  /** @throws DirectoryError */
  async patch(path: string, body: unknown): Promise<void> {
    bodyOf(await this.#client.pathUnchecked(`/v1.0${path}`).patch({ body }), `PATCH ${path}`);
  }
}

const listSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });
const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function bodyOf({ status, body }: PathUncheckedResponse, request: string): unknown {
  if (Number(status) < 400) return body;
  const { code, message } = refusalSchema.safeParse(body).data?.error ?? {
    code: '',
    message: 'no reason given',
  };
  throw new DirectoryError(request, Number(status), code, `${code}: ${message}`);
}

const principalSchema = z.object({ id: z.guid(), displayName: z.string().nullish() });

/** Who rights are given to. */
export interface Principal {
  /** Object id. */
  readonly id: string;
  readonly name: string;
}

/**
 * A person: yourself, or another one by sign-in name (`name@council.gov.uk`) or object id.
 * @throws Error when Entra ID has no such person
 */
export async function personOf(directory: Directory, who: string | undefined): Promise<Principal> {
  const path = who === undefined ? '/me' : `/users/${encodeURIComponent(who)}`;
  const found = await directory.get(`${path}?$select=id,displayName,userPrincipalName`);
  const { success, data } = principalSchema.extend({ userPrincipalName: z.string() }).safeParse(found);
  if (success) return { id: data.id, name: data.userPrincipalName };
  throw new Error(
    `Entra ID has no user ${who ?? 'for your sign-in'}. Give the sign-in name as Entra ID has it (for a guest ...#EXT#@...), or the object id.`,
  );
}
