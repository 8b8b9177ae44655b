import { parseArgs } from 'node:util';
import { z } from 'zod';
import { reasonOf } from './pipelineLog.js';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Takes the lines for the person at the console, or for the log of the pipeline. No secret is among them. */
export type Write = (text: string) => void;

/** Kinds of options: text, one that is there or not, and a number of minutes. */
export const text = z.string().min(1);
export const flag = z.boolean().default(false);

export const minutes = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);

/** What a command understands. */
interface CommandLine<Options extends z.ZodObject> {
  readonly usage: string;
  /** By the names of the options; words without a name, where there may be some, are `positionals`. */
  readonly options: Options;
  /** Whether what `options` finds wrong is written for the reader, who sees it above the usage. */
  readonly explains?: boolean;
}

/**
 * Reads what is asked of a command.
 * @returns the exit code when the arguments cannot be read, or only ask for help: the usage has been written
 */
export function readCommand<Options extends z.ZodObject>(
  args: readonly string[],
  { usage, options, explains = false }: CommandLine<Options>,
  write: Write,
): z.output<Options> | 0 | 1 {
  if (asksForHelp(args)) {
    write(usage);
    return 0;
  }
  const given = argumentsOf(args, options.shape);
  const { success, data, error } = options.safeParse(given);
  if (success) return data;
  if (explains && given !== undefined) for (const { message } of error.issues) write(`${message}\n`);
  write(usage);
  return 1;
}

/** Whether a person only asks what a command does: it prints its usage, does nothing and ends with 0. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

/**
 * The arguments by the names of their options. An option whose schema takes `true` is a flag; one whose schema takes a
 * list can be given several times.
 * @returns undefined where there are others than these
 */
export function argumentsOf(
  args: readonly string[],
  { positionals: words, ...named }: z.core.$ZodShape,
): Readonly<Record<string, unknown>> | undefined {
  const options = Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [
      name,
      z.safeParse(schema, true).success
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: z.safeParse(schema, []).success },
    ]),
  );
  try {
    const allowPositionals = words !== undefined;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals });
    return { ...values, positionals };
  } catch {
    return undefined;
  }
}

/**
 * Runs a command where Node.js was started with its file, and ends the process with its exit code. It does not wait for
 * anything else, such as a server that does not answer, which could take minutes.
 * @param file the file's own `module`
 */
export function startIfMain(
  file: NodeJS.Module,
  command: (args: readonly string[], environment: Environment, write: Write) => Promise<number>,
): void {
  if (require.main !== file) return;
  const end = (code: number): void => {
    // What was written goes first.
    process.stdout.write('', () => process.exit(code));
  };
  command(process.argv.slice(2), process.env, (text) => process.stdout.write(text)).then(
    end,
    (error: unknown) => {
      process.stderr.write(`${reasonOf(error)}\n`, () => {
        end(1);
      });
    },
  );
}
