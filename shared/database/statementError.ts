import { isOfKind, meaningOf } from './knownErrors.js';

/** What is kept of a driver's error: numbers and codes in a known form, and none of its words. */
export interface ErrorNumbers {
  /** SQL Server's error number, PostgreSQL's SQLSTATE, or the driver's own code (`ETIMEOUT`); empty when there is none. */
  readonly code: string;
  /** SQL Server's severity, or PostgreSQL's `ERROR`, `FATAL` or `PANIC`. */
  readonly severity?: string;
  /** SQL Server's state. */
  readonly state?: number;
}

/**
 * The database refused a statement, or could not be reached. It has only numbers and our own words: servers quote rows in
 * their messages, triggers write any text, and drivers attach parameters, which here are children's records.
 */
export class StatementError extends Error implements ErrorNumbers {
  override readonly name = 'StatementError';
  readonly code: string;
  readonly severity?: string;
  readonly state?: number;

  /** @param message our own words, never those of a server or a driver */
  constructor(message: string, { code, severity, state }: ErrorNumbers) {
    super(message);
    this.code = code;
    if (severity !== undefined) this.severity = severity;
    if (state !== undefined) this.state = state;
  }
}

/** Whether the database refused a row because there is already one with its key. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof StatementError && isOfKind([error.code], 'duplicateKey');
}

/** A driver's error with its number and what that means, without the driver's words. */
export function statementError(error: unknown): StatementError {
  if (error instanceof StatementError) return error;
  const numbers = numbersOf(error);
  const text = `The database did not do what it was asked${inBrackets(numbers)}.`;
  return new StatementError([text, meaningOf(numbers.code)].join(' ').trimEnd(), numbers);
}

/** ` (2628, severity 16, state 1)`; empty when there is no number. */
export function inBrackets({ code, severity, state }: ErrorNumbers): string {
  const parts = [
    ...(code === '' ? [] : [code]),
    ...(severity === undefined ? [] : [`severity ${severity}`]),
    ...(state === undefined ? [] : [`state ${String(state)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

export function numbersOf(error: unknown): ErrorNumbers {
  const severity = severityOf(error);
  const state = wholeNumberAt(error, 'state');
  return {
    code: codeOf(error),
    ...(severity === undefined ? {} : { severity }),
    ...(state === undefined || state > 255 ? {} : { state }),
  };
}

/** From this number on, numbers and texts are those of the people who write triggers and procedures. */
const firstOfUsers = 50_000;

function codeOf(error: unknown): string {
  const number = wholeNumberAt(error, 'number');
  if (number !== undefined) return String(Math.min(number, firstOfUsers));
  const code = valueAt(error, 'code');
  if (typeof code !== 'string') return '';
  // Only PostgreSQL's errors have a severity in words, and a trigger may give them a code of its own.
  const known = typeof valueAt(error, 'severity') === 'string' ? sqlState : driverCode;
  return known.test(code) ? code : '';
}

/** The classes of error codes that PostgreSQL has. */
const sqlState = /^(0[012389ABFLPZ]|10|2[0-8BDF]|3[489BDF]|4[024]|5[34578]|72|F0|HV|P0|XX)[0-9A-Z]{3}$/;
const driverCode = /^[A-Z][0-9A-Z_]{2,60}$/;

const severities: ReadonlySet<unknown> = new Set(['ERROR', 'FATAL', 'PANIC']);

function severityOf(error: unknown): string | undefined {
  const level = wholeNumberAt(error, 'class');
  if (level !== undefined && level <= 25) return String(level);
  const severity = valueAt(error, 'severity');
  return typeof severity === 'string' && severities.has(severity) ? severity : undefined;
}

function wholeNumberAt(error: unknown, key: string): number | undefined {
  const value = valueAt(error, key);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function valueAt(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
