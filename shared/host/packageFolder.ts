import { readFileSync } from 'node:fs';
import { isAbsolute, join, normalize, resolve, sep } from 'node:path';

/**
 * Reads a text file.
 * @param path from the folder of the package, as a setting has it
 * @throws when there is no such file, or it cannot be read
 */
export type ReadText = (path: string) => string;

/**
 * The folder of the package (`host.json`, `profiles/`, `rules/`), seen from `dist/shared/host/`. The worker of the Functions
 * host runs in another one.
 */
export const packageFolder = join(__dirname, '..', '..', '..');

export function textIn(root: string): ReadText {
  return (path) => readFileSync(resolve(root, path), 'utf8');
}

/** Whether a path stays in the package. A file outside it may be there when the package is made, and is not there at night. */
export function isInPackage(path: string): boolean {
  return !isAbsolute(path) && normalize(path).split(sep)[0] !== '..';
}

/** Why a file says nothing: it cannot be read, or is not JSON. `why` goes on from there, quotes no value, and may be empty. */
export interface WrongFile {
  readonly is: 'unreadable' | 'not JSON';
  readonly why: string;
  readonly cause: unknown;
}

/** What a JSON file says. @throws what `wrong` makes of the reason */
export function readJson(path: string, readText: ReadText, wrong: (file: WrongFile) => Error): unknown {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw wrong({ is: 'unreadable', why: codeOf(error), cause: error });
  }
  try {
    // Windows editors put an invisible mark at the beginning.
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const [twice] = namedTwice(text, content);
    if (twice === undefined) return content;
    throw new SyntaxError(`${JSON.stringify(twice)} is there twice in the same braces`);
  } catch (error) {
    throw wrong({
      is: 'not JSON',
      why: error instanceof Error ? `: ${withoutQuote(error)}` : '',
      cause: error,
    });
  }
}

/** The names that a text in JSON has more often than its content, in the order of the text: of two the parser drops the first. */
function namedTwice(text: string, content: unknown): string[] {
  const left = new Map<unknown, number>();
  for (const [, name = '', colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const read: unknown = JSON.parse(name);
    left.set(read, (left.get(read) ?? 0) + 1);
  }
  for (const name of namesIn(content)) left.set(name, (left.get(name) ?? 0) - 1);
  return [...left].flatMap(([name, count]) => (count > 0 ? [String(name)] : []));
}

function* namesIn(content: unknown): Generator<string, void, undefined> {
  if (typeof content !== 'object' || content === null) return;
  for (const [name, value] of Object.entries(content)) {
    if (!Array.isArray(content)) yield name;
    yield* namesIn(value);
  }
}

/** The parser may quote a part of the text, and a council may have written a name there. */
function withoutQuote({ message }: Error): string {
  return message.replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, '');
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return ': there is no such file';
  return typeof code === 'string' ? ` (${code})` : '';
}
