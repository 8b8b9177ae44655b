import type { Engine } from './database.js';

/**
 * What an error lets the app do:
 * - `undone`: the server has undone the statement and said so, so that even a write may be repeated;
 * - `passing`: it goes away by itself, and a read may be repeated;
 * - `passingWhileConnecting`: the same, but only while connecting. A statement that reached its own time limit would
 *   reach it again;
 * - `lasting`: waiting does not help, even if another code comes with it;
 * - `duplicateKey`: there is already a row with that key.
 */
type ErrorKind = 'undone' | 'passing' | 'passingWhileConnecting' | 'lasting' | 'duplicateKey';

interface KnownError {
  /** SQL Server's numbers, PostgreSQL's SQLSTATEs, and the codes of the drivers and of Node. */
  readonly codes: readonly string[] | RegExp;
  readonly kind?: ErrorKind;
  /** Of a statement: what it means and what to do. */
  readonly meaning?: string;
  /** When no connection could be made: what the person who reads it at 7 in the morning can do. */
  readonly advice?: string | Readonly<Partial<Record<Engine, string>>>;
}

const noRight =
  'The login has no right to do this: permission was denied. docs/dba.md lists the rights; npm run grant gives them.';
const unavailable =
  'The database was not available, even after several tries. The app tries again at the next run.';
const tookTooLong =
  'It took longer than the time limit (timeout). Check what else runs on the server, and the indexes that the preflight suggests.';
const broken =
  'The connection to the server broke. Check that the server runs, and the network between it and the app.';
const checkNetwork = 'Check that the server runs, and the firewall and the network between it and the app.';

/** OpenSSL and Node have dozens of codes for a certificate that cannot be trusted. */
const certificateCode = /CERT|^UNABLE_TO_|^ERR_TLS_/;

