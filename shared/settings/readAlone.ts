import type { z } from 'zod';

/**
 * One setting by itself, also when others are wrong. An empty one counts as missing.
 * @returns `undefined` when it is wrong, or missing without a default
 */
export function readAlone<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
): z.output<Schema> | undefined {
  return schema.safeParse(text === '' ? undefined : text).data;
}
