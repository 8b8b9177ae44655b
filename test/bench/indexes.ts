import { plainDate } from '../../shared/child/dates.js';
import { runScript } from '../../shared/database/scripts.js';
import { openDatabase } from '../../shared/database/open.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';
import { loadSsd } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';

/**
 * What infra/sql/postgres/indexes.sql saves: the time to read a whole SSD, range by range, before and after it.
 * `npm run bench:indexes [children]`
 */
const schema = 'ssd_development';
const rangeSize = 500;

async function main(): Promise<void> {
  const children = Number(process.argv[2] ?? '20000');
  const today = plainDate('2026-08-11');
  const database = await openDatabase('embedded:');
  try {
    for (const statement of createTables(database.engine, schema, 'systemc')) await database.query(statement);
    await loadSsd(database, schema, generateSsd({ children, seed: 'indexes', today }).entries());
    await database.query('ANALYZE');
    const read = async (): Promise<string> => {
      const reader = new SsdReader(database, schema, builtInProfile('systemc').names);
      const times: number[] = [];
      await reader.survey();
      let begun = performance.now();
      const ranges = await reader.ranges(rangeSize);
      const ends = performance.now() - begun;
      let persons = 0;
      for (const range of ranges) {
        begun = performance.now();
        persons += (await reader.read(range, 'SELECT 1 AS nothing')).persons.length;
        times.push(performance.now() - begun);
      }
      begun = performance.now();
      await reader.findingsOfUnassignedRows(await reader.survey());
      const orphans = performance.now() - begun;
      times.sort((one, other) => one - other);
      const total = times.reduce((sum, time) => sum + time, 0);
      const median = times[Math.floor(times.length / 2)] ?? 0;
      return [persons, ranges.length, ends, median, times.at(-1) ?? 0, total, orphans]
        .map((figure) => figure.toFixed(0))
        .join(' | ');
    };
    console.log(
      '| | persons | ranges | their ends, ms | median range, ms | slowest | all ranges | orphans |',
    );
    console.log(`| without | ${await read()} |`);
    const begun = performance.now();
    await runScript(database, 'indexes.sql', { SsdSchema: schema });
    await database.query('ANALYZE');
    const built = performance.now() - begun;
    console.log(`| with | ${await read()} |`);
    console.log(`building them: ${built.toFixed(0)} ms`);
    const counts = await new SsdReader(database, schema, builtInProfile('systemc').names).rowCounts();
    console.log(JSON.stringify(counts));
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
