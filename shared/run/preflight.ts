import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { codeListsRemark, type CodeListsOfRun } from '../child/codes/codeLists.js';
import { addToDate, type PlainDate } from '../child/dates.js';
import { databaseTime } from '../database/clock.js';
import type { Database } from '../database/database.js';
import { StatementError } from '../database/statementError.js';
import type { Probe } from '../dfe/client.js';
import { CredentialsError, type Credentials } from '../dfe/credentials.js';
import { clocksApartAtMostMs } from '../durations.js';
import { lossWithout, servesFindingsOnly } from '../ssd/columnPurposes.js';
import { reportedInvolvements, type InvolvementRoles } from '../ssd/involvementRoles.js';
import { SsdLayoutError } from '../ssd/layout.js';
import { ProfileError } from '../ssd/profileFile.js';
import type { SsdReader } from '../ssd/ssdReader.js';
import type { AbsentColumn } from '../ssd/survey.js';
import { chunkQueue, extractQueue, poisonOf } from '../queues.js';
import { forbiddenSequence, readStagingLayout, tryStagingWrites } from '../staging/stagingReadiness.js';
import { SettingsError } from '../settings.js';
import type { BlobStore } from './blobStore.js';
import type { Receiver } from './runRecords.js';
import { sourceWarnings } from './sourceWarnings.js';

/** In the order of the answer. */
export const preflightChecks = [
  'settings',
  'codeLists',
  'secrets',
  'pseudonyms',
  'database',
  'ssdTables',
  'ssdTypes',
  'ssdIndexes',
  'ssdRows',
  'ssdRelations',
  'ssdFreshness',
  'cohortLists',
  'stagingTable',
  'stagingRights',
  'dfe',
  'storage',
  'queues',
  'clock',
] as const;
export type PreflightCheckName = (typeof preflightChecks)[number];

const preflightCheckSchema = z.object({
  check: z.enum(preflightChecks),
  outcome: z
    .enum(['pass', 'warn', 'fail', 'skipped'])
    .describe('`skipped`: it could not be made, because another one failed.'),
  found: z
    .string()
    .describe('Names of settings, tables and columns, and numbers; no secret and nothing about a child.'),
  remedy: z.string().optional().describe('What to do.'),
});
export type PreflightCheck = Readonly<z.output<typeof preflightCheckSchema>>;

export const preflightSchema = z.object({
  outcome: z.enum(['pass', 'warn', 'fail']).describe('The gravest of its checks.'),
  checks: z.array(preflightCheckSchema),
});
export type Preflight = z.output<typeof preflightSchema>;

/** The way to DfE, opened for one preflight: with no token or secret kept from before. */
export interface PreflightDfe {
  readonly credentials: Credentials;
  readonly probe: () => Promise<Probe>;
  readonly close: () => Promise<void>;
}

/** The database, opened for one preflight: with less patience than a night has. */
export interface PreflightDatabase {
  readonly get: () => Promise<Database>;
  /** Breaks off what is under way. */
  readonly close: () => Promise<void>;
}

/** The queues through which the functions call each other. */
export interface QueueProbe {
  /** Puts a message into a queue that nobody listens to, and removes it. @returns the name of that queue */
  tryMessage(): Promise<string>;
  /** About how many messages a queue holds; none when there is no such queue. */
  messagesIn(queue: string): Promise<number>;
}

