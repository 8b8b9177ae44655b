import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { Answer, NoAnswer } from './answer.js';
import { TokenError, type TokenSource } from './tokenSource.js';

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

type Unanswered = Extract<Answer, { kind: 'none' }>;

/** One try of a POST. */
interface Try {
  readonly answer: Answer;
  readonly retryAfterMs: number;
}

/** Carries an answer that is worth another try through the retries. */
class TryLater extends Error {
  readonly answer: Unanswered;
  readonly retryAfterMs: number;

  constructor(answer: Unanswered, retryAfterMs: number) {
    super('DfE could not take the batch now');
    this.answer = answer;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The client of DfE's CSC API. It posts a batch and says what the answer means. A POST that DfE could not take (408,
 * 429, 5xx, network) is repeated a few times with growing, randomly spread waits, and after a 401 once with a new
 * token: what is sent says what the child is, not what to add, so that DfE ends up the same however often it has taken it.
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
   */
  async post(children: readonly object[]): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(children), 'utf8');
    const { retries, firstWaitMs, longestWaitMs } = this.#settings.retry;
    const unclear: Unanswered[] = [];
    const withEarlierTries = <Some extends Exclude<Answer, { kind: 'accepted' }>>(answer: Some): Some => {
      return { ...answer, mayHold: answer.mayHold || unclear.some(({ mayHold }) => mayHold) };
    };
    try {
      const answer = await pRetry(
        async () => {
          const tried = await this.#postWithToken(body, children.length);
          if (tried.answer.kind === 'none' && tried.answer.why === 'later') {
            unclear.push(tried.answer);
            throw new TryLater(tried.answer, tried.retryAfterMs);
          }
          return tried.answer;
        },
        {
          retries,
          minTimeout: firstWaitMs,
          maxTimeout: longestWaitMs,
          randomize: true,
          shouldRetry: ({ error }) => error instanceof TryLater,
          onFailedAttempt: async ({ error, retriesLeft }) => {
            if (error instanceof TryLater && retriesLeft > 0) {
              await delay(Math.min(error.retryAfterMs, longestWaitMs));
            }
          },
        },
      );
      return answer.kind === 'accepted' ? answer : withEarlierTries(answer);
    } catch (error) {
      if (error instanceof TryLater) return withEarlierTries(error.answer);
      throw error;
    }
  }

  async #postWithToken(body: Buffer<ArrayBuffer>, count: number): Promise<Try> {
    try {
      const token = await this.#tokens.token();
      const tried = await this.#send(body, count, token);
      if (tried.answer.kind !== 'none' || tried.answer.why !== 'unauthorised') return tried;
      await this.#tokens.reject(token);
      return await this.#send(body, count, await this.#tokens.token());
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      const { message: text } = error;
      const answer = { kind: 'none', why: 'unauthorised', status: 'token', text, mayHold: false } as const;
      return { answer, retryAfterMs: 0 };
    }
  }

  async #send(body: Buffer<ArrayBuffer>, count: number, token: string): Promise<Try> {
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
      return {
        answer: answerOf(response.status, await response.text(), count),
        retryAfterMs: retryAfterMs(response.headers.get('Retry-After')),
      };
    } catch (error) {
      // The cause may quote what was sent; that it was the network is all there is to say.
      const answer = {
        kind: 'none',
        why: 'later',
        status: 'network',
        text: 'DfE could not be reached, or did not answer in time',
        mayHold: !neverConnected(error),
      } as const;
      return { answer, retryAfterMs: 0 };
    }
  }
}

/** What `fetch` gives as the cause when there was no connection at all, so that nothing can have been taken. */
const noConnection = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function neverConnected(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && noConnection.has(String(cause.code));
}

function answerOf(status: number, text: string, count: number): Answer {
  if (status === 200) return receiptsIn(text, count);
  if (aboutTheChildren.has(status)) return { kind: 'refused', status, text, mayHold: false };
  const none = (why: NoAnswer, problem: string, mayHold: boolean): Unanswered => {
    return { kind: 'none', why, status, text: problem, mayHold };
  };
  if (status === 401)
    return none(
      'unauthorised',
      'DfE answered 401, also to a new token: check DFE_CLIENT_ID, DFE_CLIENT_SECRET, DFE_SCOPE and DFE_SUPPLIER_KEY.',
      false,
    );
  if (status === 429) return none('later', 'DfE asked to slow down', false);
  if (status === 408 || status >= 500) return none('later', 'DfE could not take the batch', true);
  return status >= 400
    ? none(
        'unclear',
        `DfE answered ${String(status)}, which is no answer about children: check DFE_API_BASE_URL and LA_CODE`,
        false,
      )
    : none('unclear', `DfE answered ${String(status)} where only 200 means success`, true);
}

function receiptsIn(text: string, count: number): Answer {
  const unclear = (problem: string): Answer => {
    return { kind: 'none', why: 'unclear', status: 200, text: problem, mayHold: true };
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unclear('DfE answered 200 without a JSON list of receipts');
  }
  const receipts = receiptsSchema.safeParse(json);
  if (!receipts.success) return unclear('DfE answered 200 without a JSON list of receipts');
  if (receipts.data.length !== count) {
    return unclear(
      `DfE answered with ${String(receipts.data.length)} receipts for ${String(count)} children`,
    );
  }
  return { kind: 'accepted', receipts: receipts.data };
}

/** `Retry-After` as seconds or as an HTTP date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
