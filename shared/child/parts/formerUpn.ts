import type { BuildRules } from '../buildRules.js';
import { isInDoubt, isUnreadable, readable, readableText } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import { unknown, type Maybe } from '../draft.js';
import { byTexts } from '../ordering.js';
import { upnShape } from '../payload.js';
import type { SsdRow } from '../sourceRows.js';
import { type ValueReader } from '../values/valueReader.js';
import type { Built } from './building.js';

type Row = SsdRow<'ssd_linked_identifiers'>;

/**
 * The former UPN with the latest valid-from date among those that can be one.
 * @returns what is sent, and each row that is known to be of a former UPN that can be one
 */
export function formerUpnOf(
  identifiers: readonly Row[],
  rules: BuildRules,
  values: ValueReader,
): { readonly sent: Maybe<string>; readonly read: readonly Built<Row, string>[] } {
  if (rules.absentTables.has('ssd_linked_identifiers')) return { sent: unknown, read: [] };
  const former = identifiers.filter(({ link_identifier_type: type }) => {
    if (isUnreadable(type)) return true;
    return type !== null && rules.formerUpnTypes.has(normalised(type));
  });
  const others = identifiers.filter((row) => !former.includes(row));
  values.outOfScope('ssd_linked_identifiers', 'notReported', ...others);
  const inOrder = [...former].sort(
    byTexts(
      (row) => readable(row.link_valid_from_date),
      (row) => readable(row.link_identifier_value),
      (row) => row.link_table_id,
    ),
  );
  const usable = inOrder.flatMap((row): Built<Row, string>[] => {
    const text = readableText(row.link_identifier_value);
    return text !== undefined && upnShape.test(text) ? [{ row, item: text }] : [];
  });
  const usableRows = usable.map(({ row }) => row);
  let isOtherUnread = false;
  for (const row of inOrder) {
    if (usableRows.includes(row)) continue;
    const source = values.places.of('ssd_linked_identifiers', row);
    const read = values.upn(row.link_identifier_value, source, 'link_identifier_value');
    if (read === undefined) values.outOfScope('ssd_linked_identifiers', 'notReported', row);
    else isOtherUnread = true;
  }
  const read = usable.filter(({ row }) => !isUnreadable(row.link_identifier_type));
  const latest = usable.at(-1);
  if (latest === undefined) return { sent: isOtherUnread ? unknown : undefined, read };
  const numbers = new Set(usable.map(({ item }) => item));
  // One that cannot be read may be the latest; one that is not a UPN does not count.
  const mayBeAnother = former.some(
    (row) => isInDoubt(row.link_identifier_type) || isInDoubt(row.link_identifier_value),
  );
  const isOrderKnown =
    !mayBeAnother &&
    usableRows.every(
      (row) =>
        !isUnreadable(row.link_identifier_type) &&
        (numbers.size === 1 || !isUnreadable(row.link_valid_from_date)),
    );
  if (!isOrderKnown) {
    for (const row of usableRows) {
      const source = values.places.of('ssd_linked_identifiers', row);
      values.unreadable(row.link_identifier_type, source, 'link_identifier_type');
      values.unreadable(row.link_valid_from_date, source, 'link_valid_from_date');
      // One whose type or day is not to be read is named, where its column is absent with all the others.
      if (isUnreadable(row.link_identifier_type) || isUnreadable(row.link_valid_from_date)) continue;
      values.outOfScope('ssd_linked_identifiers', 'notChosen', row);
    }
    return { sent: unknown, read };
  }
  const source = values.places.of('ssd_linked_identifiers', latest.row);
  values.outOfScope('ssd_linked_identifiers', 'notChosen', ...usableRows.slice(0, -1));
  return { sent: values.upn(latest.item, source, 'link_identifier_value'), read };
}
