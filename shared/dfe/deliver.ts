import type { DfeAnswer } from './answer.js';
import type { Deliveries, Delivery, DeliveryProblem, FullAnswer } from './delivery.js';
import { everyoneForbidden, Forbidden, type KeyProofs } from './forbidden.js';
import { keptReceipt } from './keptReceipt.js';
import { keptWords, type Vocabulary } from './keptWords.js';
import { allWords, recordsNamed } from './refusal.js';

/** The way to DfE. */
export interface DfeEndpoint extends KeyProofs {
  readonly post: (children: readonly object[]) => Promise<DfeAnswer>;
}

/**
 * Posts a batch and finds out what DfE says about each child. DfE refuses a whole batch for one rejected record, so
 * the batch is divided until each child is accepted with others or refused alone:
 *
 * - a child that the refusal names is posted alone, and those that it does not name are posted together;
 * - a batch is halved when it names none of its children, or all of them;
 * - after a named child was accepted, names are ignored: the receiver names the wrong children.
 *
 * A child is refused only when DfE has refused it alone. A receiver that names the wrong children causes more posts,
 * but no wrong outcome.
 *
 * n children take at most 2n - 1 posts with any answers, because each refused batch is divided into two parts or
 * more. Where it names just the k rejected ones, they take k + 2 (for k < n). 100 children take at most 199: at the
 * default pace of one post a second for each of two senders 200 seconds, or as long as DfE takes. When an attempt has
 * taken 20 minutes (`longestAttemptMs`), `post` answers 'later': the answers so far are recorded, and the next
 * attempt posts the others.
 *
 * After a 403 that is about the key (see `forbidden.ts`), and after any post that had no answer, nothing more is
 * posted.
 * @param children 1 to 100 payloads
 * @param vocabulary the words that may be kept of a refusal
 */
export async function deliver(
  children: readonly object[],
  endpoint: DfeEndpoint,
  vocabulary: Vocabulary,
): Promise<Deliveries> {
  const isolation = new Isolation(endpoint, vocabulary);
  const batch = children.map((payload, place): Child => ({
    place,
    payload,
    mayHold: false,
    answer: undefined,
  }));
  await isolation.isolate(batch);
  const { problem, fullAnswers } = isolation;
  const deliveries = batch.map((child) => child.answer ?? unanswered(child));
  const forbidden = await everyoneForbidden(deliveries, endpoint);
  return forbidden === undefined
    ? { children: deliveries, problem, fullAnswers }
    : { children: batch.map(unanswered), problem: forbidden, fullAnswers };
}

interface Child {
  readonly place: number;
  readonly payload: object;
  mayHold: boolean;
  answer: Exclude<Delivery, { outcome: 'unanswered' }> | undefined;
}

type Batch = readonly Child[];
type Refusal = Extract<DfeAnswer, { kind: 'refused' }>;

const longestReason = 1000;
/** Of a longer answer only the beginning is kept. */
const longestFullAnswer = 50_000;
/** The most characters of all answers of a delivery, so that they do not fill the memory. */
const longestFullAnswers = 1_000_000;

class Isolation {
  problem: DeliveryProblem | undefined;
  readonly fullAnswers: FullAnswer[] = [];
  readonly #endpoint: DfeEndpoint;
  readonly #vocabulary: Vocabulary;
  readonly #forbidden: Forbidden;
  #room = longestFullAnswers;
  #followsNames = true;

  constructor(endpoint: DfeEndpoint, vocabulary: Vocabulary) {
    this.#endpoint = endpoint;
    this.#vocabulary = vocabulary;
    this.#forbidden = new Forbidden(endpoint);
  }

