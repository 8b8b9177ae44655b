import { codeListsByYear } from '../../../shared/child/codes/codeLists.js';
import {
  columnsOfDataToInsight,
  columnsOfThisSystem,
  dfeSpecification,
  stagingBuilder,
  stagingLayouts,
} from '../../../shared/ssd/compatibility.js';
import { columnsOf } from '../../../shared/ssd/tables.js';
import {
  ssdReleases,
  systemsNotChecked,
  type CheckedAgainst,
  type ColumnChange,
} from '../../../shared/ssd/ssdReleases.js';

const systems = Object.values(ssdReleases);

/** `docs/compatibility.md`: what this version was checked against, as `shared/ssd/` has it. */
export function compatibilityPage(): string {
  return `# What this version was checked against

This page is made from [ssdReleases.ts](../shared/ssd/ssdReleases.ts), [compatibility.ts](../shared/ssd/compatibility.ts) and the
code lists. It says which releases of others this version of the app was compared with, and where each can be read. Another release
may work as well, but no one has compared it.

## The SSD

| system | release | published | where |
| --- | --- | --- | --- |
${systems.map(({ name, checked }) => checkedRow(name, checked)).join('\n')}

${systems.flatMap(({ name, sameColumns }) => (sameColumns === undefined ? [] : [`The columns of ${name}'s release ${sameColumns.version} are the same (${sameColumns.source}).`])).join(' ')}
${systems.flatMap(({ name, notChecked }) => (notChecked === undefined ? [] : [`Not compared, of ${name}: ${notChecked}.`])).join(' ')}

${systemsNotChecked.map(({ name, because }) => `- **${name}** has no release to compare with: ${because}.`).join('\n')}

An SSD of another system, or one that the council fills itself, works with [a profile of your own](profiles.md#a-profile-of-your-own).

## Which release a council has

Since release 1.3.7 the scripts leave no version in the database, so the check \`ssdRelease\` of the [preflight](preflight.md) looks at the
columns of the tables that the app reads. It never stops a run.

| what it finds | what it means | what to do |
| --- | --- | --- |
| the columns of the release in the table above | that release, or one with the same columns | nothing |
| some of its columns are missing, and no sign of an older release | the council fills a part of the SSD. [\`ssdTables\`](preflight.md) says what is not sent without the columns that are missing | nothing, or ask for the columns |
| a column is missing that a release has brought, or has its earlier name | an older release. What comes from these columns is not sent, and DfE keeps what it holds of it | ask for a newer release. A column that only has another name can be read: \`columnNames\` in [a profile of your own](profiles.md#a-profile-of-your-own) |
| a column that the release does not have and that begins as those of its table do (\`pers_\`, \`addr_\`) | a newer release, or a column that the council has added. It is not read, and no run needs it | ask which release it is, and read its release notes: what other columns hold may have changed, which columns do not show |

Releases that brought, or renamed, a column of these tables. The day is that of the commit in
Data to Insight's repository, which may be later than the number.

| system | since release | published | table | columns | earlier name | read |
| --- | --- | --- | --- | --- | --- | --- |
${systems.flatMap(({ name, columnChanges }) => columnChanges.map((change) => changeRow(name, change))).join('\n')}

Releases that changed what a column holds, as far as it matters here. The names of the columns do not show it.

| system | since release | column | what changed | what this version does |
| --- | --- | --- | --- | --- |
${systems.flatMap(({ name, valueChanges }) => valueChanges.map((value) => `| ${name} | ${value.release} | \`${value.column.replaceAll(', ', '`, `')}\` | ${value.change} | ${value.here} |`)).join('\n')}

## DfE's specification

Version ${dfeSpecification.version}, as Data to Insight calls it (${dfeSpecification.source}).

## Collection years

National code lists of these years. The preflight warns when a run's date is in another year ([\`codeLists\`](preflight.md)).

| collection year | compared on | with what |
| --- | --- | --- |
${codeListsByYear.map(({ collectionYear, checked }) => `| ${collectionYear} | ${checked.on} | ${checked.note} |`).join('\n')}

## Data to Insight's staging table

Compared with the builder ${stagingBuilder.version} of ${stagingBuilder.published ?? ''} (${stagingBuilder.source}). Its columns: ${columnsOfDataToInsight.map(code).join(', ')}.

Earlier installations have earlier layouts. A narrower or wider \`person_id\` stays as it is. [\`npm run migrate\`](dba.md#what-you-run) adds the columns
that are missing, and those of this system. What a table still lacks, or cannot hold, the checks \`stagingTable\` and \`stagingRights\` of the
[preflight](preflight.md) say.

| builder | published | database | length of \`person_id\` | columns that are missing |
| --- | --- | --- | --- | --- |
${stagingLayouts.map((layout) => `| ${layout.version}, ${layout.source} | ${layout.published ?? ''} | ${layout.engine} | ${String(layout.personIdLength)} | ${layout.lacks.map(code).join(', ') || 'none'} |`).join('\n')}
| ${stagingBuilder.version} | ${stagingBuilder.published ?? ''} | SQL Server | 20 | none |

This system adds
${Object.entries(columnsOfThisSystem)
  .map(([column, release]) => `${code(column)} (since ${release})`)
  .join(', ')}. Data to Insight's scripts name the columns that they know, and go on working.
`;
}

function checkedRow(name: string, { version, published, source }: CheckedAgainst): string {
  return `| ${name} | ${version} | ${published ?? ''} | ${source} |`;
}

function changeRow(
  name: string,
  { table, release, published, commit, came, replaced }: ColumnChange,
): string {
  const isRead = came.some((column) => columnsOf(table).includes(column));
  return `| ${name} | ${release} | ${published} (${commit}) | \`${table}\` | ${came.map(code).join(', ')} | ${(replaced ?? []).map(code).join(', ')} | ${isRead ? 'yes' : 'no'} |`;
}

function code(name: string): string {
  return `\`${name}\``;
}