/** What is looked at. */
export interface PreflightParts {
  readonly openDatabase: () => PreflightDatabase;
  readonly ssdOf: (
    database: Database,
  ) => Pick<
    SsdReader,
    | 'missingTables'
    | 'absentColumns'
    | 'survey'
    | 'involvementRoles'
    | 'unfitColumns'
    | 'unindexedPersonColumns'
    | 'rowCounts'
    | 'newestDates'
    | 'lists'
    | 'countListed'
  >;
  /** The roles of workers that are reported; `undefined` where workers of every role are. */
  readonly careWorkerRoles: ReadonlySet<string> | undefined;
  readonly today: () => PlainDate;
  readonly codeLists: () => CodeListsOfRun;
  readonly stagingTable: string;
  /** Reads the key afresh; `undefined` where children are sent as they are. */
  readonly readPseudonyms: (() => Promise<unknown>) | undefined;
  readonly openDfe: () => PreflightDfe;
  readonly receiver: Receiver;
  /** The settings with an address that this release does not know as DfE's. */
  readonly addressesNotKnown: readonly string[];
  readonly blobs: Pick<BlobStore, 'write' | 'read' | 'time'>;
  /** Where entries of the ledger are added, and may be nothing but added. */
  readonly ledger: Pick<BlobStore, 'create' | 'read'>;
  /** @throws SettingsError when no setting says where the queues are */
  readonly openQueues: () => QueueProbe;
  /** The clock of the app. */
  readonly now: () => Date;
}

type Ssd = ReturnType<PreflightParts['ssdOf']>;
type Finding = Omit<PreflightCheck, 'check'>;

interface Look {
  readonly needs?: PreflightCheckName;
  readonly limitMs: number;
  readonly look: () => Promise<Finding>;
  /** What to do when it throws. */
  readonly remedy: string;
}

/**
 * Azure SQL may need a minute to wake up, and a connection that nobody answers is given up after two tries of half a
 * minute each; counting the rows of a large authority takes its time, too. What needs one another takes less than the
 * four minutes that a gateway waits.
 */
const longMs = 75_000;
const shortMs = 30_000;

/**
 * Looks at everything a night needs, without reading a child and without sending one. It never throws, and each check
 * has a time limit. What the database is still at then is broken off when all checks have ended.
 * @param partsOf throws SettingsError or ProfileError when the settings are wrong
 */
export async function preflight(
  partsOf: () => PreflightParts,
  limits: { readonly shortMs: number; readonly longMs: number } = { shortMs, longMs },
): Promise<Preflight> {
  const opened = openParts(partsOf);
  const settings: PreflightCheck = { check: 'settings', ...opened.finding };
  const checks =
    opened.parts === undefined
      ? preflightChecks.map((check) => (check === 'settings' ? settings : skipped(check, 'settings')))
      : [settings, ...(await lookAt(opened.parts, limits))];
  const outcomes = new Set(checks.map(({ outcome }) => outcome));
  return { outcome: outcomes.has('fail') ? 'fail' : outcomes.has('warn') ? 'warn' : 'pass', checks };
}

function openParts(partsOf: () => PreflightParts): { finding: Finding; parts?: PreflightParts } {
  try {
    const parts = partsOf();
    return { parts, finding: lookAtAddresses(parts) };
  } catch (error) {
    const remedy =
      'Correct what is named; docs/settings.md explains each setting, docs/profiles.md the profile.';
    return { finding: { outcome: 'fail', found: reasonOf(error), remedy } };
  }
}

function lookAtAddresses({ receiver, addressesNotKnown }: PreflightParts): Finding {
  const { host, pathname } = new URL(receiver.baseUrl);
  const found = `Every setting that is needed is there, and none is wrong. Children go to DfE's ${receiver.receiver} receiver at ${host}${pathname}.`;
  if (addressesNotKnown.length === 0) return pass(found);
  return warn(
    `${found} This release does not know the address in ${list(addressesNotKnown)}: DFE_FURTHER_ADDRESSES allows it.`,
    'Compare the address, letter by letter, with what DfE has given the authority, and ask DfE whether it is the test or the live receiver.',
  );
}

