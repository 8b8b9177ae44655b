/**
 * The database refused a statement, or could not be reached. The message keeps what the database said except the
 * values it quoted, and nothing of the driver's error goes along: drivers attach parameters, and servers quote the
 * text that was too long or the key that stood twice, which here are children's records.
 */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** SQL Server's error number, PostgreSQL's SQLSTATE, or the driver's own code (`ETIMEOUT`). */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** SQL Server's unique index and unique constraint, PostgreSQL's unique_violation. */
const duplicateKey: ReadonlySet<string> = new Set(['2601', '2627', '23505']);

/** Whether the database refused a row because there is one with its key already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof StatementError && duplicateKey.has(error.code);
}

/** Where the two engines quote a value in a message. */
const quotedValues: readonly RegExp[] = [
  // SQL Server 2628, 2601 and 2627, 245, 248
  /(?<=Truncated value: )'[\s\S]*'/,
  /(?<=duplicate key value is )\([\s\S]*\)/,
  /(?<=\bvalue )'[\s\S]*'(?= (?:to data type|overflowed))/,
  // SQL Server 220 and 232
  /(?<=, value = )[-+\d.eE]*\d/,
  // PostgreSQL: invalid input syntax for type date: "…", value "…" is out of range for type integer
  /(?<=: )"[\s\S]*"$/,
  /(?<=\bvalue )"[\s\S]*"(?= is out of range)/,
];

/** What may be told of a driver's error. */
export function statementError(error: unknown): StatementError {
  if (error instanceof StatementError) return error;
  const said = error instanceof Error ? error.message : 'the database failed without a reason';
  const message = quotedValues.reduce((text, value) => text.replace(value, '(not shown)'), said);
  return new StatementError(message, codeOf(error));
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  for (const key of ['number', 'code'] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'number' || typeof value === 'string') return String(value);
  }
  return '';
}
