// Long, since everything that a run works with is put together here, once.
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { IdsByList } from '../../shared/child/draft.js';
import { buildChild } from '../../shared/child/build.js';
import { careWorkerGates } from '../../shared/child/buildRules.js';
import { newestCodeLists } from '../../shared/child/codes/codeLists.js';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { windowOf } from '../../shared/child/window.js';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { vocabularyWith } from '../../shared/dfe/keptWords.js';
import { DfeClient } from '../../shared/dfe/client.js';
import { fixedCredentials } from '../../shared/dfe/credentials.js';
import { Network } from '../../shared/dfe/network.js';
import { TokenSource } from '../../shared/dfe/tokenSource.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { noTelemetry } from '../../shared/telemetry/events.js';
import type { ExtractDependencies } from '../../shared/runs/extractRun.js';
import { Ledger } from '../../shared/records/ledger.js';
import { approveRun } from '../../shared/runs/approveOrCancel.js';
import type { ResumeDependencies } from '../../shared/runs/resumeStalledRuns.js';
import { reportRun } from '../../shared/telemetry/reportRun.js';
import { requestRun, type RequestRunDependencies, type NewRunRequest } from '../../shared/runs/requestRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import type { ExtractMessage } from '../../shared/records/messages.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import type { SendChunkDependencies } from '../../shared/runs/sendChunk.js';
import { handler as extractRun } from '../../shared/triggers/extractRun.js';
import { handler as nightlyTimer } from '../../shared/triggers/nightly.js';
import { handler as poisonedChunk } from '../../shared/triggers/poisonedChunk.js';
import { handler as poisonedExtract } from '../../shared/triggers/poisonedExtract.js';
import { handler as resumeStalledRuns } from '../../shared/triggers/resumeStalledRuns.js';
import { handler as sendChunk } from '../../shared/triggers/sendChunk.js';
import type { Invocation } from '../../shared/composition/handledBy.js';
import { childSchemaOf } from '../../shared/child/payload.js';
import { defaultInclusionSets } from '../../shared/ssd/cohort.js';
import { CohortTally } from '../../shared/ssd/cohortReport.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { startDfeSimulator, type DfeSimulator } from '../local/dfe/simulator.js';
import { applyRecord, type ArrayMode, type HeldChild } from '../local/dfe/state.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { migrate } from '../local/migrations.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { loadSsd } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { everyone } from './everyone.js';
import { interferedBlobs, interferedDatabase, noInterference, type Interference } from './interference.js';
import { inventedTerms } from '../settings/someTerms.js';
import { notReadBy } from '../../shared/child/categories.js';

const today = plainDate('2026-08-11');
const daysLater = 60;
const stagingTable = 'ssd_api_data_staging';

const systemc = builtInProfile('systemc');

/** The synthetic SSDs that the tests read, each in a schema of its own. */
export const ssds = {
  /** As the first run reads it. */
  first: 'ssd_first',
  /** Sixty days later: changed, removed, new and returned children. */
  later: 'ssd_later',
  /** While the case management system rebuilds its tables. */
  empty: 'ssd_empty',
} as const;
export type SsdName = keyof typeof ssds;

export type Dependencies = ExtractDependencies &
  SendChunkDependencies &
  RequestRunDependencies &
  ResumeDependencies & {
    /** Puts a message on its queue, as the host does with the outputs of a function. */
    readonly put: (message: Message) => Promise<void>;
  };

/** As much of the app's container as its triggers use. */
type HandlerParts = Dependencies & { readonly withDatabase: () => Promise<Dependencies> };

export type Message =
  | { readonly queue: 'extracts'; readonly content: ExtractMessage }
  | { readonly queue: 'chunks'; readonly content: ChunkMessage };

const recordSchema = z.object({ la_child_id: z.string() }).catchall(z.json());

type Storage = 'memory' | 'Azurite';

/**
 * The parts that a run works with: PGlite, the simulated DfE, and blobs in memory or in Azurite. One for a test file; each
 * `fresh` starts with an empty staging table, an empty DfE and no runs.
 */
