import { findingRules, type Severity } from '../../../shared/child/findingRules.js';
import { cell } from './markdown.js';

const severities: Readonly<Record<Severity, string>> = {
  'child held': 'Nothing of the child is sent until the source is corrected.',
  'item left out': 'A row is not sent; the rest of the child is.',
  'value left out': 'A value is not sent; the rest of its row is.',
  remark: 'Everything is sent, and DfE may ask about it.',
};

/** `docs/findings.md`: every rule as `shared/child/findingRules.ts` describes it. */
export function findingsPage(): string {
  const rules = Object.entries(findingRules);
  const sections = Object.entries(severities).flatMap(([severity, meaning]) => {
    const rows = rules
      .filter(([, rule]) => rule.severity === severity)
      .map(([code, rule]) => `| \`${code}\` | ${cell(rule.meaning)} | ${cell(rule.remedy)} |`);
    if (rows.length === 0) return [];
    return [
      `## ${severity.charAt(0).toUpperCase()}${severity.slice(1)}

${meaning}

| rule | what it means | what to do |
| --- | --- | --- |
${rows.join('\n')}
`,
    ];
  });
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

This page is made from \`shared/child/findingRules.ts\` by \`npm run docs\`. The codes do not change.

${sections.join('\n')}`;
}
