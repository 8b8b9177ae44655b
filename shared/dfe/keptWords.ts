import { pathsIn, withPathsInOneNotation } from './fieldNames.js';
import published from './vocabulary.json';

/** The words that may be kept of what DfE says, in lower case. */
export type Vocabulary = ReadonlySet<string>;

/** What is between words. */
const between = /([\s\p{Cc},;:()"“”]+)/u;

/** What may be around a word, and is ignored. */
const signs: ReadonlySet<string> = new Set("'‘’.!?<>{}/$#");

/** The form of a word of the vocabulary. */
export const vocabularyWord = /^[a-z]+(?:['-][a-z]+)*$/;

const publishedWords: readonly string[] = published.messages
  .flatMap((message) => message.toLowerCase().split(between))
  .map(withoutSignsAround)
  .filter((word) => vocabularyWord.test(word));

/** The words of the published messages, and those that the council adds. */
export function vocabularyWith(more: readonly string[] = []): Vocabulary {
  return new Set([...publishedWords, ...more.map((word) => word.toLowerCase())]);
}

const leftOut = '…';

/**
 * What is kept of DfE's words about one child: names of fields with their indexes, all paths in one notation, and words of
 * the vocabulary. DfE may quote the child in any form, so nothing else is kept: `…` marks what is left out, and the end
 * says how many words it was. Left out too is what may be a value of the child: a word of the vocabulary that is one, a
 * field's name of one word that is one, unless its place shows that it is a name (`isAtNamePlace`), and an index for which
 * the child has no item. A name of several words, such as `child_details`, and a path with one are never left out.
 * @param payload what was sent about the child
 * @param most the most characters
 */
export function keptWords(text: string, payload: object, vocabulary: Vocabulary, most: number): string {
  const own = ownOf(payload);
  const kept = new Line(most - longestCount);
  const pieces = withPathsInOneNotation(text).split(between);
  for (const [place, piece] of pieces.entries()) {
    if (place % 2 === 1) {
      kept.separate(piece);
      continue;
    }
    const word = withoutSignsAround(piece);
    const small = word.toLowerCase();
    if (vocabulary.has(small) && vocabularyWord.test(small) && !own.words.has(small)) {
      kept.add(word);
      continue;
    }
    const isName = piece === word && isAtNamePlace(pieces, place);
    const fields = kept.isFull || place > mostPieces ? [] : fieldsIn(piece, own, isName);
    if (fields.length === 1 && fields[0] === word) kept.add(word);
    else if (/[\p{L}\p{N}]/u.test(piece)) kept.leaveOut(fields);
  }
  return kept.text;
}

/**
 * Whether a word can only be the name of a field where it is: as a key (`surname: is missing`), before the word "field"
 * (`The surname field is required`), or as what an object of JSON is about (`field: surname`).
 */
function isAtNamePlace(pieces: readonly string[], place: number): boolean {
  const isAfterColon = pieces[place - 1]?.startsWith(':') === true;
  return (
    pieces[place + 1]?.startsWith(':') === true ||
    (pieces[place + 1] === ' ' && pieces[place + 2] === 'field') ||
    (isAfterColon && /^(?:field|path|property|pointer)$/i.test(pieces[place - 2] ?? ''))
  );
}

/** Later words are only counted: an answer may have half a million. */
const mostPieces = 5_000;

/** Characters for the count at the end. */
const longestCount = 40;

/** The line that is kept, no longer than allowed. */
class Line {
  readonly #most: number;
  #text = '';
  #separator = '';
  #isLeftOut = false;
  #count = 0;
  isFull = false;

  constructor(most: number) {
    this.#most = most;
  }

  get text(): string {
    if (this.#count === 0) return this.#text;
    const words = this.#count === 1 ? '1 word' : `${String(this.#count)} words`;
    return `${this.#text} (${words} left out)`.trimStart();
  }

  separate(signs: string): void {
    const sign = /[;:,]/.exec(signs)?.[0] ?? '';
    if (this.#separator.trim() === '') this.#separator = `${sign} `;
  }

  add(word: string): void {
    if (!this.#put(word)) this.#count += 1;
    this.#isLeftOut = false;
  }

  /** @param fields the names of fields in what is left out */
  leaveOut(fields: readonly string[]): void {
    this.#count += 1;
    if (!this.#isLeftOut) this.#put(leftOut);
    for (const field of fields) this.#put(field);
    this.#isLeftOut = fields.length === 0;
  }

  #put(word: string): boolean {
    const separator = this.#text === '' ? '' : this.#separator || ' ';
    this.isFull ||= this.#text.length + separator.length + word.length > this.#most;
    if (this.isFull) return false;
    this.#text += separator + word;
    this.#separator = '';
    return true;
  }
}

/** The child's values as words, and the most items that its lists have, by their names. */
interface Own {
  readonly words: ReadonlySet<string>;
  readonly items: ReadonlyMap<string, number>;
}

function ownOf(payload: object): Own {
  const words = new Set<string>();
  const items = new Map<string, number>();
  const collect = (value: unknown, name: string): void => {
    if (typeof value === 'string' || typeof value === 'number') {
      const small = String(value).toLowerCase();
      for (const word of [small, ...small.split(/[^a-z_]+/)]) words.add(word);
    } else if (Array.isArray(value)) {
      items.set(name, Math.max(items.get(name) ?? 0, value.length));
      for (const item of value) collect(item, name);
    } else if (typeof value === 'object' && value !== null) {
      for (const [member, each] of Object.entries(value)) collect(each, member);
    }
  };
  collect(payload, '');
  return { words, items };
}

/** @param isName the piece is at a place where only a name can be */
function fieldsIn(piece: string, own: Own, isName: boolean): string[] {
  return pathsIn(piece)
    .map((found) => asIndexed(found, own))
    .filter((one) => isName || one.includes('_') || !one.split(/\W/).some((step) => own.words.has(step)));
}

/** Without an index that no item has. */
function asIndexed(found: string, { items }: Own): string {
  return found.replace(/(\w+)\[(\d*)\]/g, (indexed, name: string, place: string) =>
    place === String(Number(place)) && Number(place) < (items.get(name) ?? 0) ? indexed : name,
  );
}

/** Not by a regular expression, which would look at a long row of signs again and again. */
function withoutSignsAround(piece: string): string {
  let start = 0;
  let end = piece.length;
  while (start < end && signs.has(piece.charAt(start))) start += 1;
  while (end > start && signs.has(piece.charAt(end - 1))) end -= 1;
  return piece.slice(start, end);
}
