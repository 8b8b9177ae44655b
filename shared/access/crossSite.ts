import type { Headers } from './principal.js';

/** The part of an `HttpRequest` that is read. */
interface Request {
  readonly method: string;
  /** The address of the request, as the host gives it. */
  readonly url: string;
  readonly headers: Headers;
}

/**
 * Whether a page on another site made a browser send the request, with the cookie of a sign-in. Such a page may only
 * link to this site. A request that only reads is refused too when the person would not see the answer, such as an
 * image or a frame, because a download is recorded in the person's name. The rule is the same for pages and API.
 * Every browser since 2023 sends `Sec-Fetch-Site`, which no page can set: it says whose page it was, and `none` when
 * it was the person. An older browser sends an `Origin`, which must be this host. A request with neither comes from a
 * program. No token is needed, and so no secret that all instances of the app would have to share. After the OWASP
 * Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata" with "Verifying Origin" as the fallback.
 */
export function isCrossSite({ method, url, headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  const isOwn = site === 'same-origin' || site === 'none';
  if (method === 'GET') return site !== null && !isOwn && !isVisit(headers);
  if (site !== null) return !isOwn;
  const origin = headers.get('origin');
  if (origin === null) return false;
  return !URL.canParse(origin) || new URL(origin).host !== new URL(url).host;
}

/** Whether the browser's window goes to the address: the person sees the page, or gets the file. */
function isVisit(headers: Headers): boolean {
  return headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
}
