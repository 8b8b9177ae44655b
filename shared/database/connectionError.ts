import { StatementError, statementError } from './statementError.js';
import { codesOf } from './transient.js';

/** What the person who reads it at seven in the morning can do, by number or code. The first that fits is told. */
const advice: readonly (readonly [code: RegExp, whatToDo: string])[] = [
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
    /^EFEDAUTH$/,
    'The identity of the app gave no token: check that it is assigned to the app, and its client id in SSD_CONNECTION_STRING.',
  ],
  [
    /^(40613|40197|40501|40540|49918|49919|49920|10928|10929)$/,
    'The database was not available, also after several tries: see its state in the Azure portal. The app tries again at the next run.',
  ],
  [/^ENOTFOUND$/, 'There is no server of that name: check SSD_CONNECTION_STRING, and the private DNS zone.'],
  [
    /CERT|^UNABLE_TO_|^ERR_TLS_/,
    'The certificate of the server is not trusted for that name: use the full name of the server. TrustServerCertificate=true is only for a server inside the council whose identity is certain.',
  ],
  [
    /^(ETIMEOUT|ESOCKET|ECONNRESET|ECONNREFUSED)$/,
    'Check that the server runs, and the firewall and the network between it and the app.',
  ],
];

/** A connection that could not be made: which server, what it said, and what to do. Never a password. */
export function connectionError(error: unknown, server: string): StatementError {
  const codes = codesOf(error);
  const code = codes.find((one) => /^\d+$/.test(one)) ?? statementError(error).code;
  const whatToDo = advice.find(([fits]) => codes.some((one) => fits.test(one)))?.[1];
  const said = statementError(error).message.replace(/[.\s]*$/, '.');
  const number = code === '' ? '' : ` (${code})`;
  return new StatementError(
    [`No connection to the database server ${server}${number}: ${said}`, whatToDo ?? []].flat().join(' '),
    code,
  );
}
