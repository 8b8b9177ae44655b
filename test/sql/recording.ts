import type { Database, Row } from '../../shared/database/database.js';
import { fixedCredentials } from '../../shared/dfe/credentials.js';
import { grantCommand } from '../../shared/commands/grant.js';
import { codeListsOn } from '../../shared/child/codes/codeLists.js';
import { rangeParameters } from '../../shared/database/idRange.js';
import { runScript } from '../../shared/database/scripts.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import { noDeadline } from '../../shared/records/inTime.js';
import type { PreflightCheck } from '../../shared/preflight/answer.js';
import { preflight } from '../../shared/preflight/preflight.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { profileFit } from '../../shared/ssd/profileFit.js';
import { markTable, readInventedPeople } from '../../shared/ssd/inventedPeople.js';
import { SsdReader, type CohortLimits } from '../../shared/ssd/ssdReader.js';
import { detailTables } from '../../shared/child/sourceRows.js';
import { checkStagingTable, migrate } from '../../shared/staging/migrations.js';
import { stagedIdOrder, usualIdOrder } from '../../shared/staging/stagedId.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { systems, type System } from '../../infra/syntheticSsd/layout.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { nightly, ssds, World, type Dependencies } from '../runs/world.js';
import { inPostgresWords } from './inPostgresWords.js';
import {
  catalogueAnswer,
  schemaOf,
  ssdTables,
  stagingColumns,
  type Catalogue,
  type DeclaredColumn,
  type Declares,
} from './playedCatalogue.js';
import { healthy, unhealthy } from './surveyFacts.js';
import { Recorder, type Answer, type RecordedBatch } from './recorder.js';

/** Everything that the app sends to SQL Server, and the tables it is sent to. */
export interface Recording {
  readonly batches: readonly RecordedBatch[];
  /** The places in the code that have asked. */
  readonly places: ReadonlySet<string>;
  readonly schema: string;
}

const staging = 'ssd_api_data_staging';
const appUser = 'csc-app';
const windowsCollation = 'Latin1_General_CI_AS';
const sqlCollation = 'SQL_Latin1_General_CP1_CI_AS';
const binaryCollation = 'Latin1_General_BIN2';
const people = { personIds: ['A1', 'Łódź'] } as const;

/** Of the table by which the generator of invented children says what it made. */
const markColumns = ['seed', 'person_id'].map((name) => ({
  name,
  type: 'nvarchar(48)',
  collation: windowsCollation,
}));

/** Plays what the app does on SQL Server: over data where steps follow from rows, else over each profile and type. */
export async function recordAll(): Promise<Recording> {
  const recorder = new Recorder();
  const catalogues: Catalogue[] = [];
  try {
    catalogues.push(await recordNights(recorder));
    for (const played of stagingTables) catalogues.push(await recordStaging(recorder, played));
    for (const played of playedSsds()) catalogues.push(await recordSsd(recorder, played));
    await recordScripts(recorder);
  } finally {
    recorder.close();
  }
  return { batches: recorder.batches, places: recorder.places, schema: schemaOf(catalogues, [appUser]) };
}

/** Nights, a rerun, lists of children, an erasure and a preflight, over synthetic children in PGlite. */
async function recordNights(recorder: Recorder): Promise<Catalogue> {
  const catalogue: Catalogue = {
    collation: windowsCollation,
    tables: new Map([
      ...Object.values(ssds).flatMap((schema) => [...ssdTables(schema, 'systemc', windowsCollation)]),
      [staging, stagingColumns(windowsCollation)],
      [`${ssds.first}.${markTable}`, markColumns],
    ]),
  };
  const world = new World(12);
  await world.start();
  try {
    const order = { ...usualIdOrder.sqlserver, collation: windowsCollation };
    const words = inPostgresWords({ table: staging, order });
    const server = await recorder.server('a night', async (sql, parameters) => {
      const known = catalogueAnswer(catalogue, sql, parameters);
      return known ?? (await world.database.query(words(sql), parameters));
    });
    const names = builtInProfile('systemc').names;
    const over = (ssd: keyof typeof ssds): Dependencies =>
      world.dependencies(ssd, {
        ssd: new SsdReader(server, ssds[ssd], names),
        staging: new StagingTable(server, staging, {
          database: () => world.time(),
          app: () => world.time(),
        }),
      });
    await finished(world, over('first'));
    await finished(world, over('later'));
    await finished(world, over('later'), 'all');
    await recordLook(server, over('later'), ssds.later);
    await recordErasures(world, over('later'));
  } finally {
    await world.stop();
  }
  return catalogue;
}

