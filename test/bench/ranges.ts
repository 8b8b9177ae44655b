import { plainDate } from '../../shared/child/dates.js';
import { openDatabase } from '../../shared/database/open.js';
import { runScript } from '../../shared/database/scripts.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { startPostgresServer } from '../database/postgresServer.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { loadSsd } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';

/**
 * What one range of an extract asks of the database as the authority grows, with the indexes of
 * infra/sql/postgres/indexes.sql: on a PostgreSQL server where Debian's package is there, else on PGlite.
 * `npm run bench:ranges [persons ...]`
 */
const sizes = process.argv.slice(2).map(Number);
const schema = 'ssd_development';
const rangeSize = 500;
/** Of the ranges of an SSD, spread over all of it. */
const sampled = 40;

async function main(): Promise<void> {
  console.log(
    '| persons | survey, ms | newest dates | all rows counted | ends of all ranges | ranges | one range, median |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const persons of sizes.length > 0 ? sizes : [61_000, 488_000]) await measure(persons);
}

async function measure(persons: number): Promise<void> {
  const today = plainDate('2026-08-11');
  const server = startPostgresServer();
  const database = await openDatabase(server ?? 'embedded:');
  try {
    await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    for (const statement of createTables(database.engine, schema, 'systemc')) await database.query(statement);
    await loadSsd(database, schema, generateSsd({ children: persons, seed: 'ranges', today }).entries());
    await runScript(database, 'indexes.sql', { SsdSchema: schema });
    await database.query('ANALYZE');
    const reader = new SsdReader(database, schema, builtInProfile('systemc').names);
    const [survey] = await timed(() => reader.survey());
    const [dates] = await timed(() => reader.newestDates(today));
    const [count, counts] = await timed(() => reader.rowCounts());
    const [ends, ranges] = await timed(() => reader.ranges(rangeSize));
    const times: number[] = [];
    const step = Math.max(1, Math.floor(ranges.length / sampled));
    for (const range of ranges.filter((_, at) => at % step === 0)) {
      times.push((await timed(() => reader.read(range, 'SELECT 1 AS nothing')))[0]);
    }
    times.sort((one, other) => one - other);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    const figures = [counts.ssd_person ?? 0, survey, dates, count, ends, ranges.length, median];
    console.log(`| ${figures.map((figure) => figure.toFixed(0)).join(' | ')} |`);
  } finally {
    await database.close();
  }
}

async function timed<T>(step: () => Promise<T>): Promise<[number, T]> {
  const begun = performance.now();
  const result = await step();
  return [performance.now() - begun, result];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
