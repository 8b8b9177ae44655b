import { refusalOf, type Refusal } from './access.js';
import { principalOf, requesterOf, type Headers, type Principal, type Role } from './principal.js';

/** As much of an `HttpRequest` as is read. */
interface Request {
  readonly method: string;
  readonly headers: Headers;
}

/** As much of an `HttpResponseInit` as is used. */
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody?: object;
  readonly body?: string;
}

/** Who makes a request that may be made. */
export interface Caller {
  /** For the record of who did what. */
  readonly by: string;
  /** Why the caller may not do what needs one more role. */
  readonly refusalAs: (role: Role) => Refusal | undefined;
}

/** On every answer: it is kept nowhere on the way, and a browser takes it for what it says it is. */
const guardedHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * Answers a request to the HTTP API: who may not do what needs `role` is refused, and so is what a page of another site
 * makes a browser send; only then is `answer` asked. What it throws is the host's to answer, with 500 and no body.
 */
export async function apiAnswer(
  request: Request,
  role: Role,
  answer: (caller: Caller) => Promise<Answer>,
): Promise<Answer> {
  const principal = principalOf(request.headers, process.env);
  const refusalAs = (needed: Role) => refusalOf(principal, needed, process.env);
  const refusal = refusalAs(role) ?? crossSite(request, principal);
  const answered = refusal ?? (await answer({ by: requesterOf(principal), refusalAs }));
  return { ...answered, headers: { ...answered.headers, ...guardedHeaders } };
}

/** A browser sends the cookie of a sign-in along whoever's page asks it to; it also says whose, which no page can set. */
function crossSite({ method, headers }: Request, principal: Principal | undefined): Refusal | undefined {
  const site = headers.get('sec-fetch-site');
  const isOwn = site === null || site === 'same-origin' || site === 'none';
  if (method === 'GET' || principal === undefined || isOwn) return undefined;
  const error = 'A page of another site has made your browser ask for this. Nothing was done.';
  return { status: 403, jsonBody: { error } };
}
