import type { PlainDate } from '../child/dates.js';
import { sexTexts, sexes } from '../child/rehearsal/bands.js';
import type { Figure } from '../child/rehearsal/figure.js';
import { figures } from '../child/rehearsal/figures.js';
import { all, groups, numberIn, type Group } from '../child/rehearsal/groups.js';
import type { ComparedRehearsal, DayNotKept, RehearsalColumn } from '../records/rehearsalOfRun.js';
import type { RunId } from '../records/runId.js';
import { ErrorSummary, Select, type FieldError } from './formFields.js';
import type { Page } from './page.js';
import { Details, ListLinks } from './parts.js';
import { paths } from './paths.js';
import { Table } from './table.js';
import { childrenText, dateText, numberText } from './words.js';

const title = 'Dress rehearsal';

/** What DfE's returns would show on a day, counted from what is sent, next to earlier runs. It names no child. */
export function rehearsalPage(rehearsal: ComparedRehearsal): Page {
  const { now, days } = rehearsal;
  return {
    status: 200,
    title,
    content: (
      <>
        <Head runId={now.runId} errors={[]} />
        <ChooseDay runId={now.runId} days={days} chosen={now.day} errors={[]} />
        <Columns {...rehearsal} />
        <FiguresTable caption="Children in need census (CIN)" census="CIN" {...rehearsal} />
        <FiguresTable caption="Children looked after (SSDA903)" census="SSDA903" {...rehearsal} />
        <NotKnown {...rehearsal} />
        <h2 class="govuk-heading-m">By age and sex, and how each figure is counted</h2>
        {figures.map((figure) => (
          <InDetail figure={figure} {...rehearsal} />
        ))}
        <Downloads {...rehearsal} />
      </>
    ),
  };
}

/** For a day that the run has no figures for. */
export function otherDayPage({ runId, days }: DayNotKept): Page {
  const last = days.at(-1);
  const [first = ''] = days;
  const message = `Choose a day. This run has figures for the last day of each month from ${dateText(first)} to ${dateText(last ?? first)}`;
  const errors = [{ field: 'date', message }];
  return {
    status: 400,
    title: `Error: ${title}`,
    content: (
      <>
        <Head runId={runId} errors={errors} />
        <ChooseDay runId={runId} days={days} chosen={last} errors={errors} />
      </>
    ),
  };
}

function Head({ runId, errors }: { runId: RunId; errors: readonly FieldError[] }) {
  return (
    <>
      <a href={paths.run(runId)} class="govuk-back-link">
        Back to the run
      </a>
      <ErrorSummary errors={errors} />
      <h1 class="govuk-heading-l">{title}</h1>
      <p class="govuk-body">
        What the children in need census and the return about children looked after would show, counted from
        what is sent to DfE. No child is named. A small number may still point to a child: do not publish it.
      </p>
    </>
  );
}

function ChooseDay({
  runId,
  days,
  chosen,
  errors,
}: {
  runId: RunId;
  days: readonly PlainDate[];
  chosen: PlainDate | undefined;
  errors: readonly FieldError[];
}) {
  return (
    <form method="get" action={paths.rehearsal(runId)} class="app-no-print">
      <Select
        id="date"
        label="Day"
        hint="Figures of a year are of the year that ends on this day."
        choices={[...days].reverse().map((day) => ({ value: day, label: dateText(day) }))}
        chosen={chosen ?? ''}
        errors={errors}
      />
      <button type="submit" class="govuk-button govuk-button--secondary">
        Show this day
      </button>
    </form>
  );
}

/** Which run and which day each column is. */
function Columns({ now, monthBefore, yearBefore }: ComparedRehearsal) {
  return (
    <>
      <h2 class="govuk-heading-m">What is compared</h2>
      <ul class="govuk-list govuk-list--bullet">
        <li>
          <ColumnText name="This run" column={now} />
        </li>
        <li>
          {monthBefore === undefined ? (
            'A month before: there is no run that is 28 to 60 days older and has figures for this day.'
          ) : (
            <ColumnText name="A month before" column={monthBefore} />
          )}
        </li>
        <li>
          {yearBefore?.runId === now.runId || yearBefore === undefined ? (
            <NoRunOfAYearBefore column={yearBefore} />
          ) : (
            <ColumnText name="A year before" column={yearBefore} isThere={false} />
          )}
        </li>
      </ul>
      {now.day > now.today && (
        <p class="govuk-body">
          {dateText(now.day)} was still to come. What was open on the date of the run counts as open then, and
          a figure of the year has what had happened so far.
        </p>
      )}
    </>
  );
}

