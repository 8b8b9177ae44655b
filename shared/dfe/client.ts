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
}

const receiptsSchema = z.array(z.string());

/**
 * The client of DfE's CSC API. It posts one batch at a time and says what the answer means; it repeats a POST once
 * only, with a new token, after a 401.
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
    const token = await this.#tokens.token();
    const answer = await this.#send(body, children.length, token);
    if (answer.kind !== 'unauthorised') return answer;
    await this.#tokens.reject(token);
    return this.#send(body, children.length, await this.#tokens.token());
  }

  async #send(body: Buffer<ArrayBuffer>, count: number, token: string): Promise<Answer> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        body,
        headers: {
          Authorization: `Bearer ${token}`,
          SupplierKey: this.#settings.supplierKey,
          'Content-Type': 'application/json',
          'User-Agent': this.#settings.userAgent,
        },
        signal: AbortSignal.timeout(this.#settings.timeoutMs),
      });
      return answerOf(response.status, await response.text(), count);
    } catch {
      // The cause may quote what was sent; that it was the network is all there is to say.
      return { kind: 'later', status: 'network' };
    }
  }
}

function answerOf(status: number, text: string, count: number): Answer {
  if (status === 200) return receiptsIn(text, count);
  if (status === 401) return { kind: 'unauthorised', status };
  if (status === 408 || status === 429 || status >= 500) return { kind: 'later', status };
  if (status >= 400) return { kind: 'refused', status, text };
  return { kind: 'unclear', status, problem: `DfE answered ${String(status)} where only 200 means success` };
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
