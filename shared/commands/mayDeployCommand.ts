import { parseArgs } from 'node:util';
import { Cron } from 'croner';
import { z } from 'zod';
import { ncrontab, scheduleOf } from '../schedule.js';

export interface Surroundings {
  readonly now: () => Date;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
}

const usage = `Usage: node dist/shared/commands/mayDeploy.js --url ADDRESS [--before MINUTES] [--after MINUTES] [--despite REASON]
Says whether the app may be deployed now: a deployment, and a changed setting, kills what is running.
  --url      the address of the app, https://<host>
  --before   how long before a nightly run nothing is deployed (60)
  --after    how long after its start nothing is deployed (30)
  --despite  deploy all the same; the reason stands in the log, and a blank one is none
Reads RUN_SCHEDULE (as the app has it) and FUNCTION_KEY from the environment.
Exit codes: 0 it may, 1 it may not, or it cannot be known.
`;

/** What a deployment would kill. A held run waits for a person, and nothing of it is running. */
const running: readonly string[] = ['requested', 'extracting', 'sending'];
/** More than the newest, since a run that waits for its turn is newer than the one that is going on. */
const runsAsked = 5;
const answerSchema = z.object({
  runs: z.array(z.object({ runId: z.string(), status: z.string() })),
  /** Versions before 0.2 do not say it. */
  complete: z.boolean().default(true),
});
const minute = 60_000;
const callTimeoutMs = 2 * minute;

interface Wish {
  readonly url: URL;
  readonly before: number;
  readonly after: number;
  readonly despite: string | undefined;
}

/**
 * The guard that goes before each deployment.
 * @param write takes the lines for whoever reads the pipeline's log; the key is not among them
 */
export async function mayDeployCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
  { now, call }: Surroundings = { now: () => new Date(), call: fetch },
): Promise<0 | 1> {
  const wish = readArguments(args);
  if (wish === undefined) {
    write(usage);
    return 1;
  }
  const objections = [
    ...windowObjections(environment['RUN_SCHEDULE'] ?? '', now(), wish),
    ...(await runObjections(wish.url, environment['FUNCTION_KEY'] ?? '', call)),
  ];
  for (const objection of objections) write(`${objection}\n`);
  if (objections.length === 0) {
    write('No nightly run is near and none is going on: it may be deployed.\n');
    return 0;
  }
  if (wish.despite === undefined) {
    write(
      'Nothing is deployed. Run this stage again later, or see "Deploying all the same" in docs/pipeline.md.\n',
    );
    return 1;
  }
  write(`##vso[task.logissue type=warning]Deployed all the same, because: ${wish.despite}\n`);
  return 0;
}

function readArguments(args: readonly string[]): Wish | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        before: { type: 'string', default: '60' },
        after: { type: 'string', default: '30' },
        despite: { type: 'string' },
      },
    });
    // One line, so that it cannot be taken for another command of the pipeline.
    const reason = values.despite?.replace(/\s+/g, ' ').trim();
    const minutes = z.coerce.number().int().nonnegative();
    return {
      url: new URL(values.url ?? ''),
      before: minutes.parse(values.before),
      after: minutes.parse(values.after),
      despite: reason === '' ? undefined : reason,
    };
  } catch {
    return undefined;
  }
}

function windowObjections(schedule: string, now: Date, { before, after }: Wish): string[] {
  // The Functions host starts no timer without it.
  if (schedule.trim() === '') return [];
  try {
    const cron = new Cron(scheduleOf(schedule), ncrontab);
    const start = cron.nextRun(new Date(now.getTime() - after * minute));
    if (start === null || start.getTime() > now.getTime() + before * minute) return [];
    return [
      `The nightly run of ${start.toISOString()} (RUN_SCHEDULE ${schedule}, UTC) is near: nothing is deployed from ${before} minutes before until ${after} minutes after its start.`,
    ];
  } catch (error) {
    return [`It cannot be known when the next run starts: ${messageOf(error)}`];
  }
}

async function runObjections(app: URL, key: string, call: Surroundings['call']): Promise<string[]> {
  try {
    const answer = await call(new URL(`/api/runs?limit=${runsAsked}`, app), {
      headers: { 'x-functions-key': key },
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    // The app is there and its code is not: this is its first deployment, or one failed half-way.
    if (answer.status === 404) return [];
    if (!answer.ok) return [`It cannot be seen whether a run is going on: the app answers ${answer.status}.`];
    const { runs, complete } = answerSchema.parse(await answer.json());
    if (!complete) {
      return ['It cannot be seen whether a run is going on: the app had not enough time to list its runs.'];
    }
    return runs
      .filter(({ status }) => running.includes(status))
      .map(({ runId, status }) => `Run ${runId} is going on (${status}).`);
  } catch (error) {
    return [`It cannot be seen whether a run is going on: ${messageOf(error)}`];
  }
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'the app answers something else than its list of runs.';
  return error instanceof Error ? error.message : 'it failed without a reason.';
}
