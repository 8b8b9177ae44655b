import { attributes } from '../../../../shared/child/attributes/attributes.js';
import { tableOf, type SsdColumn } from '../../../../shared/child/sourceRows.js';
import { table } from '../markdown.js';
import { attributePage } from './attributePage.js';
import { linkTo } from './links.js';
import { payloadFields, type PayloadField } from './payloadFields.js';

/** The pages of `docs/reference/` by the name of their file: an index, and one for each attribute of the payload. */
export function referencePages(): ReadonlyMap<string, string> {
  const fields = payloadFields();
  return new Map([
    ['README.md', index(fields)],
    ...fields.map((field) => [`${field.path}.md`, attributePage(field)] as const),
  ]);
}

function index(fields: readonly PayloadField[]): string {
  const rows = fields.map(({ path, type }) => {
    const { number, meaning } = attributes[path];
    return [number === undefined ? '' : String(number), linkTo(path), type, meaning];
  });
  return `# Reference: every attribute of the payload

For analysts. Each page says what an attribute is, which column of the SSD it comes from, which row is chosen, which codes it may
have, which findings can name its columns, and what DfE checks as far as that is published.

Attribute 1 is the code of the council. It is not in the record but in the address of the request, from the setting \`LA_CODE\`
([settings.md](../settings.md)).

These pages are made from \`shared/child/\` and \`shared/ssd/\` by \`npm run docs\`.

## By attribute

${table(['number', 'attribute', 'type', 'what it is'], rows)}

## By column

The names are those of the SSD specification.

${table(['column', 'attributes'], byColumn(fields))}
`;
}

function byColumn(fields: readonly PayloadField[]): readonly (readonly string[])[] {
  const byName = new Map<SsdColumn, string[]>();
  for (const { path } of fields) {
    for (const column of attributes[path].columns)
      byName.set(column, [...(byName.get(column) ?? []), linkTo(path)]);
  }
  return [...byName]
    .map(([column, links]) => [`\`${tableOf(column)}.${column}\``, links.join(', ')])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
}
