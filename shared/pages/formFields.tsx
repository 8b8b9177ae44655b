import type { ComponentChildren } from 'preact';

/** The id of a field, what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
  if (errors.length === 0) return null;
  return (
    <div class="govuk-error-summary">
      <div role="alert">
        <h2 class="govuk-error-summary__title">There is a problem</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            {errors.map(({ field, message }) => (
              <li>
                <a href={`#${field}`}>{message}</a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

interface FieldTexts {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors: readonly FieldError[];
}

/** The ids of what describes a field. */
function describedByOf(id: string, hint: string | undefined, error: FieldError | undefined): string {
  return [hint === undefined ? undefined : `${id}-hint`, error === undefined ? undefined : `${id}-error`]
    .filter((part) => part !== undefined)
    .join(' ');
}

function HintAndError({
  id,
  hint,
  error,
}: {
  id: string;
  hint: string | undefined;
  error: FieldError | undefined;
}) {
  return (
    <>
      {hint !== undefined && (
        <div id={`${id}-hint`} class="govuk-hint">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} class="govuk-error-message">
          <span class="govuk-visually-hidden">Error:</span> {error.message}
        </p>
      )}
    </>
  );
}

/** A label, a hint, what is wrong, and the control that they are about. */
function Field({ children, ...texts }: FieldTexts & { children: ComponentChildren }) {
  const { id, label, hint } = texts;
  const error = errorOf(texts);
  return (
    <div class={`govuk-form-group${error === undefined ? '' : ' govuk-form-group--error'}`}>
      <label class="govuk-label govuk-label--m" for={id}>
        {label}
      </label>
      <HintAndError id={id} hint={hint} error={error} />
      {children}
    </div>
  );
}

function errorOf({ id, errors }: FieldTexts): FieldError | undefined {
  return errors.find(({ field }) => field === id);
}

/** What ties a control to its texts. */
function attributesOf(control: 'govuk-textarea' | 'govuk-select', texts: FieldTexts) {
  const { id, hint } = texts;
  const error = errorOf(texts);
  const describedBy = describedByOf(id, hint, error);
  return {
    class: `${control}${error === undefined ? '' : ` ${control}--error`}`,
    id,
    name: id,
    ...(describedBy === '' ? {} : { 'aria-describedby': describedBy }),
  };
}

export function TextArea({ rows, value, ...texts }: FieldTexts & { rows: number; value: string }) {
  return (
    <Field {...texts}>
      <textarea {...attributesOf('govuk-textarea', texts)} rows={rows} autoComplete="off" spellcheck={false}>
        {value}
      </textarea>
    </Field>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export function Select({
  choices,
  chosen,
  ...texts
}: FieldTexts & { choices: readonly Omit<Choice, 'hint'>[]; chosen: string }) {
  return (
    <Field {...texts}>
      <select {...attributesOf('govuk-select', texts)}>
        {choices.map(({ value, label: text }) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function Radios({
  id,
  label,
  choices,
  chosen,
}: Omit<FieldTexts, 'errors'> & { choices: readonly Choice[]; chosen: string }) {
  return (
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{label}</legend>
        <div class="govuk-radios">
          {choices.map(({ value, label: text, hint }, index) => {
            const ownId = index === 0 ? id : `${id}-${String(index + 1)}`;
            return (
              <div class="govuk-radios__item">
                <input
                  class="govuk-radios__input"
                  id={ownId}
                  name={id}
                  type="radio"
                  value={value}
                  checked={value === chosen}
                  {...(hint === undefined ? {} : { 'aria-describedby': `${ownId}-hint` })}
                />
                <label class="govuk-label govuk-radios__label" for={ownId}>
                  {text}
                </label>
                {hint !== undefined && (
                  <div id={`${ownId}-hint`} class="govuk-hint govuk-radios__hint">
                    {hint}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </fieldset>
    </div>
  );
}
