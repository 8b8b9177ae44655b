import type { Database } from '../../shared/database/database.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { counted } from '../database/countedDatabase.js';
import { ssds, World } from '../runs/world.js';

/**
 * What a run asks of the database as the authority grows: a first run, in which every child is sent, and the run
 * after it, on which nothing has changed. Round trips and the time in them should grow in step with the children.
 * `npm run bench:growth [children ...]`
 */
const sizes = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  console.log(
    '| night | persons | cohort | ranges and chunks | round trips | transactions | seconds in the database | ms a person | seconds of the run |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const children of sizes.length > 0 ? sizes : [2500, 5000, 10_000, 20_000]) {
    const world = new World(children, 'Azurite');
    await world.start();
    try {
      await world.database.query('ANALYZE');
      for (const night of ['first', 'unchanged']) console.log(await line(night, world));
    } finally {
      await world.stop();
    }
  }
}

async function line(night: string, world: World): Promise<string> {
  const time = { ms: 0 };
  const database = counted(timed(world.database, time));
  const usual = world.dependencies('first');
  const dependencies = {
    ...usual,
    ssd: new SsdReader(database, ssds.first, builtInProfile('systemc').names),
    staging: new StagingTable(database, usual.stagingTable),
    chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
    rangeSize: 500,
    lanes: 4,
  };
  const begun = performance.now();
  const runId = (await world.run(dependencies)) ?? '';
  const seconds = (performance.now() - begun) / 1000;
  const status = await runStatus(runId, dependencies.runs);
  if (status?.status !== 'completed') throw new Error(`the night ended as ${status?.status ?? 'nothing'}`);
  const persons = status.figures?.personsRead ?? 0;
  return `| ${[
    night,
    persons,
    status.figures?.cohort ?? 0,
    `${String(status.progress?.ranges ?? 0)} + ${String(status.chunks?.planned ?? 0)}`,
    database.roundTrips,
    database.transactions,
    (time.ms / 1000).toFixed(1),
    (time.ms / persons).toFixed(2),
    seconds.toFixed(1),
  ].join(' | ')} |`;
}

/** Adds up how long the database takes to answer. */
function timed(database: Database, time: { ms: number }): Database {
  const clocked = async <T>(answer: Promise<T>): Promise<T> => {
    const begun = performance.now();
    try {
      return await answer;
    } finally {
      time.ms += performance.now() - begun;
    }
  };
  return {
    engine: database.engine,
    query: (sql, parameters) => clocked(database.query(sql, parameters)),
    queryTogether: (selects, parameters) => clocked(database.queryTogether(selects, parameters)),
    transaction: (work) => clocked(database.transaction(work)),
    close: () => database.close(),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
