import type { Answer } from './answer.js';
import type { Deliveries, Delivery, DeliveryProblem, FullAnswer } from './delivery.js';
import { keptReceipt } from './keptReceipt.js';
import { keptWords, type Vocabulary } from './keptWords.js';
import { allWords, recordsNamed } from './refusal.js';

/**
 * What a POST without children tells of the key. `unclear`: DfE answered something that does not tell; `unanswered`: it
 * did not answer.
 */
export type KeyProof = 'accepted' | 'refused' | 'unclear' | 'unanswered';

/** The way to DfE. */
export interface DfeEndpoint {
  readonly post: (children: readonly object[]) => Promise<Answer>;
  /** Whether DfE accepts the key, found without sending a child. */
  readonly probe: () => Promise<KeyProof>;
  /** Whether DfE has accepted others with the same key in the same run. */
  readonly othersAccepted?: () => Promise<boolean>;
}

/**
 * Posts a batch and finds out what DfE says about each child. DfE refuses a whole batch for one bad child; the bad ones
 * are found by the indexes in the refusal, and where it has none, or has given a wrong one before, by halving. All
 * others are accepted.
 *
 * A child is refused for one of two reasons only: DfE refused it alone; or DfE named it twice and accepted everyone else.
 * Twice means: of a batch it named some children, and of these among as many of the others, in another order, the very
 * same. A receiver that miscounts (from 1, from the end, complaints in place of children), names everyone, or each time
 * someone else, does not pass that test; one that both times names the same good child beside the bad ones is believed.
 *
 * For n children there are at most 3n posts, and hardly ever more than 2n: each refusal divides its batch into parts that
 * are settled apart, which alone makes 2n - 1 at most; only tests that come to nothing are on top.
 *
 * A 403 means that the key is not accepted, or that the firewall dislikes the content of a child. The first 403 is
 * cleared up by the probe, unless DfE has accepted something before; and so is each 403 for which a child would be
 * refused, unless DfE has accepted something since the one before: a key may be withdrawn at any moment. When the probe says that the key does not work, and after any
 * post that had no answer, nothing is posted any more.
 * @param children 1 to 100 payloads
 * @param vocabulary the words that may be kept of a refusal
 */
export async function deliver(
  children: readonly object[],
  endpoint: DfeEndpoint,
  vocabulary: Vocabulary,
): Promise<Deliveries> {
  const isolation = new Isolation(endpoint, vocabulary);
  const batch = children.map((payload): Child => ({ payload, mayHold: false, answer: undefined }));
  await isolation.isolate(batch);
  if (isEveryoneForbidden(batch) && (await endpoint.othersAccepted?.()) !== true) {
    const unanswered = batch.map(({ mayHold }) => ({ outcome: 'unanswered' as const, mayHold }));
    const problem = { why: 'unauthorised', text: everyoneForbidden } as const;
    return { children: unanswered, problem, fullAnswers: isolation.fullAnswersOf(batch) };
  }
  return {
    children: batch.map(({ answer, mayHold }) => answer ?? { outcome: 'unanswered', mayHold }),
    problem: isolation.problem,
    fullAnswers: isolation.fullAnswersOf(batch),
  };
}

/** So many children do not all have a content that a firewall dislikes. */
const fewestForEveryone = 10;

/** A key may be accepted and yet permit nothing: then the empty list of the probe passes and no child does. */
function isEveryoneForbidden(batch: Batch): boolean {
  return (
    batch.length >= fewestForEveryone &&
    batch.every(({ answer }) => answer?.outcome === 'refused' && answer.reason.startsWith('403:'))
  );
}

interface Child {
  readonly payload: object;
  mayHold: boolean;
  answer: Exclude<Delivery, { outcome: 'unanswered' }> | undefined;
}

type Batch = readonly Child[];
/** What a refusal says about each child that it names. */
type Words = ReadonlyMap<Child, string>;
type Refusal = Extract<Answer, { kind: 'refused' }>;

/** So few are posted one by one: that says for certain who is bad, and also who is bad only beside the other. */
const fewSuspects = 2;
const longestReason = 1000;
/** Of a longer answer the beginning says what it is like. */
const longestFullAnswer = 50_000;
/** Of all of a delivery: many answers, each of them long, would fill the memory. */
const longestFullAnswers = 1_000_000;

/** DfE has named all suspects of a group again, and nobody beside them. */
interface Verdict {
  readonly group: Batch;
  readonly posted: Batch;
  readonly refusal: Refusal;
  readonly words: Words;
}

