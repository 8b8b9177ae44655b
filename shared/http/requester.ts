/** As much of `HttpRequest['headers']` as is read. */
interface Headers {
  get(name: string): string | null;
}

/**
 * Who makes a request: the name that Entra ID authentication in front of the app gives, else `function key`. The header
 * is trusted only where the platform sets it, which it says by `WEBSITE_AUTH_ENABLED`: elsewhere anybody can send it.
 */
export function requesterOf(
  headers: Headers,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const isSetByPlatform = environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true';
  const name = isSetByPlatform ? headers.get('x-ms-client-principal-name')?.trim() : undefined;
  return name === undefined || name === '' ? 'function key' : name;
}
