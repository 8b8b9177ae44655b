import { open } from 'node:fs/promises';
import { z } from 'zod';
import { settingsOf } from '../../deployment/app/deployedApp.js';
import { withEarlierEntries } from '../../records/ledgerBlobs.js';
import { erasuresSince, sentSince } from '../../records/sentSince.js';
import { rememberSql } from '../../staging/remember.js';
import { theApp, verb } from './verb.js';

/** Where the app keeps its runs; in versions before 0.2 the ledger too. */
const runsContainer = 'csc-runs';

/** `remember`: the script by which a restored staging table learns what was sent since. */
export const remember = verb({
  says: 'writes SQL that adds to a restored staging table what was sent since (docs/operate.md)',
  help: [
    '--since TIME  the time it was restored to, in UTC: 2026-11-20T00:00:00Z; an earlier time does no harm',
    '--output FILE the file to write; it holds personal data',
  ],
  options: z.object({
    since: z.iso.datetime().transform((text) => new Date(text)),
    output: z.string().min(1),
  }),
  run: async (surroundings, { since, output }) => {
    const { azure, blobs, write } = surroundings;
    const settings = await settingsOf(azure, await theApp(surroundings));
    const service = settings.get('RESULTS_STORAGE__blobServiceUri');
    if (service === undefined) throw new Error('The app has no setting RESULTS_STORAGE__blobServiceUri.');
    const runs = blobs(service, runsContainer);
    const container = settings.get('LEDGER_CONTAINER') ?? runsContainer;
    const ledger = container === runsContainer ? runs : withEarlierEntries(blobs(service, container), runs);
    const engine =
      settings.get('SSD_CONNECTION_STRING')?.startsWith('postgres') === true ? 'postgres' : 'sqlserver';
    const table = settings.get('STAGING_TABLE') ?? 'ssd_api_data_staging';
    let children = 0;
    const gone: string[] = [];
    const file = await open(output, 'wx', 0o600).catch((error: unknown) => {
      throw new Error(`${output} cannot be written. Does this file exist already? Give another name.`, {
        cause: error,
      });
    });
    try {
      for await (const { blob, children: sent } of sentSince(ledger, runs, since)) {
        if (sent === undefined) gone.push(blob);
        for (const child of sent ?? []) {
          await file.write(rememberSql(engine, table, child));
          children += 1;
        }
      }
    } finally {
      await file.close();
    }
    write(
      `${children} submissions since ${since.toISOString()} are in ${output}. The file holds personal data: delete it when the DBA has run it.\n`,
    );
    for (const blob of gone)
      write(`The payloads of ${blob} are deleted: those children are not in the file.\n`);
    for (const name of await erasuresSince(ledger, since))
      write(`Repeat the erasure that ${name} records.\n`);
    return gone.length === 0 ? 0 : 1;
  },
});