class Isolation {
  problem: DeliveryProblem | undefined;
  readonly #endpoint: DfeEndpoint;
  readonly #vocabulary: Vocabulary;
  readonly #fullAnswers: { readonly status: number; readonly posted: Batch; readonly text: string }[] = [];
  #room = longestFullAnswers;
  /** DfE has accepted the key in this delivery: with a batch, or with the probe. */
  #isKeyProven = false;
  /** It has done so since the last 403. */
  #isProofFresh = false;
  #hasAccepted = false;
  #believesIndexes = true;

  constructor(endpoint: DfeEndpoint, vocabulary: Vocabulary) {
    this.#endpoint = endpoint;
    this.#vocabulary = vocabulary;
  }

  fullAnswersOf(batch: Batch): FullAnswer[] {
    const places = new Map(batch.map((child, place) => [child, place]));
    return this.#fullAnswers.map(({ status, posted, text }) => ({
      status,
      children: posted.map((child) => places.get(child) ?? 0),
      text,
    }));
  }

  async isolate(batch: Batch): Promise<void> {
    const refusal = batch.length === 0 ? undefined : await this.#post(batch);
    if (refusal === undefined) return;
    if (batch.length === 1) {
      this.#refuse(batch, batch, refusal, ownWords(refusal));
      return;
    }
    const named = this.#namedBy(refusal, batch);
    if (named.size > 0 && named.size < batch.length) {
      await this.#isolateNamed(batch, named);
    } else {
      const middle = Math.ceil(batch.length / 2);
      await this.isolate(batch.slice(0, middle));
      await this.isolate(batch.slice(middle));
    }
  }

  async #isolateNamed(batch: Batch, named: Words): Promise<void> {
    const suspects = batch.filter((child) => named.has(child));
    const others = batch.filter((child) => !named.has(child));
    const verdicts = await this.#test(suspects, others, suspects[0] === batch[0]);
    await this.isolate(others.filter(isOpen));
    if (others.every(isAccepted)) {
      for (const { group, posted, refusal, words } of verdicts) {
        this.#refuse(group, posted, refusal, (suspect) => words.get(suspect) ?? '');
      }
    } else if (verdicts.length > 0) {
      this.#believesIndexes = false;
    }
    await this.isolate(suspects.filter(isOpen));
  }

  /**
   * Posts the suspects again, one by one or among others, and believes no index any more when one of them was wrong.
   * @returns what DfE says of those that it has named twice
   */
  async #test(suspects: Batch, others: Batch, standsFirst: boolean): Promise<readonly Verdict[]> {
    const size = Math.min(suspects.length, others.length);
    if (size <= fewSuspects) {
      for (const suspect of suspects) await this.isolate([suspect]);
      if (suspects.some(isAccepted)) this.#believesIndexes = false;
      return [];
    }
    const decoys = others.slice(0, size);
    const verdicts: Verdict[] = [];
    for (let start = 0; start < suspects.length; start += size) {
      const group = suspects.slice(start, start + size);
      // Whatever names places and not children names a decoy now: neighbours are of the other kind, and the suspects
      // never fill the places again that were named.
      const posted = standsFirst ? alternating(decoys, group) : alternating(group, decoys);
      const refusal = await this.#post(posted);
      const words: Words = refusal === undefined ? new Map() : this.#namedBy(refusal, posted);
      if (refusal === undefined || words.size !== group.length || !group.every((one) => words.has(one))) {
        this.#believesIndexes = false;
        return [];
      }
      verdicts.push({ group, posted, refusal, words });
    }
    return verdicts;
  }

  /** @returns the refusal, when it leaves to be found out who is refused */
  async #post(batch: Batch): Promise<Refusal | undefined> {
    if (this.problem !== undefined) return undefined;
    const answer = await this.#endpoint.post(batch.map(({ payload }) => payload));
    if (answer.kind === 'accepted') {
      this.#hasAccepted = true;
      this.#proven();
      for (const [index, child] of batch.entries()) {
        const said = answer.receipts[index];
        if (said === undefined) continue;
        const receipt = keptReceipt(said, child.payload);
        const again = child.mayHold || answer.mayLandAgain === true ? { mayLandAgain: true as const } : {};
        child.answer = { outcome: 'accepted', receipt, ...again };
        if (receipt !== said) this.#keep(200, [child], said);
      }
      return undefined;
    }
    for (const child of batch) child.mayHold ||= answer.mayHold;
    if (answer.kind === 'none') {
      const { why, retryAfterMs } = answer;
      this.problem = {
        why,
        text: problemOf(answer),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      };
      return undefined;
    }
    if (answer.status === 403 && !(await this.#isAboutContent(batch.length === 1))) return undefined;
    return answer;
  }

  /** @param isLast whether a child is refused for this 403 */
  async #isAboutContent(isLast: boolean): Promise<boolean> {
    const isKnown = isLast ? this.#isProofFresh : this.#isKeyProven;
    this.#isProofFresh = false;
    if (isKnown) return true;
    const proof = await this.#endpoint.probe();
    switch (proof) {
      case 'accepted':
        this.#proven();
        return true;
      case 'refused':
        this.problem = { why: 'unauthorised', text: keyProblem };
        return false;
      case 'unanswered':
        this.problem = { why: 'later', text: noProof };
        return false;
      case 'unclear':
        // The batch is divided on, and what DfE accepts of it proves the key.
        this.#isKeyProven = true;
        if (!isLast || this.#hasAccepted || (await this.#endpoint.othersAccepted?.()) === true) return true;
        this.problem = { why: 'unclear', text: noProof };
        return false;
    }
  }

  /** @param posted whose values the answer may quote */
  #refuse(
    children: Batch,
    posted: Batch,
    { status, text }: Refusal,
    wordsAbout: (child: Child) => string,
  ): void {
    for (const child of children) {
      const about = status === 413 ? 'this child alone is too large for DfE. ' : '';
      const head = `${String(status)}: ${about}`;
      const most = longestReason - head.length;
      const words = keptWords(wordsAbout(child), child.payload, this.#vocabulary, most);
      const none =
        text === undefined ? "DfE's answer is too long to be read." : 'DfE gave no words of its own.';
      child.answer = { outcome: 'refused', reason: head + (words || none), mayHold: child.mayHold };
    }
    this.#keep(status, posted, text ?? '');
  }

  #keep(status: number, posted: Batch, said: string): void {
    // A cut can leave half a character.
    const text = said.slice(0, Math.min(longestFullAnswer, this.#room)).toWellFormed();
    this.#room -= text.length;
    if (text !== '') this.#fullAnswers.push({ status, posted, text });
  }

  #proven(): void {
    this.#isKeyProven = true;
    this.#isProofFresh = true;
  }

  #namedBy({ status, text }: Refusal, batch: Batch): Words {
    const named = new Map<Child, string>();
    if (!this.#believesIndexes || (status !== 400 && status !== 422) || text === undefined) return named;
    const words = recordsNamed(text, batch.length);
    for (const [index, child] of batch.entries()) {
      const own = words.get(index);
      if (own !== undefined) named.set(child, own);
    }
    return named;
  }
}

