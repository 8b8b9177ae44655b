import type { Engine } from './database.js';
import { adviceOf } from './knownErrors.js';
import { inBrackets, numbersOf, StatementError, type ErrorNumbers } from './statementError.js';
import { codesOf } from './transient.js';

/** The firewall of the Azure SQL server refused the address from which this machine reaches it. */
export class AddressRefusedError extends StatementError {
  /** As the server sees it, IPv4. */
  readonly address: string;

  constructor(message: string, numbers: ErrorNumbers, address: string) {
    super(message, numbers);
    this.address = address;
  }
}

/** A connection that could not be made: which server, the error number, and what to do. None of the server's own words. */
export function connectionError(error: unknown, server: string, engine: Engine): StatementError {
  const codes = codesOf(error);
  const ofDriver = numbersOf(error);
  const numbers = { ...ofDriver, code: codes.find((one) => /^\d{1,5}$/.test(one)) ?? ofDriver.code };
  const message =
    `No connection to the database server ${server}${inBrackets(numbers)}. ${adviceOf(codes, engine)}`.trimEnd();
  const address = numbers.code === '40615' ? addressIn(error) : undefined;
  return address === undefined
    ? new StatementError(message, numbers)
    : new AddressRefusedError(message, numbers, address);
}

/** The only part of a server's own words that is kept: "Client with IP address '203.0.113.7' is not allowed". */
function addressIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, address] = /'(\d{1,3}(?:\.\d{1,3}){3})'/.exec(error.message) ?? [];
  return address ?? addressIn(Reflect.get(error, 'originalError') ?? error.cause);
}
