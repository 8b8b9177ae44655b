import { Cron } from 'croner';
import { z } from 'zod';
import { callApp, headersOfCalls } from '../deployment/app/appCalls.js';
import { appIn, hasCode, settingsOf, type DeployedApp } from '../deployment/app/deployedApp.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { ncrontab, scheduleOf } from '../host/schedule.js';
import { oneLine, reasonOf, variable, warning } from './pipelineLog.js';
import { flag, minutes, readCommand, startIfMain, text, type Environment, type Write } from './command.js';

export interface Surroundings {
  readonly now: () => Date;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
  readonly open: (environment: Environment) => Promise<SignedIn>;
}

const usage = `Usage: node dist/shared/commands/mayDeploy.js --group NAME [--before MINUTES] [--after MINUTES] [--needs-app] [--despite REASON]
Says whether the app of a resource group may be deployed now: a deployment, and a changed setting, ends what is running.
Sets the variable functionAppName for the steps that follow in a pipeline.
  --group      the resource group of the environment
  --before     how long before a nightly run nothing is deployed (60)
  --after      how long after its start nothing is deployed (30)
  --needs-app  fails where there is no app yet
  --despite    deploy all the same; the log shows the reason, and a blank one is none
Needs a sign-in of the Azure CLI. Exit codes: 0 it may, 1 it may not, or it cannot be known.
`;

/** What a deployment would end. A held run waits for a person, and nothing of it is running. */
const running: readonly string[] = ['requested', 'extracting', 'sending'];
/** More than the newest, since a run that waits for its turn is newer than the one that is going on. */
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
type Wish = z.output<typeof options>;

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
  const wish = readCommand(args, { usage, options }, write);
  if (typeof wish === 'number') return wish;
  let entry: SignedIn;
  let app: DeployedApp | undefined;
  try {
    entry = await open(environment);
    app = await appIn(entry.azure, { subscriptionId: entry.subscriptionId, name: wish.group });
  } catch (error) {
    // A reason does not help here: what follows would not know which app is meant.
    write(`It cannot be seen which app is in ${wish.group}: ${reasonOf(error)}\nNothing is deployed.\n`);
    return 1;
  }
  if (app === undefined) {
    write(
      wish['needs-app']
        ? `There is no function app in ${wish.group}: the stage Infrastructure has to run first. Nothing is deployed.\n`
        : 'There is no app yet, so nothing runs.\n',
    );
    return wish['needs-app'] ? 1 : 0;
  }
  write(variable('functionAppName', app.name));
  const quiet = await whyNothingRuns(entry, app);
  if (quiet !== undefined) {
    write(`${quiet}\n`);
    return 0;
  }
  const objections = await objectionsOf(entry, app, { wish, now: now(), call });
  for (const objection of objections) write(`${oneLine(objection)}\n`);
  if (objections.length === 0) {
    write('No nightly run is near and none is going on: it may be deployed.\n');
    return 0;
  }
  if (wish.despite === '') {
    write(
      'Nothing is deployed. Run this stage again later, or see "Deploying all the same" in docs/pipeline.md.\n',
    );
    return 1;
  }
  write(warning(`Deployed all the same, because: ${wish.despite}`));
  return 0;
}

async function whyNothingRuns({ azure }: SignedIn, app: DeployedApp): Promise<string | undefined> {
  if (app.state === 'Stopped') return `The app ${app.name} is stopped, so nothing runs.`;
  try {
    return (await hasCode(azure, app)) === false
      ? `The app ${app.name} has no code yet, so nothing runs.`
      : undefined;
  } catch {
    // A host that does not start lists no functions either: the app itself is asked.
    return undefined;
  }
}

async function objectionsOf(
  entry: SignedIn,
  app: DeployedApp,
  { wish, now, call }: { wish: Wish; now: Date; call: Surroundings['call'] },
): Promise<string[]> {
  let settings: ReadonlyMap<string, string>;
  try {
    settings = await settingsOf(entry.azure, app);
  } catch (error) {
    return [
      `The settings of the app cannot be read, and so not when its next run starts: ${reasonOf(error)}`,
    ];
  }
  return [
    ...windowObjections(settings.get('RUN_SCHEDULE') ?? '', now, wish),
    ...(await runObjections(entry, app, settings, call)),
  ];
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

async function runObjections(
  entry: SignedIn,
  app: DeployedApp,
  settings: ReadonlyMap<string, string>,
  call: Surroundings['call'],
): Promise<string[]> {
  const unseen = 'It cannot be seen whether a run is going on:';
  try {
    const headers = await headersOfCalls(entry, app, settings);
    const answer = await callApp(call, app, `runs?limit=${runsAsked}`, { headers, longest: longestLookMs });
    if (!answer.ok) return [`${unseen} the app answers ${answer.status}.${remedyOf(answer.status)}`];
    const { runs, complete } = answerSchema.parse(await answer.json());
    if (!complete) return [`${unseen} the app had not enough time to list its runs.`];
    return runs
      .filter(({ status }) => running.includes(status))
      .map(({ runId, status }) => `Run ${runId} is going on (${status}).`);
  } catch (error) {
    return [`${unseen} ${messageOf(error)}`];
  }
}

/** What a status of the app says about the deployment's right to call it. */
function remedyOf(status: number): string {
  return status === 401 || status === 403
    ? ' The service connection needs the app role deployer: docs/pipeline.md, "Where everybody signs in".'
    : '';
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'the app answers something else than its list of runs.';
  return reasonOf(error);
}

startIfMain(module, mayDeployCommand);
