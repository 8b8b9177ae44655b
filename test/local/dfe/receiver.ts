import type { IncomingHttpHeaders } from 'node:http';
import {
  gatewayAnswer,
  htmlAnswer,
  jsonAnswer,
  textAnswer,
  tooManyRequests,
  type HttpAnswer,
} from './answers.js';
import { Draws, fraction } from './draws.js';
import type { ChosenChildren, Faults } from './faults.js';
import { tripsFirewall } from './firewall.js';
import { isJsonArray, isJsonObject, parseJson, type Json } from './json.js';
import { judge, repeatedChildren, type ChildRecord, type Violation } from './judge.js';
import { Rate } from './rate.js';
import { receipt } from './receipts.js';
import { refusal, refusedByFault } from './refusals.js';
import { applyRecord, type ArrayMode, type HeldChild } from './state.js';
import type { Tally } from './statistics.js';
import type { Tokens } from './tokens.js';

/** A POST to `/children_social_care_data/{la_code}/children`, its body read to the end. */
interface Post {
  readonly laCode: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface Outcome {
  readonly answer: HttpAnswer;
  /** The work is done, but the caller gets no answer. */
  readonly lost?: boolean;
}

interface ReceiverOptions {
  readonly laCode: string;
  readonly supplierKeys: readonly string[];
  readonly faults: Faults;
  readonly arrays: ArrayMode;
  readonly seed: string;
  readonly now: () => Date;
}

/** A larger body gets 413. DfE's limit is not published; about 196 KB a batch was accepted (dfe-api.md). */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const MAX_CHILDREN = 100;

/** What DfE decides about a post once its body has arrived: who may post, what is valid, what it holds. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #tokens: Tokens;
  readonly #tally: Tally;
  readonly #rate: Rate;
  readonly #held = new Map<string, HeldChild>();
  #faults: Faults;
  #draws: Draws;

  constructor(options: ReceiverOptions, tokens: Tokens, tally: Tally) {
    this.#options = options;
    this.#tokens = tokens;
    this.#tally = tally;
    this.#rate = new Rate(options.now);
    this.#faults = options.faults;
    this.#draws = new Draws(options.seed);
  }

  get faults(): Faults {
    return this.#faults;
  }

  get draws(): Draws {
    return this.#draws;
  }

  /** Sets other faults, and begins every sequence of draws again. */
  setFaults(faults: Faults): void {
    this.#faults = faults;
    this.#draws = new Draws(this.#options.seed);
  }

  /** In order of la_child_id (by code unit). */
  children(): HeldChild[] {
    return [...this.#held.values()].sort((one, other) => (one.la_child_id < other.la_child_id ? -1 : 1));
  }

  receive(post: Post): Outcome {
    const turnedAway = this.#transient() ?? this.#unauthorised(post) ?? this.#unreadable(post);
    if (turnedAway !== undefined) return { answer: turnedAway };
    const batch = readBatch(post.body);
    return 'status' in batch ? { answer: batch } : this.#takeIn(batch);
  }

  /** Faults that hit a post whatever it holds. */
  #transient(): HttpAnswer | undefined {
    const { statuses, tooMany, rate } = this.#faults;
    for (const status of [408, 500, 502, 503, 504] as const) {
      if (this.#draws.hits(String(status), statuses?.[status])) {
        return gatewayAnswer(status, 'A fault of the simulator says so.');
      }
    }
    if (tooMany !== undefined && this.#draws.hits('429', tooMany.share)) {
      return tooManyRequests(tooMany.retryAfterSeconds);
    }
    return rate === undefined || this.#rate.lets(rate) ? undefined : tooManyRequests(1);
  }

