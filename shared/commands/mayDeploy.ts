import { Cron } from 'croner';
import { z } from 'zod';
import { callApp, headersOfCalls } from '../deployment/app/appCalls.js';
import { appIn, hasCode, settingsOf, type DeployedApp } from '../deployment/app/deployedApp.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { ncrontab, scheduleOf } from '../host/schedule.js';
import { oneLine, reasonOf, variable, warning } from './pipelineLog.js';
import { flag, minutes, readCommand, startIfMain, text, type Environment, type Write } from './command.js';

interface Surroundings {
  readonly now: () => Date;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
  readonly open: (environment: Environment) => Promise<SignedIn>;
}

const usage = `Usage: node dist/shared/commands/mayDeploy.js --group NAME [--before MINUTES] [--after MINUTES] [--needs-app] [--despite REASON]
Says whether the app of a resource group may be deployed now. A deployment or a changed setting stops what is running.
Sets the variable functionAppName for the steps that follow in a pipeline.
  --group      the resource group of the environment
  --before     nothing is deployed this many minutes before a nightly run (60)
  --after      nothing is deployed this many minutes after its start (30)
  --needs-app  fails where there is no app yet
  --despite    deploy anyway, for this reason, which the log shows; a blank reason does not count
Needs a sign-in of the Azure CLI. Exit codes: 0 it may, 1 it may not, or we cannot tell.
`;

/** What a deployment would stop. A paused run waits for a person, and nothing of it is running. */
const running: readonly string[] = ['requested', 'extracting', 'sending'];
/** More than the newest: a run that waits is newer than the one that is running. */
const runsAsked = 5;
const answerSchema = z.object({
  runs: z.array(z.object({ runId: z.string(), status: z.string() })),
  /** Versions before 0.2 do not say it. */
  complete: z.boolean().default(true),
});
const minute = 60_000;
const longestLookMs = 2 * minute;

const options = z.object({
  group: text,
  before: minutes.default(60),
  after: minutes.default(30),
  'needs-app': flag,
  despite: z.string().default('').transform(oneLine),
});
type Given = z.output<typeof options>;

/**
 * The guard that goes before each deployment.
 * @param write takes the lines for the log of the pipeline; the key and the token are not among them
 */
export async function mayDeployCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { now, call, open }: Surroundings = { now: () => new Date(), call: fetch, open: signedIn },
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  let entry: SignedIn;
  let app: DeployedApp | undefined;
  try {
    entry = await open(environment);
    app = await appIn(entry.azure, { subscriptionId: entry.subscriptionId, name: given.group });
  } catch (error) {
    // --despite does not help here: the steps that follow would not know which app to deploy.
    write(`We cannot tell which app is in ${given.group}: ${reasonOf(error)}\nNothing is deployed.\n`);
    return 1;
  }
  if (app === undefined) {
    write(
      given['needs-app']
        ? `There is no function app in ${given.group}: run the stage Infrastructure first. Nothing is deployed.\n`
        : 'There is no app yet, so nothing runs.\n',
    );
    return given['needs-app'] ? 1 : 0;
  }
  write(variable('functionAppName', app.name));
  const quiet = await whyNothingRuns(entry, app);
  if (quiet !== undefined) {
    write(`${quiet}\n`);
    return 0;
  }
  const reasons = await reasonsToWait(entry, app, { given, now: now(), call });
  for (const reason of reasons) write(`${oneLine(reason)}\n`);
  if (reasons.length === 0) {
    write('No nightly run is near, and no run is in progress. It may be deployed.\n');
    return 0;
  }
  if (given.despite === '') {
    write('Nothing is deployed. Run this stage again later, or see "Deploy anyway" in docs/pipeline.md.\n');
    return 1;
  }
  write(warning(`Deployed anyway, because: ${given.despite}`));
  return 0;
}

async function whyNothingRuns({ azure }: SignedIn, app: DeployedApp): Promise<string | undefined> {
  if (app.state === 'Stopped') return `The app ${app.name} is stopped, so nothing runs.`;
  try {
    return (await hasCode(azure, app)) === false
      ? `The app ${app.name} has no code yet, so nothing runs.`
      : undefined;
  } catch {
    // A host that does not start cannot list functions: ask the app itself.
    return undefined;
  }
}

async function reasonsToWait(
  entry: SignedIn,
  app: DeployedApp,
  { given, now, call }: { given: Given; now: Date; call: Surroundings['call'] },
): Promise<string[]> {
  let settings: ReadonlyMap<string, string>;
  try {
    settings = await settingsOf(entry.azure, app);
  } catch (error) {
    return [
      `The settings of the app cannot be read, so we cannot tell when its next run starts: ${reasonOf(error)}`,
    ];
  }
  return [
    ...scheduleReasons(settings.get('RUN_SCHEDULE') ?? '', now, given),
    ...(await runReasons(entry, app, settings, call)),
  ];
}

function scheduleReasons(schedule: string, now: Date, { before, after }: Given): string[] {
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
    return [`We cannot tell when the next run starts: ${messageOf(error)}`];
  }
}

async function runReasons(
  entry: SignedIn,
  app: DeployedApp,
  settings: ReadonlyMap<string, string>,
  call: Surroundings['call'],
): Promise<string[]> {
  const unseen = 'We cannot tell whether a run is in progress:';
  try {
    const headers = await headersOfCalls(entry, app, settings);
    const answer = await callApp(call, app, `runs?limit=${runsAsked}`, { headers, longest: longestLookMs });
    if (!answer.ok) return [`${unseen} the app answers ${answer.status}.${remedyOf(answer.status)}`];
    const { runs, complete } = answerSchema.parse(await answer.json());
    if (!complete) return [`${unseen} the app did not have enough time to list its runs.`];
    return runs
      .filter(({ status }) => running.includes(status))
      .map(({ runId, status }) => `Run ${runId} is in progress (${status}).`);
  } catch (error) {
    return [`${unseen} ${messageOf(error)}`];
  }
}

/** What to do about a status of the app. */
function remedyOf(status: number): string {
  return status === 401 || status === 403
    ? ' The service connection needs the app role deployer: docs/pipeline.md, "Where everybody signs in".'
    : '';
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'the answer of the app is not a list of runs.';
  return reasonOf(error);
}

startIfMain(module, mayDeployCommand);
