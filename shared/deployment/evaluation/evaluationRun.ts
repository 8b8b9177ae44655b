import { z } from 'zod';
import { preflightText } from '../../preflight/preflightText.js';
import { preflightSchema } from '../../preflight/answer.js';
import { runStatusSchema, type RunStatus } from '../../records/runStatus.js';
import { longestCallMs } from '../app/appCalls.js';
import { functionKeyOf, functionsOf, type DeployedApp } from '../app/deployedApp.js';
import { askUntil, type Clock } from '../patience.js';
import { ResourceManagerError, type ResourceManager } from '../resourceManager/resourceManager.js';

/** The app did not do what an evaluation shows. The message says what it did, and what to do. */
class EvaluationRunError extends Error {}

const reason = 'first dry run of the evaluation';

/** The HTTP API of the app, called with its function key. */
export class AppApi {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    return await fetch(new URL(path, this.#url), {
      method,
      headers: { 'x-functions-key': this.#key },
      redirect: 'error',
      signal: AbortSignal.timeout(longestCallMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

/** Waits until Azure lists the functions of the code that was published. @throws TookTooLongError */
export async function functionsListed(
  azure: ResourceManager,
  app: DeployedApp,
  clock: Clock,
): Promise<number> {
  return await askUntil(
    async () => {
      const names = await functionsOf(azure, app);
      return names.some((name) => /(^|\/)nightly$/.test(name)) ? names.length : undefined;
    },
    {
      clock,
      seconds: 600,
      everySeconds: 10,
      otherwise: () =>
        `Azure has listed no functions of ${app.name} within ten minutes: its host does not start. Look at the roles that the output roles of the deployment lists, and at the app's log stream in the portal.`,
    },
  );
}

/** The key of the app, which the host gives once it has started. @throws TookTooLongError */
export async function apiOf(
  azure: ResourceManager,
  app: DeployedApp,
  url: string,
  clock: Clock,
): Promise<AppApi> {
  const key = await askUntil(
    async () => {
      try {
        const given = await functionKeyOf(azure, app);
        return given === '' ? undefined : given;
      } catch (error) {
        // What Azure answers while the host starts.
        const starts =
          error instanceof ResourceManagerError && [400, 404, 500, 502, 503].includes(error.status);
        if (starts) return undefined;
        throw error;
      }
    },
    {
      clock,
      seconds: 600,
      everySeconds: 10,
      otherwise: () =>
        `The host of ${app.name} has given no key within ten minutes: it does not start. Look at the app's log stream in the portal.`,
    },
  );
  return new AppApi(url, key);
}

const answerSchema = preflightSchema.extend({ version: z.string() });

/** The version that answers; `undefined` while none does. Asks for a preflight, since only that says it. */
async function askPreflight(api: AppApi): Promise<z.output<typeof answerSchema> | string> {
  try {
    const answer = await api.call('POST', '/api/preflight');
    if (!answer.ok) return `The app answers ${answer.status}.`;
    return answerSchema.parse(await answer.json());
  } catch (error) {
    if (error instanceof z.ZodError)
      return 'The app answers something else than the preflight of this version.';
    return `The app cannot be reached: ${error instanceof Error ? error.message : 'it failed without a reason'}.`;
  }
}

/** Whether the app already runs this version. */
export async function runsVersion(api: AppApi, version: string): Promise<boolean> {
  const answer = await askPreflight(api);
  return typeof answer !== 'string' && answer.version === version;
}

/**
 * Asks for a preflight until this version answers and no check fails. `secrets` may: an evaluation needs no credentials of
 * DfE's, and sends nothing.
 * @returns the checks, as text
 * @throws TookTooLongError with the checks that still fail after ten minutes
 */
export async function passedPreflight(api: AppApi, version: string, clock: Clock): Promise<string> {
  let last = '';
  return await askUntil(
    async () => {
      const answer = await askPreflight(api);
      if (typeof answer === 'string') {
        last = answer;
        return undefined;
      }
      const text = preflightText(answer.checks);
      last =
        answer.version === version
          ? text
          : `The app still answers as version ${answer.version}, and not as ${version}.`;
      const failed = answer.checks.filter(({ check, outcome }) => outcome === 'fail' && check !== 'secrets');
      return answer.version === version && failed.length === 0 ? text : undefined;
    },
    {
      clock,
      seconds: 600,
      everySeconds: 20,
      otherwise: () =>
        `The preflight does not pass (docs/preflight.md explains each check):\n${last}\nCorrect what fails and run the command again: it continues from here.`,
    },
  );
}

const runsSchema = z.object({ runs: z.array(runStatusSchema) });
const startedSchema = z.object({ runId: runStatusSchema.shape.runId });

/**
 * The first dry run: one that has completed already, one that is in progress, or a new one.
 * @throws EvaluationRunError when it ended otherwise, TookTooLongError after 30 minutes
 */
export async function firstDryRun(api: AppApi, clock: Clock): Promise<RunStatus> {
  const { runs } = runsSchema.parse(await bodyOf(await api.call('GET', '/api/runs?limit=20'), 'its runs'));
  const earlier = runs.find((run) => run.reason === reason && run.status === 'completed');
  const runId = earlier?.runId ?? (await asked(api));
  const ended = await askUntil(
    async () => {
      const answer = await api.call('GET', `/api/runs/${runId}`);
      const run = runStatusSchema.parse(await bodyOf(answer, `run ${runId}`));
      return run.endedAt === undefined ? undefined : run;
    },
    {
      clock,
      seconds: 1800,
      everySeconds: 5,
      otherwise: () =>
        `The dry run ${runId} has not ended within 30 minutes. docs/runbooks/stuck-run.md says what to look at.`,
    },
  );
  if (ended.status !== 'completed') {
    throw new EvaluationRunError(
      `The dry run ${runId} ended as ${ended.status}. ${ended.explanation ?? ''} Run the command again for another one.`,
    );
  }
  return ended;
}

/** A run that is already in progress is the dry run of an interrupted command: the timer is off. */
async function asked(api: AppApi): Promise<string> {
  const answer = await api.call('POST', '/api/runs', { scope: 'outstanding', dryRun: true, reason });
  if (answer.status === 409) return startedSchema.parse(await answer.json()).runId;
  return startedSchema.parse(await bodyOf(answer, 'a dry run')).runId;
}

async function bodyOf(answer: Response, asked: string): Promise<unknown> {
  if (!answer.ok) {
    throw new EvaluationRunError(
      `The app answered ${answer.status} when asked for ${asked}. Look at the app's log stream in the portal, and run the command again.`,
    );
  }
  return answer.json();
}

/** What a dry run found, for a person. */
export function figuresText({ runId, figures, objections = [] }: RunStatus): string {
  if (figures === undefined) return `Dry run ${runId} completed.`;
  const findings = Object.values(figures.findings).reduce((sum, number) => sum + number, 0);
  const rows: readonly (readonly [string, number])[] = [
    ['people under the age limit', figures.personsRead],
    ['children in the cohort', figures.cohort],
    ['would be sent to DfE', figures.toSend],
    ['cannot be sent (findings say why)', figures.held],
    ['findings about the data', findings],
  ];
  return [
    `Dry run ${runId} completed; nothing was sent.`,
    ...rows.map(([what, number]) => `  ${String(number).padStart(6)}  ${what}`),
    ...objections.map(
      ({ guard, explanation }) => `  A safety check would pause a real run (${guard}): ${explanation}`,
    ),
  ].join('\n');
}
