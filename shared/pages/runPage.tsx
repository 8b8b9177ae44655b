import { isCategory, titlesOf } from '../child/categories.js';
import type { Principal } from '../access/principal.js';
import type { RunId } from '../records/runId.js';
import type { RunStatus } from '../records/runStatus.js';
import type { RunInFull } from '../records/runInFull.js';
import type { SsdNames } from '../ssd/profile.js';
import { ChangedRules } from './changedRules.js';
import { inWords } from './lastRunInWords.js';
import type { Page } from './page.js';
import { Code, ForRole, LinkButton, ListLinks, StatusTag, Success, SummaryList } from './parts.js';
import { paths } from './paths.js';
import { Changes, Chunks, Findings, Progress, Refusals } from './runTables.js';
import { SourceFigures, SourceWarnings } from './sourceTables.js';
import {
  childrenText,
  dayText,
  durationText,
  modeTexts,
  numberText,
  scopeTexts,
  meaningOf,
  timeText,
} from './words.js';

interface RunView extends RunInFull {
  readonly ssdNames: SsdNames;
  /** What the visitor has just requested on another page. */
  readonly done: string | undefined;
  readonly now: Date;
}

/** Everything about one run, except its children. */
export function runPage(view: RunView, visitor: Principal): Page {
  const { run, before, refusals, ssdNames, chunks, now } = view;
  const { figures } = run;
  const isOver = run.endedAt !== undefined;
  return {
    status: 200,
    title: `Run of ${timeText(run.requestedAt)}`,
    content: (
      <>
        <Done {...view} />
        <h1 class="govuk-heading-l">
          <span class="govuk-caption-l">{dayText(run.today)}</span>
          Run of {timeText(run.requestedAt)}
        </h1>
        <p class="govuk-body">
          <StatusTag status={run.status} /> {meaningOf(run)}
        </p>
        <p class="govuk-body-s app-muted">
          Read on {timeText(now)}.{' '}
          {!isOver && (
            <a class="govuk-link app-no-print" href={paths.run(run.runId)}>
              Refresh
            </a>
          )}
        </p>
        {!isOver && <Progress run={run} />}
        <Outcome run={run} now={now} />
        <Decisions run={run} visitor={visitor} />
        <Facts run={run} />
        <Refusals refusals={refusals} ssdNames={ssdNames} />
        <SourceWarnings warnings={run.warnings} />
        {figures !== undefined && <Findings figures={figures} changedRules={run.changedRules} />}
        {figures !== undefined && <ChangedRules changedRules={run.changedRules} figures={figures} />}
        {figures !== undefined && <Changes figures={figures} before={before} />}
        <SourceFigures run={run} before={before} />
        {figures !== undefined && <Rehearsal runId={run.runId} />}
        {run.chunks !== undefined && run.dryRun !== true && (
          <Chunks planned={run.chunks.planned} chunks={chunks} />
        )}
        <Downloads run={run} visitor={visitor} />
      </>
    ),
  };
}

/** The address alone proves nothing: the page may be opened again, or another person may have been quicker. */
function Done({ run: { status, approval, cancellation, endedAt }, done }: RunView) {
  if (done === 'approved' && approval !== undefined && cancellation === undefined) {
    return (
      <Success>
        {status === 'sending' ? 'The run is approved and is sending now.' : 'The run is approved.'}
      </Success>
    );
  }
  if (done === 'cancelled' && cancellation !== undefined)
    return (
      <Success>
        {endedAt === undefined
          ? 'The run is cancelled. Batches that are already being sent will finish first.'
          : 'The run is cancelled.'}
      </Success>
    );
  if (done === 'started' && endedAt === undefined) return <Success>The run has been requested.</Success>;
  return null;
}

function Outcome({ run, now }: { run: RunStatus; now: Date }) {
  const { sent, outstanding } = inWords(run, now);
  return (
    <>
      <h2 class="govuk-heading-m">What was sent</h2>
      {sent.map((line) => (
        <p class="govuk-body">{line}</p>
      ))}
      <h2 class="govuk-heading-m">What is outstanding</h2>
      {outstanding.map((line) => (
        <p class="govuk-body">{line}</p>
      ))}
    </>
  );
}

function Decisions({ run, visitor }: { run: RunStatus; visitor: Principal }) {
  if (run.endedAt !== undefined || run.status === 'unreadable' || run.cancellation !== undefined) return null;
  const isHeld = run.status === 'held';
  return (
    <section aria-labelledby="decide" class="app-no-print">
      <h2 class="govuk-heading-m" id="decide">
        What you can do
      </h2>
      <ForRole
        visitor={visitor}
        role="operator"
        what={isHeld ? 'To approve or cancel the run' : 'To cancel the run'}
      >
        <div class="govuk-button-group">
          {isHeld && <LinkButton href={paths.approval(run.runId)}>Approve this run</LinkButton>}
          <LinkButton href={paths.cancellation(run.runId)}>Cancel this run</LinkButton>
        </div>
      </ForRole>
    </section>
  );
}

