import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { z } from 'zod';

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
