import type { Principal } from '../access/principal.js';
import type { RunStatus } from '../records/runStatus.js';
import type { Page } from './page.js';
import { ErrorSummary, TextArea, type FieldError } from './formFields.js';
import { ForRole, ListLinks, Warning } from './parts.js';
import { paths } from './paths.js';
import { numberText, timeText } from './words.js';

interface DecisionView {
  readonly run: RunStatus;
  /** What was typed before, when something was wrong with it. */
  readonly reason: string;
  readonly errors: readonly FieldError[];
}

/** Asks for the reason and says what an approval will do. */
export function approvalPage(view: DecisionView, visitor: Principal): Page {
  const { figures, objections = [] } = view.run;
  return decisionPage(view, {
    title: 'Approve this run',
    action: paths.approval(view.run.runId),
    button: 'Approve and send',
    consequences: (
      <>
        <p class="govuk-body">A safety check paused this run. Its reasons:</p>
        <ul class="govuk-list govuk-list--bullet">
          {objections.map(({ explanation }) => (
            <li>{explanation}</li>
          ))}
        </ul>
        <Warning>
          {recordsAndRemovals(figures?.toSend ?? 0, figures?.leavers ?? 0)} will be sent to DfE at once. You
          cannot take back what DfE has accepted.
        </Warning>
        <ForRole visitor={visitor} role="data-officer" what="To see which children these are">
          <p class="govuk-body">
            <ListLinks
              name="Children of this run: new, changed or removed"
              to={(format) => paths.childrenOfRun(view.run.runId, format)}
            />
            . We record who downloads it.
          </p>
        </ForRole>
      </>
    ),
  });
}

/** Asks for the reason and says what a cancellation will do. */
export function cancellationPage(view: DecisionView): Page {
  return decisionPage(view, {
    title: 'Cancel this run',
    action: paths.cancellation(view.run.runId),
    button: 'Cancel the run',
    consequences: (
      <Warning>
        This run will send nothing more, except batches that are already being sent. The next run sends the
        rest. DfE keeps what it has already accepted.
      </Warning>
    ),
  });
}

function recordsAndRemovals(toSend: number, leavers: number): string {
  return `${numberText(toSend - leavers)} new or changed records and ${numberText(leavers)} removals`;
}

interface DecisionTexts {
  readonly title: string;
  readonly action: string;
  readonly button: string;
  readonly consequences: Page['content'];
}

function decisionPage({ run, reason, errors }: DecisionView, texts: DecisionTexts): Page {
  const { title, action, button, consequences } = texts;
  return {
    status: errors.length > 0 ? 400 : 200,
    title: errors.length > 0 ? `Error: ${title}` : title,
    content: (
      <>
        <a href={paths.run(run.runId)} class="govuk-back-link">
          Back to the run
        </a>
        <ErrorSummary errors={errors} />
        <h1 class="govuk-heading-l">
          <span class="govuk-caption-l">Run of {timeText(run.requestedAt)}</span>
          {title}
        </h1>
        {consequences}
        <form method="post" action={action}>
          <TextArea
            id="reason"
            label="Why?"
            hint="In a few words, without names. We keep it with the run, together with your name."
            rows={3}
            value={reason}
            errors={errors}
          />
          <div class="govuk-button-group">
            <button type="submit" class="govuk-button govuk-button--warning">
              {button}
            </button>
            <a class="govuk-link" href={paths.run(run.runId)}>
              Cancel
            </a>
          </div>
        </form>
      </>
    ),
  };
}
