import { countedAttributes } from '../child/attributes/attributes.js';
import type { Fill, FillRates } from '../child/changes/fillRates.js';
import { scopeRules, type ScopeRule } from '../child/scope.js';
import type { Figures } from '../records/figures.js';
import type { RunStatus } from '../records/runStatus.js';
import type { SourceWarning } from '../records/sourceWarnings.js';
import { Code, Details } from './parts.js';
import { Table } from './table.js';
import { numberText, percentText } from './words.js';

/** What seems to be wrong with the SSD as a whole; nothing where that is not known. */
export function SourceWarnings({ warnings }: { warnings: readonly SourceWarning[] | undefined }) {
  if (warnings === undefined) return null;
  return (
    <section id="warnings">
      {warnings.length === 0 ? (
        <>
          <h2 class="govuk-heading-m">Warnings about the SSD</h2>
          <p class="govuk-body">None.</p>
        </>
      ) : (
        <Table
          caption="Warnings about the SSD"
          columns={[{ title: 'Column' }, { title: 'What was found' }, { title: 'What to do' }]}
          rows={warnings.map(({ table, column, found, remedy }) => [
            <Code text={`${table}.${column}`} />,
            found,
            remedy,
          ])}
        />
      )}
    </section>
  );
}

/** How the SSD is filled: relations, attributes, and the rows that are not sent. Runs of earlier versions have none. */
export function SourceFigures({ run, before }: { run: RunStatus; before: Figures | undefined }) {
  const { figures, cohortReport } = run;
  const { relations, fill } = figures ?? {};
  const outOfScope = cohortReport?.rowsOutOfScope;
  if (relations === undefined && fill === undefined && outOfScope === undefined) return null;
  return (
    <section aria-labelledby="source">
      <h2 class="govuk-heading-m" id="source">
        How the SSD is filled
      </h2>
      {relations !== undefined && <Relations relations={relations} />}
      {figures?.involvements !== undefined && <Involvements involvements={figures.involvements} />}
      {fill !== undefined && <FillTable fill={fill} before={before?.fill} />}
      {outOfScope !== undefined && <OutOfScope counts={outOfScope} rows={figures?.ssdRows ?? {}} />}
    </section>
  );
}

function Relations({ relations }: { relations: NonNullable<Figures['relations']> }) {
  return (
    <Details summary="How rows are linked">
      <Table
        caption="Rows linked to the row they belong to"
        columns={[
          { title: 'Table and column' },
          { title: 'Linked to' },
          { title: 'Rows', numeric: true },
          { title: 'With a value', numeric: true },
          { title: 'Linked', numeric: true },
          { title: 'Share of all rows', numeric: true },
        ]}
        rows={relations.map(({ table, columns, parent, rows, withKey, found }) => [
          <Code text={`${table}.${columns[0] ?? ''}`} />,
          <Code text={parent} />,
          numberText(rows),
          numberText(withKey),
          numberText(found),
          percentText(found, rows),
        ])}
      />
    </Details>
  );
}

function Involvements({ involvements }: { involvements: NonNullable<Figures['involvements']> }) {
  const { rows, withReportedRole } = involvements;
  if (rows === 0) return null;
  return (
    <p class="govuk-body">
      {numberText(withReportedRole)} of {numberText(rows)} involvements have a role that is sent to DfE.
    </p>
  );
}

function FillTable({ fill, before }: { fill: FillRates; before: FillRates | undefined }) {
  return (
    <Details summary="How many records have each attribute">
      <Table
        caption="Attributes of the records"
        columns={[
          { title: 'Attribute' },
          { title: 'Column' },
          { title: 'Could have it', numeric: true },
          { title: 'Have it', numeric: true },
          { title: 'Share', numeric: true },
          { title: 'Share in the run before', numeric: true },
        ]}
        rows={countedAttributes.flatMap(({ path, table, column }) => {
          const now = fill[path];
          if (now === undefined) return [];
          return [
            [
              <Code text={path} />,
              <Code text={`${table}.${column}`} />,
              numberText(now.of),
              numberText(now.filled),
              shareText(now),
              shareText(before?.[path]),
            ],
          ];
        })}
      />
    </Details>
  );
}

function shareText(fill: Fill | undefined): string {
  return fill === undefined ? '–' : percentText(fill.filled, fill.of);
}

const scopeTitles: Readonly<Record<ScopeRule, string>> = {
  notInCohort: 'Child not sent',
  outsideWindow: 'Outside the window',
  notReported: 'Not reported to DfE',
  notChosen: 'Another row was chosen',
  sameAsAnother: 'Same as another row',
  context: 'Read for links only',
};

function OutOfScope({
  counts,
  rows,
}: {
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  rows: Readonly<Record<string, number>>;
}) {
  return (
    <Details summary="Rows that are not sent, and why">
      <p class="govuk-body">
        These rows are left out on purpose. Every other row is in a record, or a finding names it.
      </p>
      <Table
        caption="Rows that are not sent"
        columns={[
          { title: 'Table' },
          { title: 'All rows', numeric: true },
          ...scopeRules.map((rule) => ({ title: scopeTitles[rule], numeric: true })),
        ]}
        rows={[...new Set([...Object.keys(rows), ...Object.keys(counts)])]
          .filter((table) => counts[table] !== undefined)
          .map((table) => [
            <Code text={table} />,
            rows[table] === undefined ? '–' : numberText(rows[table]),
            ...scopeRules.map((rule) => numberText(counts[table]?.[rule] ?? 0)),
          ])}
      />
    </Details>
  );
}
