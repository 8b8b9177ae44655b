import type { Database } from '../database/database.js';
import type { PreflightDfe, PreflightParts, Ssd } from './parts.js';

/** One thing that a preflight looks at. */
export interface Check {
  readonly name: string;
  /** The check without which this one cannot be made. */
  readonly needs?: Check;
  readonly limitMs: number;
  /** It leaves something behind or tries to: a blob, a message, a statement that is undone, a POST to DfE. */
  readonly leavesTraces?: true;
  readonly look: (opened: Opened) => CheckAnswer | Promise<CheckAnswer>;
  /** What to do when it throws. */
  readonly remedy: string;
}

export interface CheckAnswer {
  readonly outcome: 'pass' | 'warn' | 'fail';
  readonly found: string;
  /** More of what was found, with values of rows: for the council alone. */
  readonly values?: string | undefined;
  readonly remedy?: string;
}

/** What is looked at, each part of it opened once for all checks. */
export interface Opened extends PreflightParts {
  readonly dfe: () => PreflightDfe;
  readonly database: () => Promise<Database>;
  /** The one with the staging table: usually the same. */
  readonly stagingDatabase: () => Promise<Database>;
  /** It looks up tables and columns once. */
  readonly ssd: () => Promise<Ssd>;
}

/**
 * Azure SQL may need a minute to wake up, and a connection without an answer is given up after two tries of half a minute
 * each; counting the rows of a large authority takes long, too. Checks that need each other take less than the four
 * minutes that a gateway waits.
 */
export const longMs = 75_000;
export const shortMs = 30_000;

/** Carries what was found, in words that may be shown, to the remedy. */
export class Explained extends Error {}

export function pass(found: string): CheckAnswer {
  return { outcome: 'pass', found };
}

export function warn(found: string, remedy: string): CheckAnswer {
  return { outcome: 'warn', found, remedy };
}

export function list(names: readonly string[]): string {
  return names.join(', ');
}

export function count(number: number, thing: string): string {
  return `${String(number)} ${thing}${number === 1 ? '' : 's'}`;
}
