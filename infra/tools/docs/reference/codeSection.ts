import {
  codeListsByYear,
  type CodedField,
  type CodeLists,
} from '../../../../shared/child/codes/codeLists.js';
import { nationalDescriptions } from '../../../../shared/child/codes/descriptions.js';
import { cell, table } from '../markdown.js';

/** The codes of a field: what each means, and in which collection years it may be sent. */
export function codeSection(field: CodedField): string {
  const codes = [...new Set(codeListsByYear.flatMap((lists) => allCodesOf(lists, field)))];
  const years = codeListsByYear.map(({ collectionYear }) => collectionYear);
  const rows = codes.map((code) => [
    `\`${code}\``,
    descriptionOf(field, code),
    ...codeListsByYear.map((lists) => validityOf(lists, field, code)),
    replacedOf(field, code),
  ]);
  const sources = codeListsByYear.map(
    ({ collectionYear, checked }) => `- ${collectionYear}, on ${checked.on}: ${checked.against[field]}.`,
  );
  return `## Codes

${differences(field)}

${table(['code', 'what it means', ...years, 'in place of'], rows)}

The lists were compared with:

${sources.join('\n')}

How a cell becomes a code: [profiles.md](../profiles.md#how-a-coded-value-becomes-a-national-code).`;
}

function allCodesOf(lists: CodeLists, field: CodedField): readonly string[] {
  return [...lists[field], ...(lists.retired[field]?.keys() ?? [])];
}

/** The first published wording; the others are what a case management system may write. */
function descriptionOf(field: CodedField, code: string): string {
  const found = nationalDescriptions.find((one) => one.field === field && one.code === code);
  return found === undefined ? 'no published wording was found' : cell(found.text);
}

function validityOf(lists: CodeLists, field: CodedField, code: string): string {
  if (lists[field].has(code)) return 'valid';
  const retired = lists.retired[field]?.get(code);
  return retired === undefined ? 'not in the list' : `on rows up to ${retired.lastDay}`;
}

/** The codes that a code has replaced. */
function replacedOf(field: CodedField, code: string): string {
  const replaced = codeListsByYear.flatMap((lists) =>
    [...(lists.retired[field] ?? [])].filter(([, { replacedBy }]) => replacedBy.includes(code)),
  );
  return [...new Set(replaced.map(([before]) => `\`${before}\``))].join(', ');
}

function differences(field: CodedField): string {
  const changes = codeListsByYear.slice(1).flatMap((lists, index) => {
    const before = codeListsByYear[index];
    if (before === undefined) return [];
    const added = [...lists[field]].filter((code) => !before[field].has(code));
    const ended = [...before[field]].filter((code) => !lists[field].has(code));
    const said = [
      ...(added.length === 0 ? [] : [`new: ${listed(added)}`]),
      ...(ended.length === 0 ? [] : [`no longer: ${listed(ended)}`]),
    ].join('; ');
    const years = `${before.collectionYear} and ${lists.collectionYear}`;
    return [said === '' ? `The lists of ${years} are the same.` : `Between ${years}, ${said}.`];
  });
  return changes.join(' ');
}

function listed(codes: readonly string[]): string {
  return codes.map((code) => `\`${code}\``).join(', ');
}
