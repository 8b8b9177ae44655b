import { columnPurposes } from '../../shared/ssd/columnPurposes.js';
import { columnsOf, knownTables } from '../../shared/ssd/tables.js';

const begin =
  '<!-- Made from shared/ssd/columnPurposes.ts by npm run docs:profiles: do not write between here -->';
const end = '<!-- and here. -->';

/** `docs/profiles.md` with the list of all tables and columns that are read in its place; all else as it is written. */
export function profilesPage(written: string): string {
  const [before, rest] = halves(written, begin);
  const [, after] = halves(rest, end);
  return `${before}${begin}\n\n${knownTables.map(sectionOf).join('\n\n')}\n\n${end}${after}`;
}

function sectionOf(table: (typeof knownTables)[number]): string {
  const rows = columnsOf(table).map((column) => {
    const purpose = columnPurposes[table][column];
    if (purpose === undefined) throw new Error(`${table}.${column} has no purpose in columnPurposes.ts`);
    return `| \`${column}\` | ${purpose} |`;
  });
  return `**\`${table}\`**\n\n| column | what it is for, and what is lost without it |\n| --- | --- |\n${rows.join('\n')}`;
}

function halves(text: string, mark: string): readonly [string, string] {
  const [before, after, ...more] = text.split(mark);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`docs/profiles.md must have this line once: ${mark}`);
  }
  return [before, after];
}
