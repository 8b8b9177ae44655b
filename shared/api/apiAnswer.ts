import { denialOf, type Denial } from '../access/access.js';
import { missingBody, type BodyRule } from './missingBody.js';
import { isCrossSite } from '../access/crossSite.js';
import { principalOf, requesterOf, type Headers, type Principal, type Role } from '../access/principal.js';

/** The part of an `HttpRequest` that is read before a handler is called. */
interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  text(): Promise<string>;
}

/** The part of an `HttpRequest` that handlers also read. */
export interface Request extends GuardedRequest {
  readonly query: { get(name: string): string | null };
  readonly params: Readonly<Record<string, string>>;
}

/** The part of an `HttpResponseInit` that is used. */
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody?: object;
  readonly body?: string | Uint8Array;
}

/** Who makes a request that is allowed. */
export interface Caller {
  /** For the record of who did what. */
  readonly by: string;
  /** Why the caller may not do what needs one more role. */
  readonly denialAs: (role: Role) => Denial | undefined;
  /** What the request says; `{}` where a call needs no body and got none. Empty for GET. */
  readonly body: string;
}

/** What a call needs. */
interface Needs {
  readonly role: Role;
  /** A role that is enough for some of what the body may ask: the handler asks for `role` where it is not. */
  readonly orRole?: Role;
  readonly body: BodyRule;
}

/** On every answer: caches do not store it, and a browser does not guess its type. */
const guardedHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * Answers a request to the HTTP API: a caller without the role is refused, and so are a request that a page on another
 * site made a browser send, and a request without a body; only then is `answer` called. The host answers what it throws,
 * with 500 and no body.
 * @param needed a call other than GET must have a body, unless it says that the body may be empty
 */
export async function apiAnswer(
  request: GuardedRequest,
  needed: Role | Needs,
  answer: (caller: Caller) => Promise<Answer>,
): Promise<Answer> {
  const {
    role,
    orRole,
    body: rule,
  }: Needs = typeof needed === 'string' ? { role: needed, body: {} } : needed;
  const principal = principalOf(request.headers, process.env);
  const denialAs = (one: Role) => denialOf(principal, one, process.env);
  const mayAsk = orRole !== undefined && denialAs(orRole) === undefined;
  const refusal = (mayAsk ? undefined : denialAs(role)) ?? crossSite(request, principal);
  const by = requesterOf(principal);
  const answered = refusal ?? (await answerTo(request, rule, (body) => answer({ by, denialAs, body })));
  return { ...answered, headers: { ...answered.headers, ...guardedHeaders } };
}

/** Answers with the body of a request, or refuses one that should have a body and has none. */
async function answerTo(
  request: GuardedRequest,
  rule: BodyRule,
  answer: (body: string) => Promise<Answer>,
): Promise<Answer> {
  if (request.method === 'GET') return answer('');
  const body = await request.text();
  if (rule === 'may be empty') return answer(body.trim() === '' ? '{}' : body);
  return missingBody(request.headers, body, rule) ?? answer(body);
}

/** Browsers do not send a function key by themselves. */
function crossSite(request: GuardedRequest, principal: Principal | undefined): Denial | undefined {
  if (principal === undefined || !isCrossSite(request)) return undefined;
  const error = 'A page on another site made your browser send this request. Nothing was done.';
  return { status: 403, jsonBody: { error } };
}
