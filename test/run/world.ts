import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { buildChild } from '../../shared/child/build.js';
import { careWorkerGates } from '../../shared/child/buildRules.js';
import { codeLists2025to26 } from '../../shared/child/codes.js';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { windowOf } from '../../shared/child/window.js';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { DfeClient } from '../../shared/dfe/client.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import type { BlobStore } from '../../shared/run/blobStore.js';
import { extractRun, type ExtractDependencies } from '../../shared/run/extractRun.js';
import { requestRun, type RequestRunDependencies, type RunWish } from '../../shared/run/requestRun.js';
import type { ChunkMessage, ExtractMessage, RunId } from '../../shared/run/runRecords.js';
import { RunStore } from '../../shared/run/runStore.js';
import { sendChunk, type SendChunkDependencies } from '../../shared/run/sendChunk.js';
import { settlePoisonedChunk, settlePoisonedExtract } from '../../shared/run/settlePoison.js';
import { defaultInclusionSets, setsThatLetIn } from '../../shared/ssd/cohort.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { startDfeSimulator, type DfeSimulator } from '../local/dfe/simulator.js';
import { applyRecord, type HeldChild } from '../local/dfe/state.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { migrate } from '../local/migrations.js';
import { fillSsd } from '../local/ssd/fill.js';
import { generateSsd } from '../local/ssd/generate.js';
import { loadSsd } from '../local/ssd/load.js';
import { createTables } from '../local/ssd/schema.js';

const today = plainDate('2026-08-11');
const nightsLater = 60;
const stagingTable = 'ssd_api_data_staging';
const children = 24;

const systemc = builtInProfile('systemc');

/** The synthetic SSDs that the tests read, each in a schema of its own. */
export const ssds = {
  /** The first night. */
  first: 'ssd_first',
  /** Sixty nights later: changed, removed, new and returned children. */
  later: 'ssd_later',
  /** While the case management system rebuilds its tables. */
  empty: 'ssd_empty',
} as const;
export type SsdName = keyof typeof ssds;

export type Dependencies = ExtractDependencies & SendChunkDependencies & RequestRunDependencies;

const recordSchema = z.object({ la_child_id: z.string() }).catchall(z.json());

/** Something that stands between a step and what it writes to: it may fail in place of a write, or after it. */
export interface Interference {
  /** Called around each write: to a blob, to the database, to DfE. */
  readonly around: <T>(write: () => Promise<T>) => Promise<T>;
}

const undisturbed: Interference = { around: (write) => write() };

/**
 * The parts that a run works with, all real but DfE: PGlite, Azurite and the simulator. One for a test file; each
 * `fresh` starts with an empty staging table, an empty DfE and no runs.
 */
export class World {
  database!: Database;
  dfe!: DfeSimulator;
  #started = false;
  #azurite!: Azurite;
  #container = '';
  #now = Date.parse('2026-08-11T02:00:00Z');

  async start(): Promise<void> {
    this.#azurite = await startAzurite();
    this.database = await openDatabase('embedded:');
    await migrate(this.database, stagingTable);
    const source = { kind: 'synthetic', children, seed: 'run' } as const;
    await fillSsd(this.database, ssds.first, source, today);
    await fillSsd(this.database, ssds.empty, { ...source, children: 0 }, today);
    for (const statement of createTables(this.database.engine, ssds.later, 'systemc')) {
      await this.database.query(statement);
    }
    const later = generateSsd({ children, seed: 'run', today, night: nightsLater });
    await loadSsd(this.database, ssds.later, later.entries());
    await this.fresh();
  }

