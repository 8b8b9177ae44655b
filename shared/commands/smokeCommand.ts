import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { preflightChecks } from '../run/preflight.js';
import { preflightText } from './preflightText.js';

export interface Surroundings {
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
}

const usage = `Usage: node dist/shared/commands/smoke.js --url ADDRESS --version VERSION [--minutes N]
Asks the deployed app for a preflight, until it answers with this version and nothing fails.
  --url      the address of the app, https://<host>
  --version  the version in the package.json of the zip that was deployed
  --minutes  how long it is asked again (10)
Reads FUNCTION_KEY from the environment. Exit codes: 0 it does, 1 it does not.
`;

const answerSchema = z.object({
  outcome: z.enum(['pass', 'warn', 'fail']),
  version: z.string(),
  checks: z.array(
    z.object({
      check: z.enum(preflightChecks),
      outcome: z.enum(['pass', 'warn', 'fail', 'skipped']),
      found: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});
type Answer = z.output<typeof answerSchema>;

/** A preflight takes three minutes at most, and Azure breaks a call off after four. */
const callTimeoutMs = 240_000;
const pauseMs = 30_000;

/**
 * The look that follows each deployment: a deployment that is told to be done need not have happened, a new role or
 * setting takes its minutes, and an app that has started need not be one that can do a night.
 * @param write takes the lines for whoever reads the pipeline's log; the key is not among them
 */
export async function smokeCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
  { now, wait, call }: Surroundings = { now: Date.now, wait: delay, call: fetch },
): Promise<0 | 1> {
  const wish = readArguments(args);
  if (wish === undefined) {
    write(usage);
    return 1;
  }
  const deadline = now() + wish.minutes * 60_000;
  for (;;) {
    const { ready, says } = judge(await ask(wish.url, environment['FUNCTION_KEY'] ?? '', call), wish.version);
    write(`${says}\n`);
    if (ready) return 0;
    if (now() >= deadline) return 1;
    write(`Asked again in ${pauseMs / 1000} seconds.\n\n`);
    await wait(pauseMs);
  }
}

function judge(answer: Answer | string, version: string): { ready: boolean; says: string } {
  if (typeof answer === 'string') return { ready: false, says: answer };
  if (answer.version !== version) {
    return { ready: false, says: `The app answers as version ${answer.version}, and not yet as ${version}.` };
  }
  const says = `${preflightText(answer.checks)}\n\nversion ${version}, preflight: ${answer.outcome}`;
  return { ready: answer.outcome !== 'fail', says };
}

/** @returns the preflight, or why there is none */
async function ask(app: URL, key: string, call: Surroundings['call']): Promise<Answer | string> {
  try {
    const answer = await call(new URL('/api/preflight', app), {
      method: 'POST',
      headers: { 'x-functions-key': key },
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    if (!answer.ok) return `The app answers ${answer.status}.`;
    return answerSchema.parse(await answer.json());
  } catch (error) {
    if (error instanceof z.ZodError) return 'The app answers something else than this version’s preflight.';
    return `The app cannot be reached: ${error instanceof Error ? error.message : 'it failed without a reason'}`;
  }
}

function readArguments(args: readonly string[]): { url: URL; version: string; minutes: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        version: { type: 'string' },
        minutes: { type: 'string', default: '10' },
      },
    });
    return {
      url: new URL(values.url ?? ''),
      version: z.string().min(1).parse(values.version),
      minutes: z.coerce.number().int().nonnegative().parse(values.minutes),
    };
  } catch {
    return undefined;
  }
}
