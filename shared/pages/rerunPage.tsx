import { mayAs, type Principal } from '../access/principal.js';
import { submissionModeSchema } from '../child/submissionMode.js';
import { scopeSchema } from '../records/runRequest.js';
import type { Page } from './page.js';
import { ErrorSummary, Radios, TextArea, type FieldError } from './formFields.js';
import { SummaryList, Warning } from './parts.js';
import { paths } from './paths.js';
import { childrenText, modeTexts, roleTexts, scopeTexts } from './words.js';

/** The fields of the form as they were typed. */
export interface RerunForm {
  readonly scope: string;
  /** The ids, one a line. */
  readonly children: string;
  /** Empty for the mode of the settings. */
  readonly mode: string;
  /** `yes` or `no`. */
  readonly dryRun: string;
  readonly reason: string;
}

export const emptyForm: RerunForm = {
  scope: 'outstanding',
  children: '',
  mode: '',
  dryRun: 'no',
  reason: '',
};

const scopeHints = {
  outstanding: 'What DfE has neither accepted nor refused: what the next nightly run would send.',
  refused: 'The children that DfE has refused: their records are sent once more.',
  all: 'Every child in the cohort, even if DfE already has the record.',
  children: 'Only the children whose ids you enter.',
} as const;

export function rerunPage(form: RerunForm, errors: readonly FieldError[], visitor: Principal): Page {
  const mayName = mayAs(visitor, 'data-officer');
  const title = 'Start a run';
  return {
    status: errors.length > 0 ? 400 : 200,
    title: errors.length > 0 ? `Error: ${title}` : title,
    content: (
      <>
        <a href={paths.dashboard} class="govuk-back-link">
          Back to last night’s run
        </a>
        <ErrorSummary errors={errors} />
        <h1 class="govuk-heading-l">{title}</h1>
        <p class="govuk-body">The next page says what will happen and asks you to confirm it.</p>
        <form method="post" action={paths.rerun}>
          <Radios
            id="scope"
            label="Which children?"
            chosen={form.scope}
            choices={scopeSchema.options
              .filter((scope) => scope !== 'children' || mayName)
              .map((scope) => ({ value: scope, label: scopeTexts[scope], hint: scopeHints[scope] }))}
          />
          {mayName ? (
            <TextArea
              id="children"
              label="Ids of named children"
              hint="Only if you chose named children. Enter the ids as in the SSD, one on each line, up to 1,000."
              rows={4}
              value={form.children}
              errors={errors}
            />
          ) : (
            <p class="govuk-body">
              To send children by their ids you need the role {roleTexts['data-officer']} as well.
            </p>
          )}
          <Radios
            id="mode"
            label="How much of each record?"
            chosen={form.mode}
            choices={[
              { value: '', label: 'The same as every night', hint: 'As in the app’s settings.' },
              ...submissionModeSchema.options.map((mode) => ({ value: mode, label: modeTexts[mode] })),
            ]}
          />
          <Radios
            id="dryRun"
            label="Send it?"
            chosen={form.dryRun}
            choices={[
              { value: 'yes', label: 'No, only show what would be sent (a dry run)' },
              { value: 'no', label: 'Yes, send it to DfE' },
            ]}
          />
          <TextArea
            id="reason"
            label="Why?"
            hint="In a few words, without names. We keep it with the run, together with your name."
            rows={3}
            value={form.reason}
            errors={errors}
          />
          <button type="submit" class="govuk-button">
            Continue
          </button>
        </form>
      </>
    ),
  };
}

/** Says what will happen, and carries the form on to where it is done. */
export function rerunConfirmationPage(form: RerunForm, named: number): Page {
  const isDry = form.dryRun !== 'no';
  return {
    status: 200,
    title: 'Confirm the run',
    content: (
      <>
        <h1 class="govuk-heading-l">Confirm the run</h1>
        <SummaryList
          rows={[
            [
              'Which children',
              named > 0 ? `${childrenText(named)} named by id` : textOf(scopeTexts, form.scope),
            ],
            [
              'How much of each record',
              form.mode === '' ? 'The same as every night' : textOf(modeTexts, form.mode),
            ],
            ['Why', form.reason],
          ]}
        />
        {isDry ? (
          <p class="govuk-body">
            This is a dry run: it reads and compares the SSD, and sends nothing to DfE.
          </p>
        ) : (
          <Warning>
            The run reads the SSD now and sends the children’s records to DfE, unless a safety check pauses
            it. You can cancel what has not been sent. You cannot take back what DfE has accepted.
          </Warning>
        )}
        <form method="post" action={paths.rerun}>
          {Object.entries({ ...form, confirmed: 'yes' }).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <div class="govuk-button-group">
            <button type="submit" class={`govuk-button${isDry ? '' : ' govuk-button--warning'}`}>
              {isDry ? 'Start the dry run' : 'Start the run'}
            </button>
            <a class="govuk-link" href={paths.rerun}>
              Cancel
            </a>
          </div>
        </form>
      </>
    ),
  };
}

function textOf(texts: Readonly<Record<string, string>>, word: string): string {
  return texts[word] ?? word;
}
