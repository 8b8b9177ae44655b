import { columnPurposes } from '../../../shared/ssd/columnPurposes.js';
import { columnsOf, knownTables } from '../../../shared/ssd/tables.js';
import { withMadePart } from './madePart.js';

/** `docs/ssd-columns.md` with the list of all tables and columns that are read in its place; all else as it is written. */
export function ssdColumnsPage(written: string): string {
  const source = 'shared/ssd/columnPurposes.ts';
  return withMadePart(
    written,
    { page: 'docs/ssd-columns.md', source },
    knownTables.map(sectionOf).join('\n\n'),
  );
}

function sectionOf(table: (typeof knownTables)[number]): string {
  const rows = columnsOf(table).map((column) => {
    const purpose = columnPurposes[table][column];
    if (purpose === undefined) throw new Error(`${table}.${column} has no purpose in columnPurposes.ts`);
    return `| \`${column}\` | ${purpose} |`;
  });
  return `**\`${table}\`**\n\n| column | what it is for, and what is lost without it |\n| --- | --- |\n${rows.join('\n')}`;
}
