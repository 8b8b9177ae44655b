import { flagOf, presentText } from './values.js';

/** Parses JSON text; `undefined` when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The assessment factors of one row: a JSON array of codes, an object of code to Yes or No, or comma text.
 * Nulls and blanks are dropped; codes are not checked here.
 * @returns `undefined` when the text is none of the three
 */
export function factorsIn(text: string | null): string[] | undefined {
  const present = presentText(text);
  if (present === undefined || present === 'null') return [];
  if (present.startsWith('[')) {
    const list = parsed(present);
    if (!Array.isArray(list)) return undefined;
    const entries: unknown[] = list;
    return entries
      .filter((entry) => typeof entry === 'string' || typeof entry === 'number')
      .map((entry) => String(entry).trim())
      .filter((entry) => entry !== '');
  }
  if (present.startsWith('{')) {
    const flags = parsed(present);
    if (!isRecord(flags)) return undefined;
    return Object.entries(flags)
      .filter(([, flag]) => flagOf(String(flag)) === true)
      .map(([code]) => code);
  }
  return present
    .split(',')
    .map((code) => code.trim())
    .filter((code) => code !== '');
}

/**
 * The value of the first of `keys` that the JSON object in `text` has.
 * @returns `null` when the text is empty or has none of them, `undefined` when it is not a JSON object
 */
export function outcomeFlagIn(text: string | null, keys: readonly string[]): string | null | undefined {
  const present = presentText(text);
  if (present === undefined) return null;
  const outcome = parsed(present);
  if (!isRecord(outcome)) return undefined;
  const value = keys.map((key) => outcome[key]).find((found) => found !== undefined && found !== null);
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
