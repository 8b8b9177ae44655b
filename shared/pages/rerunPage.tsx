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
  outstanding: 'What DfE has not acknowledged and not refused. Just what the next night would send.',
  refused: 'The children that DfE has refused, once more and unchanged.',
  all: 'Every child, whether DfE has it already or not.',
  children: 'Only those whose ids you give.',
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
          Back to last night
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
              hint="Only for named children: as they stand in the SSD, one on each line, at most 1,000."
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
            label="How much of each child?"
            chosen={form.mode}
            choices={[
              { value: '', label: 'As every night', hint: 'As the settings say.' },
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
            hint="In a few words and without names. It is kept with the run, together with your name."
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
            ['How much of each', form.mode === '' ? 'As every night' : textOf(modeTexts, form.mode)],
            ['Why', form.reason],
          ]}
        />
        {isDry ? (
          <p class="govuk-body">A dry run: the SSD is read and compared, and nothing is sent to DfE.</p>
        ) : (
          <Warning>
            The SSD is read now and the children are sent to DfE, unless a safety check pauses the run. What
            DfE has accepted cannot be taken back; you can cancel the rest.
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
