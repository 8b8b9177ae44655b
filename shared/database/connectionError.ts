import type { Engine } from './database.js';
import { inBrackets, numbersOf, StatementError, type ErrorNumbers } from './statementError.js';
import { codesOf } from './transient.js';

type Advice = readonly (readonly [code: RegExp, whatToDo: string])[];

/** What the person who reads it at seven in the morning can do, by number or code. The first that fits is told. */
const advice: Readonly<Record<Engine | 'both', Advice>> = {
  sqlserver: [
    [
      /^18456$/,
      'The login was refused. With an identity: make it a user of this database (CREATE USER … FROM EXTERNAL PROVIDER) and check its client id in SSD_CONNECTION_STRING. With a SQL login: check its user and password there.',
    ],
    [/^4060$/, 'Check the name of the database, and that the login or identity is a user of it.'],
    [
      /^(40615|40914|47073)$/,
      'The firewall of the server keeps the app out: use a private endpoint, or allow the address or subnet of the app.',
    ],
    [
      /^(40613|40197|40501|40540|49918|49919|49920|10928|10929)$/,
      'The database was not available, also after several tries: see its state in the Azure portal. The app tries again at the next run.',
    ],
    [
      /CERT|^UNABLE_TO_|^ERR_TLS_/,
      'The certificate of the server is not trusted for that name: use the full name of the server. TrustServerCertificate=true is only for a server inside the council whose identity is certain.',
    ],
  ],
  postgres: [
    [
      /^28P01$/,
      'The server refused the user or the password: check both in SSD_CONNECTION_STRING, signs such as @ in the password percent-encoded. With authentication=managed-identity: make the identity a role of the server (pgaadauth_create_principal) and write its name as the user.',
    ],
    [
      /^28000$/,
      'The server lets this user in from nowhere the app is: the DBA adds the address of the app, its user and the database to pg_hba.conf (in Azure: the firewall of the server, or a private endpoint), and sees that the user may log in.',
    ],
    [/^3D000$/, 'The server has no database of that name: check the end of SSD_CONNECTION_STRING.'],
    [/^42501$/, 'The user may not use that database: GRANT CONNECT ON DATABASE … TO … on the server.'],
    [
      /^53300$/,
      'The server had no free connection, also after several tries: raise max_connections or the limit of the role, or see who holds them. The app needs four.',
    ],
    [/^57P03$/, 'The server was starting or stopping, also after several tries: see its log.'],
    [
      /^ERR_TLS_CERT_ALTNAME_INVALID$/,
      'The certificate of the server is for another name: use the full name of the server that stands in it.',
    ],
    [
      /^ERR_TLS_NOT_OFFERED$/,
      'The server offers no TLS, and children’s records travel encrypted: set ssl=on on the server.',
    ],
    [
      /CERT|^UNABLE_TO_|^ERR_TLS_/,
      'The certificate of the server is not by an authority this app trusts: name the file with the certificate of its authority, ?sslrootcert=<file>, in SSD_CONNECTION_STRING.',
    ],
  ],
  both: [
    [
      /^EFEDAUTH$/,
      'The identity of the app gave no token: check that it is assigned to the app, and its client id in SSD_CONNECTION_STRING.',
    ],
    [
      /^ENOTFOUND$/,
      'There is no server of that name: check SSD_CONNECTION_STRING, and the private DNS zone.',
    ],
    [
      /^(ETIMEOUT|ETIMEDOUT|ESOCKET|ECONNRESET|ECONNREFUSED|ECONNCLOSED|EHOSTUNREACH|ENETUNREACH)$/,
      'Check that the server runs, and the firewall and the network between it and the app.',
    ],
  ],
};

/** The firewall of the Azure SQL server refused the address from which this machine reaches it. */
export class AddressRefusedError extends StatementError {
  /** As the server sees it, IPv4. */
  readonly address: string;

  constructor(message: string, numbers: ErrorNumbers, address: string) {
    super(message, numbers);
    this.address = address;
  }
}

/** A connection that could not be made: which server, its number for it, and what to do. Nothing that the server said. */
export function connectionError(error: unknown, server: string, engine: Engine): StatementError {
  const codes = codesOf(error);
  const numbers = numbersOf(error);
  const told = { ...numbers, code: codes.find((one) => /^\d{1,5}$/.test(one)) ?? numbers.code };
  const whatToDo = [...advice[engine], ...advice.both].find(([fits]) => codes.some((one) => fits.test(one)));
  const message = `No connection to the database server ${server}${inBrackets(told)}. ${whatToDo?.[1] ?? ''}`;
  const address = told.code === '40615' ? addressIn(error) : undefined;
  return address === undefined
    ? new StatementError(message.trimEnd(), told)
    : new AddressRefusedError(message.trimEnd(), told, address);
}

/** The one thing that is kept of a server's own words: "Client with IP address '203.0.113.7' is not allowed". */
function addressIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, address] = /'(\d{1,3}(?:\.\d{1,3}){3})'/.exec(error.message) ?? [];
  return address ?? addressIn(Reflect.get(error, 'originalError') ?? error.cause);
}
