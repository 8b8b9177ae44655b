import assert from 'node:assert/strict';
import { attributes } from '../../shared/child/attributes/attributes.js';
import { findingColumns } from '../../shared/child/findingColumns.js';

const onPages = new Set<string>(Object.values(attributes).flatMap(({ columns }) => columns));
const columnsOfRules: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(findingColumns));

/** A page of `docs/reference/` names the finding with its column. */
export function assertOnAPage({ rule, column }: { readonly rule: string; readonly column: string }): void {
  assert.ok(columnsOfRules.get(rule)?.includes(column), `${rule} on ${column} is not in findingColumns.ts`);
  assert.ok(onPages.has(column), `${column} is of no attribute in shared/child/attributes/`);
}
