import type { BuildRules } from './buildRules.js';
import { filledAttributes } from './attributes/attributes.js';
import { isUnder, pathsOf, type Category } from './categories.js';
import { remarksOf } from './rules/remarks.js';
import { childDetailsOf } from './parts/childDetails.js';
import { withOneOfUpnAndReason } from './parts/pupilNumbers.js';
import { idsIn, outlineIn } from './changes/outline.js';
import { UnknownItems, type ChildDraft } from './draft.js';
import { episodesOf } from './parts/episodes.js';
import { classOf, type Finding } from './findings.js';
import { healthOf } from './parts/health.js';
import { isPlaceholder } from './codes/localValues.js';
import { idLength, isSendableId, type Child, type ChildSchema } from './payload.js';
import type { AnyRow } from './values/places.js';
import type { RowsOutOfScope } from './scope.js';
import { settle } from './settle.js';
import { ValueReader } from './values/valueReader.js';
import type { PersonRows } from './sourceRows.js';

/** The payload of one child, or `undefined` when the child is held back; a finding says why. */
export interface BuiltChild {
  readonly child: Child | undefined;
  readonly findings: readonly Finding[];
  /** The rows that are rightly not sent; every other row is in the payload or named by a finding. */
  readonly rowsOutOfScope: RowsOutOfScope;
  /** The rows that a finding names, remarks aside. */
  readonly namedRows: ReadonlySet<AnyRow>;
}

/**
 * Builds the payload of one child of the cohort from its rows. The same rows in another order give the same payload.
 * A value that cannot be sent is left out with a finding, and what DfE holds of it is repeated. A child is held back
 * only if its id cannot be sent or its payload breaks a published rule. Values that are sent, but that DfE would ask
 * about, get a remark.
 *
 * @param schema the last look at a payload, by the published rules
 * @param held what DfE holds or may hold about the child, the likeliest first: texts of payloads and submissions
 */
export function buildChild(
  rows: PersonRows,
  rules: BuildRules,
  schema: ChildSchema,
  held: readonly string[] = [],
): BuiltChild {
  const values = new ValueReader(rules, rows);
  const result = (child: Child | undefined, remarks: readonly Finding[] = []): BuiltChild => ({
    child,
    findings: aboutShared([...values.findings, ...remarks], rules.leftOut),
    rowsOutOfScope: values.rowsOutOfScope,
    namedRows: values.namedRows,
  });
  const source = values.places.of('ssd_person', rows.person);
  const id = rows.person.pers_person_id;
  // The id is not changed: the staging table is compared with the SSD by it.
  if (id === null || isPlaceholder(rules.placeholders, id) || !isSendableId(id, idLength.child)) {
    values.leaveOut('child-id', source, 'pers_person_id', classOf(id));
    return result(undefined);
  }
  const unknownItems = new UnknownItems(rules.lostItems);
  const building = { rules, values, unknownItems };
  const episodes = episodesOf(rows, building, holder(held));
  const misChildId = values.optionalId(rows.person.pers_legacy_id, idLength.other, source, 'pers_legacy_id');
  const details = childDetailsOf(rows, rules, values);
  const draft: ChildDraft = {
    la_child_id: id,
    mis_child_id: misChildId,
    purge: false,
    child_details: details.sent,
    health_and_wellbeing: healthOf(rows, building),
    social_care_episodes: episodes.drafts,
  };
  const child = settle(draft, unknownItems, held, schema, pathsOf(rules.leftOut));
  if (child === undefined) {
    values.leaveOut('payload-unfit', source, 'pers_person_id', 'a child');
    return result(undefined);
  }
  const sent = withOneOfUpnAndReason(child);
  return result(sent, remarksOf(sent, rows, { ...episodes, ...details }, rules, values));
}

/** Without those on columns that fill nothing but what is left out: what is wrong there is no matter of the payload. */
function aboutShared(findings: readonly Finding[], leftOut: readonly Category[]): readonly Finding[] {
  if (leftOut.length === 0) return findings;
  const paths = pathsOf(leftOut);
  const filling = filledAttributes.filter(({ path }) => isUnder(paths, path));
  const columns = new Set(filling.map(({ table, column }) => `${table}.${column}`));
  return findings.filter(({ table, column }) => !columns.has(`${table}.${column}`));
}

/** Whether DfE holds or may hold an episode of an id; read from the texts when first asked. */
function holder(held: readonly string[]): (id: string) => boolean {
  let ids: ReadonlySet<string> | undefined;
  return (id) => {
    ids ??= new Set(
      held
        .map(outlineIn)
        .flatMap((outline) => (outline === undefined ? [] : [...idsIn(outline).social_care_episodes])),
    );
    return ids.has(id);
  };
}
