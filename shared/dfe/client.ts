import type { DfeAnswer, Reply } from './answer.js';
import { statusOf, type OnApiCall } from './apiCall.js';
import { CredentialsError, sameCredentials, type Credentials, type DfeCredentials } from './credentials.js';
import type { KeyProof } from './forbidden.js';
import type { Network } from './network.js';
import { brokenOff, replyOf } from './reply.js';
import { repeated, type RetrySettings } from './retries.js';
import { TokenError, type TokenSource } from './tokenSource.js';

interface DfeSettings {
  /** For example `https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1`. */
  readonly baseUrl: string;
  readonly laCode: string;
  readonly userAgent: string;
  /** How long one POST may take, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly retry: RetrySettings;
}

interface DfeDependencies {
  readonly credentials: Credentials;
  readonly tokens: TokenSource;
  readonly network: Network;
  readonly onCall?: OnApiCall | undefined;
}

/** What DfE answered to a POST without children. */
export interface Probe {
  /** What the answer shows about the credentials. */
  readonly credentials: KeyProof;
  /** For a person; quotes nothing of the answer. */
  readonly text: string;
  readonly tries: number;
}

/** What a POST without children shows about the credentials when DfE's answer is not about children. */
const proofOf = { unauthorised: 'refused', unclear: 'unclear', later: 'unanswered' } as const;

/** What has happened to a batch so far. */
interface Course {
  readonly body: Buffer<ArrayBuffer>;
  readonly count: number;
  tries: number;
  mayHold: boolean;
  /** What has been tried after a 401: each once for a batch, however often the batch is posted. */
  hasNewToken: boolean;
  hasNewCredentials: boolean;
  readonly refusedKeys: Set<string>;
}

/** The key that a request is sent with, and the credentials that it belongs to. */
interface Pass {
  readonly credentials: DfeCredentials;
  readonly supplierKey: string;
}

/**
 * The client of DfE's CSC API. It posts a batch and says what the answer means.
 *
 * A POST that DfE could not take (408, 429, 5xx, network) is repeated: see `retries.ts`. A record says what the child is,
 * not what to add, so DfE holds the same however often it has taken it.
 *
 * After a 401 the client tries, in this order and each once for a batch: a new token, the other supplier key, and other
 * credentials, if reading them again brings any. So one batch makes at most `retries` + 4 POSTs. With credentials that
 * DfE does not accept it makes 2, with a secondary key 3, and one more when the vault has other credentials that DfE does
 * not accept either.
 */
export class DfeClient {
  readonly #settings: DfeSettings;
  readonly #credentials: Credentials;
  readonly #tokens: TokenSource;
  readonly #network: Network;
  readonly #onCall: OnApiCall | undefined;
  readonly #url: string;
  /** The key that DfE accepted last. */
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
  async post(children: readonly object[]): Promise<DfeAnswer> {
    const course: Course = {
      body: Buffer.from(JSON.stringify(children), 'utf8'),
      count: children.length,
      tries: 0,
      mayHold: false,
      hasNewToken: false,
      hasNewCredentials: false,
      refusedKeys: new Set(),
    };
    const reply = await repeated(() => this.#postOnce(course), this.#settings.retry);
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
   * Finds out whether DfE accepts the token and the supplier key without sending a child: posts an empty list. It is
   * repeated, and tries other credentials, as any POST.
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
      text: `DfE accepted the token and the supplier key. It refused the empty list with ${String(answer.status)}, which it is free to do.`,
      tries,
    };
  }

  /** One try; after a 401 also with the other credentials. */
  async #postOnce(course: Course): Promise<Reply> {
    try {
      let pass: Pass | undefined;
      for (;;) {
        // First, because after a refused token the credentials are read again.
        const token = await this.#tokens.token();
        pass ??= await this.#pass(course);
        const reply = await this.#send(course, pass, token);
        if (reply.kind !== 'none' || reply.why !== 'unauthorised') return reply;
        const next = await this.#otherPass(course, pass, token);
        if ('problem' in next) return { ...reply, text: [reply.text, next.problem].join(' ').trim() };
        pass = next;
      }
    } catch (error) {
      if (!(error instanceof TokenError || error instanceof CredentialsError)) throw error;
      const { message: text, isTransient } = error;
      const why = isTransient ? 'later' : 'unauthorised';
      return { kind: 'none', why, status: 'token', text, mayHold: false };
    }
  }

  async #pass({ refusedKeys }: Course): Promise<Pass> {
    const credentials = await this.#credentials.current();
    const proven = credentials.supplierKeys.find((key) => key === this.#provenKey);
    const keys = [...(proven === undefined ? [] : [proven]), ...credentials.supplierKeys];
    const supplierKey = keys.find((key) => !refusedKeys.has(key)) ?? credentials.supplierKeys[0];
    return { credentials, supplierKey };
  }

  /** What to try next for a batch that DfE has answered with 401. */
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

  async #send(course: Course, { supplierKey }: Pass, token: string): Promise<Reply> {
    course.tries += 1;
    const reply = await this.#request(course, supplierKey, token);
    if (reply.kind === 'none') course.mayHold ||= reply.mayHold;
    else if (reply.kind === 'accepted' || reply.status !== 403) this.#provenKey = supplierKey;
    return reply;
  }

  async #request({ body, count }: Course, supplierKey: string, token: string): Promise<Reply> {
    const begun = performance.now();
    const over = (status: string) => {
      const durationMs = performance.now() - begun;
      this.#onCall?.({ operation: 'post', status, durationMs, children: count, bytes: body.length });
    };
    try {
      const answered = await this.#network.fetch(this.#url, {
        method: 'POST',
        // A redirect would send the key and the children to another address.
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
      over(String(answered.status));
      return replyOf(answered, count, this.#credentials.names);
    } catch (error) {
      over(statusOf(error));
      return brokenOff(error);
    }
  }
}