  async isolate(batch: Batch): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined) return;
    const refusal = await this.#post(batch);
    if (refusal === undefined) return;
    if (others.length === 0) {
      this.#refuse(first, refusal);
      return;
    }
    const named = this.#namedBy(refusal, batch);
    if (named.length > 0 && named.length < batch.length) {
      await this.#isolateNamed(named, batch);
    } else {
      const middle = Math.ceil(batch.length / 2);
      await this.isolate(batch.slice(0, middle));
      await this.isolate(batch.slice(middle));
    }
  }

  async #isolateNamed(named: Batch, batch: Batch): Promise<void> {
    const unnamed = batch.filter((child) => !named.includes(child));
    for (const child of named) {
      await this.isolate([child]);
      if (child.answer?.outcome === 'accepted') {
        this.#followsNames = false;
        break;
      }
      // One name was right. Those that can be accepted do not wait for the other rejected ones.
      await this.isolate(unnamed.filter(isOpen));
    }
    await this.isolate(batch.filter(isOpen));
  }

  /** @returns the refusal, when it is still to be found out which children are refused */
  async #post(batch: Batch): Promise<Refusal | undefined> {
    if (this.problem !== undefined) return undefined;
    const answer = await this.#endpoint.post(batch.map(({ payload }) => payload));
    if (answer.kind === 'accepted') {
      this.#accept(batch, answer);
      return undefined;
    }
    for (const child of batch) child.mayHold ||= answer.mayHold;
    if (answer.kind === 'none') this.problem = problemOf(answer);
    else if (answer.status === 403) this.problem = await this.#forbidden.problem(batch.length === 1);
    return answer.kind === 'refused' && this.problem === undefined ? answer : undefined;
  }

  #accept(batch: Batch, { receipts, mayLandAgain }: Extract<DfeAnswer, { kind: 'accepted' }>): void {
    this.#forbidden.accepted();
    for (const [index, child] of batch.entries()) {
      const said = receipts[index];
      if (said === undefined) continue;
      const receipt = keptReceipt(said, child.payload);
      const again = child.mayHold || mayLandAgain === true ? { mayLandAgain: true as const } : {};
      child.answer = { outcome: 'accepted', receipt, ...again };
      if (receipt !== said) this.#keep(200, child, said);
    }
  }

  /** @param refusal of a POST with this child alone */
  #refuse(child: Child, { status, text }: Refusal): void {
    const about = status === 413 ? 'this child alone is too large for DfE. ' : '';
    const head = `${String(status)}: ${about}`;
    const most = longestReason - head.length;
    const words = keptWords(wordsOf(text), child.payload, this.#vocabulary, most);
    const none =
      text === undefined ? "DfE's answer is too long to be read." : 'DfE gave no words of its own.';
    child.answer = { outcome: 'refused', reason: head + (words || none), mayHold: child.mayHold };
    this.#keep(status, child, text ?? '');
  }

  #keep(status: number, { place }: Child, said: string): void {
    // A cut can leave half a character.
    const text = said.slice(0, Math.min(longestFullAnswer, this.#room)).toWellFormed();
    this.#room -= text.length;
    if (text !== '') this.fullAnswers.push({ status, children: [place], text });
  }

  #namedBy({ status, text }: Refusal, batch: Batch): Batch {
    if (!this.#followsNames || (status !== 400 && status !== 422) || text === undefined) return [];
    const named = recordsNamed(text, batch.length);
    return batch.filter((_, index) => named.has(index));
  }
}

function unanswered({ mayHold }: Child): Delivery {
  return { outcome: 'unanswered', mayHold };
}

function isOpen({ answer }: Child): boolean {
  return answer === undefined;
}

/** The words of a refusal about the one child that was posted. */
function wordsOf(text = ''): string {
  const about = recordsNamed(text, 1).get(0) ?? '';
  return about === '' ? allWords(text) : about;
}

function problemOf(answer: Extract<DfeAnswer, { kind: 'none' }>): DeliveryProblem {
  const { why, retryAfterMs } = answer;
  return { why, text: textOf(answer), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function textOf({ why, status, text }: Extract<DfeAnswer, { kind: 'none' }>): string {
  switch (why) {
    case 'later':
      return `DfE could not take the batch now (${String(status)}). Records that it has not answered for will be sent again.`;
    case 'unauthorised':
      return `${text} Records that DfE has not answered for stay outstanding.`;
    case 'unclear':
      return `${text}. We cannot tell whether it took the batch: nothing is marked as sent, and the batch will be sent again.`;
  }
}
