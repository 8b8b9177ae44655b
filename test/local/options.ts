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
  --sql STRING       read the invented SSD that npm run synthetic-ssd has made in this database, by SSD_PROFILE and SSD_SCHEMA
  --today DATE       the date the (first) run reports on, yyyy-MM-dd (today)
  --mistakes N       N synthetic children with each of five mistakes that a return asks about (0; see docs/local-stack.md)
  --nights N         make N nightly runs, with changes between them when the SSD is synthetic (1)
  --latency MS       how long the simulated DfE takes for each POST (0)
  --faults SPEC      what goes wrong at the simulated DfE, such as refuse=2%,429=10%,500=5%,reset=1% (see docs/local-stack.md)
  --out DIR          write payloads.jsonl (what DfE holds), staging.jsonl (the staging table), run.json (the summary)
  --help             this text

Your own SSD (docs/local-stack.md), of the database in --sql or, better with a password, in SSD_CONNECTION_STRING:
  --real             read it and change nothing in it; compare and report, and send nothing to anyone
  --child ID         also show the record of this child on the screen, with its findings
  --out DIR          write findings.csv and children.csv, which name children by their ids, and run.json (figures)
  --send-test        send the children (or the one of --child) under pseudonyms to DfE's test receiver; needs --keep
  --keep DIR         keep in DIR what the test receiver holds, so that the next time only what has changed is sent`;

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
  mistakes: wholeNumber(0).default(0),
  nights: wholeNumber(1).default(1),
  latency: wholeNumber(0).default(0),
  faults: z.string().default('').transform(parseFaults),
  out: z.string().optional(),
  real: z.boolean().default(false),
  child: z.string().min(1, 'must be the id of a child').optional(),
  'send-test': z.boolean().default(false),
  keep: z.string().min(1, 'must be a folder').optional(),
});

export type Options = z.output<typeof optionsSchema>;

/** The options that only make sense where nothing is real. */
const ofInvented = ['children', 'seed', 'ssd', 'mistakes', 'nights', 'latency', 'faults'] as const;
const ofReal = ['child', 'send-test', 'keep'] as const;

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
        mistakes: { type: 'string' },
        nights: { type: 'string' },
        latency: { type: 'string' },
        faults: { type: 'string' },
        out: { type: 'string' },
        real: { type: 'boolean' },
        child: { type: 'string' },
        'send-test': { type: 'boolean' },
        keep: { type: 'string' },
      },
    });
    for (const name of values.real === true ? ofInvented : ofReal) {
      if (values[name] === undefined) continue;
      throw new Error(
        values.real === true
          ? `--${name} is for invented children and the simulated DfE, and --real reads real children. Leave one of them out.`
          : `--${name} is for your own SSD: give --real as well.`,
      );
    }
    if (values['send-test'] === true && values.keep === undefined) {
      throw new Error(
        '--send-test needs --keep DIR: what the test receiver holds must be known the next time, so that it can be changed and removed there.',
      );
    }
    for (const made of ['ssd', 'children'] as const) {
      if (values.sql !== undefined && values[made] !== undefined) {
        throw new Error(
          `--${made} makes an SSD, and --sql reads the one of a database, which is never changed. Leave one of them out.`,
        );
      }
    }
    const given = values.sql === undefined ? 'ssd' : 'sql';
    if (values.mistakes !== undefined && values[given] !== undefined) {
      throw new Error(
        `--mistakes puts mistakes into the SSD that this command makes, and --${given} reads another one, which is not changed. Leave one of them out.`,
      );
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
