import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.js';

/** What DfE does with what it already holds when a child is sent again. Which of these is true is not published. */
export type ArrayMode = 'replace' | 'merge' | 'blocks';

/** A child as DfE holds it: the attributes of the payload without `purge`, without empty lists and blocks. */
export interface HeldChild extends JsonObject {
  readonly la_child_id: string;
}

/** Where a thing has lists whose items have an id (and of what name), and where it has blocks (single objects). */
interface Shape {
  readonly lists: ReadonlyMap<string, { readonly idName: string; readonly items: Shape }>;
  readonly blocks: ReadonlyMap<string, Shape>;
}

const plain: Shape = { lists: new Map(), blocks: new Map() };

const episode: Shape = {
  lists: new Map([
    ['child_and_family_assessments', { idName: 'child_and_family_assessment_id', items: plain }],
    ['child_in_need_plans', { idName: 'child_in_need_plan_id', items: plain }],
    ['section_47_assessments', { idName: 'section_47_assessment_id', items: plain }],
    ['child_protection_plans', { idName: 'child_protection_plan_id', items: plain }],
    ['child_looked_after_placements', { idName: 'child_looked_after_placement_id', items: plain }],
  ]),
  blocks: new Map([
    ['adoption', plain],
    ['care_leavers', plain],
  ]),
};

const child: Shape = {
  lists: new Map([['social_care_episodes', { idName: 'social_care_episode_id', items: episode }]]),
  blocks: new Map([
    ['child_details', plain],
    ['health_and_wellbeing', plain],
  ]),
};

/**
 * What DfE holds of a child after one record: the new state, or undefined when the record removes the child.
 * Pure; `record` must be valid by rules.ts.
 *
 * In all modes the plain values of a thing that is sent are taken as a whole: one that is missing is gone (an episode
 * sent without its closure date is open again). `purge: true` removes what it is set on.
 *
 * - `replace`: the record is the whole child. What it does not have is gone.
 * - `blocks`: as `replace` for each block directly under the child that the record has; the others stay as they were.
 * - `merge`: a list or block that is missing stays as it was. A list by id is merged by id, at every level, so an
 *   item goes only by its purge entry and `[]` changes nothing. A list without ids (factors, disabilities,
 *   sdq_assessments, care_worker_details) is replaced when it is sent, so `[]` empties it and leaving it out does not:
 *   the strictest reading for a sender.
 *
 * Lists are kept in a fixed order (by id, else by content), so that equal states are deeply equal.
 */
export function applyRecord(
  held: HeldChild | undefined,
  record: JsonObject & { readonly la_child_id: string },
  mode: ArrayMode,
): HeldChild | undefined {
  if (isPurge(record)) return undefined;
  const base = mode === 'merge' ? held : mode === 'blocks' ? without(held, record) : undefined;
  return { ...take(base, record, child), la_child_id: record.la_child_id };
}

function without(held: HeldChild | undefined, record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(held ?? {}).filter(([name]) => !(name in record)));
}

/** `held` is undefined when nothing that was held may remain. */
function take(held: JsonObject | undefined, sent: JsonObject, shape: Shape): JsonObject {
  const fields: [string, Json][] = [];
  for (const name of new Set([...Object.keys(held ?? {}), ...Object.keys(sent)])) {
    const value = takeField(name, held?.[name], sent[name], shape);
    if (value !== undefined && !isEmpty(value)) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

function takeField(
  name: string,
  held: Json | undefined,
  sent: Json | undefined,
  shape: Shape,
): Json | undefined {
  if (name === 'purge') return undefined;
  if (sent === undefined) return typeof held === 'object' ? held : undefined;
  const list = shape.lists.get(name);
  if (list !== undefined && isJsonArray(sent)) {
    return takeList(isJsonArray(held) ? held : [], sent, list.idName, list.items);
  }
  const block = shape.blocks.get(name);
  if (block !== undefined && isJsonObject(sent)) {
    return isPurge(sent) ? undefined : take(isJsonObject(held) ? held : undefined, sent, block);
  }
  return isJsonArray(sent) ? inOrder(sent, (item) => JSON.stringify(item, sortedNames(item))) : sent;
}

function takeList(
  held: readonly Json[],
  sent: readonly Json[],
  idName: string,
  items: Shape,
): readonly Json[] {
  const byId = new Map<string, JsonObject>();
  for (const item of held.filter(isJsonObject)) byId.set(idOf(item, idName), item);
  for (const item of sent.filter(isJsonObject)) {
    const id = idOf(item, idName);
    if (isPurge(item)) byId.delete(id);
    else byId.set(id, take(byId.get(id), item, items));
  }
  return inOrder([...byId.values()], (item) => idOf(item, idName));
}

function idOf(item: JsonObject, idName: string): string {
  const id = item[idName];
  if (typeof id !== 'string') throw new Error(`An item without ${idName} got past the judge.`);
  return id;
}

function isPurge(thing: JsonObject): boolean {
  return thing['purge'] === true;
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function sortedNames(item: Json): string[] | null {
  return isJsonObject(item) ? Object.keys(item).sort() : null;
}

function inOrder<T extends Json>(items: readonly T[], by: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, key: by(item) }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ item }) => item);
}
