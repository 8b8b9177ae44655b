import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { Answer } from './answer.js';
import type { TokenSource } from './tokenSource.js';

export interface DfeSettings {
  /** For example `https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1`. */
  readonly baseUrl: string;
  readonly laCode: string;
  readonly supplierKey: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly retry: {
    /** How often a POST that DfE could not take is repeated before the whole chunk goes back to the queue. */
    readonly retries: number;
    /** The first wait; each further one is about twice as long, spread at random. */
    readonly firstWaitMs: number;
    /** The longest wait, also when `Retry-After` asks for more. */
    readonly longestWaitMs: number;
  };
}

/** The statuses that say something about what was sent: malformed, refused by the firewall, too large. */
const aboutTheChildren = new Set([400, 403, 413, 422]);

const receiptsSchema = z.array(z.string());

/** Carries an answer that is worth another try through the retries. */
class TryLater extends Error {
  readonly answer: Extract<Answer, { kind: 'later' }>;

  constructor(answer: Extract<Answer, { kind: 'later' }>) {
    super('DfE could not take the batch now');
    this.answer = answer;
  }
}

/**
 * The client of DfE's CSC API. It posts a batch and says what the answer means. A POST that DfE could not take (408,
 * 429, 5xx, network) is repeated a few times with growing, randomly spread waits, and after a 401 once with a new
 * token: a child is always sent whole, so that DfE ends up the same however often it has taken a batch.
 */
export class DfeClient {
  readonly #settings: DfeSettings;
  readonly #tokens: TokenSource;
  readonly #url: string;

  constructor(settings: DfeSettings, tokens: TokenSource) {
    this.#settings = settings;
    this.#tokens = tokens;
    this.#url = `${settings.baseUrl.replace(/\/+$/, '')}/children_social_care_data/${settings.laCode}/children`;
  }

  /**
   * @param children 1 to 100 payloads
   * @throws TokenError when there is no token to be had
   */
  async post(children: readonly object[]): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(children), 'utf8');
    const { retries, firstWaitMs, longestWaitMs } = this.#settings.retry;
    try {
      return await pRetry(
        async () => {
          const answer = await this.#postWithToken(body, children.length);
          if (answer.kind === 'later') throw new TryLater(answer);
          return answer;
        },
        {
          retries,
          minTimeout: firstWaitMs,
          maxTimeout: longestWaitMs,
          randomize: true,
          shouldRetry: ({ error }) => error instanceof TryLater,
          onFailedAttempt: async ({ error, retriesLeft }) => {
            if (error instanceof TryLater && retriesLeft > 0) {
              await delay(Math.min(error.answer.retryAfterMs, longestWaitMs));
            }
          },
        },
      );
    } catch (error) {
      if (error instanceof TryLater) return error.answer;
      throw error;
    }
  }

  async #postWithToken(body: Buffer<ArrayBuffer>, count: number): Promise<Answer> {
    const token = await this.#tokens.token();
    const answer = await this.#send(body, count, token);
    if (answer.kind !== 'unauthorised') return answer;
    await this.#tokens.reject(token);
    return this.#send(body, count, await this.#tokens.token());
  }

  async #send(body: Buffer<ArrayBuffer>, count: number, token: string): Promise<Answer> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        // A redirect would carry the key, and the children, to another address.
        redirect: 'manual',
        body,
        headers: {
          Authorization: `Bearer ${token}`,
          SupplierKey: this.#settings.supplierKey,
          'Content-Type': 'application/json',
          'User-Agent': this.#settings.userAgent,
        },
        signal: AbortSignal.timeout(this.#settings.timeoutMs),
      });
      return answerOf(response, await response.text(), count);
    } catch {
      // The cause may quote what was sent; that it was the network is all there is to say.
      return { kind: 'later', status: 'network', retryAfterMs: 0 };
    }
  }
}

function answerOf({ status, headers }: Response, text: string, count: number): Answer {
  if (status === 200) return receiptsIn(text, count);
  if (status === 401) return { kind: 'unauthorised', status };
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'later', status, retryAfterMs: retryAfterMs(headers.get('Retry-After')) };
  }
  if (aboutTheChildren.has(status)) return { kind: 'refused', status, text };
  const problem =
    status >= 400
      ? `DfE answered ${String(status)}, which is no answer about children: check DFE_API_BASE_URL and LA_CODE`
      : `DfE answered ${String(status)} where only 200 means success`;
  return { kind: 'unclear', status, problem };
}

function receiptsIn(text: string, count: number): Answer {
  const status = 200;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unclear', status, problem: 'DfE answered 200 without a JSON list of receipts' };
  }
  const receipts = receiptsSchema.safeParse(json);
  if (!receipts.success) {
    return { kind: 'unclear', status, problem: 'DfE answered 200 without a JSON list of receipts' };
  }
  if (receipts.data.length !== count) {
    const problem = `DfE answered with ${String(receipts.data.length)} receipts for ${String(count)} children`;
    return { kind: 'unclear', status, problem };
  }
  return { kind: 'accepted', receipts: receipts.data };
}

/** `Retry-After` as seconds or as an HTTP date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
