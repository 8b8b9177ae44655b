/** JSON is read no deeper than this. */
const deepest = 20;
/** How often a text may have been written as JSON. */
const mostWrappings = 3;

/** What a text says about one record of the batch: `words` are those after the index. */
interface Note {
  readonly record: number;
  readonly words: string;
}

/**
 * The records that a refusal names, by their place in the batch from 0, and its words about each, without the index. DfE
 * has not published the form of a refusal. An index is read at the head of a path:
 *
 * - at the start of a line of plain text, or of a line of any text within JSON: `[3]: must be …`, `[3].child_details …`,
 *   `$[3].child_details …`, `body[3].social_care_episodes[0] …`, `Record [3]: …`
 * - as a key within JSON; everything below it is about that record: `{ "errors": { "[3].child_details": ["…"] } }`
 * - as a text within JSON that is only a path; its whole object is about that record:
 *   `{ "path": "[3].child_details", "message": "…" }`
 *
 * An index anywhere else does not count: it may be of a list within the record, or quoted from the record. A record that
 * DfE calls valid is not named. If one index is outside the batch, none counts. The answer may still be wrong about the
 * records: the caller has to make sure.
 *
 * The words hold what DfE quotes from the children, and are as long as the answer: see `keptWords.ts` for what is kept.
 * @param count how many records the batch has
 */
export function recordsNamed(text: string, count: number): ReadonlyMap<number, string> {
  const notes = notesIn(contentOf(text), deepest);
  if (notes.some(({ record }) => record >= count)) return new Map();
  const named = new Map<number, Set<string>>();
  for (const { record, words } of notes) {
    if (!saysValid(words)) named.set(record, (named.get(record) ?? new Set()).add(words));
  }
  return new Map([...named].map(([record, words]) => [record, joined([...words], '; ')]));
}

/** All words of an answer, from JSON or a web page, as one text. They may quote the children. */
export function allWords(text: string): string {
  const content = contentOf(text);
  return typeof content === 'string' && /^\s*</.test(content)
    ? withoutTags(content).trim()
    : wordsIn(content, deepest);
}

/** An index at the head of a path, and what follows it; `undefined` for any other text. */
function afterIndex(text: string): Note | undefined {
  const [, index, rest] = headOfPath.exec(text.trimStart()) ?? [];
  return index === undefined || rest === undefined
    ? undefined
    : { record: Number(index), words: rest.replace(/^[\s.:,;-]+/, '').trim() };
}

const headOfPath = /^(?:\$\.?)?(?:(?:body|children|records?) ?)?\[(\d+)\](?![\p{L}\p{N}])(.*)$/isu;

const lineBreaks = /[\r\n\u2028\u2029]+/;

const validRecord =
  /^(?:(?:(?:the|this) )?(?:record|child|item|entry)(?: itself)?(?: is| was)?(?: itself)? valid\b|valid(?:$|[.,;!]| but\b| record\b))/i;

function saysValid(words: string): boolean {
  return validRecord.test(words);
}

/** What the text says in JSON, or else the text itself. */
function contentOf(text: string): unknown {
  let content: unknown = text;
  for (let wrapping = 0; wrapping < mostWrappings && typeof content === 'string'; wrapping += 1) {
    // In JSON `[3]` would be a list with a number; here it is the index of a record.
    if (afterIndex(content) !== undefined) return content;
    try {
      content = JSON.parse(content.trim());
    } catch {
      return content;
    }
  }
  return content;
}

function notesIn(value: unknown, levels: number): readonly Note[] {
  if (typeof value === 'string') return notesInLines(value);
  if (typeof value !== 'object' || value === null || levels === 0) return [];
  if (Array.isArray(value)) return value.flatMap((element) => notesIn(element, levels - 1));
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  return (
    noteOfObject(members, levels) ??
    members.flatMap(([name, member]) => {
      const path = afterIndex(name);
      return path === undefined
        ? notesIn(member, levels - 1)
        : [{ ...path, words: joined([path.words, wordsIn(member, levels - 1)], ': ') }];
    })
  );
}

/** The note in an object that has a path to a record as a member. */
function noteOfObject(
  members: readonly (readonly [string, unknown])[],
  levels: number,
): readonly [Note] | undefined {
  for (const [pathName, member] of members) {
    const path = typeof member === 'string' && !/\s/.test(member.trim()) ? afterIndex(member) : undefined;
    if (path === undefined) continue;
    const others = Object.fromEntries(members.filter(([name]) => name !== pathName));
    return [{ ...path, words: joined([path.words, wordsIn(others, levels)], ': ') }];
  }
  return undefined;
}

function notesInLines(text: string): readonly Note[] {
  return text.split(lineBreaks).flatMap((line) => afterIndex(line) ?? []);
}

function wordsIn(value: unknown, levels: number): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || levels === 0) return '';
  const words = Array.isArray(value)
    ? value.map((element) => wordsIn(element, levels - 1))
    : Object.entries(value).map(([name, member]) => {
        const about = wordsIn(member, levels - 1);
        return about === '' ? '' : `${name}: ${about}`;
      });
  return joined(words, '; ');
}

function joined(words: readonly string[], separator: string): string {
  return words.filter((word) => word !== '').join(separator);
}

function withoutTags(page: string): string {
  const body = page.search(/<body\b/i);
  return page.slice(Math.max(body, 0)).replace(/<[^<>]*>/g, ' ');
}
