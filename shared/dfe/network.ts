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
 * The most bytes of an answer that are read, packed or unpacked. The largest answers that make sense: 100 receipts are
 * about 8 KB; the largest batch that DfE is known to take is about 400 KB, and a refusal may quote all of it.
 */
export const longestAnswerBytes = 1_000_000;

/** An answer that was read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text; `undefined` when it is longer than `longestAnswerBytes`. */
  readonly text: string | undefined;
}

interface NetworkSettings {
  /** How long it may take to connect: to the proxy, through it, and the TLS handshake. */
  readonly connectTimeoutMs: number;
  /** Certificates to trust instead of those of Node.js, in PEM; for tests. */
  readonly trusted?: string;
}

/** There was no connection, so nothing was sent. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * The way to DfE and to the token endpoint: through the proxy in HTTPS_PROXY (HTTP_PROXY for plain HTTP), unless NO_PROXY
 * has the host, and with TLS 1.2 or newer. One for the life of a process.
 */
export class Network {
  readonly #dispatcher: EnvHttpProxyAgent;

  constructor({ connectTimeoutMs, trusted }: NetworkSettings) {
    const connect = {
      minVersion: 'TLSv1.2',
      // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would accept any certificate.
      rejectUnauthorized: true,
      timeout: connectTimeoutMs,
      ...(trusted === undefined ? {} : { ca: trusted }),
    } as const;
    this.#dispatcher = new EnvHttpProxyAgent({
      connect,
      requestTls: connect,
      proxyTls: connect,
      // A proxy that does not answer counts as no connection.
      clientFactory: (proxy, options) => new Pool(proxy, { ...options, headersTimeout: connectTimeoutMs }),
      // Each caller has its own time limit; undici's is five minutes.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Makes a request and reads the answer, with no more than `longestAnswerBytes` of it in memory. It asks for an
   * answer that is not packed. If it is still packed, it is unpacked piece by piece, and counted packed and unpacked.
   * @throws NotSentError when there was no connection; anything else when the request may have arrived
   */
  async fetch(url: string, init: RequestInit): Promise<Answered> {
    const connection = { isOpen: false };
    const dispatcher = this.#dispatcher.compose(
      watching(() => {
        connection.isOpen = true;
      }),
    );
    try {
      const headers = new Headers(init.headers);
      headers.set('Accept-Encoding', 'identity');
      const response = await fetch(url, { ...init, headers, dispatcher });
      return { status: response.status, headers: response.headers, text: await textOf(response) };
    } catch (error) {
      if (connection.isOpen) throw error;
      throw new NotSentError('There was no connection', { cause: error });
    }
  }

  /** Waits for requests under way, then closes the connections. */
  close(): Promise<void> {
    return this.#dispatcher.close();
  }
}

/** More bytes arrived than are read of any answer. */
class AnswerTooLongError extends Error {
  override readonly name = 'AnswerTooLongError';
}

/**
 * Reports that a connection is open, just before the first byte of a request is written to it, and ends an answer when
 * too many bytes of it arrive, before they are unpacked.
 */
function watching(onOpen: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    let arrived = 0;
    return dispatch(options, {
      onRequestStart: (controller, context: unknown) => {
        onOpen();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...parts) => handler.onRequestUpgrade?.(...parts),
      onResponseStart: (...parts) => handler.onResponseStart?.(...parts),
      onResponseData: (controller, chunk) => {
        arrived += chunk.length;
        // The reader counts too, and stops first when nothing is packed.
        if (arrived > 2 * longestAnswerBytes)
          controller.abort(new AnswerTooLongError('The answer is too long'));
        else handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (...parts) => handler.onResponseEnd?.(...parts),
      onResponseError: (...parts) => handler.onResponseError?.(...parts),
    });
  };
}

/** The body of an answer; `undefined` when it is too long, and the rest is not read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  for await (const chunk of parts) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > longestAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * The code of a connection's error, such as ENOTFOUND or CERT_HAS_EXPIRED, for a message. The error's own message is not
 * quoted: it may hold what was sent.
 */
export function codeOf(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && /^[A-Z0-9_]+$/.test(each.code)) return each.code;
  }
  return undefined;
}