async function lookAt(
  parts: PreflightParts,
  limits: { readonly shortMs: number; readonly longMs: number },
): Promise<PreflightCheck[]> {
  let dfe: PreflightDfe | undefined;
  let database: PreflightDatabase | undefined;
  const looks = looksOf(
    parts,
    () => (dfe ??= parts.openDfe()),
    () => (database ??= parts.openDatabase()).get(),
    limits,
  );
  const begun = new Map<PreflightCheckName, Promise<PreflightCheck>>();
  const begin = (check: Exclude<PreflightCheckName, 'settings'>): Promise<PreflightCheck> => {
    const { needs, ...look } = looks[check];
    const needed = needs === undefined ? undefined : begun.get(needs);
    const made = (async (): Promise<PreflightCheck> => {
      const before = await needed;
      if (before?.outcome === 'fail' || before?.outcome === 'skipped') return skipped(check, before.check);
      return { check, ...(await withinLimit(look)) };
    })();
    begun.set(check, made);
    return made;
  };
  // In the order of the list: what a check needs has begun before it.
  const checks = await Promise.all(preflightChecks.filter((check) => check !== 'settings').map(begin));
  // An undici dispatcher closes when its last request has ended, which the answer need not wait for.
  for (const opened of [dfe, database]) void opened?.close().catch(() => undefined);
  return checks;
}

function looksOf(
  parts: PreflightParts,
  theDfe: () => PreflightDfe,
  theDatabase: () => Promise<Database>,
  { shortMs, longMs }: { readonly shortMs: number; readonly longMs: number },
): Readonly<Record<Exclude<PreflightCheckName, 'settings'>, Look>> {
  let reader: Ssd | undefined;
  // One for all checks: it looks up tables and columns once.
  const ssd = async () => (reader ??= parts.ssdOf(await theDatabase()));
  return {
    codeLists: {
      limitMs: shortMs,
      look: () => Promise.resolve(lookAtCodeLists(parts.codeLists())),
      remedy: 'Check COLLECTION_YEAR and RUN_TODAY (docs/settings.md).',
    },
    secrets: {
      limitMs: shortMs,
      look: () => lookAtSecrets(theDfe().credentials),
      remedy:
        "Give the app's identity the role Key Vault Secrets User, let its network through the vault's firewall, and see that each secret is there, enabled and not expired.",
    },
    pseudonyms: {
      limitMs: shortMs,
      look: () => lookAtPseudonyms(parts.readPseudonyms),
      remedy:
        "Put the key into the Key Vault as the secret PSEUDONYM-KEY (docs/deploy.md, Secrets), and see that the app's identity may read it. Until then no real child goes to the test receiver.",
    },
    database: {
      limitMs: longMs,
      look: async () => lookAtDatabase(await theDatabase()),
      remedy:
        "Check SSD_CONNECTION_STRING, that the server's firewall or private endpoint lets the app in, and that its identity is a user of the database. ELOGIN: the login; ESOCKET, ETIMEOUT: the network or the server's name.",
    },
    ssdTables: {
      needs: 'database',
      limitMs: shortMs,
      look: async () => lookAtTables(await ssd()),
      remedy:
        "No run starts without ssd_person with pers_person_id, and ssd_cin_episodes with cine_referral_id and cine_person_id. Check SSD_PROFILE and SSD_SCHEMA, give the app's login the right to read the tables, or say in a profile of your own what they are called here (docs/profiles.md).",
    },
    ssdTypes: {
      needs: 'ssdTables',
      limitMs: shortMs,
      look: async () => lookAtTypes(await ssd()),
      remedy: "Give the app's login the right to see the definitions of the SSD tables.",
    },
    ssdIndexes: {
      needs: 'ssdTables',
      limitMs: shortMs,
      look: async () => lookAtIndexes(await ssd(), parts.stagingTable),
      remedy: "Give the app's login the right to see the definitions of the SSD tables.",
    },
    ssdRows: {
      needs: 'ssdTables',
      limitMs: longMs,
      look: async () => lookAtRows(await ssd()),
      remedy: "Give the app's login the right to read every table of the SSD.",
    },
    ssdRelations: {
      needs: 'ssdTables',
      limitMs: longMs,
      look: async () => lookAtRelations(await ssd(), parts.careWorkerRoles),
      remedy: "Give the app's login the right to read every table of the SSD.",
    },
    ssdFreshness: {
      needs: 'ssdTables',
      limitMs: longMs,
      look: async () => lookAtFreshness(await ssd(), parts.today()),
      remedy: "Give the app's login the right to read every table of the SSD.",
    },
    cohortLists: {
      needs: 'database',
      limitMs: shortMs,
      look: async () => lookAtLists(await ssd()),
      remedy:
        "Give the app's login the right to read it (SELECT, a line of its own beside grants.sql, and on PostgreSQL USAGE of its schema), see that it has a column person_id, or correct COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE.",
    },
    stagingTable: {
      needs: 'database',
      limitMs: shortMs,
      look: async () => lookAtStaging(await theDatabase(), parts.stagingTable),
      remedy:
        'Run npm run migrate, which makes and changes what it can and names what someone must change first, and check STAGING_TABLE.',
    },
    stagingRights: {
      needs: 'stagingTable',
      limitMs: shortMs,
      look: async () => lookAtStagingRights(await theDatabase(), parts.stagingTable),
      remedy:
        "Give the app's login SELECT, INSERT, UPDATE and DELETE on the staging table, and on PostgreSQL USAGE of the sequence of a serial id: grants.sql does so.",
    },
    dfe: {
      needs: 'secrets',
      limitMs: longMs,
      look: () => lookAtDfe(theDfe()),
      remedy: dfeRemedy,
    },
    storage: {
      limitMs: shortMs,
      look: () => lookAtStorage(parts),
      remedy:
        "Give the app's identity the roles on the containers csc-runs and csc-ledger that the output roles of the deployment lists (docs/deploy.md, Role assignments denied), and let its network through the firewall of the account that RESULTS_STORAGE__blobServiceUri names.",
    },
    queues: {
      limitMs: shortMs,
      look: () => lookAtQueues(parts.openQueues()),
      remedy:
        "Check the settings AzureWebJobsStorage…, give the app's identity the role Storage Queue Data Contributor on that account, and let its network through the account's firewall and to the private endpoint of its queues.",
    },
    clock: {
      needs: 'database',
      limitMs: shortMs,
      look: async () => lookAtClocks(await theDatabase(), parts.blobs, parts.now),
      remedy: clockRemedy,
    },
  };
}

