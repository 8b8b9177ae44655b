import * as oauth from 'oauth4webapi';
import { statusOf, type OnApiCall } from './apiCall.js';
import { CredentialsError, sameClient, type Credentials, type DfeCredentials } from './credentials.js';
import type { Network } from './network.js';

interface TokenSettings {
  readonly tokenUrl: string;
  readonly scope: string;
}

interface TokenSourceDependencies {
  readonly credentials: Credentials;
  readonly network: Network;
  readonly now: () => Date;
  readonly onCall?: OnApiCall | undefined;
}

/** A new token is fetched this long before the old one expires, so that no POST carries one that is about to expire. */
const renewBeforeExpiryMs = 5 * 60_000;
const timeoutMs = 30_000;

/** The token endpoint refused, or could not be reached. The message names the credentials, never their values. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** Worth another try soon: the endpoint could not be reached, or could not answer. */
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean) {
    super(message);
    this.isTransient = isTransient;
  }
}

/** The token endpoint does not accept the client: other credentials may help. */
class ClientRefused extends TokenError {}

interface Token {
  readonly value: string;
  readonly renewAt: number;
  /** Whose token it is. */
  readonly client: DfeCredentials;
}

/**
 * The bearer token for DfE's API, by OAuth 2.0 client credentials from Microsoft Entra. It is kept until shortly before it
 * expires or until the credentials change, and callers at the same time share one request.
 */
export class TokenSource {
  readonly #settings: TokenSettings;
  readonly #credentials: Credentials;
  readonly #network: Network;
  readonly #now: () => Date;
  readonly #onCall: OnApiCall | undefined;
  #token: Promise<Token> | undefined;

  constructor(settings: TokenSettings, { credentials, network, now, onCall }: TokenSourceDependencies) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#network = network;
    this.#now = now;
    this.#onCall = onCall;
  }

  /**
   * @throws TokenError
   * @throws CredentialsError when there are no credentials to ask with
   */
  async token(): Promise<string> {
    const pending = (this.#token ??= this.#fetch());
    const token = await pending;
    const isFresh = token.renewAt > this.#now().getTime();
    if (isFresh && sameClient(token.client, await this.#credentials.current())) return token.value;
    // Another caller may already be fetching the next one.
    if (this.#token === pending) this.#token = undefined;
    return (await (this.#token ??= this.#fetch())).value;
  }

  /** Forgets a token that DfE did not accept, but not a newer one. */
  async reject(value: string): Promise<void> {
    const current = this.#token;
    if (current !== undefined && (await current).value === value && this.#token === current) {
      this.#token = undefined;
    }
  }

  #fetch(): Promise<Token> {
    const fetched = this.#fetchWithRenewal();
    // A failure is not kept: the next caller tries again.
    fetched.catch(() => {
      if (this.#token === fetched) this.#token = undefined;
    });
    return fetched;
  }

  /** The credentials may have been replaced since they were read. */
  async #fetchWithRenewal(): Promise<Token> {
    const credentials = await this.#credentials.current();
    try {
      return await this.#request(credentials);
    } catch (error) {
      if (!(error instanceof ClientRefused)) throw error;
      const renewed = await this.#renewed(error);
      if (sameClient(renewed, credentials)) throw error;
      return this.#request(renewed);
    }
  }

  async #renewed(refusal: ClientRefused): Promise<DfeCredentials> {
    try {
      return await this.#credentials.renewed();
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      throw new TokenError(`${refusal.message} ${error.message}`, false);
    }
  }

  async #request(client: DfeCredentials): Promise<Token> {
    const { tokenUrl, scope } = this.#settings;
    const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
    const oauthClient = { client_id: client.clientId };
    let status: number | undefined;
    try {
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        oauthClient,
        oauth.ClientSecretPost(client.clientSecret),
        new URLSearchParams({ scope }),
        {
          // The settings allow plain HTTP for a loopback address only.
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it is noticed
          [oauth.allowInsecureRequests]: tokenUrl.startsWith('http:'),
          [oauth.customFetch]: async (url, init) => {
            const over = this.#callBegins();
            try {
              const answer = await this.#network.fetch(url, init);
              ({ status } = answer);
              over(String(status));
              // The types of oauth4webapi want the global class, not undici's. A body that is too long holds no token.
              return new Response(answer.text === '' ? null : answer.text, {
                status,
                headers: [...answer.headers],
              });
            } catch (error) {
              over(statusOf(error));
              throw error;
            }
          },
          signal: AbortSignal.timeout(timeoutMs),
        },
      );
      const { access_token, expires_in } = await oauth.processClientCredentialsResponse(
        server,
        oauthClient,
        response,
      );
      if (!sendable.test(access_token)) throw new Error('The token cannot be sent');
      const lifetimeMs = (expires_in ?? 0) * 1000;
      return {
        value: access_token,
        renewAt: this.#now().getTime() + Math.max(lifetimeMs - renewBeforeExpiryMs, lifetimeMs / 2),
        client,
      };
    } catch (error) {
      throw this.#problemOf(error, status, client);
    }
  }

  #callBegins(): (status: string) => void {
    const begun = performance.now();
    return (status) => {
      const durationMs = performance.now() - begun;
      this.#onCall?.({ operation: 'token', status, durationMs, children: 0, bytes: 0 });
    };
  }

  #problemOf(error: unknown, status: number | undefined, { remarks }: DfeCredentials): TokenError {
    if (status === undefined || status === 408 || status === 429 || status >= 500) {
      const why = status === undefined ? 'could not be reached' : `answered ${String(status)}`;
      return new TokenError(
        `The token endpoint (DFE_TOKEN_URL) ${why}, so there is no token to send with.`,
        true,
      );
    }
    const check = [`check ${this.#credentials.names.client}, and DFE_SCOPE.`, ...remarks].join(' ');
    if (error instanceof oauth.ResponseBodyError) {
      const name = knownErrors.has(error.error) ? ` with "${error.error}"` : '';
      const text = `The token endpoint (DFE_TOKEN_URL) refused the client credentials${name}${entraCodeOf(error)}: ${check}`;
      return aboutTheClient.has(error.error) ? new ClientRefused(text, false) : new TokenError(text, false);
    }
    if (status === 401) {
      return new ClientRefused(
        `The token endpoint (DFE_TOKEN_URL) refused the client credentials: ${check}`,
        false,
      );
    }
    return new TokenError(
      `The token endpoint (DFE_TOKEN_URL) answered ${String(status)} without a token: check the address.`,
      false,
    );
  }
}

/** A token is sent in a header. */
const sendable = /^[\x20-\x7e]+$/;

/** The error names of OAuth 2.0 and Entra. No other word is quoted: it may be the secret that was sent. */
const knownErrors: ReadonlySet<string> = new Set([
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'invalid_scope', 'invalid_resource'],
  ...['unauthorized_client', 'unsupported_grant_type', 'unsupported_response_type', 'access_denied'],
  ...[
    'interaction_required',
    'consent_required',
    'login_required',
    'server_error',
    'temporarily_unavailable',
  ],
]);

/** Entra answers `invalid_client` for a wrong or expired secret, and `unauthorized_client` for an unknown id. */
const aboutTheClient: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client']);

/** Entra's error number, which its documentation explains. The words around it are left out because they quote ids. */
function entraCodeOf({ error_description }: oauth.ResponseBodyError): string {
  const code = /^AADSTS\d{4,8}(?!\d)/.exec(error_description ?? '')?.[0];
  if (code === undefined) return '';
  return code === 'AADSTS7000222' ? ` (${code}: the client secret has expired)` : ` (${code})`;
}