  /**
   * Key, token, local authority. The answers are unpublished: Azure API Management says 401 (not 403) for a missing or
   * unknown subscription key, and its header `SupplierKey` is that key's name here.
   */
  #unauthorised({ headers, laCode }: Post): HttpAnswer | undefined {
    const statuses = this.#faults.statuses;
    const key = headers['supplierkey'];
    if (key === undefined) {
      return gatewayAnswer(
        401,
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
      );
    }
    if (typeof key !== 'string' || !this.#options.supplierKeys.includes(key)) {
      return gatewayAnswer(
        401,
        'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
      );
    }
    if (this.#draws.hits('403', statuses?.[403])) {
      return gatewayAnswer(403, 'Access denied: the subscription has no permission for this API.');
    }
    const token = this.#tokens.find(headers.authorization);
    const invalidToken = gatewayAnswer(401, 'Unauthorized. Access token is missing or invalid.', {
      'www-authenticate': 'Bearer error="invalid_token"',
    });
    if (token === undefined) return invalidToken;
    if (this.#draws.hits('401', statuses?.[401]) && (token.served || statuses?.[401] === 1)) {
      this.#tokens.withdraw(token);
      return invalidToken;
    }
    token.served = true;
    return laCode === this.#options.laCode
      ? undefined
      : gatewayAnswer(403, 'Access denied: these credentials do not belong to this local authority.');
  }

  #unreadable({ headers, body }: Post): HttpAnswer | undefined {
    if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '')) {
      return gatewayAnswer(415, 'The Content-Type must be application/json in UTF-8.');
    }
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      return gatewayAnswer(415, 'The Content-Encoding is not supported.');
    }
    return body.byteLength > (this.#faults.maxBodyBytes ?? MAX_BODY_BYTES)
      ? gatewayAnswer(413, 'Request entity too large.')
      : undefined;
  }

  #takeIn(batch: readonly Json[]): Outcome {
    const size = batch.length;
    const blocked = batch.some((child) => this.#chooses('firewall', this.#faults.firewall, idOf(child)));
    if (blocked || tripsFirewall(batch)) return { answer: htmlAnswer(403, '403 Forbidden') };

    const { records, bad } = this.#examine(batch);
    if (bad.size > 0) {
      const { refusalShape, refusalStatus } = this.#faults;
      return { answer: refusal(bad, size, refusalShape, refusalStatus) };
    }

    const { statuses, garbage, count, lost } = this.#faults;
    if (this.#draws.hits('204', statuses?.[204])) {
      return { answer: { status: 204, headers: {}, body: '' } };
    }
    if (this.#draws.hits('garbage', garbage)) {
      return { answer: htmlAnswer(200, 'Service notice') };
    }
    const passedOver = this.#draws.hits('count', count) ? Math.floor(this.#draws.next('missing') * size) : -1;
    const taken = records.filter((_, index) => index !== passedOver);
    for (const record of taken) this.#take(record);
    const receipts = taken.map(() => receipt(this.#options.now()));
    return {
      answer: jsonAnswer(200, receipts),
      lost: this.#draws.hits('lost', lost),
    };
  }

  #examine(batch: readonly Json[]): {
    records: readonly ChildRecord[];
    bad: ReadonlyMap<number, readonly Violation[]>;
  } {
    const records: ChildRecord[] = [];
    const bad = new Map<number, readonly Violation[]>();
    const repeated = repeatedChildren(batch);
    for (const [index, child] of batch.entries()) {
      const verdict = judge(child);
      if (!verdict.sound) bad.set(index, verdict.violations);
      else if (repeated.has(index)) bad.set(index, [{ path: '.la_child_id', message: 'comes twice' }]);
      else if (this.#chooses('refuse', this.#faults.refuse, verdict.record.la_child_id)) {
        bad.set(index, [refusedByFault(verdict.record)]);
      } else records.push(verdict.record);
    }
    return { records, bad };
  }

  #take(record: ChildRecord): void {
    const held = applyRecord(this.#held.get(record.la_child_id), record, this.#options.arrays);
    this.#tally.count.acceptedChildren += 1;
    if (held === undefined) {
      this.#held.delete(record.la_child_id);
    } else {
      this.#held.set(record.la_child_id, held);
    }
  }

  #chooses(word: string, chosen: ChosenChildren | undefined, laChildId: string | undefined): boolean {
    if (chosen === undefined || laChildId === undefined) return false;
    return chosen.ids.has(laChildId) || fraction(this.#options.seed, word, laChildId) < chosen.share;
  }
}

function idOf(child: Json): string | undefined {
  const id = isJsonObject(child) ? child['la_child_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The children of a body, or the 400 for a body that is not a bare array of 1 to 100. */
function readBatch(body: Uint8Array): readonly Json[] | HttpAnswer {
  let batch: Json;
  try {
    batch = parseJson(body);
  } catch {
    return textAnswer(400, 'The body is not JSON in UTF-8.');
  }
  if (!isJsonArray(batch)) return textAnswer(400, 'The body is not an array of children.');
  if (batch.length === 0) return textAnswer(400, 'The array of children is empty.');
  if (batch.length > MAX_CHILDREN) return textAnswer(400, `There are more than ${MAX_CHILDREN} children.`);
  return batch;
}