function lookAtCodeLists(codeLists: CodeListsOfRun): Finding {
  const remark = codeListsRemark(codeLists);
  if (remark === undefined) return pass(`The code lists are those of the collection year ${codeLists.year}.`);
  return warn(
    remark,
    'A run is not stopped by this. Install a release that has the lists of the year, as soon as there is one.',
  );
}

async function lookAtSecrets(credentials: Credentials): Promise<Finding> {
  const { supplierKeys, remarks } = await credentials.current();
  const { client, supplierKeys: keys } = credentials.names;
  const found = `Client and ${count(supplierKeys.length, 'supplier key')} can be read: ${client}; ${keys}.`;
  if (remarks.length === 0) return pass(found);
  return warn(`${found} ${remarks.join(' ')}`, 'Renew what has expired before DfE turns it away.');
}

async function lookAtPseudonyms(readPseudonyms: PreflightParts['readPseudonyms']): Promise<Finding> {
  if (readPseudonyms === undefined) {
    return pass('None are made: the receiver is the live one, or SSD_SYNTHETIC says that nobody is real.');
  }
  await readPseudonyms();
  return pass('The key of the pseudonyms can be read. Children go to the test receiver under them only.');
}

async function lookAtDatabase(database: Database): Promise<Finding> {
  // The pool may stand while the server does not.
  await database.query('SELECT 1 AS answer');
  return pass('The database answers.');
}

async function lookAtTables(ssd: Ssd): Promise<Finding> {
  try {
    return ofAbsence(await ssd.missingTables(), await ssd.absentColumns());
  } catch (error) {
    if (!(error instanceof SsdLayoutError)) throw error;
    throw new Explained(`The SSD lacks what no run can do without: ${error.missing.join(', ')}.`);
  }
}

