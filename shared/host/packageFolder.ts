import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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

/** Why a file says nothing: it cannot be read, or is not JSON. `why` goes on from there, and may be empty. */
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
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw wrong({ is: 'not JSON', why: error instanceof Error ? `: ${error.message}` : '', cause: error });
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return ': there is no such file';
  return typeof code === 'string' ? ` (${code})` : '';
}
