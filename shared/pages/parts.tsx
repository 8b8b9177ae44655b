import type { ComponentChildren } from 'preact';
import { mayAs, type Principal, type Role } from '../access/principal.js';
import type { TableFormat } from '../downloads/tableFile.js';
import { roleTexts, statusTexts, type Colour } from './words.js';
import type { RunStatus } from '../records/runStatus.js';

/** The building blocks of GOV.UK pages that are used here, in the markup of govuk-frontend. */

export function Tag({ colour, children }: { colour: Colour; children: ComponentChildren }) {
  return <strong class={`govuk-tag govuk-tag--${colour}`}>{children}</strong>;
}

/** A word of the machine; a long one may be broken after its dots, dashes and underscores. */
export function Code({ text }: { text: string }) {
  return (
    <span class="app-id">
      {text.split(/(?<=[._-])/).map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </span>
  );
}

/** A list that names children, to be downloaded: for people first, then for programs. */
export function ListLinks({ name, to }: { name: string; to: (format: TableFormat) => string }) {
  return (
    <>
      <a class="govuk-link" href={to('xlsx')} download>
        {name} (Excel)
      </a>
      {', '}
      <a class="govuk-link" href={to('csv')} download>
        {name} (CSV)
      </a>
    </>
  );
}

export function StatusTag({ status }: { status: RunStatus['status'] }) {
  const { tag, colour } = statusTexts[status];
  return <Tag colour={colour}>{tag}</Tag>;
}

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
}

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a block of its own, with the titles
 * beside the values; the roles are said since browsers forget them of cells that are shown as blocks. A table that is too
 * wide for the screen, as with large text, scrolls in a box of its own. The keyboard reaches the box, and a screen reader
 * reads its name.
 */
export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly ComponentChildren[])[];
}) {
  const numeric = (index: number, part: string) =>
    columns[index]?.numeric === true ? ` govuk-table__${part}--numeric` : '';
  return (
    <div class="app-table-box" role="region" aria-label={caption} tabIndex={0}>
      <table class="govuk-table app-table" role="table">
        <caption class="govuk-table__caption govuk-table__caption--m">{caption}</caption>
        <thead class="govuk-table__head" role="rowgroup">
          <tr class="govuk-table__row" role="row">
            {columns.map(({ title }, index) => (
              <th scope="col" role="columnheader" class={`govuk-table__header${numeric(index, 'header')}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="govuk-table__body" role="rowgroup">
          {rows.map(([head, ...cells]) => (
            <tr class="govuk-table__row" role="row">
              <th scope="row" role="rowheader" class="govuk-table__header app-row-header">
                {head}
              </th>
              {cells.map((cell, index) => (
                <td
                  role="cell"
                  class={`govuk-table__cell${numeric(index + 1, 'cell')}`}
                  data-title={columns[index + 1]?.title}
                >
                  <span>{cell}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Facts by their names; those without a value are left out. */
export function SummaryList({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="govuk-summary-list">
      {rows
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div class="govuk-summary-list__row govuk-summary-list__row--no-actions">
            <dt class="govuk-summary-list__key">{name}</dt>
            <dd class="govuk-summary-list__value">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Details({ summary, children }: { summary: string; children: ComponentChildren }) {
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{summary}</span>
      </summary>
      <div class="govuk-details__text">{children}</div>
    </details>
  );
}

export function Warning({ children }: { children: ComponentChildren }) {
  return (
    <div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">
        !
      </span>
      <strong class="govuk-warning-text__text">
        <span class="govuk-visually-hidden">Warning</span>
        {children}
      </strong>
    </div>
  );
}

/** Says that what was just asked for is done. */
export function Success({ children }: { children: ComponentChildren }) {
  return (
    <div
      class="govuk-notification-banner govuk-notification-banner--success"
      role="region"
      aria-labelledby="done-title"
    >
      <div class="govuk-notification-banner__header">
        <h2 class="govuk-notification-banner__title" id="done-title">
          Done
        </h2>
      </div>
      <div class="govuk-notification-banner__content">
        <p class="govuk-notification-banner__heading">{children}</p>
      </div>
    </div>
  );
}

export function LinkButton({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a href={href} draggable={false} class="govuk-button govuk-button--secondary">
      {children}
    </a>
  );
}

/** What is open to one role: shown to whoever has it, and to the others the name of the role it needs. */
export function ForRole({
  visitor,
  role,
  what,
  children,
}: {
  visitor: Principal;
  role: Role;
  /** Begins the sentence that names the role: `To approve a run`. */
  what: string;
  children: ComponentChildren;
}) {
  if (mayAs(visitor, role)) return <>{children}</>;
  return (
    <p class="govuk-body app-no-print">
      {what} you need the role {roleTexts[role]}.
    </p>
  );
}

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

export function TextArea({
  id,
  label,
  hint,
  errors,
  rows,
  value,
}: FieldTexts & { rows: number; value: string }) {
  const error = errors.find(({ field }) => field === id);
  const describedBy = [
    hint === undefined ? undefined : `${id}-hint`,
    error === undefined ? undefined : `${id}-error`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  return (
    <div class={`govuk-form-group${error === undefined ? '' : ' govuk-form-group--error'}`}>
      <label class="govuk-label govuk-label--m" for={id}>
        {label}
      </label>
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
      <textarea
        class={`govuk-textarea${error === undefined ? '' : ' govuk-textarea--error'}`}
        id={id}
        name={id}
        rows={rows}
        autoComplete="off"
        spellcheck={false}
        {...(describedBy === '' ? {} : { 'aria-describedby': describedBy })}
      >
        {value}
      </textarea>
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
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