/** A run does without them; what they would add is said once for all that would add the same. */
function ofAbsence(tables: readonly string[], columns: readonly AbsentColumn[]): Finding {
  if (tables.length + columns.length === 0) return pass('Every table and column that is read is there.');
  const lost = new Map<string, string[]>();
  const add = (loss: string, name: string) => lost.set(loss, [...(lost.get(loss) ?? []), name]);
  const sending = columns.filter(({ table, column }) => !servesFindingsOnly(table, column));
  const finding = columns.filter(({ table, column }) => servesFindingsOnly(table, column));
  for (const table of tables) add(lossWithout(table), table);
  for (const { table, column } of sending) add(lossWithout(table, column), nameOf({ table, column }));
  const counts = [count(tables.length, 'table'), count(columns.length, 'column')];
  const found = [
    `A run works, and DfE keeps what it holds. Not there: ${counts.join(' and ')}.`,
    ...[...lost].map(([loss, names]) => `Without ${list(names)}: ${loss}.`),
    ...(finding.length === 0
      ? []
      : [`Without ${list(finding.map(nameOf))}: findings are harder to look up.`]),
  ].join('\n');
  if (tables.length + sending.length === 0) return pass(found);
  return warn(
    found,
    "To send more, ask who fills the SSD for what you need. A table or column that the app's login may not read counts as absent: give it the right. One that has another name here: tableNames and columnNames in a profile of your own (docs/profiles.md).",
  );
}

function nameOf({ table, column }: AbsentColumn): string {
  return `${table}.${column}`;
}

async function lookAtTypes(ssd: Ssd): Promise<Finding> {
  const columns = await ssd.unfitColumns();
  if (columns.length === 0) return pass('Every column that is read has a type that can be.');
  const found = columns
    .map(
      ({ column, type, expected, effect }) => `${column} is ${type}, and ${expected} is expected: ${effect}.`,
    )
    .join('\n');
  return {
    outcome: 'warn',
    found,
    remedy:
      'Ask whoever fills the SSD for the types of its specification, or read a view that converts them (tableNames in a profile of your own). Ids of referrals and assessments that are whole numbers in one table and text in another: integerColumns there (docs/profiles.md).',
  };
}

async function lookAtIndexes(ssd: Ssd, stagingTable: string): Promise<Finding> {
  const { withoutIndex, unservable } = await ssd.unindexedPersonColumns([stagingTable]);
  if (withoutIndex.length + unservable.length === 0) {
    return pass('Every person column of a table has an index that can serve.');
  }
  const found = [
    ...(withoutIndex.length === 0
      ? []
      : [`No index begins with ${count(withoutIndex.length, 'person column')}: ${list(withoutIndex)}.`]),
    ...(unservable.length === 0
      ? []
      : [
          `No index can serve ${count(unservable.length, 'person column')}, whose values are converted row by row: ${unservable.map(({ column, because }) => `${column} ${because}`).join('; ')}.`,
        ]),
  ];
  const remedies = [
    'A night works without, but longer.',
    ...(withoutIndex.length === 0
      ? []
      : ['Ask the DBA for an index on each of the first where the SSD is large.']),
    ...(unservable.length === 0
      ? []
      : [
          "Ask who fills the SSD (for the staging table and your own lists, the DBA) to give each column that no index can serve the type and the collation of ssd_person's ids; an index comes after that. docs/dba.md, Types of ids, says how.",
        ]),
  ];
  return warn(
    `${found.join(' ')} Each range of persons reads the whole of these tables.`,
    remedies.join(' '),
  );
}

/** Without rows in these there is no child to send. */
const keyTables = ['ssd_person', 'ssd_cin_episodes'] as const;

async function lookAtRows(ssd: Ssd): Promise<Finding> {
  const counts = await ssd.rowCounts();
  const found = `Rows: ${Object.entries(counts)
    .map(([table, rows]) => `${table} ${String(rows)}`)
    .join(', ')}.`;
  const empty = keyTables.filter((table) => counts[table] === 0);
  if (empty.length === 0) return pass(found);
  return warn(
    `Empty: ${list(empty)}. ${found}`,
    'Wait until the SSD is filled, or check SSD_SCHEMA. A run that finds the SSD emptied is held.',
  );
}

/** A role that fewer involvements have is not shown: a column that is filled otherwise may hold names. */
const fewestOfRole = 5;
const mostRolesShown = 20;