export class World {
  database!: Database;
  dfe!: DfeSimulator;
  #started = false;
  #azurite: Azurite | undefined;
  readonly #network = new Network({ connectTimeoutMs: 5000 });
  #blobs!: BlobStore;
  #ahead = 0;
  #clock: (() => Date) | undefined;
  /** The messages that wait, as the host keeps them when a process dies. */
  readonly #queue: Message[] = [];

  readonly #children: number;
  readonly #storage: Storage;

  constructor(children: number, storage: Storage = 'memory') {
    this.#children = children;
    this.#storage = storage;
  }

  async start(): Promise<void> {
    const children = this.#children;
    if (this.#storage === 'Azurite') this.#azurite = await startAzurite();
    this.database = await openDatabase('embedded:');
    await migrate(this.database, stagingTable);
    const source = { kind: 'synthetic', children, seed: 'run' } as const;
    await fillSsd(this.database, ssds.first, source, today);
    await fillSsd(this.database, ssds.empty, { ...source, children: 0 }, today);
    for (const statement of createTables(this.database.engine, ssds.later, 'systemc')) {
      await this.database.query(statement);
    }
    const later = generateSsd({ children, seed: 'run', today, night: daysLater });
    await loadSsd(this.database, ssds.later, later.entries());
    await this.fresh();
  }

  /** @param options `clock` in place of the machine's and of `later` */
  async fresh(options: { arrays?: ArrayMode; clock?: () => Date } = {}): Promise<void> {
    this.#clock = options.clock;
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
    this.#blobs =
      this.#azurite === undefined ? new MemoryBlobs(() => this.time()) : this.#blobsIn(this.#azurite);
    this.#queue.length = 0;
    this.#ahead = 0;
  }

  /** Lets time pass. */
  later(minutes: number): void {
    this.#ahead += minutes * 60_000;
  }

  /** What all clocks say that are right. */
  time(): Date {
    return this.#clock?.() ?? new Date(Date.now() + this.#ahead);
  }

  async stop(): Promise<void> {
    await this.#network.close();
    await this.dfe.stop();
    await this.database.close();
    await this.#azurite?.stop();
  }

  blobs(): BlobStore {
    return this.#blobs;
  }

  /** What the use cases get. Each call is a process of its own: no token, no state is shared. */
  dependencies(
    ssd: SsdName,
    overrides: Partial<Dependencies> = {},
    interference: Interference = noInterference,
  ): Dependencies {
    const database = interferedDatabase(this.database, interference);
    const credentials = fixedCredentials({
      clientId: 'client',
      clientSecret: 'secret',
      supplierKey: 'key',
      secondarySupplierKey: undefined,
    });
    const network = this.#network;
    const tokens = new TokenSource(
      { tokenUrl: this.dfe.tokenUrl, scope: this.dfe.scope },
      { credentials, network, now: () => new Date() },
    );
    const dfe = new DfeClient(
      {
        baseUrl: this.dfe.apiBaseUrl,
        laCode: '999',
        userAgent: 'test',
        timeoutMs: 10_000,
        retry: { retries: 2, firstWaitMs: 1, longestWaitMs: 5, budgetMs: 10_000 },
      },
      { credentials, tokens, network },
    );
    const blobs = interferedBlobs(this.blobs(), interference);
    return {
      telemetry: noTelemetry,
      runs: runStore(blobs),
      ledger: new Ledger(blobs),
      receiver: { receiver: 'test', baseUrl: 'https://dfe.example' },
      stagingTable,
      pseudonyms: undefined,
      isStartedByRefresh: false,
      readInvented: () => Promise.resolve(everyone),
      pausedRunExpiresAfterMs: 20 * 60 * 60_000,
      put: (message) =>
        interference.around(() => {
          this.#queue.push(message);
          return Promise.resolve();
        }),
      now: () => this.time(),
      today: () => todayOf(ssd),
      randomHex: () => randomBytes(3).toString('hex'),
      ssd: new SsdReader(
        this.database,
        ssds[ssd],
        systemc.names,
        {},
        { notRead: notReadBy(overrides.terms?.leftOut ?? []) },
      ),
      staging: new StagingTable(database, stagingTable, {
        database: () => this.time(),
        app: overrides.now ?? (() => this.time()),
      }),
      post: (payloads) => interference.around(() => dfe.post(payloads)),
      probe: async () => (await dfe.probe()).credentials,
      codesOn: () => newestCodeLists,
      profile: systemc,
      inclusionSets: defaultInclusionSets,
      careWorkerGates,
      unregisteredWorkers: 'leaveOut',
      changedRules: [],
      terms: inventedTerms,
      leaversKeptDays: 365,
      mode: 'changes',
      chunkLimits: { maxChildren: 5, maxBytes: 190_000 },
      guardLimits: { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 100 },
      rangeSize: 6,
      version: '0.2.0-gtest',
      // Every chunk has its message at once, unless a test is about lanes.
      lanes: 1000,
      vocabulary: vocabularyWith(),
      leastMsPerPost: 0,
      pause: () => Promise.resolve(),
      every: () => () => undefined,
      ...overrides,
    };
  }

  /** What DfE should hold when it knows all that an SSD says. */
  expected(name: SsdName): Promise<HeldChild[]> {
    return this.expectedIn(ssds[name], todayOf(name));
  }

  /** The same of any SSD in SystemC's columns, on a day. */
  async expectedIn(ssd: string, day: PlainDate): Promise<HeldChild[]> {
    const reader = new SsdReader(this.database, ssd, systemc.names);
    const window = windowOf(day);
    const survey = await reader.survey();
    const [everyone] = await reader.ranges(1_000_000);
    if (everyone === undefined) return [];
    const { persons } = await reader.read(everyone, 'SELECT 1 AS nothing');
    const rules = {
      window,
      codes: newestCodeLists,
      leftOut: [],
      careWorkerGates,
      unregisteredWorkers: 'leaveOut',
      absentTables: new Set<string>(),
      sharedUpns: new Set<string>(),
      factorsMayBeMissing: survey.factorsWithoutAssessment > 0,
      lostItems: new IdsByList(),
      ...systemc,
    } as const;
    const cohort = new CohortTally({
      window,
      on: defaultInclusionSets,
      ageLimit: undefined,
      absentTables: new Set(),
    });
    const schema = childSchemaOf(newestCodeLists);
    return persons
      .map(({ rows }) => rows)
      .filter((person) => cohort.add(person, undefined, undefined) === 'in the cohort')
      .map((person) => buildChild(person, rules, schema).child)
      .filter((child) => child !== undefined)
      .map((child) =>
        applyRecord(undefined, recordSchema.parse(JSON.parse(JSON.stringify(child))), 'replace'),
      )
      .filter((held) => held !== undefined)
      .sort((a, b) => (a.la_child_id < b.la_child_id ? -1 : 1));
  }

  /** A run as the host plays it: the timer, then every message until the queues are empty. @returns its run, if there is one */
  async run(dependencies: Dependencies, wish: NewRunRequest = nightly): Promise<RunId | undefined> {
    const runId = await this.request(dependencies, wish);
    await this.drain(dependencies);
    return runId;
  }

  /** The timer, or a person's request, alone. A timer whose handler fails is not repeated before the next day. */
  async request(dependencies: Dependencies, wish: NewRunRequest = nightly): Promise<RunId | undefined> {
    try {
      if (wish === nightly) {
        await this.#invoke(nightlyTimer, { isPastDue: false }, dependencies);
        const active = await dependencies.runs.activeRun.read();
        return active?.waiting?.runId ?? active?.run.runId;
      }
      const requested = await requestRun(wish, dependencies);
      if (requested.outcome !== 'started') return requested.runId;
      await dependencies.put({ queue: 'extracts', content: requested.message });
      return requested.message.runId;
    } catch {
      return undefined;
    }
  }

  /** A run that is asked for and whose messages the caller plays itself. */
  async begin(dependencies: Dependencies, wish: NewRunRequest = nightly): Promise<RunId> {
    const requested = await requestRun(wish, dependencies);
    if (requested.outcome !== 'started') throw new Error(`the run did not start: ${requested.outcome}`);
    return requested.message.runId;
  }

  /** The checks for stalled runs, one after another, until everything has ended: what the function `resumeStalledRuns` is for. */
  async ticks(dependencies: Dependencies): Promise<void> {
    let hasQueued: boolean;
    do {
      this.later(40);
      hasQueued = await this.tick(dependencies);
      await this.drain(dependencies);
    } while (hasQueued);
  }

  /** @returns whether it has queued messages */
  tick(dependencies: Dependencies): Promise<boolean> {
    return this.#invoke(resumeStalledRuns, undefined, dependencies);
  }

  /** Each message is given up to five tries, then its poison handler has it. */
  async drain(dependencies: Dependencies): Promise<void> {
    for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) {
      await this.#handle(message, dependencies);
    }
  }

