import { parseArgs } from 'node:util';
import { z } from 'zod';
import { isPlainDate } from '../../shared/child/dates.js';
import { parseFaults } from './dfe/faults.js';

/** What `npm start` understands after `--`. */
export const usage = `npm start [-- OPTIONS]

  --once             end after the runs: exit code 0 when all completed, else 1
  --children N       how many synthetic children (500)
  --seed S           another seed gives other children, and other faults (1)
  --ssd DIR          read the SSD from JSON-lines files instead, one a table
  --sql STRING       read the SSD of this database instead, by SSD_PROFILE and SSD_SCHEMA; it is never changed
  --today DATE       the date the (first) run reports on, yyyy-MM-dd (today)
  --nights N         make N nightly runs, with changes between them when the SSD is synthetic (1)
  --latency MS       how long the simulated DfE takes for each POST (0)
  --faults SPEC      what goes wrong at the simulated DfE, such as refuse=2%,429=10%,500=5%,reset=1% (see docs/local-stack.md)
  --out DIR          write payloads.jsonl (what DfE holds), staging.jsonl (the staging table), run.json (the summary)
  --help             this text`;

/** The command line is wrong. The message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const wholeNumber = (least: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(least, `must be at least ${String(least)}`);

/** What an SSD is made of. */
export const sourceOptions = {
  children: wholeNumber(0).default(500),
  seed: z.string().default('1'),
  ssd: z.string().optional(),
  today: z.string().refine(isPlainDate, 'must be a date yyyy-MM-dd').optional(),
};

const optionsSchema = z.object({
  ...sourceOptions,
  once: z.boolean().default(false),
  help: z.boolean().default(false),
  sql: z.string().optional(),
  nights: wholeNumber(1).default(1),
  latency: wholeNumber(0).default(0),
  faults: z.string().default('').transform(parseFaults),
  out: z.string().optional(),
});

export type Options = z.output<typeof optionsSchema>;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        help: { type: 'boolean' },
        children: { type: 'string' },
        seed: { type: 'string' },
        ssd: { type: 'string' },
        sql: { type: 'string' },
        today: { type: 'string' },
        nights: { type: 'string' },
        latency: { type: 'string' },
        faults: { type: 'string' },
        out: { type: 'string' },
      },
    });
    for (const made of ['ssd', 'children'] as const) {
      if (values.sql !== undefined && values[made] !== undefined) {
        throw new Error(
          `--${made} makes an SSD, and --sql reads the one of your database, which is never changed. Leave one of them out.`,
        );
      }
    }
    return optionsSchema.parse(values);
  } catch (error) {
    throw usageErrorOf(error, usage);
  }
}

/** What is wrong with a command line, with the text that explains it. */
export function usageErrorOf(error: unknown, usageText: string): UsageError {
  const problem =
    error instanceof z.ZodError
      ? error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`).join('\n')
      : error instanceof Error
        ? error.message
        : 'the options cannot be read';
  return new UsageError(`${problem}\n\n${usageText}`);
}
