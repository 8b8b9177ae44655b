import type { BuildRules } from '../buildRules.js';
import type { Finding } from '../findings.js';
import { byTexts } from '../ordering.js';
import type { Child } from '../payload.js';
import type { PersonRows } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';
import { rules as allOfThem } from './catalogue.js';
import { Facts, type Parts } from './facts.js';
import { isInForce, tableOfRows } from './rule.js';

/** The remarks on what is sent about one child, in an order that does not depend on that of the rows. */
export function remarksOf(
  child: Child,
  rows: PersonRows,
  parts: Parts,
  rules: BuildRules,
  values: ValueReader,
): readonly Finding[] {
  const facts = new Facts(child, rows, parts, rules, values);
  const remarks = allOfThem
    .filter(
      (rule) => isInForce(rule, facts.days.year) && (rule.needs ?? []).every((table) => facts.isRead(table)),
    )
    .flatMap(({ code, check }) =>
      check(facts).map(({ row, column, found }) =>
        values.findingAt(values.places.of(tableOfRows(column), row), code, column, found),
      ),
    )
    .sort(byPlace);
  // Equal rows give equal remarks: they are one.
  return remarks.filter((remark, index) => {
    const before = remarks[index - 1];
    return before === undefined || byPlace(before, remark) !== 0;
  });
}

const byPlace = byTexts<Finding>(
  (finding) => finding.table,
  (finding) => finding.rowId,
  (finding) => finding.parentId,
  (finding) => finding.column,
  (finding) => finding.rule,
  (finding) => finding.found,
);
