import { attributes } from '../../../../shared/child/attributes/attributes.js';
import { table } from '../markdown.js';
import { checksSection } from './checksSection.js';
import { codeSection } from './codeSection.js';
import { linkTo } from './links.js';
import type { PayloadField } from './payloadFields.js';
import { ssdSection } from './ssdSection.js';
import { atTestReceiver } from './testReceiver.js';

/** What an analyst needs to know of one attribute. */
export function attributePage(field: PayloadField): string {
  const { path, codeList } = field;
  const attribute = attributes[path];
  const sections = [
    facts(field),
    ...(field.parts.length === 0 ? [] : [partsSection(field)]),
    ssdSection(field),
    ...(codeList === undefined ? [] : [codeSection(codeList)]),
    checksSection(attribute, codeList),
    departuresSection(field),
  ];
  return `# \`${path}\`

${attribute.meaning}

${sections.join('\n\n')}

[All attributes](README.md)
`;
}

function facts({
  path,
  jsonPath,
  block,
  isNeeded,
  type,
  length,
  pattern,
  parts,
  hasPurge,
}: PayloadField): string {
  const { number } = attributes[path];
  const pseudonym = atTestReceiver(path);
  const purge = hasPurge ? '`true` asks DfE to remove it' : 'it cannot be removed by itself';
  const rows = [
    ...(number === undefined ? [] : [["number in DfE's list", String(number)]]),
    ['path', `\`${jsonPath}\``],
    ...(block === undefined ? [] : [['part of', linkTo(block)]]),
    ['type', type],
    ...(length === undefined ? [] : [['length', length]]),
    ...(pattern === undefined ? [] : [['pattern', `\`${pattern.replaceAll('|', '\\|')}\``]]),
    ['must be there', isNeeded ? 'yes' : 'no'],
    ...(parts.length === 0 ? [] : [['`purge`', purge]]),
    ...(pseudonym === undefined
      ? []
      : [
          [
            'for a real child, a [test receiver](../onboarding.md#3-your-own-ssd-under-pseudonyms) gets',
            pseudonym,
          ],
        ]),
  ];
  return table(['', ''], rows);
}

function partsSection({ parts }: PayloadField): string {
  const rows = parts.map((path) => [
    linkTo(path, path.slice(path.lastIndexOf('.') + 1)),
    attributes[path].meaning,
  ]);
  return `## What is in it\n\n${table(['attribute', 'what it is'], rows)}`;
}

/** Differences that are about every coded value. */
const ofCodes = [
  'a coded value that is no national code',
  'a code that has ended',
  'a code with its description in one text',
  'descriptions in place of codes',
];

export function departuresOf({ path, codeList }: PayloadField): readonly string[] {
  return [...(attributes[path].departures ?? []), ...(codeList === undefined ? [] : ofCodes)];
}

function departuresSection(field: PayloadField): string {
  const matters = departuresOf(field);
  const page = '[departures-from-d2i.md](../departures-from-d2i.md#what-is-in-a-payload)';
  const list = matters.map((matter) => `- ${matter}`).join('\n');
  return `## What differs from Data to Insight's pipeline

${matters.length === 0 ? `Nothing about this attribute in particular; ${page} says what differs for all.` : `${page} says how and why:\n\n${list}`}`;
}
