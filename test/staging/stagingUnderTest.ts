import assert from 'node:assert/strict';
import { after, before, beforeEach, describe } from 'node:test';
import type { Database, Engine, Row } from '../../shared/database/database.js';
import { rangeParameters, type IdRange } from '../../shared/database/idRange.js';
import type { Settlement } from '../../shared/staging/settlement.js';
import { stagedChildOf, type StagedChild } from '../../shared/staging/stagedChild.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { StagingTable, type Claimed } from '../../shared/staging/stagingTable.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';
import { openTestSchema, testEngines, type TestEngine, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import { accepted, claimId, claimOf, everyone, firstRun, dayOf, runOf } from './children.js';

/** Hexadecimal text as a binary hash. */
export const binary: Readonly<Record<Engine, (parameter: string) => string>> = {
  postgres: (parameter) => `decode(${parameter}, 'hex')`,
  sqlserver: (parameter) => `CONVERT(binary(32), ${parameter}, 2)`,
};

/** A staging table of its own, empty before each test. */
interface StagingUnderTest {
  readonly engine: Engine;
  /** These are there once the tests run. */
  readonly database: Database;
  readonly schema: string;
  readonly name: string;
  readonly table: StagingTable;
  readonly stage: (...writes: readonly StagingWrite[]) => Promise<void>;
  readonly claim: (runId: string, ...writes: readonly StagingWrite[]) => Promise<Claimed>;
  readonly settle: (runId: string, ...settlements: readonly Settlement[]) => Promise<void>;
  /** Sends children that are staged already, and has all of them accepted. */
  readonly haveAccepted: (runId: string, ...writes: readonly StagingWrite[]) => Promise<void>;
  readonly children: (range?: IdRange) => Promise<StagedChild[]>;
  readonly columnsOf: (personId: string) => Promise<Row>;
  /** The whole row except the times. */
  readonly wholeRowOf: (personId: string) => Promise<Row>;
}

/** The children of a range, in the order of their ids. */
export async function childrenOf(
  database: Database,
  table: StagingTable,
  range: IdRange = everyone,
): Promise<StagedChild[]> {
  const { rows } = await database.queryTogether(
    { rows: await table.selectOf(range, usualIdOrder[database.engine]) },
    rangeParameters(range),
  );
  return rows.map(stagedChildOf).toSorted((one, other) => (one.personId < other.personId ? -1 : 1));
}

/** Tests of one behaviour, on every engine that is available. */
export function describeStagingTable(behaviour: string, tests: (staging: StagingUnderTest) => void): void {
  for (const engine of testEngines) {
    describe(`${behaviour} (${engine.name})`, () => {
      tests(aStagingTable(engine));
    });
  }
}

function aStagingTable(engine: TestEngine): StagingUnderTest {
  let made: TestSchema;
  let table: StagingTable;
  /** Each run is a day after the one before, when nothing older can still land. */
  let time = dayOf(firstRun);
  const name = () => `${made.schema}.ssd_api_data_staging`;

  before(async () => {
    made = await openTestSchema(engine);
    await migrate(made.database, name());
    table = new StagingTable(made.database, name(), { app: () => time, database: () => time });
  });
  after(() => made.remove());
  beforeEach(() => made.database.query(`DELETE FROM ${name()}`));

  const claim = async (runId: string, ...writes: readonly StagingWrite[]) => {
    time = dayOf(runId);
    return table.claim(runOf(runId), claimId, writes.map(claimOf));
  };
  const columnsOf = async (personId: string) => {
    const [row, ...more] = await made.database.query(`SELECT * FROM ${name()} WHERE person_id = @personId`, {
      personId,
    });
    assert.ok(row !== undefined && more.length === 0);
    return row;
  };

  return {
    engine: engine.engine,
    get database() {
      return made.database;
    },
    get schema() {
      return made.schema;
    },
    get name() {
      return name();
    },
    get table() {
      return table;
    },
    stage: (...writes) => table.stage(writes),
    claim,
    settle: (runId, ...settlements) => table.settle(runId, settlements),
    haveAccepted: async (runId, ...writes) => {
      await claim(runId, ...writes);
      await table.settle(
        runId,
        writes.map((write) => accepted(write)),
      );
    },
    children: (range) => childrenOf(made.database, table, range),
    columnsOf,
    wholeRowOf: async (personId) => {
      const { last_updated, submission_timestamp, ...rest } = await columnsOf(personId);
      assert.ok(last_updated !== undefined && submission_timestamp !== undefined);
      return rest;
    },
  };
}
