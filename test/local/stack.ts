import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../shared/database/open.js';
import { profileOf } from '../../shared/ssd/profileFiles.js';
import type { Database } from '../../shared/database/database.js';
import type { PlainDate } from '../../shared/child/dates.js';
import type { Faults } from './dfe/faults.js';
import { startDfeSimulator, type DfeSimulator } from './dfe/simulator.js';
import { startAzurite, type Azurite } from './host/azurite.js';
import { startFunctionsHost, type FunctionsHost, type LogEntry } from './host/functionsHost.js';
import type { TimerStatuses } from './host/timerListener.js';
import type { SignedIn } from './host/signedIn.js';
import { migrate, projectRoot } from './migrations.js';
import { changeSsd, fillSsd, madeSchema, type SsdSource } from '../../infra/syntheticSsd/fill.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { applyChanges } from '../../infra/syntheticSsd/load.js';
import { mistakesIn } from './ssd/mistakes.js';
import { lookAtTheirSsd } from './ssd/theirs.js';

interface StackOptions {
  /**
   * The connection string of a database that was not started here, whose SSD is read and never written to; an embedded
   * database in a folder of its own when absent.
   */
  readonly sql?: string | undefined;
  /** The SSD of `sql` is a council's own: nothing at all is written into its database. */
  readonly real?: RealSsd;
  readonly latencyMs?: number;
  /** The clock of the simulated DfE; that of the machine when absent. */
  readonly dfeNow?: () => Date;
  readonly faults?: Faults;
  readonly seed?: string;
  readonly onLog?: (entry: LogEntry) => void;
  /** Plays Entra ID authentication in front of the app, asked at each request who is signed in. */
  readonly signedIn?: () => SignedIn | undefined;
  /** How long the host waits for what runs when it stops; ten seconds when absent, as in Azure. */
  readonly drainSeconds?: number;
  /** When timers were to run next; otherwise none has missed anything. */
  readonly timerStatuses?: TimerStatuses;
  /** Settings of the app that differ from those of the local stack. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What is kept of a try on a real SSD. */
interface RealSsd {
  /** The folder in which the staging table is kept; one that is removed at the end when absent. */
  readonly keep: string | undefined;
  /** Children are sent to DfE's test receiver. The runs are kept as well, with the ledger, and DfE is given its time. */
  readonly sends: boolean;
}

/** A folder of its own, which no one else on this machine may read. */
function keptIn(real: RealSsd | undefined): string | undefined {
  return real?.keep === undefined ? undefined : join(real.keep, 'csc-real');
}

const laCode = '999';

/** A person waits at the keyboard: a database that is not there is reported at once. */
const impatient = { firstWaitMs: 200, longestWaitMs: 500, budgetMs: 1000 };

/**
 * Everything that a council has in Azure, on this machine: the app in a stand-in for the Functions host, Azurite, a database
 * and a simulated DfE. The embedded database belongs to one process at a time and here to one part of it at a time:
 * either the app runs, or `withDatabase` works.
 */
export class Stack {
  /** The schema of the SSD. */
  readonly schema: string;
  readonly dfe: DfeSimulator;
  readonly #azurite: Azurite;
  readonly #folder: string;
  readonly #connectionString: string;
  /** The staging table's database, where it is not that of the SSD. */
  readonly #stagingApart: string | undefined;
  /**
   * In a database that is not our own a table of its own name: what the simulated DfE was sent must never be taken for
   * what DfE was sent.
   */
  readonly #stagingTable: string;
  readonly #options: StackOptions;
  #host: FunctionsHost | undefined;
  #madeStagingTable = false;

  private constructor(
    dfe: DfeSimulator,
    azurite: Azurite,
    folder: string,
    schema: string,
    options: StackOptions,
  ) {
    this.dfe = dfe;
    this.#azurite = azurite;
    this.#folder = folder;
    this.schema = schema;
    this.#connectionString = options.sql ?? `embedded:${join(folder, 'ssd')}`;
    this.#stagingApart = options.real && `embedded:${join(keptIn(options.real) ?? folder, 'staging')}`;
    this.#stagingTable = options.sql === undefined ? 'ssd_api_data_staging' : 'ssd_api_data_staging_local';
    this.#options = options;
  }

  /** Starts storage, DfE and database on free ports; the app itself starts with `startApp`. */
  static async start(options: StackOptions): Promise<Stack> {
    const profile = profileOf(options.settings?.['SSD_PROFILE'] ?? 'systemc');
    const schema = process.env['SSD_SCHEMA'] ?? (options.sql === undefined ? madeSchema : profile.schema);
    const { sql, real } = options;
    const kept = keptIn(real);
    if (kept !== undefined) await mkdir(kept, { recursive: true, mode: 0o700 });
    const azurite = await startAzurite({
      folder: kept !== undefined && real?.sends === true ? join(kept, 'storage') : undefined,
    });
    const dfe = await startDfeSimulator({
      laCode,
      clientId: 'local-client',
      clientSecret: 'local-secret',
      supplierKeys: ['local-supplier-key'],
      scope: 'api://simulated-dfe/.default',
      latencyMs: options.latencyMs ?? 0,
      faults: options.faults ?? {},
      seed: options.seed ?? '1',
      ...(options.dfeNow === undefined ? {} : { now: options.dfeNow }),
    });
    const folder = await mkdtemp(join(tmpdir(), 'csc-local-'));
    const stack = new Stack(dfe, azurite, folder, schema, options);
    try {
      if (sql !== undefined) {
        await stack.withDatabase((database) => lookAtTheirSsd(database, schema, profile, real !== undefined));
      }
      await stack.#withStaging(async (database) => {
        await migrate(database, stack.#stagingTable);
        stack.#madeStagingTable = true;
        // The simulated DfE begins with nothing, and so does what it is known to hold.
        if (kept === undefined) await database.query(`DELETE FROM ${stack.#stagingTable}`);
      });
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** The connection string of blobs and queues. */
  get storage(): string {
    return this.#azurite.connectionString;
  }

  /** Works on the database of the SSD while the app does not run. */
  withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return this.#with(this.#connectionString, work);
  }