async function lookAtRelations(ssd: Ssd, careWorkerRoles: ReadonlySet<string> | undefined): Promise<Finding> {
  const { relations } = await ssd.survey();
  const roles = careWorkerRoles === undefined ? undefined : await ssd.involvementRoles();
  const involvements =
    roles === undefined || careWorkerRoles === undefined
      ? undefined
      : reportedInvolvements(roles, careWorkerRoles);
  const warnings = sourceWarnings({ relations, involvements });
  const withRows = relations.filter(({ rows }) => rows > 0);
  const found = [
    ...warnings.map((warning) => warning.found),
    ...(roles !== undefined && warnings.some(({ kind }) => kind === 'noReportedRole')
      ? [rolesText(roles)]
      : []),
    withRows.length === 0
      ? 'No table with rows leads to another.'
      : `Rows that find their parent: ${withRows.map(({ relation, rows, found }) => `${relation} ${String(found)} of ${String(rows)}`).join('; ')}.`,
    ...(involvements === undefined || involvements.rows === 0
      ? []
      : [
          `Involvements with a role that the profile reports: ${String(involvements.withReportedRole)} of ${String(involvements.rows)}.`,
        ]),
  ].join('\n');
  if (warnings.length === 0) return pass(found);
  return warn(found, [...new Set(warnings.map(({ remedy }) => remedy))].join('\n'));
}

function rolesText({ rows, roles }: InvolvementRoles): string {
  const shown = roles.filter((one) => one.rows >= fewestOfRole).slice(0, mostRolesShown);
  const others = rows - shown.reduce((sum, one) => sum + one.rows, 0);
  const named = shown.map((one) => `${one.role.slice(0, 48)} ${String(one.rows)}`);
  return `The roles of involvements: ${[...named, ...(others === 0 ? [] : [`other roles or none ${String(others)}`])].join(', ')}.`;
}

/** A working week and a weekend: no authority goes so long without a referral, an assessment or a change of worker. */
const staleAfterDays = 7;

async function lookAtFreshness(ssd: Ssd, today: PlainDate): Promise<Finding> {
  const dates = Object.entries(await ssd.newestDates(today));
  const found = `Newest dates up to today: ${dates.map(([table, date]) => `${table} ${date ?? 'none'}`).join(', ')}.`;
  const newest = dates
    .flatMap(([, date]) => date ?? [])
    .sort()
    .at(-1);
  if (newest !== undefined && newest >= addToDate(today, { days: -staleAfterDays })) return pass(found);
  const remedy =
    'See that the nightly refresh of the SSD runs and ends, and that SSD_SCHEMA names what it fills.';
  if (newest === undefined) {
    return warn(
      'No date tells whether the SSD is fresh: it has none, or not in columns that hold dates.',
      remedy,
    );
  }
  return warn(
    `The SSD seems to be out of date: nothing in it happened in the ${String(staleAfterDays)} days to ${today}. ${found}`,
    remedy,
  );
}

/** What an empty list does, which a night does as it is told. */
const emptyList = {
  cohortList: 'nobody is sent, and every child that DfE holds is removed there',
  allowList: 'nobody is sent, changed or removed',
} as const;

async function lookAtLists(ssd: Ssd): Promise<Finding> {
  const lists = ssd.lists();
  if (lists.length === 0) {
    return pass('No list limits who is sent: COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE are not set.');
  }
  const found: string[] = [];
  const empty: string[] = [];
  for (const { list: kind, table } of lists) {
    try {
      const listed = await ssd.countListed(table);
      found.push(`${table} lists ${count(listed, 'id')}.`);
      if (listed === 0) empty.push(`${table} is empty: ${emptyList[kind]}.`);
    } catch (error) {
      throw new Explained(`The list ${table} cannot be read: ${reasonOf(error)}`);
    }
  }
  if (empty.length === 0) return pass(found.join(' '));
  return warn(empty.join(' '), 'Fill the list, or take it out of the settings.');
}