  async fresh(options: { arrays?: 'replace' | 'merge' } = {}): Promise<void> {
    await this.database.query(`DELETE FROM ${stagingTable}`);
    if (this.#started) await this.dfe.stop();
    this.dfe = await startDfeSimulator({
      laCode: '999',
      clientId: 'client',
      clientSecret: 'secret',
      scope: 'api://dfe/.default',
      supplierKeys: ['key'],
      arrays: options.arrays ?? 'replace',
    });
    this.#started = true;
    this.#container = `world-${randomBytes(6).toString('hex')}`;
  }

  async stop(): Promise<void> {
    await this.dfe.stop();
    await this.database.close();
    await this.#azurite.stop();
  }

  blobs(): BlobStore {
    const service = BlobServiceClient.fromConnectionString(this.#azurite.connectionString);
    return new AzureBlobStore(service.getContainerClient(this.#container));
  }

  /** What the use cases get. Each call is a process of its own: no token, no state is shared. */
  dependencies(
    ssd: SsdName,
    overrides: Partial<Dependencies> = {},
    interference: Interference = undisturbed,
  ): Dependencies {
    const now = () => new Date((this.#now += 1000));
    const database = interfered(this.database, interference);
    const tokens = new TokenSource(
      { tokenUrl: this.dfe.tokenUrl, scope: this.dfe.scope, clientId: 'client', clientSecret: 'secret' },
      () => new Date(),
    );
    const dfe = new DfeClient(
      {
        baseUrl: this.dfe.apiBaseUrl,
        laCode: '999',
        supplierKey: 'key',
        userAgent: 'test',
        timeoutMs: 10_000,
        retry: { retries: 2, firstWaitMs: 1, longestWaitMs: 5 },
      },
      tokens,
    );
    return {
      runs: new RunStore(interferedBlobs(this.blobs(), interference)),
      now,
      today: () => todayOf(ssd),
      randomHex: () => randomBytes(3).toString('hex'),
      ssd: new SsdReader(this.database, ssds[ssd], systemc.names),
      staging: new StagingTable(database, stagingTable),
      post: (payloads) => interference.around(() => dfe.post(payloads)),
      codes: codeLists2025to26,
      profile: systemc,
      inclusionSets: defaultInclusionSets,
      careWorkerGates,
      mode: 'changes',
      chunkLimits: { maxChildren: 5, maxBytes: 190_000 },
      maxLeaversPercent: 100,
      rangeSize: 6,
      ...overrides,
    };
  }

  /** What DfE should hold when it knows all that an SSD says. */
  async expected(name: SsdName): Promise<HeldChild[]> {
    const reader = new SsdReader(this.database, ssds[name], systemc.names);
    const window = windowOf(todayOf(name));
    const [everyone] = await reader.ranges(window, 1_000_000);
    if (everyone === undefined) return [];
    const { persons } = await reader.read(window, everyone, 'SELECT 1 AS nothing');
    const rules = { window, codes: codeLists2025to26, careWorkerGates, ...systemc };
    return persons
      .filter((person) => setsThatLetIn(person, window).some((set) => defaultInclusionSets.includes(set)))
      .map((person) => buildChild(person, rules).child)
      .filter((child) => child !== undefined)
      .map((child) =>
        applyRecord(undefined, recordSchema.parse(JSON.parse(JSON.stringify(child))), 'replace'),
      )
      .filter((held) => held !== undefined)
      .sort((a, b) => (a.la_child_id < b.la_child_id ? -1 : 1));
  }

  async stagingRow(personId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const sql = `SELECT row_state, submission_status, api_response, previous_json_payload, json_payload FROM ${stagingTable} WHERE person_id = @personId`;
    return (await this.database.query(sql, { personId }))[0];
  }
}

function todayOf(ssd: SsdName): PlainDate {
  return ssd === 'later' ? addToDate(today, { days: nightsLater }) : today;
}

/** A world for the tests of one file. */
export function aWorld(): World {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());
  return world;
}

const nightly: RunWish = { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' };
const tries = 5;

/** A night as the host plays it: each message is given up to five tries, then its poison handler has it. */
export async function night(dependencies: Dependencies, wish: RunWish = nightly): Promise<RunId | undefined> {
  let message: ExtractMessage;
  try {
    message = await requestRun(wish, dependencies);
  } catch {
    // A timer whose handler fails is not repeated before the next night.
    return undefined;
  }
  const chunks = await tried(() => extractRun(message.runId, dependencies));
  if (chunks === undefined) await settlePoisonedExtract(message, dependencies);
  for (const chunk of chunks ?? []) await send(chunk, dependencies);
  return message.runId;
}

async function send(chunk: ChunkMessage, dependencies: Dependencies): Promise<void> {
  const outcome = await tried(() => sendChunk(chunk, dependencies));
  if (outcome === undefined) await settlePoisonedChunk(chunk, dependencies);
}

async function tried<T>(step: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      return await step();
    } catch {
      continue;
    }
  }
  return undefined;
}

function interferedBlobs(blobs: BlobStore, { around }: Interference): BlobStore {
  return {
    create: (name, content, facts) => around(() => blobs.create(name, content, facts)),
    write: (name, content) => around(() => blobs.write(name, content)),
    read: (name) => blobs.read(name),
    list: (prefix) => blobs.list(prefix),
    folders: (prefix) => blobs.folders(prefix),
  };
}

function interfered(database: Database, { around }: Interference): Database {
  return {
    engine: database.engine,
    query: (sql, parameters) => database.query(sql, parameters),
    queryTogether: (selects, parameters) => database.queryTogether(selects, parameters),
    transaction: (work) => around(() => database.transaction(work)),
    close: () => database.close(),
  };
}
