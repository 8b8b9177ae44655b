import { documentOf } from './layout.js';
import { crossSitePage, forbiddenPage, signInPage, troublePage, uncertainPage } from './messagePages.js';
import type { Page } from './page.js';
import { isCrossSite } from '../access/crossSite.js';
import { mayAs, principalOf, type Headers, type Principal, type Role } from '../access/principal.js';
import { helpAddresses } from '../settings/helpSettings.js';
import { stylesheet } from './stylesheet.js';
import { leftOutIn } from '../settings/terms.js';
import type { JsonFile } from '../downloads/supportFile.js';
import { tableFile, type TableFile } from '../downloads/tableFile.js';

/** The part of an `HttpRequest` that is read before a handler is called. */
interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** The part of an `HttpRequest` that handlers also read. */
export interface Request extends GuardedRequest {
  readonly query: { get(name: string): string | null };
  readonly params: Readonly<Record<string, string>>;
  text(): Promise<string>;
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a page's function answers: a page, a file that names children, the support bundle, or a redirect to another page. */
export type Answer = Page | TableFile | JsonFile | { readonly seeOther: string };

/** The part of an `Invocation` that is used. */
interface Log {
  readonly error: (problem: unknown) => void;
}

/**
 * On every answer. No cache keeps it; the browser loads only the stylesheet, runs no script, and sends forms to this
 * site only. `same-origin` and not `no-referrer`: that would make browsers send `Origin: null`.
 */
export const guardedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'strict-transport-security': 'max-age=31536000',
};

/**
 * Answers a request to a page: a visitor without a sign-in is asked to sign in, a missing role is named, and a form from
 * another site is refused; only then is `answer` called. An error, also while the page is made, is logged; the page does
 * not quote it.
 */
export async function pageAnswer(
  request: GuardedRequest,
  log: Log,
  role: Role,
  answer: (visitor: Principal) => Promise<Answer>,
): Promise<Response> {
  const visitor = principalOf(request.headers, process.env);
  try {
    return await responseTo(visitor, await answerTo(visitor, request, role, answer));
  } catch (error) {
    log.error(error);
    // A decision may have been recorded before what failed.
    return responseTo(visitor, request.method === 'POST' ? uncertainPage : troublePage);
  }
}

async function responseTo(visitor: Principal | undefined, answered: Answer): Promise<Response> {
  if ('seeOther' in answered)
    return { status: 303, headers: { ...guardedHeaders, location: answered.seeOther } };
  if ('table' in answered) {
    const { headers, body } = await tableFile(answered);
    return { status: 200, headers: { ...guardedHeaders, ...headers }, body };
  }
  if ('body' in answered) {
    return { status: 200, headers: { ...guardedHeaders, ...answered.headers }, body: answered.body };
  }
  const headers = { ...guardedHeaders, 'content-type': 'text/html; charset=utf-8' };
  const body = documentOf(answered, {
    visitor,
    stylesheet: stylesheet().path,
    leftOut: leftOutIn(process.env),
    help: helpAddresses(process.env),
  });
  return { status: answered.status, headers, body };
}

async function answerTo(
  visitor: Principal | undefined,
  request: GuardedRequest,
  role: Role,
  answer: (visitor: Principal) => Promise<Answer>,
): Promise<Answer> {
  if (visitor === undefined) return signInPage;
  if (!mayAs(visitor, role)) return forbiddenPage(visitor, role);
  if (isCrossSite(request)) return crossSitePage;
  return answer(visitor);
}