  #withStaging<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return this.#with(this.#stagingApart ?? this.#connectionString, work);
  }

  async #with<T>(connectionString: string, work: (database: Database) => Promise<T>): Promise<T> {
    await this.stopApp();
    const database = await openDatabase(connectionString, { patience: impatient });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /**
   * Makes the SSD and fills it.
   * @throws Error in a database that is not our own: its SSD is only ever read
   */
  async fillSsd(source: SsdSource, today: PlainDate): Promise<void> {
    this.#assertOwn();
    await this.withDatabase((database) => fillSsd(database, this.schema, source, today));
  }

  /**
   * Puts mistakes into a synthetic SSD, each into the records of `each` children.
   * @throws Error in a database that is not our own
   */
  async makeMistakes(
    source: SsdSource & { kind: 'synthetic' },
    today: PlainDate,
    each: number,
  ): Promise<void> {
    this.#assertOwn();
    const changes = mistakesIn(generateSsd({ ...source, today }).entries(), today, each);
    await this.withDatabase((database) => applyChanges(database, this.schema, changes));
  }

  /**
   * Changes a synthetic SSD between two nightly runs.
   * @throws Error in a database that is not our own
   */
  async changeSsd(source: SsdSource & { kind: 'synthetic' }, today: PlainDate, night: number): Promise<void> {
    this.#assertOwn();
    await this.withDatabase((database) => changeSsd(database, this.schema, source, today, night));
  }

  #assertOwn(): void {
    if (this.#options.sql === undefined) return;
    throw new Error('The local stack did not start this database, so it writes to no SSD in it.');
  }

  /** Starts the app as if it were `today`. */
  async startApp(today: PlainDate): Promise<FunctionsHost> {
    await this.stopApp();
    const { drainSeconds, timerStatuses } = this.#options;
    this.#host = await startFunctionsHost({
      appRoot: projectRoot,
      settings: this.environment(today),
      // What waits a minute in Azure waits a second on a laptop.
      speedUp: {
        maxPollingInterval: 0.2,
        ...(this.#options.real?.sends === true ? {} : { visibilityTimeout: 1 }),
        ...(drainSeconds === undefined ? {} : { drain: drainSeconds }),
      },
      ...(timerStatuses === undefined ? {} : { timerStatuses }),
      ...(this.#options.onLog === undefined ? {} : { onLog: this.#options.onLog }),
      ...(this.#options.signedIn === undefined ? {} : { signedIn: this.#options.signedIn }),
    });
    return this.#host;
  }

  async stopApp(): Promise<void> {
    await this.#host?.stop();
    this.#host = undefined;
  }

  async stop(): Promise<void> {
    await this.stopApp();
    try {
      // No child's data stays in a database that is not our own.
      if (this.#madeStagingTable && this.#options.sql !== undefined && this.#stagingApart === undefined) {
        await this.#withStaging((database) => database.query(`DROP TABLE ${this.#stagingTable}`));
      }
    } finally {
      await this.#stopTheRest();
    }
  }

  async #stopTheRest(): Promise<void> {
    await this.dfe.stop();
    await this.#azurite.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The rows of the staging table in order of their ids, hashes as hexadecimal digits. */
  async stagingRows(): Promise<Record<string, unknown>[]> {
    const rows = await this.#withStaging((database) =>
      database.query(`SELECT * FROM ${this.#stagingTable} ORDER BY person_id`),
    );
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
        ]),
      ),
    );
  }

  /** The settings of the app: what its environment is in Azure. */
  environment(today: PlainDate): Record<string, string> {
    return {
      AzureWebJobsStorage: this.#azurite.connectionString,
      RESULTS_STORAGE: this.#azurite.connectionString,
      RUN_SCHEDULE: '0 0 2 * * *',
      LA_CODE: laCode,
      DFE_API_BASE_URL: this.dfe.apiBaseUrl,
      DFE_TOKEN_URL: this.dfe.tokenUrl,
      DFE_SCOPE: this.dfe.scope,
      DFE_RECEIVER: 'test',
      // The simulated DfE is on this machine: nothing leaves it, whatever the SSD holds.
      SSD_SYNTHETIC: 'true',
      DFE_CLIENT_ID: 'local-client',
      DFE_CLIENT_SECRET: 'local-secret',
      DFE_SUPPLIER_KEY: 'local-supplier-key',
      SSD_CONNECTION_STRING: this.#connectionString,
      STAGING_CONNECTION_STRING: this.#stagingApart ?? '',
      SSD_SCHEMA: this.schema,
      STAGING_TABLE: this.#stagingTable,
      RUN_TODAY: today,
      // What is kind to DfE is slow on a laptop.
      DFE_POSTS_PER_SECOND: '100',
      DFE_RETRY_SECONDS: '8',
      // Everything is on this machine, whatever proxy the network has.
      NO_PROXY: '127.0.0.1',
      ...(this.#options.signedIn === undefined ? {} : { WEBSITE_AUTH_ENABLED: 'true' }),
      ...this.#options.settings,
    };
  }
}
