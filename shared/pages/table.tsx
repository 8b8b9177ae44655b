import type { ComponentChildren } from 'preact';

interface Column {
  readonly title: string;
  /** Numbers are aligned right. */
  readonly numeric?: boolean;
}

/**
 * A table whose first column heads its rows. On a narrow screen each row becomes a block of its own, with the titles
 * next to the values; the roles are explicit, since browsers drop them from cells that are shown as blocks. A table that is too
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
