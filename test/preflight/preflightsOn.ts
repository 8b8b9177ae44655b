import { after, before, beforeEach } from 'node:test';
import { QueueServiceClient } from '@azure/storage-queue';
import { AzureQueues } from '../../shared/azure/azureQueues.js';
import { codeListsOn } from '../../shared/child/codes/codeLists.js';
import { plainDate } from '../../shared/child/dates.js';
import type { Database } from '../../shared/database/database.js';
import { fixedCredentials } from '../../shared/dfe/credentials.js';
import type { Preflight, PreflightCheckName } from '../../shared/preflight/answer.js';
import type { PreflightDatabase, PreflightDfe, PreflightParts } from '../../shared/preflight/parts.js';
import { preflight } from '../../shared/preflight/preflight.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { readInventedPeople } from '../../shared/ssd/inventedPeople.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { emptySsd, openTestSchema, typesOf, type TestEngine, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { agreedTerms } from '../settings/someTerms.js';

export const aChild = { pers_person_id: 'C-seeded-id', pers_forename: 'Siân-seeded', pers_dob: '2015-05-05' };
export const seeded = /seeded/;
const today = plainDate('2026-08-11');

export const oneTry = { retryOptions: { maxTries: 1 } };

export function azuriteQueues(connectionString: string): AzureQueues {
  return new AzureQueues(QueueServiceClient.fromConnectionString(connectionString, oneTry));
}

export function outcomesOf({ checks }: Preflight): Partial<Record<PreflightCheckName, string>> {
  return Object.fromEntries(checks.map(({ check, outcome }) => [check, outcome]));
}

export function foundBy(check: PreflightCheckName, { checks }: Preflight): string {
  return checks.find((each) => each.check === check)?.found ?? '';
}

/** A database that is opened so, and need not be closed. */
export function opened(get: () => Promise<Database>): PreflightDatabase {
  return { get, close: () => Promise.resolve() };
}

export function aDfe(credentials: 'accepted' | 'refused' | 'unanswered'): PreflightDfe {
  return {
    credentials: fixedCredentials({
      clientId: 'seeded-client',
      clientSecret: 'seeded-secret',
      supplierKey: 'seeded-key',
      secondarySupplierKey: undefined,
    }),
    probe: () => Promise.resolve({ credentials, text: 'What DfE said.', tries: 1 }),
    close: () => Promise.resolve(),
  };
}

/** An app that is ready, on a database with one child, new for each test; what a test changes of it is looked at. */
export function preflightsOn(engine: TestEngine) {
  let made: TestSchema;
  before(async () => {
    made = await openTestSchema(engine);
  });
  after(() => made.remove());
  const stagingTable = () => `${made.schema}.staging`;
  beforeEach(async () => {
    const { database, schema } = made;
    await emptySsd(database, schema);
    await loadRows(database, schema, 'ssd_person', [aChild]);
    await loadRows(database, schema, 'ssd_cin_episodes', [
      { cine_referral_id: 'E1', cine_person_id: aChild.pers_person_id, cine_referral_date: '2026-08-04' },
    ]);
    await database.query(`DROP TABLE IF EXISTS ${stagingTable()}`);
    await migrate(database, stagingTable());
  });

  function parts(changed: Partial<PreflightParts> = {}): PreflightParts {
    const blobs = new Map<string, string>();
    return {
      openDatabase: () => opened(() => Promise.resolve(made.database)),
      system: 'systemc',
      careWorkerRoles: builtInProfile('systemc').careWorkerRoles,
      today: () => today,
      changedRules: [],
      codeLists: () => codeListsOn(today),
      ssdOf: (opened) => new SsdReader(opened, made.schema, builtInProfile('systemc').names),
      stagingTable: stagingTable(),
      terms: agreedTerms,
      readPseudonyms: () => Promise.resolve(),
      readInvented: (opened) => readInventedPeople(opened, made.schema, { isReceiverHere: true }),
      openDfe: () => aDfe('accepted'),
      receiver: { receiver: 'live', baseUrl: 'https://csc.dfe.example/receiver/1' },
      addressesNotKnown: [],
      blobs: {
        write: (name, content) => Promise.resolve(void blobs.set(name, content)),
        read: (name) => Promise.resolve(blobs.get(name)),
        time: () => Promise.resolve(new Date()),
      },
      ledger: new MemoryBlobs(),
      openQueues: () => ({
        tryMessage: () => Promise.resolve('csc-preflight'),
        messagesIn: () => Promise.resolve(0),
      }),
      now: () => new Date(),
      ...changed,
    };
  }

  return {
    get database() {
      return made.database;
    },
    get schema() {
      return made.schema;
    },
    get stagingTable() {
      return stagingTable();
    },
    parts,
    look: (changed: Partial<PreflightParts> = {}, longestMs = 20_000) =>
      preflight(() => parts(changed), { longestMs }),
    /** Gives the columns of an SSD table that match a type. */
    async retype(table: string, columns: RegExp, type: keyof ReturnType<typeof typesOf>): Promise<void> {
      const found = await made.database.query(
        'SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = @schema AND TABLE_NAME = @table',
        { schema: made.schema, table },
      );
      for (const name of found.map((row) => String(row['name'])).filter((name) => columns.test(name))) {
        await made.database.query(`ALTER TABLE ${made.schema}.${table} DROP COLUMN ${name}`);
        await made.database.query(
          `ALTER TABLE ${made.schema}.${table} ADD ${name} ${typesOf(engine.engine)[type]}`,
        );
      }
    },
  };
}
