import type { BuildRules } from '../child/buildRules.js';
import { ssdPlaceOf, type SsdPlace } from '../child/ssdPlaces.js';
import { fieldsNamedIn } from './refusalRule.js';

/**
 * Where in the SSD the fields are that DfE names in a refusal, each once. Of two places that differ only in that one says
 * less, the other one counts.
 * @param reason why DfE refused a child: see `fieldsNamedIn`
 * @param payload what was sent about the child, with the council's own ids where it was sent under pseudonyms: both have
 *   the same items in the same order
 */
export function refusedPlaces(
  reason: string,
  payload: object,
  rules: Pick<BuildRules, 'placementIdsRepeat'>,
): SsdPlace[] {
  const places = fieldsNamedIn(reason)
    .map((path) => ssdPlaceOf(path, payload, rules))
    .filter((place) => place !== undefined);
  return places.filter(
    (place, at) =>
      !places.some((other, itsPlace) => says(other, place) && (!says(place, other) || itsPlace < at)),
  );
}

/** Whether one place says all that the other says. */
function says(one: SsdPlace, other: SsdPlace): boolean {
  const { table, column, rowId, parentId } = other;
  return (
    one.table === table &&
    (column === undefined || one.column === column) &&
    (rowId === undefined || one.rowId === rowId) &&
    (parentId === undefined || one.parentId === parentId)
  );
}
