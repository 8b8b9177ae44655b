import type { ComponentChildren } from 'preact';
import { mayAs, type Principal, type Role } from '../access/principal.js';
import type { TableFormat } from '../downloads/tableFile.js';
import { roleTexts, statusTexts, type Colour } from './words.js';
import type { RunStatus } from '../records/runStatus.js';

/** The building blocks of GOV.UK pages that are used here, in the markup of govuk-frontend. */

export function Tag({ colour, children }: { colour: Colour; children: ComponentChildren }) {
  return <strong class={`govuk-tag govuk-tag--${colour}`}>{children}</strong>;
}

/** A technical name; a long one may break after its dots, dashes and underscores. */
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

/** Says that what was requested is done. */
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

/** What one role may do: shown to people with the role; others see the name of the role. */
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