function requesterText({ trigger, startedBy, requestedBy }: RunStatus): string {
  if (trigger === 'timer') return 'the nightly timer';
  return startedBy === 'refresh' ? `the refresh of the SSD (${requestedBy})` : requestedBy;
}

function Facts({ run }: { run: RunStatus }) {
  const { requestedAt, endedAt, approval, cancellation } = run;
  const decided = (decision: NonNullable<RunStatus['approval']>) =>
    `By ${decision.by} on ${timeText(decision.at)}${decision.reason === undefined ? '' : `: ${decision.reason}`}`;
  return (
    <>
      <h2 class="govuk-heading-m">About this run</h2>
      <SummaryList
        rows={[
          ['Requested by', requesterText(run)],
          ['Why', run.reason],
          [
            'What it sends',
            `${scopeTexts[run.scope]}${run.dryRun === true ? '; a dry run, nothing is sent' : ''}`,
          ],
          ['How', run.mode === undefined ? undefined : modeTexts[run.mode]],
          ['Data-sharing agreement', run.terms?.agreement],
          ['Not shared', notShared(run.terms?.leftOut)],
          ['Requested on', timeText(requestedAt)],
          [
            'Ended',
            endedAt === undefined
              ? undefined
              : `${timeText(endedAt)}, after ${durationText(requestedAt, endedAt)}`,
          ],
          ['Approved', approval === undefined ? undefined : decided(approval)],
          ['Cancelled', cancellation === undefined ? undefined : decided(cancellation)],
          [
            'Children in the cohort',
            run.figures === undefined ? undefined : childrenText(run.figures.cohort),
          ],
          ['Referrals from before the window', olderReferrals(run.figures)],
          ['Run id', <Code text={run.runId} />],
        ]}
      />
    </>
  );
}

function olderReferrals(figures: RunStatus['figures']): string | undefined {
  if (figures === undefined) return undefined;
  const { olderReferralsOpen: open, olderReferralsClosedInWindow: closed } = figures;
  const items = figures.olderReferralsWithItemInWindow;
  if (open + closed + items === 0) return undefined;
  return `${numberText(open)} still open; ${numberText(closed)} closed in the window; ${numberText(items)} with something else in the window`;
}

/** Of a run of any version. */
function notShared(leftOut: readonly string[] = []): string | undefined {
  return leftOut.length === 0 ? undefined : titlesOf(leftOut.filter(isCategory));
}

function Rehearsal({ runId }: { runId: RunId }) {
  return (
    <>
      <h2 class="govuk-heading-m">Dress rehearsal</h2>
      <p class="govuk-body">
        <a class="govuk-link" href={paths.rehearsal(runId)}>
          What DfE’s returns would show
        </a>
        , counted from what is sent, next to the runs of a month and a year before.
      </p>
    </>
  );
}

function Downloads({ run, visitor }: { run: RunStatus; visitor: Principal }) {
  if (run.figures === undefined) return null;
  return (
    <section aria-labelledby="downloads" class="app-no-print">
      <h2 class="govuk-heading-m" id="downloads">
        Downloads
      </h2>
      <ForRole visitor={visitor} role="data-officer" what="To download the lists that name children">
        <p class="govuk-body">
          These files name children by their ids, and the findings also the team and worker who can correct
          them. Use the Excel file for work: Excel changes ids when it opens a CSV. We record who downloads
          them.
        </p>
        <ul class="govuk-list govuk-list--bullet">
          <li>
            <ListLinks
              name="Children of this run: new, changed or removed, and DfE’s answer"
              to={(format) => paths.childrenOfRun(run.runId, format)}
            />
          </li>
          <li>
            <ListLinks name="Findings work-list" to={(format) => paths.findings(run.runId, format)} />
          </li>
          {(run.totals?.refused ?? 0) > 0 && (
            <li>
              <ListLinks
                name="Refused children with DfE’s words"
                to={(format) => paths.refused(run.runId, format)}
              />
            </li>
          )}
          {(run.totals?.posts ?? 0) > 0 && (
            <li>
              <ListLinks name="DfE’s full answers" to={(format) => paths.fullAnswers(run.runId, format)} />:
              they may quote names and other details of children
            </li>
          )}
        </ul>
      </ForRole>
    </section>
  );
}