async function finished(
  world: World,
  dependencies: Dependencies,
  scope: 'outstanding' | 'all' = 'outstanding',
) {
  const wish = scope === 'all' ? { ...nightly, trigger: 'http' as const, approve: true, scope } : nightly;
  const runId = await world.run(dependencies, wish);
  if (runId === undefined) throw new Error('a run did not start');
  await world.ticks(dependencies);
  const plan = await dependencies.runs.plan.read(runId);
  if (plan === undefined || plan.held) throw new Error(`the run ${runId} sent nothing`);
}

async function recordErasures(world: World, dependencies: Dependencies): Promise<void> {
  const { staging: table } = dependencies;
  if (!(table instanceof StagingTable)) throw new Error('not the staging table');
  const ids: string[] = [];
  for await (const { personId } of table.children()) ids.push(personId);
  await table.countByState();
  const [first] = ids;
  if (first === undefined) throw new Error('no child was staged');
  await eraseChild(
    first,
    { by: 'function key', reason: 'recorded' },
    { ...dependencies, blobs: world.blobs(), staging: table },
    noDeadline,
  );
}

/** A preflight that passes all that it asks the database. */
async function recordLook(server: Database, dependencies: Dependencies, schema: string): Promise<void> {
  const { checks } = await preflight(() => ({
    openDatabase: () => ({ get: () => Promise.resolve(server), close: () => Promise.resolve() }),
    ssdOf: (database) => new SsdReader(database, schema, builtInProfile('systemc').names),
    system: 'systemc',
    careWorkerRoles: new Set(['role']),
    today: dependencies.today,
    changedRules: [],
    codeLists: () => codeListsOn(dependencies.today()),
    stagingTable: staging,
    terms: dependencies.terms,
    readPseudonyms: undefined,
    readInvented: (database) => readInventedPeople(database, ssds.first, { isReceiverHere: true }),
    openDfe: () => ({
      credentials: fixedCredentials({
        clientId: 'client',
        clientSecret: 'secret',
        supplierKey: 'key',
        secondarySupplierKey: undefined,
      }),
      probe: () => Promise.resolve({ credentials: 'accepted', text: 'Played.', tries: 1 }),
      close: () => Promise.resolve(),
    }),
    receiver: { receiver: 'test', baseUrl: 'https://dfe.example' },
    addressesNotKnown: [],
    blobs: new MemoryBlobs(),
    ledger: new MemoryBlobs(),
    openQueues: () => {
      throw new Error('no queue is played');
    },
    now: () => new Date(),
  }));
  const failed = checks
    .filter(isOfDatabase)
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'skipped');
  if (failed.length > 0) throw new Error(`the preflight failed: ${JSON.stringify(failed)}`);
}

function isOfDatabase({ check }: PreflightCheck): boolean {
  return /^(database|ssd|staging|cohort|pseudonyms)/.test(check);
}

interface PlayedStaging {
  readonly label: string;
  readonly idType: string;
  readonly idCollation: string;
}

const stagingTables: readonly PlayedStaging[] = [
  { label: 'staging_nvarchar', idType: 'nvarchar(48)', idCollation: sqlCollation },
  { label: 'staging_varchar', idType: 'varchar(48)', idCollation: sqlCollation },
  { label: 'staging_windows', idType: 'varchar(48)', idCollation: windowsCollation },
  { label: 'staging_binary', idType: 'varchar(48)', idCollation: binaryCollation },
];

