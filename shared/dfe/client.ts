import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { Answer, NoAnswer } from './answer.js';
import { statusOf, type OnApiCall } from './apiCall.js';
import { CredentialsError, sameCredentials, type Credentials, type DfeCredentials } from './credentials.js';
import type { KeyProof } from './forbidden.js';
import { codeOf, longestAnswerBytes, NotSentError, type Network } from './network.js';
import { TokenError, type TokenSource } from './tokenSource.js';

export interface DfeSettings {
  /** For example `https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1`. */
  readonly baseUrl: string;
  readonly laCode: string;
  readonly userAgent: string;
  /** How long one POST may take, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly retry: {
    /** How often a POST that DfE could not take is repeated before the whole chunk goes back to the queue. */
    readonly retries: number;
    /** The first wait; each further one is about twice as long, spread at random. */
    readonly firstWaitMs: number;
    /** The longest of these waits; `Retry-After` is honoured as far as the budget goes. */
    readonly longestWaitMs: number;
    /** No further try begins so long after the first one; waits and tries count. */
    readonly budgetMs: number;
  };
}

export interface DfeDependencies {
  readonly credentials: Credentials;
  readonly tokens: TokenSource;
  readonly network: Network;
  readonly onCall?: OnApiCall | undefined;
}

/** What DfE says to a POST without any child. */
export interface Probe {
  /** What the answer tells of the credentials. */
  readonly credentials: KeyProof;
  /** In words, for a person; quotes nothing of the answer. */
  readonly text: string;
  readonly tries: number;
}

/** What a POST without children tells of the credentials when it has no answer about children. */
const proofOf = { unauthorised: 'refused', unclear: 'unclear', later: 'unanswered' } as const;

/** The statuses that say something about what was sent: malformed, refused by the firewall, too large. */
const aboutTheChildren = new Set([400, 403, 413, 422]);

const receiptsSchema = z.array(z.string());

type WithoutTries<Some extends Answer> = Some extends Answer ? Omit<Some, 'tries'> : never;
type Reply = WithoutTries<Answer>;
type Unanswered = Extract<Reply, { kind: 'none' }>;

/** One try of a POST. */
interface Try {
  readonly reply: Reply;
  readonly retryAfterMs: number;
}

/** What a batch has been through on its way to an answer. */
interface Course {
  readonly body: Buffer<ArrayBuffer>;
  readonly count: number;
  tries: number;
  mayHold: boolean;
  /** What has been tried after a 401; each of it once for a batch, however often the batch is posted. */
  hasNewToken: boolean;
  hasNewCredentials: boolean;
  readonly refusedKeys: Set<string>;
}

/** What a request is let in by. */
interface Pass {
  readonly credentials: DfeCredentials;
  readonly supplierKey: string;
}

/** Carries an answer that is worth another try through the retries. */
class TryLater extends Error {
  readonly reply: Unanswered;
  readonly retryAfterMs: number;

