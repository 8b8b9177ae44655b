import { addToDate, type PlainDate } from '../child/dates.js';
import type { RunId } from '../records/runId.js';
import type { RunStatus } from '../records/runStatus.js';
import { inWords, lastRunOf } from './lastRunInWords.js';
import { RunsChart, runsShown, type ChartedRun } from './runsChart.js';
import type { Page } from './page.js';
import { StatusTag } from './parts.js';
import { Table } from './table.js';
import { paths } from './paths.js';
import { dayText, outcomeText, scopeTexts, timeText } from './words.js';

export interface DashboardView {
  /** Newest first; those of the last 30 nights. */
  readonly runs: readonly RunStatus[];
  /** The newest of them for which there was not enough time. */
  readonly rest?: RunId | undefined;
  readonly today: PlainDate;
  readonly now: Date;
}

/** Last night in plain words, the last 30 nights as a chart, and the runs. */
export function dashboardPage({ runs, rest, today, now }: DashboardView): Page {
  const night = lastRunOf(runs);
  return {
    status: 200,
    title: 'Last night',
    content: (
      <>
        <h1 class="govuk-heading-l">
          {night === undefined
            ? rest === undefined
              ? 'No night yet'
              : 'Last night is not known'
            : `Night of ${dayText(night.today)}`}
        </h1>
        <p class="govuk-body-s app-muted">
          Read on {timeText(now)}.{' '}
          <a class="govuk-link app-no-print" href={paths.dashboard}>
            Refresh
          </a>
        </p>
        <Earlier rest={rest} />
        {night !== undefined && <LastNight night={night} now={now} />}
        {night === undefined && rest === undefined && <NoNight />}
        <RunsChart nights={nightsOf(runs, today)} />
        <Runs runs={runs} />
      </>
    ),
  };
}

/** The runs that a page before had no time for. */
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
            Go to last night
          </a>
        </p>
        {runs.length === 0 && <p class="govuk-body">There are no earlier runs in this time.</p>}
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

function NoNight() {
  return (
    <p class="govuk-body">
      No nightly run has begun in the last {runsShown} days. The timer starts one every night; if it should
      have, tell your support.
    </p>
  );
}

function LastNight({ night, now }: { night: RunStatus; now: Date }) {
  const { sent, outstanding, toDo } = inWords(night, now);
  return (
    <>
      <p class="govuk-body">
        <StatusTag status={night.status} />{' '}
        <a class="govuk-link" href={paths.run(night.runId)}>
          Everything about this run
        </a>
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

/** One night a date up to today, the oldest first; what a night has sent counts for the date it reports on. */
function nightsOf(runs: readonly RunStatus[], today: PlainDate): ChartedRun[] {
  const nightly = new Map<string, RunStatus>();
  for (const run of runs) {
    if (run.trigger === 'timer' && !nightly.has(run.today)) nightly.set(run.today, run);
  }
  const oldest = [...nightly.keys()].sort()[0];
  return (
    Array.from({ length: runsShown }, (_, index) => addToDate(today, { days: index + 1 - runsShown }))
      // Before the first night there was nothing to miss, and tonight may be to come.
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
        { title: 'Asked for' },
        { title: 'State' },
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
