import type {
  Attribute,
  AttributePath,
  ProfileEntry,
} from '../../../../shared/child/attributes/attribute.js';
import { attributes } from '../../../../shared/child/attributes/attributes.js';
import type { CodedField } from '../../../../shared/child/codes/codeLists.js';
import { tableOf, type SsdColumn } from '../../../../shared/child/sourceRows.js';
import { columnPurposes } from '../../../../shared/ssd/columnPurposes.js';
import { builtInProfile, profileNames, type Profile } from '../../../../shared/ssd/profile.js';
import { table } from '../markdown.js';
import { linkTo } from './links.js';
import type { PayloadField } from './payloadFields.js';

const titles: Readonly<Record<(typeof profileNames)[number], string>> = {
  systemc: 'SystemC',
  mosaic: 'Mosaic',
  eclipse: 'Eclipse',
};
const profiles = profileNames.map((name) => ({ system: titles[name], profile: builtInProfile(name) }));

/** Where an attribute comes from in each case management system, and what each of its columns is for. */
export function ssdSection({ path, block, codeList }: PayloadField): string {
  const attribute = attributes[path];
  const purposes = attribute.columns.map((column) => [`\`${tableOf(column)}.${column}\``, purposeOf(column)]);
  const parts = [
    '## Where it comes from',
    attribute.rule,
    ...(block === undefined ? [] : [ruleOfBlock(block)]),
    `Settings that change this: ${listed(settingsOf({ path, block, codeList }))} ([settings.md](../settings.md)).`,
    table(['system', 'table and column', 'what its profile says'], systemsOf(attribute, codeList)),
    table(['column', 'what it is for, and what is lost without it'], purposes),
    'A profile of your own may have other names and words ([profiles.md](../profiles.md#a-profile-of-your-own)). How a row finds its\nchild: [profiles.md](../profiles.md#how-rows-find-each-other).',
  ];
  return parts.join('\n\n');
}

/** Which children are sent is too long to say on each page. */
function ruleOfBlock(block: AttributePath): string {
  if (block === 'child') return `Which children are sent: ${linkTo(block)}.`;
  return `What it is part of, ${linkTo(block)}: ${attributes[block].rule}`;
}

/** Its own, those of what it is part of, and those that change every attribute of its kind. */
export function settingsOf({
  path,
  block,
  codeList,
}: Pick<PayloadField, 'path' | 'block' | 'codeList'>): readonly string[] {
  const ofBlock = block === undefined || block === 'child' ? [] : (attributes[block].settings ?? []);
  return [
    ...new Set([
      'SSD_PROFILE',
      ...(codeList === undefined ? [] : ['COLLECTION_YEAR']),
      ...(attributes[path].settings ?? []),
      ...ofBlock,
    ]),
  ];
}

/** One row for the systems of which the same is true. */
function systemsOf(attribute: Attribute, codeList: CodedField | undefined): readonly (readonly string[])[] {
  const rows: { systems: string; readonly from: string; readonly says: string }[] = [];
  for (const { system, profile } of profiles) {
    const from = sourceIn(profile, attribute, codeList);
    const says = saidBy(profile, attribute, codeList);
    const same = rows.find((row) => row.from === from && row.says === says);
    if (same === undefined) rows.push({ systems: system, from, says });
    else same.systems += `, ${system}`;
  }
  return rows.map(({ systems, from, says }) => [systems, from, says]);
}

/** The column that fills it; of a code column and a description column, the one that is read first. */
function sourceIn(
  { names, speaks }: Profile,
  { columns: [code, description] }: Attribute,
  codeList: CodedField | undefined,
): string {
  const named = (column: SsdColumn) =>
    `\`${names.tableName(tableOf(column))}.${names.columnName(tableOf(column), column)}\``;
  if (codeList === undefined || description?.endsWith('_desc') !== true) return named(code);
  const { first, never } = speaks[codeList];
  const [one, other] = first === 'code' ? [code, description] : [description, code];
  return never === undefined ? `${named(one)}, then ${named(other)}` : `only ${named(one)}`;
}

function saidBy(
  profile: Profile,
  { profileEntries = [] }: Attribute,
  codeList: CodedField | undefined,
): string {
  const known = codeList === undefined ? 0 : (profile.valueMaps[codeList]?.size ?? 0);
  return [
    ...(known === 0 ? [] : [`${String(known)} texts that mean a code, the national descriptions included`]),
    ...profileEntries.map((entry) => `\`${entry}\`: ${wordsOf(profile[entry])}`),
  ].join('; ');
}

function wordsOf(value: Profile[ProfileEntry]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const words = [...value];
  return words.length === 0 ? 'none' : listed(words);
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function purposeOf(column: SsdColumn): string {
  const purpose = columnPurposes[tableOf(column)][column];
  if (purpose === undefined) throw new Error(`${column} has no purpose in columnPurposes.ts`);
  return purpose;
}