  constructor(reply: Unanswered, retryAfterMs: number) {
    super('DfE could not take the batch now');
    this.reply = reply;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The client of DfE's CSC API. It posts a batch and says what the answer means.
 *
 * A POST that DfE could not take (408, 429, 5xx, network) is repeated with growing, randomly spread waits, within a
 * number of tries and a time: what is sent says what the child is, not what to add, so that DfE ends up the same
 * however often it has taken it.
 *
 * After a 401 come, in this order and each once for a batch: a new token, the other supplier key, and the credentials
 * read again where that brings others. So one batch makes at most `retries` + 4 POSTs; with credentials that DfE does
 * not accept 2, with a secondary key 3, and one more when the vault holds others that it does not accept either.
 */
export class DfeClient {
  readonly #settings: DfeSettings;
  readonly #credentials: Credentials;
  readonly #tokens: TokenSource;
  readonly #network: Network;
  readonly #onCall: OnApiCall | undefined;
  readonly #url: string;
  /** The key that DfE has accepted last. */
  #provenKey: string | undefined;

  constructor(settings: DfeSettings, { credentials, tokens, network, onCall }: DfeDependencies) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#tokens = tokens;
    this.#network = network;
    this.#onCall = onCall;
    this.#url = `${settings.baseUrl.replace(/\/+$/, '')}/children_social_care_data/${settings.laCode}/children`;
  }

  /**
   * @param children 1 to 100 payloads
   */
  async post(children: readonly object[]): Promise<Answer> {
    const course: Course = {
      body: Buffer.from(JSON.stringify(children), 'utf8'),
      count: children.length,
      tries: 0,
      mayHold: false,
      hasNewToken: false,
      hasNewCredentials: false,
      refusedKeys: new Set(),
    };
    const reply = await this.#postWithRetries(course);
    const { tries } = course;
    if (reply.kind === 'accepted') {
      return { ...reply, ...(course.mayHold ? { mayLandAgain: true } : {}), tries };
    }
    const mayHold = reply.mayHold || course.mayHold;
    if (reply.kind === 'none' && tries === 0) {
      return { ...reply, text: `${reply.text} Nothing was sent to DfE.`, mayHold, tries };
    }
    return { ...reply, mayHold, tries };
  }

  /**
   * Whether DfE accepts token and supplier key, found out without any child: by posting an empty list. It is repeated
   * and re-authorised as any POST.
   */
  async probe(): Promise<Probe> {
    const answer = await this.post([]);
    const { tries } = answer;
    if (answer.kind === 'accepted') {
      return { credentials: 'accepted', text: 'DfE accepted the token and the supplier key.', tries };
    }
    if (answer.kind === 'none') {
      return { credentials: proofOf[answer.why], text: answer.text, tries };
    }
    return {
      credentials: 'accepted',
      text: `DfE accepted the token and the supplier key, and refused the empty list with ${String(answer.status)}, as it may.`,
      tries,
    };
  }

  async #postWithRetries(course: Course): Promise<Reply> {
    const { retries, firstWaitMs, longestWaitMs, budgetMs } = this.#settings.retry;
    const started = performance.now();
    try {
      return await pRetry(
        async () => {
          const { reply, retryAfterMs } = await this.#postOnce(course);
          if (reply.kind === 'none' && reply.why === 'later') throw new TryLater(reply, retryAfterMs);
          return reply;
        },
        {
          retries,
          minTimeout: firstWaitMs,
          maxTimeout: longestWaitMs,
          maxRetryTime: budgetMs,
          randomize: true,
          shouldRetry: ({ error }) => error instanceof TryLater,
          onFailedAttempt: async ({ error, retriesLeft }) => {
            if (!(error instanceof TryLater) || retriesLeft === 0) return;
            const waitMs = error.retryAfterMs;
            // There is no sense in waiting for a try that does not come.
            if (performance.now() - started + waitMs >= budgetMs) throw error;
            await delay(waitMs);
          },
        },
      );
    } catch (error) {
      if (error instanceof TryLater) {
        const { reply, retryAfterMs } = error;
        return retryAfterMs > 0 ? { ...reply, retryAfterMs } : reply;
      }
      throw error;
    }
  }

