import type { Headers } from './principal.js';

/**
 * Whether a form was sent from a page of this very site. Every browser since 2023 says so by `Sec-Fetch-Site`, which no
 * page can set; one that does not must send an `Origin` that is this host. A request with neither is refused. No token
 * is needed, and so no secret that all instances of the app would have to share. After the OWASP Cross-Site Request
 * Forgery Prevention Cheat Sheet, "Fetch Metadata" with "Verifying Origin" as the fallback.
 * @param url the address asked for, as the host gives it
 */
export function isSameOrigin(headers: Headers, url: string): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site !== null) return site === 'same-origin';
  return origin !== null && URL.canParse(origin) && new URL(origin).host === new URL(url).host;
}
