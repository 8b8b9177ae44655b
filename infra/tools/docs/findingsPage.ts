import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingRules, severities, type Severity } from '../../../shared/child/findingRules.js';
import { allRules, ruleThemes } from '../../../shared/child/rules/catalogue.js';
import { cohortRules } from '../../../shared/child/rules/cohort.js';
import { notEvaluated } from '../../../shared/child/rules/notEvaluated.js';
import { nameOf, type RuleText } from '../../../shared/child/rules/rule.js';
import { projectRoot } from '../../projectRoot.js';
import { cell, table } from './markdown.js';

const headings: Readonly<Record<Severity, string>> = {
  'child held': 'Child held',
  'item left out': 'Item left out',
  'value left out': 'Value left out',
  remark: 'Remark',
};

const meanings: Readonly<Record<Severity, string>> = {
  'child held': 'Nothing of the child is sent until the source is corrected.',
  'item left out': 'A row is not sent; the rest of the child is.',
  'value left out': 'A value is not sent; the rest of its row is.',
  remark: 'Everything is sent, and DfE may ask about it.',
};

/** `docs/findings.md`: every finding as `shared/child/findingRules.ts` and `shared/child/rules/` describe it. */
export function findingsPage(): string {
  const byCensus = new Set<string>(allRules.map(({ code }) => code));
  const own = Object.entries(findingRules).filter(([code]) => !byCensus.has(code));
  const sections = severities.flatMap((severity) => {
    const rows = own
      .filter(([, rule]) => rule.severity === severity)
      .map(([code, rule]) => [`\`${code}\``, cell(rule.meaning), cell(rule.remedy)]);
    const columns = ['rule', 'what it means', 'what to do'];
    return rows.length === 0
      ? []
      : [`## ${headings[severity]}\n\n${meanings[severity]}\n\n${table(columns, rows)}\n`];
  });
  const ofThemes: readonly (readonly [string, readonly RuleText[]])[] = [
    ...Object.entries(ruleThemes),
    ['the cohort as a whole', cohortRules],
  ];
  const themes = ofThemes.map(
    ([theme, rules]) => `### ${theme.charAt(0).toUpperCase()}${theme.slice(1)}\n\n${ruleTable(rules)}\n`,
  );
  const leftOut = notEvaluated.map(({ rules, asks, why }) => [rules.join(', '), cell(asks), cell(why)]);
  return `# Findings

A finding says which row of the SSD was not sent as it is, or not at all, and what to correct at the source. It
names the rule, the table, the row's id and the column, and what was found as a class (\`13 characters: letters, digits\`),
never the value itself; and, as far as the SSD has them, the child, its id in an earlier system, the parent record, and the team
and worker who can correct it. Every row that no finding is about is sent, or is left out on purpose and counted
([what the SSD is like](http.md#what-the-ssd-is-like)).

\`GET /api/runs/{runId}/findings.csv\` (or \`findings.xlsx\`, for Excel) gives the findings of a run
([http.md](http.md#lists-as-files)), each with its state against the run before: \`new\`, \`still there\`, or \`mended\`.

## Why is one row not at DfE?

1. Look in \`findings.csv\` for the child id. A finding about the child holds all of it; one about a referral or period of
   care holds back what belongs to it.
2. Look for the row id. A row whose keys lead to two children may be listed under the other child.
3. If there is neither, the row is out of scope: the child is not in the cohort, the record is outside the reporting period,
   its role, status or type is not reported, or another row of the child is the current one. \`cohortReport.rowsOutOfScope\`
   counts these by table ([http.md](http.md#what-the-ssd-is-like)); which of them one row is follows from its dates and codes.

Which findings can name a column is on the page of what the column fills: [reference/](reference/README.md#by-column).

This page is made from \`shared/child/findingRules.ts\` and \`shared/child/rules/\` by \`npm run docs\`. The codes do not change.

## What would DfE ask, and what is to be corrected where?

1. The page of a run ([pages.md](pages.md)), under "Findings in the SSD", has each rule with its number in the return, such as
   \`CIN census 8867\`, and how many findings it has. A child may have several.
2. For the children, download the findings work-list there (role data officer). Look for the number in the column \`asked by\`, or for the
   id in \`child id\`. A cell may have several numbers: use "contains", not "equals".
3. Each line has the \`table\`, \`row id\` and \`column\` to correct, what to do, and the \`parent record\`, \`team\` and \`worker\` by which
   you find the record in the case management system.
4. Correct it there. After the next refresh of the SSD and the next run, the line has the state \`mended\`.

To try it with invented children: \`npm start -- --mistakes 3\`
([local-stack.md](local-stack.md#what-dfe-would-ask-and-what-the-returns-would-show)).

${sections.join('\n')}
## What DfE would ask

Remarks as well. DfE's own rules of the second stage are not published. Those of the children in need census (CIN census) and of the
return on looked-after children (SSDA903) are, and say what DfE is likely to ask. Each rule that can be told from what is sent is here,
under its number there; it is judged as if the return were made on the day of the run. The words of the return are DfE's; what it means and
what to do are ours. "Since" is the first collection year in which the public copies of the rules have it in this form; they begin with 2022-23.

${themes.join('\n')}
${changeARule}
## Rules that are not here

Published rules that cannot be told from what is sent, or that another finding stands for.

${table(['rule', 'what it asks', 'why it is not here'], leftOut)}
`;
}