  /** Forgets the messages that wait. */
  loseMessages(): void {
    this.#queue.length = 0;
  }

  async approve(runId: RunId, dependencies: Dependencies): Promise<void> {
    const decided = await approveRun(runId, { by: 'a person', reason: 'it is right' }, dependencies);
    if (decided.outcome !== 'done') throw new Error(`the run could not be approved: ${decided.outcome}`);
    for (const content of decided.messages) await dependencies.put({ queue: 'chunks', content });
    await reportRun(runId, dependencies);
    await this.drain(dependencies);
  }

  async #handle(message: Message, dependencies: Dependencies): Promise<void> {
    const done = await succeeds(() => this.attempt(message, dependencies));
    if (!done) await succeeds(() => this.settlePoison(message, dependencies));
  }

  /** One delivery of a message. */
  async attempt({ queue, content }: Message, dependencies: Dependencies): Promise<void> {
    await this.#invoke(queue === 'chunks' ? sendChunk : extractRun, content, dependencies);
  }

  /** What the poison handler does with a message that was delivered in vain. */
  async settlePoison({ queue, content }: Message, dependencies: Dependencies): Promise<void> {
    await this.#invoke(queue === 'chunks' ? poisonedChunk : poisonedExtract, content, dependencies);
  }

  /** A handler as the host runs it: what it queues goes out once it has succeeded. @returns whether it has queued messages */
  async #invoke<Input>(
    handler: (input: Input, invocation: Invocation<HandlerParts>) => Promise<void>,
    input: Input,
    dependencies: Dependencies,
  ): Promise<boolean> {
    const queued: Message[] = [];
    const silent = () => undefined;
    await handler(input, {
      container: () => ({ ...dependencies, withDatabase: () => Promise.resolve(dependencies) }),
      queue: ({ extracts = [], chunks = [] }) => {
        queued.push(...extracts.map((content) => ({ queue: 'extracts', content }) as const));
        queued.push(...chunks.map((content) => ({ queue: 'chunks', content }) as const));
      },
      log: silent,
      warn: silent,
      error: silent,
    });
    for (const message of queued) await dependencies.put(message);
    return queued.length > 0;
  }

  /** A container of its own, whose clock goes with `later`. */
  #blobsIn({ connectionString }: Azurite): BlobStore {
    const service = BlobServiceClient.fromConnectionString(connectionString);
    const blobs = new AzureBlobStore(service.getContainerClient(`world-${randomBytes(6).toString('hex')}`));
    return Object.assign(blobs, { time: () => Promise.resolve(this.time()) });
  }

  async stagingRows(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.database.query(`SELECT * FROM ${stagingTable} ORDER BY person_id`);
  }

  async stagingRow(personId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const sql = `SELECT row_state, submission_status, api_response, previous_json_payload, json_payload FROM ${stagingTable} WHERE person_id = @personId`;
    return (await this.database.query(sql, { personId }))[0];
  }
}

function todayOf(ssd: SsdName): PlainDate {
  return ssd === 'later' ? addToDate(today, { days: daysLater }) : today;
}

/** A world for the tests of one file. @param children in its synthetic SSDs, more or less */
export function aWorld(children = 24, storage: Storage = 'memory'): World {
  const world = new World(children, storage);
  before(() => world.start());
  after(() => world.stop());
  return world;
}

export const nightly: NewRunRequest = { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' };
export const byHand = {
  trigger: 'http',
  requestedBy: 'a person',
  scope: 'outstanding',
} as const satisfies NewRunRequest;
/** How often the host delivers a message. */
export const tries = 5;

async function succeeds(step: () => Promise<unknown>): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      await step();
      return true;
    } catch {
      continue;
    }
  }
  return false;
}
