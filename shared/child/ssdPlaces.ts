import { filledAttributes } from './attributes/attributes.js';
import type { BuildRules } from './buildRules.js';
import { isJsonObject } from './json.js';
import { idIn, isItemList, lists, type ItemList } from './lists.js';
import { ownIdOfPlacement } from './parts/placementIds.js';

/** Where in the SSD a field of a payload comes from, by the names of the SSD specification. */
export interface SsdPlace {
  readonly table: (typeof filledAttributes)[number]['table'];
  /** Absent where a whole block or item of a list is meant. */
  readonly column?: string;
  /** The row's own id; absent where the payload does not say it. */
  readonly rowId?: string;
  /** The id of the record under which the field is sent: the referral, the placement, the assessment, the enquiry. */
  readonly parentId?: string;
}

/** An item of a list that a path leads through. */
interface Item {
  readonly list: ItemList;
  readonly item: object;
}

/**
 * The table and the column that fill a field; `undefined` where there is none, or several may be meant.
 * @param path with or without indexes; it may begin within a record, such as `change_reason`
 */
export function ssdColumnOf(path: string): Pick<SsdPlace, 'table' | 'column'> | undefined {
  const attribute = attributeAt(path.replace(/\[\d*\]/g, ''));
  if (attribute === undefined) return undefined;
  const { table, column } = attribute;
  const isBlock = filledAttributes.some((other) => other.path.startsWith(`${attribute.path}.`));
  return isBlock ? { table } : { table, column };
}

/**
 * The place of a field of one payload, with the row where the payload says it: not for a path without an index, to nothing
 * in the payload, or to a removal.
 * @param payload as the council knows it: under its own ids
 */
export function ssdPlaceOf(
  path: string,
  payload: object,
  rules: Pick<BuildRules, 'placementIdsRepeat'>,
): SsdPlace | undefined {
  const place = ssdColumnOf(path);
  if (place === undefined || isRemoval(payload)) return place;
  if (place.table === 'ssd_person') {
    const id: unknown = Reflect.get(payload, 'la_child_id');
    return typeof id === 'string' ? { ...place, rowId: id } : place;
  }
  const [nearest, above] = itemsAlong(path, payload).toReversed();
  if (nearest === undefined) return place;
  if (lists[nearest.list].table !== place.table) return { ...place, ...named('parentId', nearest, rules) };
  return { ...place, ...named('rowId', nearest, rules), ...named('parentId', above, rules) };
}

/** Parts of the child that are neither a field nor an item of a list. */
const wholeParts: readonly string[] = ['child_details', 'health_and_wellbeing'];

function attributeAt(names: string) {
  if (wholeParts.includes(names)) return undefined;
  const whole = filledAttributes.find(({ path }) => path === names);
  if (whole !== undefined) return whole;
  const ending = filledAttributes.filter(({ path }) => path.endsWith(`.${names}`));
  return ending.length === 1 ? ending[0] : undefined;
}

/** The items that a path leads through, as far as they are in the payload and none is a removal. */
function itemsAlong(path: string, payload: object): Item[] {
  const items: Item[] = [];
  let at: unknown = payload;
  for (const [, name = '', index] of path.matchAll(/(\w+)(?:\[(\d+)\])?/g)) {
    at = isJsonObject(at) ? at[name] : undefined;
    if (!isItemList(name)) continue;
    at = Array.isArray(at) && index !== undefined ? at[Number(index)] : undefined;
    if (!isJsonObject(at) || isRemoval(at)) break;
    items.push({ list: name, item: at });
  }
  return items;
}

function isRemoval(item: object): boolean {
  return Reflect.get(item, 'purge') === true;
}

function named(
  key: 'rowId' | 'parentId',
  of: Item | undefined,
  { placementIdsRepeat }: Pick<BuildRules, 'placementIdsRepeat'>,
): Partial<SsdPlace> {
  const id = of && idIn(of.list, of.item);
  if (of === undefined || id === undefined) return {};
  const isRepeated = placementIdsRepeat && of.list === 'child_looked_after_placements';
  return { [key]: isRepeated ? ownIdOfPlacement(id, of.item) : id };
}
