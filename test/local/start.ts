import { once } from 'node:events';
import { addToDate, type PlainDate } from '../../shared/child/dates.js';
import { roles } from '../../shared/access/principal.js';
import type { RunStatus } from '../../shared/records/runStatus.js';
import { StatementError } from '../../shared/database/statementError.js';
import { readSettings, SettingsError } from '../../shared/settings/readSettings.js';
import { changedRulesOf, RulesFileError } from '../../shared/settings/rulesFile.js';
import { ProfileError } from '../../shared/ssd/profileFile.js';
import { asPayload } from './dfe/asPayload.js';
import type { LogEntry } from './host/functionsHost.js';
import { runNight } from './night.js';
import { tryOnRealSsd } from './desk/desk.js';
import { readOptions, usage, UsageError, type Options } from './options.js';
import { progressOn } from './progress.js';
import { progressLine, summaryOf, writeOutcome, type Outcome } from './report.js';
import { sourceOf, type SsdSource } from '../../infra/syntheticSsd/fill.js';
import { TheirSsdError } from './ssd/theirs.js';
import { Stack } from './stack.js';

/** One or more nightly runs of the whole system on this machine, and their outcome. */
async function runNights(
  options: Options,
  onLog: (entry: LogEntry) => void,
  interrupted: AbortSignal,
): Promise<number> {
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  const started = Date.now();
  const { source, today } = await sourceOf(options);

  spinner.start('Starting storage, a simulated DfE and the database');
  const stack = await Stack.start({
    sql: options.sql,
    latencyMs: options.latency,
    faults: options.faults,
    seed: options.seed,
    signedIn: () => ({ name: 'local analyst', roles }),
    settings: { SSD_PROFILE: process.env['SSD_PROFILE'] ?? profileOf(source) },
    onLog: (entry) => {
      spinner.clear();
      onLog(entry);
    },
  });
  try {
    changedRulesOf(readSettings({ ...process.env, ...stack.environment(today) }).RULES_FILE);
    const isOurs = options.sql === undefined;
    if (isOurs) {
      spinner.text = 'Filling the SSD';
      await stack.fillSsd(source, today);
      if (source.kind === 'synthetic' && options.mistakes > 0) {
        await stack.makeMistakes(source, today, options.mistakes);
      }
    } else {
      spinner.info(`The SSD in schema ${stack.schema} of your database is read and not changed`).start();
    }

    const nights: RunStatus[] = [];
    for (let night = 0; night < options.nights; night += 1) {
      const date = addToDate(today, { days: night });
      if (night > 0 && source.kind === 'synthetic' && isOurs) {
        spinner.start('Changing some children before the next run');
        await stack.changeSsd(source, today, night);
      }
      spinner.start(`Nightly run for ${date}`);
      const show = progressOn(spinner);
      const host = await stack.startApp(date);
      const run = await runNight(host, interrupted, (status) => {
        show(`Nightly run for ${date}: ${progressLine(status)}`);
      });
      nights.push(run);
      spinner[run.status === 'completed' ? 'succeed' : 'fail'](
        `Nightly run for ${date}: ${progressLine(run)}`,
      );
      console.log(summaryOf(run));
    }

    const children = stack.dfe.children();
    const outcome: Outcome = {
      completed: nights.every(({ status }) => status === 'completed'),
      nights,
      dfe: { children: children.length, statistics: stack.dfe.statistics },
      seconds: (Date.now() - started) / 1000,
      peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
    if (options.out !== undefined) {
      await writeOutcome(options.out, outcome, children.map(asPayload), await stack.stagingRows());
    }
    spinner.stop();
    console.log(
      `The simulated DfE holds ${String(children.length)} children. All took ${outcome.seconds.toFixed(1)} s and at most ${String(outcome.peakMemoryMiB)} MiB.`,
    );
    console.log(
      options.out === undefined
        ? `To see more, ${options.once ? 'leave out --once for the web pages, or ' : ''}add --out DIR: it writes what DfE holds, the staging table and the summary of each run there.`
        : `In ${options.out}: payloads.jsonl (what DfE holds), staging.jsonl (the staging table), run.json (the summary).`,
    );
    if (!options.once) await serve(stack, addToDate(today, { days: options.nights - 1 }), interrupted);
    return outcome.completed ? 0 : 1;
  } finally {
    spinner.stop();
    await stack.stop();
  }
}

/** Files say in their manifest which system's columns they have; every other SSD has SystemC's. */
function profileOf(source: SsdSource): string {
  return source.kind === 'folder' ? source.folder.system : 'systemc';
}

/** Serves the HTTP API until Ctrl-C. */
async function serve(stack: Stack, today: PlainDate, interrupted: AbortSignal): Promise<void> {
  const { baseUrl, functionKey } = await stack.startApp(today);
  const header = `-H 'x-functions-key: ${functionKey}'`;
  console.log(`
The web pages are at ${baseUrl}/api/dashboard until you press Ctrl-C; you are signed in as "local analyst" with every role.
The HTTP API is at ${baseUrl}/api:
  the runs     curl ${header} ${baseUrl}/api/runs
  a rerun      curl ${header} -d '{"scope":"all","reason":"a test"}' ${baseUrl}/api/runs
  for support  curl -OJ ${header} ${baseUrl}/api/support-bundle
  no key, 401  curl -i ${baseUrl}/api/runs`);
  if (!interrupted.aborted) await once(interrupted, 'abort');
}

async function start(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C does not wait until everything has stopped.
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort();
    });
  }
  const { signal: interrupted } = interruption;
  const onLog = ({ level, functionName, message }: LogEntry): void => {
    if ((level !== 'error' && level !== 'critical') || interrupted.aborted) return;
    console.error(`${functionName ?? 'host'}: ${message.replace(/\n\s+at .*/g, '')}`);
  };
  try {
    return await (options.real ? tryOnRealSsd : runNights)(options, onLog, interrupted);
  } catch (error) {
    if (interrupted.aborted) return 130;
    // What is real is in no trace.
    if (!options.real || !(error instanceof Error) || error instanceof UsageError) throw error;
    console.error(error.message);
    return 1;
  }
}

start().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isPlain = [
      UsageError,
      SettingsError,
      ProfileError,
      RulesFileError,
      TheirSsdError,
      StatementError,
    ].some((kind) => error instanceof kind);
    console.error(isPlain && error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