/** All that writes a staging table whose ids are of another type, for a server that has nothing in it. */
async function recordStaging(recorder: Recorder, played: PlayedStaging): Promise<Catalogue> {
  const { label, idType, idCollation } = played;
  const table = `dbo.${label}`;
  const catalogue: Catalogue = {
    collation: sqlCollation,
    tables: new Map([[table, stagingColumns(sqlCollation, idType, idCollation)]]),
  };
  const hash = 'ab'.repeat(32);
  const at = new Date('2026-08-11T02:00:00Z');
  const rows: readonly Row[] = people.personIds.map((person_id) => ({
    person_id,
    current_hash: hash,
    previous_json_payload: null,
    unanswered_json_payload: null,
    open_posts: null,
    sent_run_id: 'run',
    sent_run_number: 1,
    sent_claim_id: 'claim',
    last_updated: at,
    locked_at: at,
    children: 0,
    number: 1,
  }));
  const server = await recorder.server(label, (sql, parameters) =>
    Promise.resolve(catalogueAnswer(catalogue, sql, parameters) ?? rows),
  );
  const theirs = new StagingTable(server, table);
  const apart = new StagingTable(server, table, undefined, true);
  const order = await stagedIdOrder(server, table);
  if (order === undefined) throw new Error(`${table} is not there`);
  for (const personId of people.personIds) {
    await theirs.stage([
      { personId, legacyId: undefined, json: '{}', hash, rowState: 'New', status: 'Pending', isHeld: false },
    ]);
    await theirs.claim({ runId: 'run', number: 2 }, 'claim', [{ personId, hash, sent: '{}' }]);
    const child = { personId, hash };
    await theirs.settle('run', [
      { ...child, outcome: 'accepted', holds: '{}', receipt: 'r', claimId: 'claim', mayLandAgain: false },
      { ...child, outcome: 'refused', reason: 'r', mayHold: false, claimId: 'claim' },
      { ...child, outcome: 'notTaken', claimId: 'claim' },
    ]);
    await theirs.removeIfNotHeld(personId);
    await theirs.removeLeavers(365);
    for (const own of [true, false]) {
      const other = { ...order, isUnicode: own };
      const range = { after: personId, upTo: personId };
      const besides = await theirs.selectOf(range, other);
      await server.queryTogether({ besides }, rangeParameters(range));
      const { select, parameters, children } = await apart.inRange(range, other);
      const found = await server.queryTogether({ select }, { ...rangeParameters(range), ...parameters });
      await children(found.select);
    }
  }
  await theirs.countHeld();
  await theirs.highestRunNumber();
  return catalogue;
}

interface PlayedSsd {
  readonly label: string;
  readonly system: System;
  readonly collation: string;
  readonly declares?: Declares;
  readonly listType?: string;
  /** Its rows hang together, so that few ways are joined; else also as one whose ways all contradict. */
  readonly isHealthy?: true;
}

/** Each profile under each kind of collation, and each type that a council's ids and dates may have. */
function playedSsds(): readonly PlayedSsd[] {
  const published = systems.flatMap((system) =>
    [windowsCollation, sqlCollation, binaryCollation].map((collation, at): PlayedSsd => ({
      label: `${system}_${['windows', 'sql', 'binary'][at] ?? ''}`,
      system,
      collation,
      ...(collation === windowsCollation ? {} : { isHealthy: true }),
    })),
  );
  const typed = idTypes.map((type): PlayedSsd => ({
    label: `ids_${type.replace(/\W+/g, '_')}`,
    system: 'systemc',
    collation: sqlCollation,
    listType: type,
    ...(type === 'int' ? {} : { isHealthy: true }),
    declares: ({ name }) => (name.endsWith('_id') ? declared(type, sqlCollation) : undefined),
  }));
  const dated = dateTypes.map((type): PlayedSsd => ({
    label: `dates_${type.replace(/\W+/g, '_')}`,
    system: 'systemc',
    collation: windowsCollation,
    isHealthy: true,
    declares: ({ type: { kind } }) => (kind === 'date' ? declared(type, windowsCollation) : undefined),
  }));
  const isDetail = (table: string) => table !== 'ssd_person';
  const mixed = [windowsCollation, sqlCollation].flatMap((collation, at): PlayedSsd[] => {
    const suffix = ['windows', 'sql'][at] ?? '';
    const only =
      (isMet: (table: string) => boolean, its: DeclaredType): Declares =>
      ({ name }, table) =>
        name.endsWith('_id') && isMet(table) ? its : undefined;
    return [
      {
        label: `varchar_persons_${suffix}`,
        system: 'systemc',
        collation,
        declares: only((table) => !isDetail(table), declared('varchar(48)', collation)),
      },
      {
        label: `varchar_details_${suffix}`,
        system: 'systemc',
        collation,
        declares: only(isDetail, declared('varchar(48)', collation)),
      },
      {
        label: `foreign_details_${suffix}`,
        system: 'mosaic',
        collation,
        declares: only(isDetail, declared('varchar(48)', 'Latin1_General_CS_AS')),
      },
    ];
  });
  return [...published, ...typed, ...dated, ...mixed];
}

