import type { Headers } from './principal.js';

/** As much of an `HttpRequest` as is read. */
interface Request {
  readonly method: string;
  /** The address asked for, as the host gives it. */
  readonly url: string;
  readonly headers: Headers;
}

/**
 * Whether a page of another site has made a browser ask for something, with the cookie of a sign-in. Such a page may lead
 * a person here by a link, and no more: what only reads is refused as well where nobody would see it, as an image or in a
 * frame, since a download is recorded in the person's name. The rule for pages and API alike: every browser since 2023 says whose page it was by `Sec-Fetch-Site`, which no page can set, and
 * says `none` where it was the person; an older one sends an `Origin`, which must be this host; a request with neither
 * comes from a program. No token is needed, and so no secret that all instances of the app would have to share. After the
 * OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata" with "Verifying Origin" as the fallback.
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

/** Whether the address of the browser's window changes to what is asked for: the person sees it, or gets the file. */
function isVisit(headers: Headers): boolean {
  return headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
}