  /** One try, and after a 401 whatever else may let the batch in. */
  async #postOnce(course: Course): Promise<Try> {
    try {
      let pass: Pass | undefined;
      for (;;) {
        // First, since a client that is refused a token has the credentials read again.
        const token = await this.#tokens.token();
        pass ??= await this.#pass(course);
        const tried = await this.#send(course, pass, token);
        const { reply } = tried;
        if (reply.kind !== 'none' || reply.why !== 'unauthorised') return tried;
        const next = await this.#otherPass(course, pass, token);
        if ('problem' in next) {
          return { reply: { ...reply, text: [reply.text, next.problem].join(' ').trim() }, retryAfterMs: 0 };
        }
        pass = next;
      }
    } catch (error) {
      if (!(error instanceof TokenError || error instanceof CredentialsError)) throw error;
      const { message: text, isTransient } = error;
      const why = isTransient ? 'later' : 'unauthorised';
      return { reply: { kind: 'none', why, status: 'token', text, mayHold: false }, retryAfterMs: 0 };
    }
  }

  async #pass({ refusedKeys }: Course): Promise<Pass> {
    const credentials = await this.#credentials.current();
    const proven = credentials.supplierKeys.find((key) => key === this.#provenKey);
    const keys = [...(proven === undefined ? [] : [proven]), ...credentials.supplierKeys];
    const supplierKey = keys.find((key) => !refusedKeys.has(key)) ?? credentials.supplierKeys[0];
    return { credentials, supplierKey };
  }

  /** What may let a batch in that DfE has answered with 401. */
  async #otherPass(course: Course, pass: Pass, token: string): Promise<Pass | { readonly problem: string }> {
    const { credentials, supplierKey } = pass;
    if (!course.hasNewToken) {
      course.hasNewToken = true;
      await this.#tokens.reject(token);
      return pass;
    }
    course.refusedKeys.add(supplierKey);
    const problem = credentials.remarks.join(' ');
    if (course.hasNewCredentials) return { problem };
    const other = credentials.supplierKeys.find((key) => !course.refusedKeys.has(key));
    if (other !== undefined) return { credentials, supplierKey: other };
    course.hasNewCredentials = true;
    try {
      if (sameCredentials(await this.#credentials.renewed(), credentials)) return { problem };
      return await this.#pass(course);
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      return { problem: error.message };
    }
  }

  async #send(course: Course, { supplierKey }: Pass, token: string): Promise<Try> {
    course.tries += 1;
    const tried = await this.#request(course, supplierKey, token);
    const { reply } = tried;
    if (reply.kind === 'none') course.mayHold ||= reply.mayHold;
    else if (reply.kind === 'accepted' || reply.status !== 403) this.#provenKey = supplierKey;
    return tried;
  }

  async #request({ body, count }: Course, supplierKey: string, token: string): Promise<Try> {
    const begun = performance.now();
    const over = (status: string) => {
      const durationMs = performance.now() - begun;
      this.#onCall?.({ operation: 'post', status, durationMs, children: count, bytes: body.length });
    };
    try {
      const { status, headers, text } = await this.#network.fetch(this.#url, {
        method: 'POST',
        // A redirect would carry the key, and the children, to another address.
        redirect: 'manual',
        body,
        headers: {
          Authorization: `Bearer ${token}`,
          SupplierKey: supplierKey,
          'Content-Type': 'application/json',
          'User-Agent': this.#settings.userAgent,
        },
        signal: AbortSignal.timeout(this.#settings.timeoutMs),
      });
      over(String(status));
      return {
        reply: this.#replyOf(status, text, count),
        retryAfterMs: retryAfterMs(headers.get('Retry-After')),
      };
    } catch (error) {
      over(statusOf(error));
      return { reply: brokenOff(error), retryAfterMs: 0 };
    }
  }

  #replyOf(status: number, text: string | undefined, count: number): Reply {
    if (status === 200) return receiptsIn(text, count);
    // Without children a 403 can only be about who asks: the other key and newer credentials are tried.
    if (status === 403 && count === 0) {
      const { client, supplierKeys } = this.#credentials.names;
      return {
        kind: 'none',
        why: 'unauthorised',
        status,
        text: `DfE answered 403 to a POST without children: check what ${supplierKeys} permits, whether ${client} belong to LA_CODE, and whether DfE lets this network and DFE_USER_AGENT in.`,
        mayHold: false,
      };
    }
    if (aboutTheChildren.has(status)) return { kind: 'refused', status, text, mayHold: false };
    const none = (why: NoAnswer, problem: string, mayHold: boolean): Unanswered => {
      return { kind: 'none', why, status, text: problem, mayHold };
    };
    if (status === 401) {
      const { client, supplierKeys } = this.#credentials.names;
      return none(
        'unauthorised',
        `DfE answered 401, also to a new token: check ${supplierKeys}, ${client}, and DFE_SCOPE.`,
        false,
      );
    }
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
}

/** The message of the error may quote what was sent; its code is all there is to say. */
function brokenOff(error: unknown): Unanswered {
  const code = codeOf(error);
  const because = code === undefined ? '' : ` (${code})`;
  const isSent = !(error instanceof NotSentError);
  return {
    kind: 'none',
    why: 'later',
    status: 'network',
    text: isSent
      ? `DfE did not answer in time, or the connection broke${because}`
      : `DfE could not be reached${because}`,
    mayHold: isSent,
  };
}

function receiptsIn(text: string | undefined, count: number): Reply {
  const unclear = (problem: string): Reply => {
    return { kind: 'none', why: 'unclear', status: 200, text: problem, mayHold: true };
  };
  if (text === undefined) {
    return unclear(
      `DfE answered 200 with more than ${String(longestAnswerBytes)} bytes, too many for receipts`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unclear('DfE answered 200 without a JSON list of receipts');
  }
  if (!Array.isArray(json)) return unclear('DfE answered 200 without a JSON list of receipts');
  // Before they are looked at one by one: there can be hundreds of thousands.
  if (json.length !== count) {
    return unclear(`DfE answered with ${String(json.length)} receipts for ${String(count)} children`);
  }
  const receipts = receiptsSchema.safeParse(json);
  if (!receipts.success) return unclear('DfE answered 200 without a JSON list of receipts');
  return { kind: 'accepted', receipts: receipts.data };
}

/** `Retry-After` as seconds or as an HTTP date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
