import { askedBy, severities, type Severity } from '../child/findingRules.js';
import type { SsdPlace } from '../child/ssdPlaces.js';
import { changedSeverity } from '../records/changedRules.js';
import { ruleTextOf, severityOf } from '../records/findingsOfRun.js';
import type { CountedRefusals } from '../records/refusalsOfRun.js';
import type { Figures } from '../records/figures.js';
import type { ChunkTotals } from '../records/result.js';
import type { RunStatus } from '../records/runStatus.js';
import { namesInSsd, type SsdNames } from '../ssd/profile.js';
import { Code, Details, Tag } from './parts.js';
import { Table } from './table.js';
import { refusalTextOf } from './refusalTexts.js';
import { changeText, numberText, severityTexts } from './words.js';

/** The progress of a run that has not ended. */
export function Progress({ run: { progress, chunks, status } }: { run: RunStatus }) {
  const steps = [
    { name: 'Groups of children read', done: progress?.rangesDone ?? 0, of: progress?.ranges ?? 0 },
    { name: 'Batches answered by DfE', done: chunks?.done ?? 0, of: chunks?.planned ?? 0 },
  ].filter(({ of }) => of > 0);
  if (steps.length === 0 || status === 'held') return null;
  return (
    <section aria-labelledby="progress">
      <h2 class="govuk-heading-m" id="progress">
        Progress
      </h2>
      {steps.map(({ name, done, of }, index) => (
        <p class="govuk-body">
          <label for={`progress-${String(index)}`}>
            {name}: {numberText(done)} of {numberText(of)}
          </label>
          <progress class="app-progress" id={`progress-${String(index)}`} value={done} max={of} />
        </p>
      ))}
    </section>
  );
}

export function Refusals({
  refusals: { byRule, complete },
  ssdNames,
}: {
  refusals: CountedRefusals;
  ssdNames: SsdNames;
}) {
  const rows = Object.entries(byRule).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <section id="refusals">
      {!complete && (
        <p class="govuk-body">
          This table is incomplete: there was not enough time to count every refusal. The download of the
          refused children lists them all, in several files if necessary.
        </p>
      )}
      <Table
        caption="Refused by DfE"
        columns={[
          { title: 'Status and field' },
          { title: 'Children', numeric: true },
          { title: 'Where in the SSD' },
          { title: 'What it means' },
          { title: 'What to do' },
        ]}
        rows={rows.map(([rule, children]) => {
          const { meaning, remedy, place } = refusalTextOf(rule);
          const where = place === undefined ? '–' : <Code text={placeText(place, ssdNames)} />;
          return [<Code text={rule} />, numberText(children), where, meaning, remedy];
        })}
      />
    </section>
  );
}

function placeText(place: SsdPlace, ssdNames: SsdNames): string {
  const { table, column } = namesInSsd(place, ssdNames);
  return column === undefined ? table : `${table}.${column}`;
}

export function Findings({
  figures: { findings, sinceRunBefore },
  changedRules,
}: {
  figures: Figures;
  changedRules: RunStatus['changedRules'];
}) {
  const rules = [...new Set([...Object.keys(findings), ...Object.keys(sinceRunBefore.mended)])]
    .map((rule) => ({
      rule,
      text: ruleTextOf(rule),
      severity: severityOf({ rule, severity: changedSeverity(rule, changedRules) }),
      found: findings[rule] ?? 0,
    }))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.found - a.found);
  return (
    <section id="findings">
      {rules.length === 0 ? (
        <>
          <h2 class="govuk-heading-m">Findings in the SSD</h2>
          <p class="govuk-body">None.</p>
        </>
      ) : (
        <>
          <Table
            caption="Findings in the SSD"
            columns={[
              { title: 'Rule' },
              { title: 'Effect' },
              { title: 'Now', numeric: true },
              { title: 'New', numeric: true },
              { title: 'Corrected', numeric: true },
              { title: 'What it means' },
              { title: 'What to do' },
            ]}
            rows={rows(rules, sinceRunBefore)}
          />
          <p class="govuk-body">
            A remark is sent as it is; DfE may ask about it. Which child, row and column each finding is
            about, and who can correct it, is in the findings work-list at the end of this page, which data
            officers can download. Its column “asked by” has the number of the rule in the return.
          </p>
        </>
      )}
    </section>
  );
}

function rows(
  rules: readonly {
    readonly rule: string;
    readonly text: ReturnType<typeof ruleTextOf>;
    readonly severity: Severity;
    readonly found: number;
  }[],
  sinceRunBefore: Figures['sinceRunBefore'],
) {
  return rules.map(({ rule, text, text: { meaning, remedy }, severity, found }) => [
    <>
      <Code text={rule} />
      {askedBy(text) === '' ? null : <p class="govuk-hint govuk-!-margin-bottom-0">{askedBy(text)}</p>}
    </>,
    <Tag colour={severityTexts[severity].colour}>{severityTexts[severity].tag}</Tag>,
    numberText(found),
    numberText(sinceRunBefore.new[rule] ?? 0),
    numberText(sinceRunBefore.mended[rule] ?? 0),
    meaning,
    remedy,
  ]);
}

const compared = [
  ['personsRead', 'People under 26 in the SSD'],
  ['cohort', 'Children in the cohort'],
  ['new', 'New children'],
  ['updated', 'Changed children'],
  ['unchanged', 'Unchanged children'],
  ['leavers', 'Children who left'],
  ['withdrawn', 'Children who left before DfE had them'],
  ['held', 'Children that cannot be sent'],
  ['heldByCouncil', 'Of these, held by a rule that the council has changed'],
  ['refusedBefore', 'Refused before and unchanged'],
  ['toSend', 'Children to send'],
] as const;

/** What the extract found, next to the run before. */
export function Changes({ figures, before }: { figures: Figures; before: Figures | undefined }) {
  return (
    <Table
      caption="Compared with the run before"
      columns={[
        { title: 'Figure' },
        { title: 'This run', numeric: true },
        { title: 'The run before', numeric: true },
        { title: 'Change', numeric: true },
      ]}
      rows={compared.map(([figure, name]) => [
        name,
        numberText(figures[figure]),
        before === undefined ? '–' : numberText(before[figure]),
        before === undefined ? '–' : changeText(figures[figure] - before[figure]),
      ])}
    />
  );
}

/** Each batch that DfE has answered for, or that was given up: what one POST carried, and its outcome. */
export function Chunks({ planned, chunks }: { planned: number; chunks: readonly ChunkTotals[] }) {
  if (planned === 0) return null;
  const troubled = chunks.filter(({ outstanding }) => outstanding > 0).length;
  return (
    <>
      <h2 class="govuk-heading-m">Batches</h2>
      <p class="govuk-body">
        {numberText(planned)} planned, {numberText(chunks.length)} finished. In {numberText(troubled)} of
        these, DfE has not answered for every child.
      </p>
      <Details summary="Each batch">
        <Table
          caption="Children by batch"
          columns={[
            { title: 'Batch' },
            { title: 'Requests', numeric: true },
            { title: 'Accepted', numeric: true },
            { title: 'Refused', numeric: true },
            { title: 'No answer', numeric: true },
            { title: 'Changed since, not sent', numeric: true },
          ]}
          rows={chunks.map(({ chunk, posts, accepted, refused, outstanding, superseded }) =>
            [chunk, posts, accepted, refused, outstanding, superseded].map(numberText),
          )}
        />
      </Details>
    </>
  );
}
