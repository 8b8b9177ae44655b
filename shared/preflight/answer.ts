import { z } from 'zod';
import { checks } from './checks.js';

/** In the order of the answer. */
export const preflightChecks = checks.map(({ name }) => name);
export type PreflightCheckName = (typeof preflightChecks)[number];

const preflightCheckSchema = z.object({
  check: z.enum(preflightChecks),
  outcome: z
    .enum(['pass', 'warn', 'fail', 'skipped'])
    .describe(
      '`skipped`: not checked, because another check failed, or in a support bundle for a person who may not ask for a preflight.',
    ),
  found: z
    .string()
    .describe('Names of settings, tables and columns, and numbers; no secret and nothing about a child.'),
  remedy: z.string().optional().describe('What to do.'),
});
export type PreflightCheck = Readonly<z.output<typeof preflightCheckSchema>>;

export const preflightSchema = z.object({
  outcome: z.enum(['pass', 'warn', 'fail']).describe('The gravest of its checks.'),
  checks: z.array(preflightCheckSchema),
});
export type Preflight = z.output<typeof preflightSchema>;
