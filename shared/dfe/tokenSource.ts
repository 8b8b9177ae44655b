import * as oauth from 'oauth4webapi';

export interface TokenSettings {
  readonly tokenUrl: string;
  readonly scope: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Ask for a new token this long before the old one expires, so that a POST never leaves with a dying one. */
const renewBeforeExpiryMs = 5 * 60_000;
const timeoutMs = 30_000;

/** The token endpoint refused, or could not be reached. The message names settings, never a secret. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

/**
 * The bearer token for DfE's API: OAuth 2.0 client credentials against Microsoft Entra, kept until shortly before it
 * expires and shared by all who ask at the same time.
 */
export class TokenSource {
  readonly #settings: TokenSettings;
  readonly #now: () => Date;
  #token: Promise<Token> | undefined;

  constructor(settings: TokenSettings, now: () => Date) {
    this.#settings = settings;
    this.#now = now;
  }

  /** @throws TokenError */
  async token(): Promise<string> {
    let pending = (this.#token ??= this.#fetch());
    if ((await pending).renewAt <= this.#now().getTime()) {
      if (this.#token === pending) this.#token = this.#fetch();
      pending = this.#token;
    }
    return (await pending).value;
  }

  /** Forgets a token that DfE did not accept; others that were asked for since stay. */
  async reject(value: string): Promise<void> {
    const current = this.#token;
    if (current !== undefined && (await current).value === value && this.#token === current) {
      this.#token = undefined;
    }
  }

  #fetch(): Promise<Token> {
    const fetched = this.#request();
    // A failure is not kept: the next caller asks again.
    fetched.catch(() => {
      if (this.#token === fetched) this.#token = undefined;
    });
    return fetched;
  }

  async #request(): Promise<Token> {
    const { tokenUrl, scope, clientId, clientSecret } = this.#settings;
    const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
    const client = { client_id: clientId };
    try {
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.ClientSecretPost(clientSecret),
        new URLSearchParams({ scope }),
        {
          // The settings let plain HTTP through for a loopback address only.
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out
          [oauth.allowInsecureRequests]: tokenUrl.startsWith('http:'),
          signal: AbortSignal.timeout(timeoutMs),
        },
      );
      const { access_token, expires_in } = await oauth.processClientCredentialsResponse(
        server,
        client,
        response,
      );
      const lifetimeMs = (expires_in ?? 0) * 1000;
      return {
        value: access_token,
        renewAt: this.#now().getTime() + Math.max(lifetimeMs - renewBeforeExpiryMs, lifetimeMs / 2),
      };
    } catch (error) {
      throw new TokenError(problemOf(error));
    }
  }
}

function problemOf(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) {
    return `The token endpoint (DFE_TOKEN_URL) refused the client credentials with "${error.error}": check DFE_CLIENT_ID, DFE_CLIENT_SECRET and DFE_SCOPE. Nothing was sent to DfE.`;
  }
  return 'The token endpoint (DFE_TOKEN_URL) could not be reached or did not answer with a token. Nothing was sent to DfE.';
}
