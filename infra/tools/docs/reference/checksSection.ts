import type { Attribute } from '../../../../shared/child/attributes/attribute.js';
import type { CodedField } from '../../../../shared/child/codes/codeLists.js';
import { rulesOn } from '../../../../shared/child/findingColumns.js';
import { findingRules, type FindingRule } from '../../../../shared/child/findingRules.js';
import { nameOf } from '../../../../shared/child/rules/rule.js';
import type { SsdColumn } from '../../../../shared/child/sourceRows.js';
import { cell, table } from '../markdown.js';

/** The findings that can name a column of an attribute, and what is known of DfE's own checks. */
export function checksSection(attribute: Attribute, codeList: CodedField | undefined): string {
  const rules = rulesOf(attribute);
  const rows = rules.map(({ rule, columns }) => [
    `\`${rule}\``,
    findingRules[rule].severity,
    columns.map((column) => `\`${column}\``).join(', '),
    cell(findingRules[rule].meaning),
  ]);
  return `## Findings

${table(['finding', 'effect', 'columns that it can name', 'what it means'], rows)}

What to do about each: [findings.md](../findings.md).

## What DfE checks

- When the record arrives: ${atEndpoint(attribute, codeList)}
- Afterwards, in DfE's second stage: ${afterwards(rules, codeList)}`;
}

interface RuleOnColumns {
  readonly rule: FindingRule;
  readonly columns: readonly SsdColumn[];
}

/** In the order of the catalogue of findings. */
function rulesOf({ columns }: Attribute): readonly RuleOnColumns[] {
  const all = columns.flatMap((column) => rulesOn(column));
  return Object.keys(findingRules).flatMap((code) => {
    const rule = all.find((one) => one === code);
    return rule === undefined
      ? []
      : [{ rule, columns: columns.filter((column) => rulesOn(column).includes(rule)) }];
  });
}

function atEndpoint({ isListAtEndpoint, dfe }: Attribute, codeList: CodedField | undefined): string {
  const probably =
    isListAtEndpoint === true
      ? 'probably the type, the length and the code list.'
      : `probably the type and the length${codeList === undefined ? '' : ', not the code list'}.`;
  return `${probably} DfE's own specification is not public.${dfe === undefined ? '' : ` ${dfe}`}`;
}

/** DfE's rules of the second stage are not published: those of the returns are the nearest. */
function afterwards(rules: readonly RuleOnColumns[], codeList: CodedField | undefined): string {
  const numbers = rules.flatMap(({ rule }) => (findingRules[rule].published ?? []).map(nameOf));
  const known = [
    ...(codeList === undefined ? [] : ['the code list']),
    ...(numbers.length === 0 ? [] : [`what the returns check (${numbers.join(', ')})`]),
  ];
  return known.length === 0
    ? 'not published.'
    : `probably ${known.join(' and ')}. Its own rules are not published.`;
}