/** When an error has several codes, the first entry gives the advice: the more specific ones come first. */
const knownErrors: readonly KnownError[] = [
  {
    codes: ['18456'],
    advice:
      'The login was refused. With an identity: make it a user of this database (CREATE USER … FROM EXTERNAL PROVIDER) and check its client id in SSD_CONNECTION_STRING. With a SQL login: check its user and password there.',
  },
  {
    codes: ['4060'],
    // It is also the number for a database that does not exist, which is then reported only after all the tries.
    kind: 'passing',
    meaning: unavailable,
    advice: 'Check the name of the database, and that the login or identity is a user of it.',
  },
  {
    codes: ['40615', '40914', '47073'],
    advice:
      'The firewall of the server blocks the app: use a private endpoint, or allow the address or subnet of the app.',
  },
  {
    // From Azure SQL's list of transient faults.
    codes: ['615', '4221', '10928', '10929', '40197', '40501', '40540', '40613', '49918', '49919', '49920'],
    kind: 'passing',
    meaning: unavailable,
    advice:
      'The database was not available, even after several tries: see its state in the Azure portal. The app tries again at the next run.',
  },
  {
    codes: ['28P01'],
    advice:
      'The server refused the user or the password: check both in SSD_CONNECTION_STRING, with signs such as @ in the password percent-encoded. With authentication=managed-identity: make the identity a role of the server (pgaadauth_create_principal) and write its name as the user.',
  },
  {
    codes: ['28000'],
    advice:
      'The server does not accept this user from the address of the app: the DBA adds the address of the app, its user and the database to pg_hba.conf (in Azure: the firewall of the server, or a private endpoint), and checks that the user may log in.',
  },
  {
    codes: ['3D000'],
    advice: 'The server has no database of that name: check the end of SSD_CONNECTION_STRING.',
  },
  {
    codes: ['42501'],
    meaning: noRight,
    advice: 'The user may not use that database: GRANT CONNECT ON DATABASE … TO … on the server.',
  },
  {
    codes: ['53300'],
    kind: 'passing',
    advice:
      'The server had no free connection, even after several tries: raise max_connections or the limit of the role, or find out what uses them. The app needs four.',
  },
  {
    // PostgreSQL ends a connection when it is restarted (57P01), has crashed (57P02) or finds it idle for too long.
    codes: ['57P01', '57P02', '57P03', '57P05', '25P03', '08000', '08001', '08003', '08006'],
    kind: 'passing',
    meaning: 'The server ended the connection, or was starting or stopping.',
    advice:
      'The server ended the connection, or was starting or stopping, even after several tries: see its log.',
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    advice: {
      postgres:
        'The certificate of the server is for another name: use the full name of the server, as it is in the certificate.',
    },
  },
  {
    codes: ['ERR_TLS_NOT_OFFERED'],
    advice:
      'The server does not offer TLS, and children’s records must travel encrypted: set ssl=on on the server.',
  },
  {
    codes: certificateCode,
    kind: 'lasting',
    advice: {
      sqlserver:
        'The certificate of the server is not trusted for that name: use the full name of the server. TrustServerCertificate=true is only for a server inside the council whose identity is certain.',
      postgres:
        'The certificate of the server is not from an authority that this app trusts: name the file with the certificate of its authority, ?sslrootcert=<file>, in SSD_CONNECTION_STRING.',
    },
  },
  {
    codes: ['EFEDAUTH'],
    advice:
      'The identity of the app gave no token: check that it is assigned to the app, and its client id in SSD_CONNECTION_STRING.',
  },
  {
    codes: ['ENOTFOUND'],
    kind: 'lasting',
    advice: 'There is no server of that name: check SSD_CONNECTION_STRING, and the private DNS zone.',
  },
  { codes: ['ETIMEOUT'], kind: 'passingWhileConnecting', meaning: tookTooLong, advice: checkNetwork },
  { codes: ['ETIMEDOUT'], kind: 'passing', meaning: tookTooLong, advice: checkNetwork },
  { codes: ['57014', 'ECANCEL'], meaning: tookTooLong },
  {
    codes: [
      ...['ESOCKET', 'ECONNCLOSED', 'EINVALIDSTATE', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'],
      ...['EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
    ],
    kind: 'passing',
    meaning: broken,
    advice: checkNetwork,
  },
  { codes: ['ENOTOPEN'], meaning: broken },
  { codes: ['ECLOSE'], kind: 'passing', meaning: 'The app had closed the connection.' },
  {
    codes: ['1205', '1222', '40P01', '55P03', '40001'],
    kind: 'undone',
    meaning:
      'Another process held the rows for too long. The database undid the statement, and the app tried several times.',
  },
  {
    codes: ['208', '207', '2812', '42P01', '42703', '42883', '3F000'],
    meaning:
      'A table, view, column or function that the statement names does not exist, or the login may not see it. The preflight names what is missing; docs/dba.md lists what the app reads.',
  },
  { codes: ['229', '230', '262', '297', '300', '371', '916', '15247'], meaning: noRight },
  {
    codes: ['2601', '2627', '23505'],
    kind: 'duplicateKey',
    meaning:
      'There is a row with this key already, and the table takes only one. Was the row written by something else?',
  },
  { codes: ['515', '23502'], meaning: 'A column that must have a value was given none.' },
  {
    codes: ['547', '23503', '23514', '23P01'],
    meaning: 'A rule (constraint) of the table does not allow the row.',
  },
  { codes: ['2628', '8152', '22001'], meaning: 'A text is longer than its column can hold.' },
  {
    codes: ['220', '232', '244', '248', '8115', '22003'],
    meaning: 'A number is too large or too small for its column or type.',
  },
  {
    codes: ['241', '242', '245', '257', '295', '402', '8114', '22007', '22008', '22P02', '42804', '42846'],
    meaning:
      'A value could not be converted to the type that is asked for, such as a text that is not a number or a date. The preflight check ssdTypes names columns whose type does not fit.',
  },
  {
    codes: ['468', '451', '42P21', '42P22'],
    meaning: 'Two texts with different collations were compared.',
  },
  {
    codes: ['102', '105', '137', '156', '319', '195', '8144', '42601', '42P18', '42P02'],
    meaning:
      'The server did not understand the statement: it is older than this release supports, or this release has a fault.',
  },
  {
    codes: ['334', '3609', '3616', '50000', 'P0001'],
    meaning:
      'A trigger or procedure of the database stopped it. Ask the DBA what it checks; its words may quote a record, so they are not shown.',
  },
  {
    codes: ['1105', '9002', '40544', '53100', '1101'],
    meaning: 'The database, its log or its disk is full: ask the DBA to make room.',
  },
  {
    codes: ['701', '802', '8645', '53200', '54000', '54001'],
    meaning: 'The server had too little memory or resources.',
  },
  {
    codes: ['3906', '3908', '945', '25006'],
    meaning: 'The database is read-only or not open: is it a copy, or being restored?',
  },
  {
    codes: ['25P02'],
    meaning: 'The transaction was rolled back: an earlier statement in it had failed.',
  },
];

/** What an error of a statement means; empty for a code that is not known here. */
export function meaningOf(code: string): string {
  return entriesOf([code]).find(({ meaning }) => meaning !== undefined)?.meaning ?? '';
}

/** What to do about a connection that could not be made; empty when none of the codes is known here. */
export function adviceOf(codes: readonly string[], engine: Engine): string {
  return (
    entriesOf(codes)
      .map(({ advice }) => (typeof advice === 'object' ? advice[engine] : advice))
      .find((advice) => advice !== undefined) ?? ''
  );
}

/** Whether one of the codes is of one of the kinds. */
export function isOfKind(codes: readonly string[], ...kinds: readonly ErrorKind[]): boolean {
  return entriesOf(codes).some(({ kind }) => kind !== undefined && kinds.includes(kind));
}

function entriesOf(given: readonly string[]): KnownError[] {
  return knownErrors.filter(({ codes }) =>
    given.some((code) => (codes instanceof RegExp ? codes.test(code) : codes.includes(code))),
  );
}