async function lookAtStagingRights(database: Database, table: string): Promise<Finding> {
  await tryStagingWrites(database, table);
  const sequence = await forbiddenSequence(database, table);
  if (sequence !== undefined) {
    throw new Explained(
      `The app's login may not use the sequence ${sequence}, which numbers new rows of ${table}.`,
    );
  }
  return pass(`${table} may be read and written; the try touched no row.`);
}

async function lookAtStaging(database: Database, table: string): Promise<Finding> {
  const layout = await readStagingLayout(database, table);
  if (layout === undefined) throw new Explained(`The app's login sees no table ${table}.`);
  const { missingColumns, unfitColumns, isUniqueByPerson } = layout;
  const problems = [
    ...(missingColumns.length === 0 ? [] : [`${table} lacks the columns ${list(missingColumns)}.`]),
    ...unfitColumns.map(({ column, problem }) => `${table}.${column} ${problem}.`),
    ...(isUniqueByPerson ? [] : [`${table} has no unique index on person_id alone.`]),
  ];
  if (problems.length > 0) throw new Explained(problems.join(' '));
  return pass(`${table} has every column and its unique index.`);
}

const dfeRemedy =
  'docs/errors.md explains each answer of DfE. Check DFE_TOKEN_URL, DFE_API_BASE_URL, and that firewall and proxy let the app out to both.';

async function lookAtDfe(dfe: PreflightDfe): Promise<Finding> {
  const { credentials, text } = await dfe.probe();
  if (credentials !== 'accepted') throw new Explained(text);
  return pass(`${text} No child was sent.`);
}

const blobName = 'preflight.json';

async function lookAtStorage({ blobs, ledger }: PreflightParts): Promise<Finding> {
  const id = randomUUID();
  const content = JSON.stringify({ preflight: id });
  await blobs.write(blobName, content);
  const read = await blobs.read(blobName);
  // Another preflight may have written meanwhile.
  if (read === undefined) throw new Explained(`The blob ${blobName} was written and is not there.`);
  // A new name each time: whoever may only add cannot take it away, and the period of the ledger does.
  const entry = `preflights/${id}.json`;
  await ledger.create(entry, content);
  if ((await ledger.read(entry)) === undefined) {
    throw new Explained(`The blob ${entry} was added to the ledger's container and is not there.`);
  }
  return pass(`The blob ${blobName} was written and read back, and the ledger can be added to.`);
}

const poisonQueues = [extractQueue, chunkQueue].map((queue) => poisonOf(queue).queueName);

async function lookAtQueues(queues: QueueProbe): Promise<Finding> {
  const name = await queues.tryMessage();
  const found = `A message was put into the queue ${name} and removed.`;
  const poison = await Promise.all(
    poisonQueues.map(async (queue) => ({ queue, messages: await queues.messagesIn(queue) })),
  );
  const left = poison.filter(({ messages }) => messages > 0);
  if (left.length === 0) return pass(`${found} None is in ${list(poisonQueues)}.`);
  return warn(
    `${found} ${left.map(({ queue, messages }) => `${queue} holds ${count(messages, 'message')}.`).join(' ')}`,
    'The app settles these by itself within minutes: its functions poisonedExtract and poisonedChunk. If they are still there, see that both are enabled and what they log.',
  );
}

/** Machines that set their clocks by a time server differ by far less, and storage says full seconds only. */
const clocksRemarkableMs = 60_000;

const clockRemedy =
  'Correct the clock that differs from the other two. If it is the app: restart it in Azure, or switch on the time service of the machine it runs on. If it is the database: its DBA does so on the server. Pause the nightly run until the clocks agree. docs/runbooks/not-sent.md says what to look at afterwards.';