function isOpen({ answer }: Child): boolean {
  return answer === undefined;
}

function isAccepted({ answer }: Child): boolean {
  return answer?.outcome === 'accepted';
}

/** One of the first, one of the second, and so on; what is left of the longer one at the end. */
function alternating(first: Batch, second: Batch): Batch {
  const longer = first.length > second.length ? first : second;
  return longer.flatMap((_, index) => [...first.slice(index, index + 1), ...second.slice(index, index + 1)]);
}

/** The words of a refusal to a child that was posted alone. */
function ownWords({ text = '' }: Refusal): () => string {
  const named = recordsNamed(text, 1).get(0) ?? '';
  const words = named === '' ? allWords(text) : named;
  return () => words;
}

const keyProblem =
  'DfE answered 403, also to a POST without children: check the supplier key (DFE_SUPPLIER_KEY, or the secret DFE-SUPPLIER-KEY) and what it permits. What DfE has not answered for stays outstanding.';
const noProof =
  'DfE answered 403, and whether it accepts the supplier key could not be found out. What it has not answered for is sent again.';
const everyoneForbidden =
  'DfE answered 403 to every single child, and not to a POST without children: check what the supplier key (DFE_SUPPLIER_KEY, or the secret DFE-SUPPLIER-KEY) permits. The children stay outstanding.';

function problemOf({ why, status, text }: Extract<Answer, { kind: 'none' }>): string {
  switch (why) {
    case 'later':
      return `DfE could not take the batch now (${String(status)}). What it has not answered for is sent again.`;
    case 'unauthorised':
      return `${text} What DfE has not answered for stays outstanding.`;
    case 'unclear':
      return `${text}. Whether it took the batch is not known: nothing is marked as sent, and it is sent again.`;
  }
}
