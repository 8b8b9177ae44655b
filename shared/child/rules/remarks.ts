import type { BuildRules } from '../buildRules.js';
import type { Finding } from '../findings.js';
import { byTexts } from '../ordering.js';
import type { Child } from '../payload.js';
import type { PersonRows } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';
import type { CollectionYear } from '../codes/codeLists.js';
import { rules as allOfThem, type RuleCode } from './catalogue.js';
import { Facts, type Parts } from './facts.js';
import { isInForce, tableOfRows, type Rule } from './rule.js';

/** The remarks on what is sent about one child, in an order that does not depend on that of the rows. */
export function remarksOf(
  child: Child,
  rows: PersonRows,
  parts: Parts,
  rules: BuildRules,
  values: ValueReader,
): readonly Finding[] {
  const facts = new Facts(child, rows, parts, rules, values);
  const remarks: Finding[] = [];
  for (const { code, needs, check } of rulesIn(facts.days.year)) {
    if (needs?.some((table) => !facts.isRead(table)) === true) continue;
    for (const { row, column, found } of check(facts)) {
      const source = values.places.of(tableOfRows(column), row);
      remarks.push(values.findingAt(source, code, column, found));
    }
  }
  if (remarks.length < 2) return remarks;
  remarks.sort(byPlace);
  // Equal rows give equal remarks: they are one.
  return remarks.filter((remark, index) => {
    const before = remarks[index - 1];
    return before === undefined || byPlace(before, remark) !== 0;
  });
}

let ofYear: { readonly year: CollectionYear; readonly rules: readonly Rule<RuleCode>[] } | undefined;

/** The rules in force in a collection year; chosen once for all children of a run. */
function rulesIn(year: CollectionYear): readonly Rule<RuleCode>[] {
  if (ofYear?.year !== year) ofYear = { year, rules: allOfThem.filter((one) => isInForce(one, year)) };
  return ofYear.rules;
}

const byPlace = byTexts<Finding>(
  (finding) => finding.table,
  (finding) => finding.rowId,
  (finding) => finding.parentId,
  (finding) => finding.column,
  (finding) => finding.rule,
  (finding) => finding.found,
);