const idTypes = [
  ...['nvarchar(48)', 'nchar(20)', 'varchar(48)', 'char(20)', 'int', 'bigint', 'decimal(18,0)', 'float'],
  ...['uniqueidentifier', 'bit', 'xml', 'sql_variant'],
] as const;
const dateTypes = ['date', 'datetime2(3)', 'smalldatetime', 'datetimeoffset', 'nvarchar(30)'] as const;

type DeclaredType = Pick<DeclaredColumn, 'type' | 'collation'>;

function declared(type: string, collation: string): DeclaredType {
  return { type, collation: type.includes('char') ? collation : undefined };
}

/** All that reads an SSD, in good order and in none, by a server that has no rows. */
async function recordSsd(recorder: Recorder, played: PlayedSsd): Promise<Catalogue> {
  const { label, system, collation, declares, listType = 'varchar(20)', isHealthy } = played;
  const list = `${label}.our_list`;
  const catalogue: Catalogue = {
    collation,
    tables: new Map([
      ...ssdTables(label, system, collation, declares),
      [list, [{ name: 'person_id', ...declared(listType, collation) }]],
      [staging, stagingColumns(windowsCollation)],
    ]),
  };
  for (const facts of isHealthy === true ? [healthy] : [healthy, unhealthy]) {
    const answer: Answer = (sql, parameters) =>
      Promise.resolve(catalogueAnswer(catalogue, sql, parameters) ?? [facts]);
    const server = await recorder.server(label, answer);
    const limits: CohortLimits = { cohortList: list, allowList: list };
    const reader = new SsdReader(server, label, builtInProfile(system).names, limits);
    const table = new StagingTable(server, staging);
    const apart = new StagingTable(server, staging, undefined, true);
    const survey = await reader.survey();
    await reader.findingsOfUnassignedRows(survey);
    await reader.idsOfUnnamedRows(survey, detailTables);
    await reader.rowCounts();
    await reader.countListed(list);
    await reader.newestDates('2026-08-11');
    await reader.involvementRoles();
    await reader.unindexedPersonColumns([staging]);
    // It groups by columns of words, which the types of ids and dates do not change.
    if (declares === undefined) await profileFit(server, label, builtInProfile(system), undefined);
    const everyone = { after: null, upTo: null };
    for (const range of [everyone, { after: 'A1', upTo: 'B1' }, { after: 'é', upTo: 'Łódź' }]) {
      await reader.ranges(500, range.after);
      await reader.ids(range);
      await reader.read(range, await table.selectOf(range, await reader.idOrder()));
      const { select, parameters } = await apart.inRange(range, await reader.idOrder());
      await reader.read(range, select, parameters);
    }
  }
  return catalogue;
}

/** The batches of infra/sql, as the commands run them: on a table that lacks everything, and one that has it. */
async function recordScripts(recorder: Recorder): Promise<void> {
  const nothing: Answer = (sql) => Promise.resolve(sql.includes('COUNT(*)') ? [{ persons: 0 }] : []);
  const server = await recorder.server('migrate', nothing);
  await migrate(server, staging);
  // Only the columns of this table are there: its people are counted.
  const columns = new Map([[staging, stagingColumns(windowsCollation)]]);
  const withoutIndex = await recorder.server('migrate', (sql, parameters) =>
    sql.includes('sys.indexes')
      ? Promise.resolve([])
      : Promise.resolve(
          catalogueAnswer({ collation: windowsCollation, tables: columns }, sql, parameters) ?? [
            { persons: 0 },
          ],
        ),
  );
  await checkStagingTable(withoutIndex, staging);
  const grants = await recorder.server('grant', nothing);
  const environment = {
    SSD_CONNECTION_STRING: 'Server=db.example',
    SSD_PROFILE: 'systemc',
    SSD_SCHEMA: ssds.first,
    STAGING_TABLE: staging,
  };
  const wish = ['--user', appUser, '--client-id', '12345678-9abc-4def-8123-456789abcdef'];
  let said = '';
  const code = await grantCommand(
    wish,
    environment,
    (text) => (said += text),
    () => Promise.resolve(grants),
  );
  if (code !== 0) throw new Error(`grant failed: ${said}`);
  const dba = await recorder.server('indexes', nothing);
  await runScript(dba, 'indexes.sql', { SsdSchema: ssds.first });
}
