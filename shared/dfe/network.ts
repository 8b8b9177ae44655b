import { EnvHttpProxyAgent, fetch, Pool, type Dispatcher, type RequestInit, type Response } from 'undici';

export interface NetworkSettings {
  /** How long a connection may take to stand: to the proxy, through it, and the handshake of TLS. */
  readonly connectTimeoutMs: number;
  /** Certificates to trust in place of those of Node.js, in PEM; for tests. */
  readonly trusted?: string;
}

/** There was no connection, so that nothing was sent. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * The way out to DfE and to the token endpoint: through the proxy that HTTPS_PROXY (HTTP_PROXY for plain HTTP) names,
 * unless NO_PROXY excepts the host, and with TLS 1.2 or newer. One for the life of a process.
 */
export class Network {
  readonly #dispatcher: EnvHttpProxyAgent;

  constructor({ connectTimeoutMs, trusted }: NetworkSettings) {
    const connect = {
      minVersion: 'TLSv1.2',
      timeout: connectTimeoutMs,
      ...(trusted === undefined ? {} : { ca: trusted }),
    } as const;
    this.#dispatcher = new EnvHttpProxyAgent({
      connect,
      requestTls: connect,
      proxyTls: connect,
      // A proxy that does not answer is a connection that does not stand.
      clientFactory: (proxy, options) => new Pool(proxy, { ...options, headersTimeout: connectTimeoutMs }),
      // Each caller has a time limit of its own; undici's is five minutes.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * As the standard `fetch`.
   * @throws NotSentError when there was no connection; anything else when the request may have arrived
   */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    const connection = { stands: false };
    const dispatcher = this.#dispatcher.compose(
      onConnection(() => {
        connection.stands = true;
      }),
    );
    try {
      return await fetch(url, { ...init, dispatcher });
    } catch (error) {
      if (connection.stands) throw error;
      throw new NotSentError('There was no connection', { cause: error });
    }
  }

  /** Waits for requests under way, then closes the connections. */
  close(): Promise<void> {
    return this.#dispatcher.close();
  }
}

/** Tells when a connection stands, just before the first byte of a request is written to it. */
function onConnection(tell: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context: unknown) => {
        tell();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...parts) => handler.onRequestUpgrade?.(...parts),
      onResponseStart: (...parts) => handler.onResponseStart?.(...parts),
      onResponseData: (...parts) => handler.onResponseData?.(...parts),
      onResponseEnd: (...parts) => handler.onResponseEnd?.(...parts),
      onResponseError: (...parts) => handler.onResponseError?.(...parts),
    });
}

/**
 * The code of what went wrong with a connection, such as ENOTFOUND or CERT_HAS_EXPIRED, for a message. Messages of such
 * errors are not quoted: they may hold what was sent.
 */
export function codeOf(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && /^[A-Z0-9_]+$/.test(each.code)) return each.code;
  }
  return undefined;
}
