import { once } from 'node:events';
import { roles, type Role } from '../../../shared/access/principal.js';
import { londonDate } from '../../../shared/child/dates.js';
import { runBlobs } from '../../../shared/composition/storage.js';
import { preflightText } from '../../../shared/preflight/preflightText.js';
import type { RunStatus } from '../../../shared/records/runStatus.js';
import { runStore } from '../../../shared/records/runStore.js';
import type { NewRun } from '../../../shared/requests/newRun.js';
import { readSettings } from '../../../shared/settings/readSettings.js';
import type { Settings } from '../../../shared/settings/settings.js';
import type { LogEntry } from '../host/functionsHost.js';
import { runAsked } from '../night.js';
import type { Options } from '../options.js';
import { progressOn } from '../progress.js';
import { progressLine, summaryOf } from '../report.js';
import { Stack } from '../stack.js';
import { writeDeskFiles } from './deskFiles.js';
import { deskReport } from './deskReport.js';
import { deskSettings, ssdConnectionOf } from './deskSettings.js';
import { lookAtSsd } from './lookAtSsd.js';
import { oneChild } from './oneChild.js';

/**
 * `npm start -- --real`: a council's data analyst tries the app on the council's own SSD, before there is a deployment. The
 * SSD's database is only read. By choice the children are sent to DfE's test receiver under pseudonyms.
 * @returns the exit code
 */
export async function tryOnRealSsd(
  options: Options,
  onLog: (entry: LogEntry) => void,
  interrupted: AbortSignal,
): Promise<number> {
  const { keep, 'send-test': sends } = options;
  const settings = deskSettings(options, process.env);
  const sql = ssdConnectionOf(options, process.env);
  const today = options.today ?? londonDate(new Date());
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: process.stderr, discardStdin: false });

  let mayDo: readonly Role[] = roles;
  spinner.start('Looking at your SSD');
  const stack = await Stack.start({
    sql,
    real: { keep, sends },
    signedIn: () => ({ name: 'local analyst', roles: mayDo }),
    settings: { SSD_PROFILE: process.env['SSD_PROFILE'] ?? 'systemc', ...settings },
    onLog: (entry) => {
      spinner.clear();
      onLog(entry);
    },
  });
  try {
    const ofApp = readSettings({ ...process.env, ...stack.environment(today) });
    spinner.info(
      `The SSD in schema ${stack.schema} of your database is only read: nothing is written there.`,
    );
    spinner.info(
      sends
        ? "The children are sent to DfE's test receiver, under pseudonyms only."
        : 'Nothing is sent to anyone.',
    );
    spinner.start('Looking at your SSD');
    const look = await lookAtSsd(ofApp, today);
    spinner.stop();
    console.log(preflightText(look.checks));
    if (look.outcome === 'fail') {
      console.error('No child was read, because a check of the SSD failed.');
      return 1;
    }

    const show = progressOn(spinner.start('Reading your SSD'));
    const host = await stack.startApp(today);
    const run = await runAsked(host, wishOf(options), interrupted, (status) => {
      show(`Reading your SSD: ${progressLine(status)}`);
    });
    spinner.stop();
    console.log(`\n${summaryOf(run)}\n\n${deskReport(run)}`);
    if (!sends) {
      const { posts } = stack.dfe.statistics;
      console.log(
        `\nNothing was sent to anyone: even the simulated DfE on this machine had ${String(posts)} requests.`,
      );
    }
    await showChildren(run, options, ofApp);
    if (!options.once) {
      // Who only compares can start nothing from the pages.
      if (!sends) mayDo = ['reader', 'data-officer'];
      console.log(
        `\nThe web pages are at ${host.baseUrl}/api/dashboard until you press Ctrl-C. They lead to children: keep them to yourself.`,
      );
      if (!interrupted.aborted) await once(interrupted, 'abort');
    }
    return run.status === 'completed' ? 0 : 1;
  } finally {
    spinner.stop();
    await stack.stop();
  }
}

function wishOf({ child, 'send-test': sends }: Options): NewRun {
  const wish = { dryRun: !sends, reason: 'tried from a desk' };
  return child === undefined
    ? { ...wish, scope: 'outstanding' }
    : { ...wish, scope: 'children', children: [child] };
}

/** What leads to children: only what was asked for, and only where. */
async function showChildren(run: RunStatus, { child, out }: Options, settings: Settings): Promise<void> {
  const runs = runStore(runBlobs(settings));
  const plan = await runs.plan.read(run.runId);
  if (plan === undefined) return;
  if (out !== undefined) {
    await writeDeskFiles(out, run, plan, runs);
    console.log(
      `\nIn ${out}: findings.csv and children.csv, which name children by their ids, and run.json. Delete them when you have done with them.`,
    );
  }
  if (child !== undefined) console.log(`\n${await oneChild(child, run.runId, plan, runs)}`);
}