/** How a council changes a rule, with a file that is in the repository to be copied. */
const changeARule = `## Change a rule

What DfE would ask is sent as it is. Your council may decide otherwise for any rule under "What DfE would ask":

- \`hold\`: a child that the rule is about is not sent. **DfE keeps what it has of the child**, and gets nothing new until the record is
  corrected or the rule no longer holds it. A child that DfE does not have yet stays unknown to DfE. A child that leaves the cohort is
  removed at DfE all the same, and so is one whose id has changed: under the new id it is held, and DfE then has nothing of it.
- \`silence\`: the child is sent, and what the rule finds is not listed. The page of the run says how many findings there were.

Use \`hold\` sparingly: what DfE has of a held child grows old, and the [dress rehearsal](rehearsal.md) does not count the
child. The first goes for what your council no longer shares, too: it stays at DfE while the
child is held, and a child that is held between the two runs of a removal ([agreement.md](agreement.md#leaving-a-category-out-later)) has
less at DfE until it is sent again. So finish a removal first, and then hold. Nothing else that is wrong in one value holds a child. A rule about the cohort as a
whole can only be silenced. What says that something is *not* sent (child held, item or value left out) cannot be changed.

1. Put a JSON file into the folder \`rules/\` of the repository, such as \`rules/ours.json\`. To begin, copy
   [hold-and-silence.json](../rules/examples/hold-and-silence.json):

\`\`\`json
${readFileSync(join(projectRoot, 'rules', 'examples', 'hold-and-silence.json'), 'utf8').trim()}
\`\`\`

2. Name it in the settings of the parameter file: \`RULES_FILE: 'rules/ours.json'\`.
3. Try it on a laptop with invented children before anything is deployed: \`RULES_FILE=rules/ours.json npm start -- --mistakes 3\`
   ([what you see there](local-stack.md#what-dfe-would-ask-and-what-the-returns-would-show)). A mistake in the file is named at once.
4. Deploy, and ask for a [preflight](preflight.md): \`changedRules\` says which rules are changed. A dry run says how many children they hold,
   before anything is sent.

${table(
  ['key', 'what it is'],
  [
    [
      '`rule`',
      'the code of the rule, or one of its numbers in the returns (`CIN census 8815`). A number stands for the whole rule',
    ],
    ['`effect`', '`hold` or `silence`'],
    [
      '`reason`',
      'why, in at most 300 characters: everyone who may read runs sees it, and it is kept in the records of each run. Do not name anyone in it',
    ],
    ['`since`', 'the first day on which it counts, by the date of the run'],
    [
      '`until`',
      'the last day, if there is one. After it, the rule is as it was, and the preflight warns until the entry is gone',
    ],
  ],
)}

Each rule may be in the file once. A run that is already planned is sent as it was planned, also one that is paused and approved later: cancel it
and request another one if the rule must hold its children. A mistake in the file stops everything: nothing is read and nothing is sent, and the error names the
file, each wrong place and what to do. The check \`settings\` of the preflight shows it.

**What you see.** The page of each run has a section "Rules the council has changed": the reason, the days, and how many children a rule
holds or how many findings it silences. The page of last night's run counts the held children under "What is outstanding".
\`GET /api/runs/{runId}\` has the same in \`changedRules\`, and in \`figures.heldByCouncil\` how many children these rules hold in all. In the list of findings, what holds a child has the severity "child held". If the rules hold more than five
children and more than a twentieth of the cohort, the page of the run and that of last night's run ask someone to look. The run is not paused
for that: pausing would keep the other children from being sent, too.

**To lift it**, take the entry off the list (or let \`until\` pass) and deploy: the next run sends the children as they are then. A release before 0.4
does not know the file, and sends them.
`;

function ruleTable(rules: readonly RuleText[]): string {
  return table(
    ['rule', 'asked by', 'since', 'what it means', 'what to do', 'to correct'],
    rules.map(({ code, published, meaning, remedy, columns }) => [
      `\`${code}\``,
      cell(published.map((one) => `${nameOf(one)}: ${one.title}`).join('; ') || 'us'),
      [...new Set(published.map(({ from }) => from))].join(', ') || '–',
      cell(meaning),
      cell(remedy),
      columns.map((column) => `\`${column}\``).join(', '),
    ]),
  );
}
