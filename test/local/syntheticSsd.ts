import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openDatabase } from '../../shared/database/open.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { sourceOptions, UsageError, usageErrorOf } from './options.js';
import { fillSsd, madeSchema, sourceOf } from '../../infra/syntheticSsd/fill.js';

const usage = `npm run synthetic-ssd [-- OPTIONS]

Makes an SSD of invented children in the database that SSD_CONNECTION_STRING names, for an evaluation. The schema
(SSD_SCHEMA, else ${madeSchema}) must be empty, or made by this command, which then makes it again. A database that has an
SSD of its own is refused.

  --children N       how many (500)
  --seed S           another seed gives other children (1)
  --ssd DIR          take the rows from JSON-lines files instead, one a table
  --today DATE       the date of the SSD, yyyy-MM-dd (today)
  --help             this text`;

const optionsSchema = z.object(sourceOptions);
const environmentSchema = settingsSchema.pick({ SSD_CONNECTION_STRING: true, SSD_SCHEMA: true });

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) {
    throw new UsageError(
      environment.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'),
    );
  }
  const { SSD_CONNECTION_STRING, SSD_SCHEMA: schema = madeSchema } = environment.data;
  const { source, today } = await sourceOf(options);
  const database = await openDatabase(SSD_CONNECTION_STRING);
  try {
    await fillSsd(database, schema, source, today);
  } finally {
    await database.close();
  }
  const what = source.kind === 'synthetic' ? `${String(source.children)} invented children` : 'the files';
  console.log(`Schema ${schema} has an SSD of ${what} as of ${today}.`);
}

/** @returns `undefined` when only the explanation is asked for */
function readOptions(): z.output<typeof optionsSchema> | undefined {
  try {
    const { values } = parseArgs({
      options: {
        children: { type: 'string' },
        seed: { type: 'string' },
        ssd: { type: 'string' },
        today: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    return values.help === true ? undefined : optionsSchema.parse(values);
  } catch (error) {
    throw usageErrorOf(error, usage);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
