import type { z } from 'zod';
import { PartlyKnown, unknown, type ChildDraft, type UnknownItems } from './draft.js';
import { isJsonObject, jsonIn } from './json.js';
import { idIn, isItemList, type ItemList } from './lists.js';
import { compareText } from './ordering.js';
import type { Child, ChildSchema } from './payload.js';

type Json = Record<string, unknown>;

/**
 * The payload of a child: what the source says, and what DfE holds where the source does not say, so that DfE keeps it
 * whether it merges or replaces. Where DfE holds nothing of it, it is left out. What DfE holds and would no longer take
 * (a placeholder date from before, a value that Data to Insight cut) is not repeated.
 *
 * @param held what DfE holds or may hold about the child, the likeliest first: texts of payloads and submissions
 * @param leftOut the paths of what is not shared: it is neither said nor repeated
 * @returns `undefined` when what the source says does not fit the published rules
 */
export function settle(
  draft: ChildDraft,
  items: UnknownItems,
  held: readonly string[],
  schema: ChildSchema,
  leftOut: readonly string[] = [],
): Child | undefined {
  const repeated = new Repeated();
  const payload = settledObject(draft, held.map(jsonIn).filter(isObject), items, repeated);
  for (const path of leftOut) removePath(payload, path.split('.'));
  for (;;) {
    const read = schema.safeParse(payload);
    if (read.success) return read.data;
    if (!read.error.issues.some((issue) => repeated.drop(payload, issue))) return undefined;
  }
}

/** The places of the payload that repeat what DfE holds. */
class Repeated {
  readonly #places = new Map<object, Set<PropertyKey>>();
  readonly #items = new Set<object>();

  attribute(object: object, key: string): void {
    const keys = this.#places.get(object);
    if (keys === undefined) this.#places.set(object, new Set([key]));
    else keys.add(key);
  }

  item(item: object): void {
    this.#items.add(item);
  }

  /**
   * Takes what an issue is about out of the payload, where it is part of what is repeated: the smallest part that can go.
   * @returns whether there was such
   */
  drop(payload: object, issue: z.core.$ZodIssue): boolean {
    const steps: { readonly place: object; readonly key: PropertyKey }[] = [];
    let place: unknown = payload;
    for (const key of issue.path) {
      if (typeof place !== 'object' || place === null) break;
      steps.push({ place, key });
      place = Reflect.get(place, key);
    }
    const first = steps.findIndex((step) => this.#isRepeated(step));
    if (first < 0) return false;
    const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    if (unknownKeys.length > 0 && typeof place === 'object' && place !== null) {
      for (const key of unknownKeys) Reflect.deleteProperty(place, key);
      return true;
    }
    return steps.slice(first).reverse().some(remove);
  }

  #isRepeated({ place, key }: { readonly place: object; readonly key: PropertyKey }): boolean {
    if (this.#places.get(place)?.has(key) === true) return true;
    const item: unknown = Reflect.get(place, key);
    return typeof item === 'object' && item !== null && this.#items.has(item);
  }
}

/** @returns false when there is nothing at that place */
function remove({ place, key }: { readonly place: object; readonly key: PropertyKey }): boolean {
  if (Array.isArray(place)) return place.splice(Number(key), 1).length > 0;
  if (Reflect.get(place, key) === undefined) return false;
  return Reflect.deleteProperty(place, key);
}

/** Takes an attribute, a block or a list out of a payload, under each item of the lists on the way. */
function removePath(place: unknown, [key, ...rest]: readonly string[]): void {
  if (Array.isArray(place))
    for (const item of place) removePath(item, key === undefined ? [] : [key, ...rest]);
  else if (isObject(place) && key !== undefined) {
    if (rest.length === 0) Reflect.deleteProperty(place, key);
    else removePath(place[key], rest);
  }
}

/** Blocks that say nothing when all their attributes are missing. */
const optionalBlocks: ReadonlySet<string> = new Set(['health_and_wellbeing', 'adoption', 'care_leavers']);

function settledObject(draft: object, held: readonly Json[], items: UnknownItems, repeated: Repeated): Json {
  const settled: Json = {};
  for (const [key, value] of Object.entries(draft)) {
    const heldValues = held.map((one) => one[key]).filter((one) => one !== undefined && one !== null);
    const put = settledValue(key, value, heldValues, items, repeated);
    if (put.value === undefined) continue;
    settled[key] = put.value;
    if (put.isRepeated) repeated.attribute(settled, key);
  }
  return settled;
}

interface Put {
  readonly value: unknown;
  readonly isRepeated: boolean;
}

function settledValue(
  key: string,
  value: unknown,
  held: readonly unknown[],
  items: UnknownItems,
  repeated: Repeated,
): Put {
  if (value === unknown) {
    return { value: held.find((one) => !isPurge(one)), isRepeated: true };
  }
  if (value instanceof PartlyKnown) {
    const list = value.merged(held.find((one) => Array.isArray(one)) ?? []);
    return { value: list.length > 0 ? list : undefined, isRepeated: true };
  }
  if (isItemList(key) && Array.isArray(value)) {
    const list = settledList(
      key,
      value.filter(isObject),
      held.map((one) => (Array.isArray(one) ? one.filter(isObject) : [])),
      items,
      repeated,
    );
    return { value: list.length > 0 ? list : undefined, isRepeated: false };
  }
  if (!isObject(value)) return { value, isRepeated: false };
  const block = settledObject(
    value,
    held.filter(isObject).filter((one) => !isPurge(one)),
    items,
    repeated,
  );
  const isEmpty = optionalBlocks.has(key) && Object.keys(block).every((attribute) => attribute === 'purge');
  return { value: isEmpty ? undefined : block, isRepeated: false };
}

function settledList(
  name: ItemList,
  known: readonly Json[],
  held: readonly (readonly Json[])[],
  items: UnknownItems,
  repeated: Repeated,
): Json[] {
  const settled = new Map<string | undefined, Json>();
  for (const item of known) {
    const id = idIn(name, item);
    const heldItems = held.flatMap((list) => list.filter((one) => idIn(name, one) === id && !isPurge(one)));
    const [first] = heldItems;
    if (first !== undefined && name !== 'social_care_episodes' && items.isContradicted(name, String(id))) {
      const copy = withoutPurges(first);
      repeated.item(copy);
      settled.set(id, copy);
      continue;
    }
    settled.set(id, settledObject(item, heldItems, items, repeated));
  }
  for (const item of held.flat()) {
    const id = idIn(name, item);
    if (id === undefined || settled.has(id) || isPurge(item) || !items.has(name, id)) continue;
    const copy = withoutPurges(item);
    repeated.item(copy);
    settled.set(id, copy);
  }
  return [...settled.values()].sort((a, b) => compareText(idIn(name, a) ?? '', idIn(name, b) ?? ''));
}

/**
 * An item that is repeated whole, without what a submission wanted removed under it. Of the lists that are empty only that
 * of the factors stays: it says that there are none, where the others only remove what was there.
 */
function withoutPurges(item: Json): Json {
  return Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => !isPurge(value))
      .map(([key, value]): [string, unknown] => [
        key,
        Array.isArray(value) ? value.filter((one) => !isPurge(one)) : value,
      ])
      .filter(([key, value]) => key === 'factors' || !Array.isArray(value) || value.length > 0),
  );
}

function isPurge(value: unknown): boolean {
  return isObject(value) && value['purge'] === true;
}

function isObject(value: unknown): value is Json {
  return isJsonObject(value) && !(value instanceof PartlyKnown);
}
