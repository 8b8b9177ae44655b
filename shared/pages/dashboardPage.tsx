import { addToDate, type PlainDate } from '../child/dates.js';
import type { RunId } from '../records/runId.js';
import { isNightly } from '../records/runRequest.js';
import type { RunStatus } from '../records/runStatus.js';
import { inWords, lastRunOf } from './lastRunInWords.js';
import { RunsChart, runsShown, type ChartedRun } from './runsChart.js';
import type { Page } from './page.js';
import { StatusTag } from './parts.js';
import { Table } from './table.js';
import { paths } from './paths.js';
import { dayText, outcomeText, scopeTexts, timeText } from './words.js';

interface DashboardView {
  /** Newest first; those of the last 30 nights. */
  readonly runs: readonly RunStatus[];
  /** The newest run that there was not enough time to read. */
  readonly rest?: RunId | undefined;
  readonly today: PlainDate;
  readonly now: Date;
}

/** Last night's run in plain words, the last 30 nights as a chart, and the runs. */
export function dashboardPage({ runs, rest, today, now }: DashboardView): Page {
  const lastRun = lastRunOf(runs);
  return {
    status: 200,
    title: 'Last night’s run',
    content: (
      <>
        <h1 class="govuk-heading-l">
          {lastRun === undefined
            ? rest === undefined
              ? 'No nightly run yet'
              : 'Last night’s run is not known'
            : `Nightly run of ${dayText(lastRun.today)}`}
        </h1>
        <p class="govuk-body-s app-muted">
          Read on {timeText(now)}.{' '}
          <a class="govuk-link app-no-print" href={paths.dashboard}>
            Refresh
          </a>
        </p>
        <Earlier rest={rest} />
        {lastRun !== undefined && <LastRun run={lastRun} now={now} />}
        {lastRun === undefined && rest === undefined && <NoNightlyRun />}
        <RunsChart nights={nightsOf(runs, today)} />
        <Runs runs={runs} />
        <SupportBundle />
      </>
    ),
  };
}

/** The runs that an earlier page had no time to read. */
export function earlierRunsPage({ runs, rest, now }: Omit<DashboardView, 'today'>): Page {
  return {
    status: 200,
    title: 'Earlier runs',
    content: (
      <>
        <h1 class="govuk-heading-l">Earlier runs</h1>
        <p class="govuk-body-s app-muted">
          Read on {timeText(now)}.{' '}
          <a class="govuk-link app-no-print" href={paths.dashboard}>
            Go to last night’s run
          </a>
        </p>
        {runs.length === 0 && <p class="govuk-body">There are no earlier runs in this period.</p>}
        <Runs runs={runs} />
        <Earlier rest={rest} />
      </>
    ),
  };
}

function Earlier({ rest }: { rest: RunId | undefined }) {
  if (rest === undefined) return null;
  return (
    <p class="govuk-body">
      This page is incomplete: there was not enough time to read every run. Earlier runs are not shown.{' '}
      <a class="govuk-link" href={paths.earlierRuns(rest)}>
        Show the earlier runs
      </a>
    </p>
  );
}

function NoNightlyRun() {
  return (
    <p class="govuk-body">
      No nightly run has started in the last {runsShown} days. If one should have started, contact your
      support team.
    </p>
  );
}

function LastRun({ run, now }: { run: RunStatus; now: Date }) {
  const { sent, outstanding, toDo } = inWords(run, now);
  return (
    <>
      <p class="govuk-body">
        <StatusTag status={run.status} />{' '}
        <a class="govuk-link" href={paths.run(run.runId)}>
          Details of this run
        </a>
        {run.figures !== undefined && (
          <>
            {' '}
            <a class="govuk-link" href={paths.rehearsal(run.runId)}>
              Dress rehearsal of DfE’s returns
            </a>
          </>
        )}
      </p>
      <h2 class="govuk-heading-m">What was sent</h2>
      {sent.map((line) => (
        <p class="govuk-body">{line}</p>
      ))}
      <h2 class="govuk-heading-m">What is outstanding</h2>
      {outstanding.map((line) => (
        <p class="govuk-body">{line}</p>
      ))}
      <h2 class="govuk-heading-m">What to do</h2>
      {toDo.length === 0 ? (
        <p class="govuk-body">Nothing.</p>
      ) : (
        <ul class="govuk-list govuk-list--bullet">
          {toDo.map(({ text, href }) => (
            <li>
              {href === undefined ? (
                text
              ) : (
                <a class="govuk-link" href={href}>
                  {text}
                </a>
              )}
              .
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function SupportBundle() {
  return (
    <div class="app-no-print">
      <h2 class="govuk-heading-m">Where to get help</h2>
      <p class="govuk-body">
        <a class="govuk-link" href={paths.supportBundle}>
          Download a support bundle
        </a>{' '}
        (JSON) for the people who help you. It has settings without secrets, checks, and numbers about the
        runs, and says nothing about any child. Making it takes up to two minutes.
      </p>
    </div>
  );
}

/** One night a date up to today, oldest first; a run counts for the date it reports on. */
function nightsOf(runs: readonly RunStatus[], today: PlainDate): ChartedRun[] {
  const nightly = new Map<string, RunStatus>();
  for (const run of runs) {
    if (isNightly(run) && !nightly.has(run.today)) nightly.set(run.today, run);
  }
  const oldest = [...nightly.keys()].sort()[0];
  return (
    Array.from({ length: runsShown }, (_, index) => addToDate(today, { days: index + 1 - runsShown }))
      // No run can be missing before the first one, and tonight's may still come.
      .filter((date) => oldest !== undefined && date >= oldest && (date < today || nightly.has(date)))
      .map((date) => ({ date, run: nightly.get(date) }))
  );
}

function Runs({ runs }: { runs: readonly RunStatus[] }) {
  if (runs.length === 0) return null;
  return (
    <Table
      caption={`Runs of the last ${String(runsShown)} days`}
      columns={[
        { title: 'Requested' },
        { title: 'Status' },
        { title: 'What it sends' },
        { title: 'Accepted', numeric: true },
        { title: 'Refused', numeric: true },
        { title: 'No answer', numeric: true },
      ]}
      rows={runs.map((run) => [
        <a class="govuk-link" href={paths.run(run.runId)}>
          {timeText(run.requestedAt)}
        </a>,
        <StatusTag status={run.status} />,
        `${scopeTexts[run.scope]}${run.dryRun === true ? ' (dry run)' : ''}`,
        outcomeText(run, 'accepted'),
        outcomeText(run, 'refused'),
        outcomeText(run, 'outstanding'),
      ])}
    />
  );
}
