import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { z } from 'zod';
import { asksForHelp } from './help.js';

/**
 * The arguments of a command.
 * @param schema of the options, by their names; what stands without a name is in `positionals`
 * @returns undefined when they cannot be read: the command then prints its usage
 */
export function readOptions<Wish>(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  schema: z.ZodType<Wish>,
): Wish | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return schema.safeParse({ ...values, positionals }).data;
  } catch {
    return undefined;
  }
}

/** What a command understands. */
export interface CommandLine<Wish> {
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** As for `readOptions`. */
  readonly schema: z.ZodType<Wish>;
}

/**
 * What is asked of a command of the pipeline.
 * @returns the exit code where nothing can be done: its usage has been written
 */
export function readCommand<Wish extends object>(
  args: readonly string[],
  { usage, options, schema }: CommandLine<Wish>,
  write: (text: string) => void,
): Wish | 0 | 1 {
  const wish = readOptions(args, options, schema);
  if (wish !== undefined) return wish;
  write(usage);
  return asksForHelp(args) ? 0 : 1;
}