function NoRunOfAYearBefore({ column }: { column: RehearsalColumn | undefined }) {
  return (
    <>
      A year before: no figures of that time are kept for the day one year earlier.
      {column !== undefined &&
        ` The column has what this run says of ${dateText(column.day)}: records that were changed or deleted since count as they are now.`}
    </>
  );
}

interface ColumnTextProps {
  readonly name: string;
  readonly column: RehearsalColumn;
  /** A run of a year before may have been deleted. */
  readonly isThere?: boolean;
}

function ColumnText({ name, column, isThere = true }: ColumnTextProps) {
  return (
    <>
      {name}:{' '}
      {isThere ? (
        <a class="govuk-link" href={paths.run(column.runId)}>
          run of {dateText(column.today)}
        </a>
      ) : (
        `run of ${dateText(column.today)}`
      )}
      , for {dateText(column.day)}, from the records of {childrenText(column.children)}. Children who were
      held back are not among them.
    </>
  );
}

function titlesOf({ now, monthBefore, yearBefore }: ComparedRehearsal) {
  const titleOf = (name: string, column: RehearsalColumn | undefined) => ({
    title: column === undefined ? name : `${name}, for ${dateText(column.day)}`,
    numeric: true,
  });
  return [
    titleOf('This run', now),
    titleOf('A month before', monthBefore),
    titleOf('A year before', yearBefore),
  ];
}

function numbersOf({ now, monthBefore, yearBefore }: ComparedRehearsal, { code }: Figure, group: Group) {
  return [now, monthBefore, yearBefore].map((column) => {
    if (column === undefined) return '–';
    const number = numberIn(column.figures, code, group);
    return number === undefined ? 'not known' : numberText(number);
  });
}

function FiguresTable({
  caption,
  census,
  ...rehearsal
}: ComparedRehearsal & { caption: string; census: Figure['census'] }) {
  return (
    <Table
      caption={caption}
      columns={[{ title: 'Figure' }, { title: 'When' }, ...titlesOf(rehearsal)]}
      rows={figures
        .filter((figure) => figure.census === census)
        .map((figure) => [figure.title, figure.kind, ...numbersOf(rehearsal, figure, all)])}
    />
  );
}

/** Why figures are not known, each reason once for each column. */
function NotKnown({ now, monthBefore, yearBefore }: ComparedRehearsal) {
  const reasons = [
    ...reasonsOf('This run', now),
    ...reasonsOf('A month before', monthBefore),
    ...reasonsOf('A year before', yearBefore),
  ];
  if (reasons.length === 0) return null;
  return (
    <>
      <h2 class="govuk-heading-m">What is not known</h2>
      <ul class="govuk-list govuk-list--bullet">
        {reasons.map((reason) => (
          <li>{reason}</li>
        ))}
      </ul>
    </>
  );
}

function reasonsOf(name: string, column: RehearsalColumn | undefined): string[] {
  if (column === undefined) return [];
  const titles = new Map<string, string[]>();
  for (const figure of figures) {
    const reason = reasonOf(column, figure);
    if (reason !== undefined) titles.set(reason, [...(titles.get(reason) ?? []), figure.title]);
  }
  return [...titles].map(([reason, of]) => `${name}: ${of.join('; ')}. ${reason}`);
}

function reasonOf({ figures: counted }: RehearsalColumn, { code }: Figure): string | undefined {
  const figure = counted[code];
  if (figure === undefined) return 'The version that counted did not have this figure.';
  return 'notKnown' in figure ? figure.notKnown : undefined;
}

function InDetail({ figure, ...rehearsal }: ComparedRehearsal & { figure: Figure }) {
  return (
    <Details summary={figure.title}>
      <p class="govuk-body">How it is counted: {figure.counted}</p>
      <p class="govuk-body">How it may differ from the return: {figure.differs}</p>
      <Table
        caption={`${figure.title}, by age and sex`}
        columns={[{ title: 'Group' }, ...titlesOf(rehearsal)]}
        rows={groups.map((group) => [groupText(group), ...numbersOf(rehearsal, figure, group)])}
      />
    </Details>
  );
}

function groupText({ split, name }: Group): string {
  if (split === 'total') return 'All';
  if (split === 'age') return `Age ${name}`;
  const sex = sexes.find((one) => one === name);
  return `Sex ${sex === undefined ? name : sexTexts[sex]}`;
}

function Downloads({ now }: ComparedRehearsal) {
  return (
    <section aria-labelledby="downloads" class="app-no-print">
      <h2 class="govuk-heading-m" id="downloads">
        Downloads
      </h2>
      <p class="govuk-body">
        <ListLinks
          name="Every figure, by age and by sex"
          to={(format) => paths.rehearsalFile(now.runId, now.day, format)}
        />
      </p>
    </section>
  );
}