async function lookAtClocks(
  database: Database,
  storage: Pick<BlobStore, 'time'>,
  now: () => Date,
): Promise<Finding> {
  const [ofDatabase, ofStorage] = await Promise.all([
    aheadOf(() => databaseTime(database), now),
    aheadOf(() => storage.time(), now).catch((error: unknown) => ({ unread: reasonOf(error) })),
  ]);
  const found = `${comparedText('database', ofDatabase)} ${comparedText('storage', ofStorage)}`;
  const apartMs = Math.max(
    ...[ofDatabase, ofStorage].map((ahead) => ('ms' in ahead ? Math.abs(ahead.ms) : 0)),
  );
  if (apartMs >= clocksApartAtMostMs) return { outcome: 'fail', found, remedy: clockRemedy };
  if (apartMs >= clocksRemarkableMs) return warn(found, clockRemedy);
  if ('unread' in ofDatabase || 'unread' in ofStorage) {
    return warn(found, 'See what the checks database and storage say.');
  }
  return pass(found);
}

/** How far the app's clock is ahead of another one, or why that cannot be told. */
type Ahead = { readonly ms: number } | { readonly unread: string };

/** The time that an answer takes on its way counts for neither clock. */
async function aheadOf(theirs: () => Promise<Date | undefined>, now: () => Date): Promise<Ahead> {
  const asked = now().getTime();
  const time = (await theirs())?.getTime() ?? NaN;
  const answered = now().getTime();
  if (Number.isNaN(time)) return { unread: 'The answer does not say the time.' };
  return { ms: Math.max(asked - time, 0) + Math.min(answered - time, 0) };
}

function comparedText(other: 'database' | 'storage', ahead: Ahead): string {
  if ('unread' in ahead) return `The clock of the ${other} could not be compared. ${ahead.unread}`;
  const apartMs = Math.abs(ahead.ms);
  if (apartMs < clocksRemarkableMs) {
    return `The app's clock agrees with that of the ${other} to within a minute.`;
  }
  return `The app's clock is ${lengthText(apartMs)} ${ahead.ms > 0 ? 'ahead of' : 'behind'} that of the ${other}.`;
}

function lengthText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

/** Carries what was found, in words that may be shown, to where the remedy stands. */
class Explained extends Error {}

async function withinLimit({ look, limitMs, remedy }: Omit<Look, 'needs'>): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      const found = `No answer within ${String(limitMs / 1000)} seconds.`;
      resolve({ outcome: 'fail', found, remedy });
    }, limitMs);
  });
  // Begun in a promise, so that what throws at once is caught as well.
  const looked = Promise.resolve()
    .then(look)
    .catch((error: unknown): Finding => ({ outcome: 'fail', found: reasonOf(error), remedy }));
  try {
    return await Promise.race([looked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** These say nothing of a child and quote no secret; the messages of drivers may, so that only their code is told. */
const tellable = [Explained, SettingsError, ProfileError, CredentialsError, StatementError] as const;

function reasonOf(error: unknown): string {
  if (error instanceof Error && tellable.some((kind) => error instanceof kind)) return error.message;
  const code = codeOf(error);
  if (code !== undefined) return `It failed with ${code}.`;
  // A driver's name for its error, such as CredentialUnavailableError, quotes nothing.
  const name = error instanceof Error && /^[A-Z][A-Za-z]+Error$/.test(error.name) ? error.name : undefined;
  return name === undefined ? 'It failed without a code that may be told.' : `It failed with ${name}.`;
}

function codeOf(error: unknown): string | undefined {
  for (let each = error; typeof each === 'object' && each !== null; each = Reflect.get(each, 'cause')) {
    for (const key of ['code', 'statusCode'] as const) {
      const code: unknown = Reflect.get(each, key);
      if (typeof code === 'number') return String(code);
      if (typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_]{1,63}$/.test(code)) return code;
    }
  }
  return undefined;
}

function skipped(check: PreflightCheckName, because: PreflightCheckName): PreflightCheck {
  return { check, outcome: 'skipped', found: `Not looked at, because the check ${because} did not pass.` };
}

function pass(found: string): Finding {
  return { outcome: 'pass', found };
}

function warn(found: string, remedy: string): Finding {
  return { outcome: 'warn', found, remedy };
}

function list(names: readonly string[]): string {
  return names.join(', ');
}

function count(number: number, thing: string): string {
  return `${String(number)} ${thing}${number === 1 ? '' : 's'}`;
}
