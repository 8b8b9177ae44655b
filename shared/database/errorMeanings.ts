/** What an error means and what to do, by SQL Server's number, PostgreSQL's SQLSTATE or the driver's code. */
const meanings: readonly (readonly [codes: readonly string[], meaning: string])[] = [
  [
    ['208', '207', '2812', '42P01', '42703', '42883', '3F000'],
    'A table, view, column or function that the statement names does not exist, or the login may not see it. The preflight names what is missing; docs/dba.md lists what the app reads.',
  ],
  [
    ['229', '230', '262', '297', '300', '371', '916', '15247', '42501'],
    'The login has no right to do this: permission was denied. docs/dba.md lists the rights; npm run grant gives them.',
  ],
  [
    ['2601', '2627', '23505'],
    'There is a row with this key already, and the table takes only one. Was the row written by something else?',
  ],
  [['515', '23502'], 'A column that must have a value was given none.'],
  [['547', '23503', '23514', '23P01'], 'A rule (constraint) of the table does not allow the row.'],
  [['2628', '8152', '22001'], 'A text is longer than its column can hold.'],
  [
    ['220', '232', '244', '248', '8115', '22003'],
    'A number is too large or too small for its column or type.',
  ],
  [
    ['241', '242', '245', '257', '295', '402', '8114', '22007', '22008', '22P02', '42804', '42846'],
    'A value could not be converted to the type that is asked for, such as a text that is not a number or a date. The preflight check ssdTypes names columns whose type does not fit.',
  ],
  [['468', '451', '42P21', '42P22'], 'Two texts with different collations were compared.'],
  [
    ['102', '105', '137', '156', '319', '195', '8144', '42601', '42P18', '42P02'],
    'The server did not understand the statement: it is older than this release supports, or this release has a fault.',
  ],
  [
    ['334', '3609', '3616', '50000', 'P0001'],
    'A trigger or procedure of the database stopped it. Ask the DBA what it checks; its words may quote a record, so they are not shown.',
  ],
  [
    ['1205', '1222', '40P01', '55P03', '40001'],
    'Another process held the rows for too long. The database undid the statement, and the app tried several times.',
  ],
  [
    ['57014', 'ETIMEOUT', 'ETIMEDOUT', 'ECANCEL'],
    'It took longer than the time limit (timeout). Check what else runs on the server, and the indexes that the preflight suggests.',
  ],
  [
    ['1105', '9002', '40544', '53100', '1101'],
    'The database, its log or its disk is full: the DBA makes room.',
  ],
  [['701', '802', '8645', '53200', '54000', '54001'], 'The server had too little memory or resources.'],
  [
    ['3906', '3908', '945', '25006'],
    'The database is read-only or not open: is it a copy, or being restored?',
  ],
  [
    ['615', '4060', '4221', '10928', '10929', '40197', '40501', '40540', '40613', '49918', '49919', '49920'],
    'The database was not available, also after several tries. The app tries again at the next run.',
  ],
  [
    ['57P01', '57P02', '57P03', '57P05', '25P03', '08000', '08001', '08003', '08006'],
    'The server ended the connection, or was starting or stopping.',
  ],
  [['25P02'], 'The transaction was rolled back: an earlier statement in it had failed.'],
  [['ECLOSE'], 'The app had closed the connection.'],
  [
    [
      ...['ESOCKET', 'ECONNCLOSED', 'EINVALIDSTATE', 'ENOTOPEN', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'],
      ...['EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
    ],
    'The connection to the server broke. Check that the server runs, and the network between it and the app.',
  ],
];

const meaningByCode: ReadonlyMap<string, string> = new Map(
  meanings.flatMap(([codes, meaning]) => codes.map((code) => [code, meaning] as const)),
);

/** @returns nothing for a code that is not known here: its number is told all the same */
export function meaningOf(code: string): string {
  return meaningByCode.get(code) ?? '';
}
