import { createHmac, createSecretKey } from 'node:crypto';
import { addToDate, isPlainDate } from '../dates.js';
import { treatments, type Treatment, type Treatments } from './treatments.js';
import { forms, type DrawnTreatment } from './drawnValues.js';

/** A submission without any child in it: its keys, lists and codes are those of the source. */
type PseudonymisedPayload = Readonly<Record<string, unknown>>;

/** What is made less exact, so that fewer children can be recognised by it. */
export const generalisations = ['monthOfBirth', 'postcodeDistrict'] as const;
export type Generalisation = (typeof generalisations)[number];

/** The pseudonyms of one key. The same source always gives the same pseudonym, in any order and any run. */
export interface Pseudonyms {
  /**
   * Names the key and the treatments, and does not give the key away. Under another id the same child is sent otherwise:
   * what a receiver has acknowledged says nothing of what it would hold.
   */
  readonly id: string;
  /**
   * @param submission a `ChildSubmission`, `PartialSubmission` or `ChildPurge`, also one that was read back from JSON
   * @throws Error when it names no child; the message holds no value
   */
  payload(submission: object): PseudonymisedPayload;
}

/** How the key is written: 32 random bytes in hexadecimal digits. */
export const pseudonymKeyPattern = /^[0-9a-fA-F]{64}$/;

const keyBytes = 32;

/**
 * Pseudonyms for a test receiver, which must get no real child (design, decision 7). Every value is made from the key
 * by HMAC-SHA-256: within one key the same source gives the same pseudonym, under another key all are different, and
 * values cannot be tried out without the key. What is neither replaced, moved nor kept by `treatments` is left out, and
 * so is a value that has not the form its treatment expects.
 *
 * The key must last. Each key moves the dates of a child by other weeks, so that a person who sees a child under several
 * keys can narrow down the true dates: after 60 keys nearly all of them.
 *
 * The structure, the codes and the days between the dates of a child stay. People who know these of a child from
 * elsewhere may still recognise it: the result is pseudonymous and not anonymous.
 *
 * @param key at least 32 random bytes
 * @throws RangeError when the key is shorter
 */
export function pseudonymsOf(key: Uint8Array, generalised: readonly Generalisation[]): Pseudonyms {
  if (key.length < keyBytes)
    throw new RangeError('The key of pseudonyms needs 32 random bytes. Nothing was sent.');
  return new PseudonymsOfKey(key, generalised);
}

/** What the values of one child have in common. */
interface ChildContext {
  readonly id: string;
  readonly weeksBack: number;
}

class PseudonymsOfKey implements Pseudonyms {
  readonly id;
  readonly #key;
  readonly #generalised: ReadonlySet<Generalisation>;

  constructor(key: Uint8Array, generalised: readonly Generalisation[]) {
    this.#key = createSecretKey(key);
    this.#generalised = new Set(generalised);
    const how = [generalisations.filter((one) => this.#generalised.has(one)), treatments];
    this.id = this.#bytes('id', JSON.stringify(how)).toString('hex').slice(0, 32);
  }

  payload(submission: object): PseudonymisedPayload {
    const id = 'la_child_id' in submission ? submission.la_child_id : undefined;
    if (typeof id !== 'string' || id === '')
      throw new Error('A payload without la_child_id has no pseudonyms. Nothing of it was sent.');
    return this.#object(submission, treatments, { id, weeksBack: this.#weeksBack(id) });
  }

  #object(source: object, by: Treatments, child: ChildContext): PseudonymisedPayload {
    const attributes: [string, unknown][] = Object.entries(source);
    return Object.fromEntries(
      attributes.flatMap(([attribute, value]) => {
        const treatment = Object.hasOwn(by, attribute) ? by[attribute] : undefined;
        const given = treatment === undefined ? undefined : this.#treated(value, treatment, child);
        return given === undefined ? [] : [[attribute, given]];
      }),
    );
  }

  /** @returns `undefined` for what must not be sent */
  #treated(value: unknown, by: Treatment | Treatments, child: ChildContext): unknown {
    if (Array.isArray(value))
      return value
        .map((item: unknown) => this.#treated(item, by, child))
        .filter((given) => given !== undefined);
    if (typeof by !== 'string')
      return typeof value === 'object' && value !== null ? this.#object(value, by, child) : undefined;
    if (by === 'kept') return isShared(value) ? value : undefined;
    if (typeof value !== 'string') return undefined;
    if (by !== 'date' && by !== 'birthDate') return this.#drawn(by, value, child);
    const moved = movedBack(value, child.weeksBack);
    // Not the other way round: only some weeks move a day to the first of a month, which would give them away.
    return by === 'birthDate' && this.#generalised.has('monthOfBirth') ? moved && firstOfMonth(moved) : moved;
  }

  #drawn(by: DrawnTreatment, value: string, child: ChildContext): string {
    const owner = ofOneChild.has(by) ? child.id : '';
    const source = by === 'postcode' && this.#generalised.has('postcodeDistrict') ? districtOf(value) : value;
    // An invented name or postcode can turn out to be the true one.
    for (let attempt = 0; ; attempt += 1) {
      const pseudonym = forms[by](this.#bytes(by, String(attempt), owner, source));
      if (pseudonym.toUpperCase() !== value.trim().toUpperCase()) return pseudonym;
    }
  }

  #weeksBack(id: string): number {
    return 1 + (this.#bytes('weeks', id).readUInt32BE(0) % mostWeeksBack);
  }

  #bytes(...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.#key).update(parts.join('\0')).digest();
  }
}

/**
 * Drawn anew for each child: the frequency of a name or postcode would give it away (the commonest surname, a large
 * children's home). Nothing at DfE joins children by them.
 */
const ofOneChild: ReadonlySet<Treatment> = new Set(['firstName', 'surname', 'postcode']);

const codeShape = /^[A-Z0-9]{1,6}$/;

/** A value that many share: a flag, a score or a code. Anything longer may be about one child. */
function isShared(value: unknown): boolean {
  return typeof value === 'string'
    ? codeShape.test(value)
    : typeof value === 'boolean' || Number.isInteger(value);
}

/**
 * Backwards only, so that what was not in the future still is not. Whole weeks keep weekdays, and so the working days
 * that census rules count. Half a year at most, so that little leaves the period DfE looks at.
 */
const mostWeeksBack = 26;

/** Databases count from the first day of the year 1: nothing in that year can be moved, and no real date is in it. */
const firstMovable = '0002-01-01';

function movedBack(date: string, weeks: number): string | undefined {
  return isPlainDate(date) && date >= firstMovable ? addToDate(date, { days: -7 * weeks }) : undefined;
}

function firstOfMonth(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

/** `LS1` of `LS1 1UR`; a text that is not a postcode stays as it is. */
function districtOf(postcode: string): string {
  return postcode
    .trim()
    .toUpperCase()
    .replace(/\s*\d[A-Z]{2}$/, '');
}
