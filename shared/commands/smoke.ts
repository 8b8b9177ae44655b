import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { callApp, headersOfCalls } from '../deployment/app/appCalls.js';
import { appIn, type DeployedApp } from '../deployment/app/deployedApp.js';
import { signedIn, type SignedIn } from '../deployment/login/signedIn.js';
import { askWithin, type Clock } from '../deployment/patience.js';
import { reasonOf, said } from './pipelineLog.js';
import { minutes, readCommand, startIfMain, text, type Environment, type Write } from './command.js';
import { preflightText } from '../preflight/preflightText.js';

interface Surroundings {
  readonly clock: Clock;
  readonly call: (url: URL, init: RequestInit) => Promise<Response>;
  readonly open: (environment: Environment) => Promise<SignedIn>;
}

const usage = `Usage: node dist/shared/commands/smoke.js --group NAME --release FOLDER [--minutes N]
Asks the deployed app for a preflight, until it answers with the version of this release and no check fails.
  --group    the resource group of the environment
  --release  the unpacked zip that was deployed: the version is that of its package.json
  --minutes  how long to keep asking (15)
Needs a sign-in of the Azure CLI. Exit codes: 0 it does, 1 it does not.
`;

const options = z.object({ group: text, release: text, minutes: minutes.default(15) });

/** The release that was deployed may be older or newer than this one, and have other checks and outcomes. */
const answerSchema = z.object({
  outcome: z.string(),
  version: z.string(),
  checks: z
    .array(
      z.object({
        check: z.string(),
        outcome: z.string(),
        found: z.string(),
        remedy: z.string().optional(),
      }),
    )
    .default([]),
});
type Answer = z.output<typeof answerSchema>;

/**
 * Checks the app after each deployment: Azure may report a deployment that did not happen, a new role or setting takes
 * some minutes to work, and an app that has started may still be unable to do a run.
 * @param write takes the lines for the log of the pipeline; the key and the token are not among them
 */
export async function smokeCommand(
  args: readonly string[],
  environment: Environment,
  write: Write,
  { clock, call, open }: Surroundings = {
    clock: { now: Date.now, wait: delay },
    call: fetch,
    open: signedIn,
  },
): Promise<0 | 1> {
  const given = readCommand(args, { usage, options }, write);
  if (typeof given === 'number') return given;
  try {
    const version = await versionOf(given.release);
    const entry = await open(environment);
    const passed = await askWithin(
      async () => {
        const { ready, says } = judge(await ask(entry, given.group, call), version);
        write(`${says}\n`);
        return ready ? true : undefined;
      },
      {
        clock,
        seconds: given.minutes * 60,
        everySeconds: 30,
        onWait: () => {
          write('Asking again in 30 seconds.\n\n');
        },
      },
    );
    return passed === true ? 0 : 1;
  } catch (error) {
    write(`${reasonOf(error)}\n`);
    return 1;
  }
}

function judge(answer: Answer | string, version: string): { ready: boolean; says: string } {
  if (typeof answer === 'string') return { ready: false, says: answer };
  if (answer.version !== version) {
    const found = said(answer.version);
    return { ready: false, says: `The app runs version ${found}, not yet version ${version}.` };
  }
  const says = `${said(preflightText(answer.checks))}\n\nversion ${version}, preflight: ${said(answer.outcome)}`;
  return { ready: ['pass', 'warn'].includes(answer.outcome), says };
}

/** @returns the preflight, or why there is none */
async function ask(entry: SignedIn, group: string, call: Surroundings['call']): Promise<Answer | string> {
  let app: DeployedApp | undefined;
  try {
    app = await appIn(entry.azure, { subscriptionId: entry.subscriptionId, name: group });
    if (app === undefined) return `There is no function app in ${group}.`;
    // Headers afresh each time: the host gives no key while it starts.
    const headers = await headersOfCalls(entry, app);
    const answer = await callApp(call, app, 'preflight', { method: 'POST', headers });
    if (!answer.ok) return `The app answers ${answer.status}.${remedyOf(answer.status)}`;
    return answerSchema.parse(await answer.json());
  } catch (error) {
    if (error instanceof z.ZodError) return 'The answer of the app is not a preflight.';
    return `The app cannot be called: ${reasonOf(error)}`;
  }
}

function remedyOf(status: number): string {
  return status === 401 || status === 403
    ? ' Where HTTP_NEEDS_SIGN_IN is true, the service connection needs the app role deployer, which versions before 0.2 do not know: docs/pipeline.md, "Where everybody signs in".'
    : '';
}

async function versionOf(release: string): Promise<string> {
  const file = join(release, 'package.json');
  try {
    return z.object({ version: z.string().min(1) }).parse(JSON.parse(await readFile(file, 'utf8'))).version;
  } catch (error) {
    throw new Error(`${file} names no version. Was the release unpacked there?`, { cause: error });
  }
}

startIfMain(module, smokeCommand);
