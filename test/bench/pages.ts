import { get } from 'node:http';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { londonDate } from '../../shared/child/dates.js';
import type { Database } from '../../shared/database/database.js';
import { roles } from '../../shared/access/principal.js';
import { paths } from '../../shared/pages/paths.js';
import { runStore } from '../../shared/records/runStore.js';
import { Stack } from '../local/stack.js';
import { writePastNight } from '../pages/pastRuns.js';

const pastRuns = 1_000;
const children = 45_000;
const looks = 7;

/**
 * What the pages weigh and how long they take at 1,000 past runs and 45,000 children, on this machine's Azurite and
 * PGlite: bytes, and the median time to the first byte. Prints a table.
 * `npm run bench:pages`
 */
async function main(): Promise<void> {
  const stack = await Stack.start({ signedIn: () => ({ name: 'bench', roles }) });
  try {
    const now = new Date();
    const today = londonDate(now);
    const service = BlobServiceClient.fromConnectionString(stack.storage);
    const runs = runStore(new AzureBlobStore(service.getContainerClient('csc-runs')));
    const refused = children / 50;
    const lastNight = await writePastNight(
      {
        ago: 0,
        status: 'completed',
        accepted: children - refused,
        refused,
        outstanding: 0,
        withResults: true,
      },
      today,
      now,
      runs,
    );
    for (let ago = 1; ago < pastRuns; ago += 1) {
      await writePastNight(
        { ago, status: 'completed', accepted: 640, refused: 9, outstanding: 0 },
        today,
        now,
        runs,
      );
    }
    await stack.withDatabase(fillStaging);
    const { baseUrl } = await stack.startApp(today);
    const page = await fetch(`${baseUrl}${paths.dashboard}`);
    const stylesheet = /href="([^"]+\.css)"/.exec(await page.text())?.[1] ?? '';

    console.log('| address | bytes | first byte, ms |');
    console.log('| --- | --- | --- |');
    for (const path of [
      paths.dashboard,
      paths.run(lastNight),
      paths.children,
      paths.rerun,
      stylesheet,
      paths.refused(lastNight, 'csv'),
      paths.reconciliation('csv'),
      paths.reconciliation('xlsx'),
    ]) {
      const times: number[] = [];
      let sent = 0;
      for (let look = 0; look < looks; look += 1) {
        const seen = await lookAt(`${baseUrl}${path}`);
        times.push(seen.firstByteMs);
        sent = seen.bytes;
      }
      const median = times.sort((a, b) => a - b)[Math.floor(looks / 2)] ?? 0;
      const name = path.replace(lastNight, '{runId}');
      console.log(`| ${name} | ${String(sent)} | ${median.toFixed(0)} |`);
    }
  } finally {
    await stack.stop();
  }
}

function lookAt(url: string): Promise<{ firstByteMs: number; bytes: number }> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const firstByteMs = performance.now() - begun;
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('end', () => resolve({ firstByteMs, bytes }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** One row a child, nine of ten acknowledged, with payloads of the usual size. */
async function fillStaging(database: Database): Promise<void> {
  await database.query(`INSERT INTO ssd_api_data_staging
  (person_id, json_payload, current_hash, previous_json_payload, previous_hash, acknowledged_hash, row_state, submission_status, sent_run_id, last_updated)
SELECT CAST(1000000 + n AS varchar), repeat('x', 4000), decode(md5(CAST(n AS varchar)) || md5('x'), 'hex'),
  CASE WHEN n % 10 > 0 THEN repeat('x', 4000) END,
  CASE WHEN n % 10 > 0 THEN decode(md5(CAST(n AS varchar)) || md5('x'), 'hex') END,
  CASE WHEN n % 10 > 0 THEN decode(md5(CAST(n AS varchar)) || md5('x'), 'hex') END,
  CASE WHEN n % 10 > 0 THEN 'Unchanged' ELSE 'New' END, CASE WHEN n % 10 > 0 THEN 'Sent' ELSE 'Staged' END, 'r', now()
FROM generate_series(1, ${String(children)}) AS n`);
  // A server keeps its statistics by itself.
  await database.query('ANALYZE ssd_api_data_staging');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
