import {
  EnvHttpProxyAgent,
  fetch,
  Headers,
  Pool,
  type Dispatcher,
  type RequestInit,
  type Response,
} from 'undici';

/**
 * The most bytes that are read of an answer, packed and unpacked. The largest answers that make sense: 100 receipts are
 * about 8 KB; the largest batch that DfE is known to take is about 400 KB, and a refusal may quote it all.
 */
export const longestAnswerBytes = 1_000_000;

/** An answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text; `undefined` when it is longer than `longestAnswerBytes`. */
  readonly text: string | undefined;
}

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
      // Said, since otherwise an environment with NODE_TLS_REJECT_UNAUTHORIZED=0 would have any certificate taken.
      rejectUnauthorized: true,
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
   * Makes a request and reads the answer, of which no more than `longestAnswerBytes` are ever in memory. It asks for an
   * answer that is not packed. One that is packed all the same is unpacked bit by bit, and counted packed and unpacked.
   * @throws NotSentError when there was no connection; anything else when the request may have arrived
   */
  async fetch(url: string, init: RequestInit): Promise<Answered> {
    const connection = { stands: false };
    const dispatcher = this.#dispatcher.compose(
      watching(() => {
        connection.stands = true;
      }),
    );
    try {
      const headers = new Headers(init.headers);
      headers.set('Accept-Encoding', 'identity');
      const response = await fetch(url, { ...init, headers, dispatcher });
      return { status: response.status, headers: response.headers, text: await textOf(response) };
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

/** More arrived than is read of any answer. */
class AnswerTooLongError extends Error {
  override readonly name = 'AnswerTooLongError';
}

/**
 * Tells when a connection stands, just before the first byte of a request is written to it, and breaks off an answer of
 * which too many bytes arrive, before they are unpacked.
 */
function watching(tell: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    let arrived = 0;
    return dispatch(options, {
      onRequestStart: (controller, context: unknown) => {
        tell();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...parts) => handler.onRequestUpgrade?.(...parts),
      onResponseStart: (...parts) => handler.onResponseStart?.(...parts),
      onResponseData: (controller, chunk) => {
        arrived += chunk.length;
        // The reader counts as well, and stops first where nothing is packed.
        if (arrived > 2 * longestAnswerBytes)
          controller.abort(new AnswerTooLongError('The answer is too long'));
        else handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (...parts) => handler.onResponseEnd?.(...parts),
      onResponseError: (...parts) => handler.onResponseError?.(...parts),
    });
  };
}

/** The body of an answer, `undefined` when it is too long: the rest of it is not read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  for await (const chunk of parts) {
    bytes += chunk.length;
    // To leave the loop is to close the connection.
    if (bytes > longestAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
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
