import { figures } from '../../../shared/child/rehearsal/figures.js';
import { ageBands } from '../../../shared/child/rehearsal/bands.js';
import { titlesOf } from '../../../shared/child/categories.js';
import type { Figure } from '../../../shared/child/rehearsal/figure.js';
import { cell } from './markdown.js';

const returns: Readonly<Record<Figure['census'], string>> = {
  CIN: 'Children in need census (CIN)',
  SSDA903: 'Children looked after (SSDA903)',
};

/** `docs/rehearsal.md`: every figure as `shared/child/rehearsal/` describes it. */
export function rehearsalPage(): string {
  const sections = Object.entries(returns).map(([census, title]) => {
    const rows = figures.filter((figure) => figure.census === census).map(rowOf);
    return `## ${title}

| figure | code | when | how it is counted | how it may differ from the return | not known without |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  });
  return `# Dress rehearsal

Before 31 March an analyst wants to know what the returns to DfE will show. Each run counts it from what it sends: the page
*Dress rehearsal* of a run ([pages.md](pages.md)), and \`GET /api/runs/{runId}/rehearsal.csv\` or \`rehearsal.xlsx\`
([http.md](http.md#the-dress-rehearsal-of-a-run)). No child is named. A small number may still point to a child: do not publish it.

The figures show whether the SSD and what is sent are complete. They do not replace a return.

## What is counted

- **From what is sent.** A value or a row that a finding leaves out does not count, and neither does a child who is held back or is
  not in the cohort: [findings.md](findings.md). A record without the date that a figure goes by is not counted.
- **On a day.** The last day of each month, from the first 31 March that has a whole year of the window before it to the next
  31 March. A run keeps at most 37 days, the latest. What ends on the day is over.
- **In the year to the day.** The year that ends on the day: for 31 March from 1 April of the year before.
- **A day to come.** What is open on the date of the run counts as open then. A figure of the year has what has happened so far.
- **By age and by sex**, not by both. The age is that on the day; for a figure of the year, when it happened. The age groups are
  ${ageBands.join(', ')}.
- **Not known** is not 0. A figure is not known where its category is not shared ([agreement.md](agreement.md#categories)), where the
  SSD has no rows to read, and on days before its records are sent. The page says why.
- **Fewer children.** A category that is not shared also makes the cohort smaller ([agreement.md](agreement.md#categories)). Other figures
  then count without the children who were in it only because of that category. They also count without the children that a
  [changed rule](findings.md#change-a-rule) holds.

## What it is compared with

| column | run | day |
| --- | --- | --- |
| this run | the run of the page | the day that was chosen; the next 31 March unless you choose |
| a month before | the newest run that is 28 to 60 days older | the same day |
| a year before | the last run of a month that is a year old, or up to two months older | one year earlier, so that the same point of two years is compared |

A run counts here when it read the whole SSD and was not paused by a safety check, or was approved; dry runs are not compared
with. For the month before, the ten newest runs of that age are looked at. A run of a version before 0.4 kept no figures.

How old a run is goes by the day on which it was requested. The runs of \`npm start -- --nights N\` are all requested on the same day,
so on a laptop there is no run of a month before, and the column of a year before has what this run says.

Runs are deleted after \`runsRetentionDays\`. The figures of the last run of each month stay for 800 days, in \`rehearsals/\`; they
are numbers only. While there are none of a year before, its column has what this run says of the day one year earlier: its window
reaches back so far. Records that were changed or deleted since then count as they are now. The page says so.

This page is made from \`shared/child/rehearsal/\` by \`npm run docs\`. The codes do not change.

${sections.join('\n')}`;
}

function rowOf({ title, code, kind, counted, differs, categories, tables }: Figure): string {
  const shared = categories.length === 0 ? [] : [titlesOf(categories)];
  const needed = [...shared, ...tables.map((table) => `\`${table}\``)].join('; ');
  return `| ${[title, `\`${code}\``, kind, counted, differs, needed].map(cell).join(' | ')} |`;
}
