import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.js';
import type { HeldChild } from './state.js';

/** What has no purge flag, by the published attributes: items without their own id. */
const withoutFlag = new Set(['care_worker_details', 'sdq_assessments']);

/**
 * What DfE holds about a child as a payload: `purge` is false wherever the attribute exists, and an assessment without
 * factors has `[]`. So it can be compared with payloads, including D2I's.
 */
export function asPayload(held: HeldChild): JsonObject {
  return flagged(held);
}

function flagged(thing: JsonObject): JsonObject {
  const members = Object.entries(thing).map(([name, value]) => [name, member(name, value)] as const);
  const factors = 'child_and_family_assessment_id' in thing ? { factors: [] } : {};
  return { ...factors, ...Object.fromEntries(members), purge: false };
}

function member(name: string, value: Json): Json {
  if (withoutFlag.has(name)) return value;
  if (isJsonArray(value)) return value.map((item) => (isJsonObject(item) ? flagged(item) : item));
  return isJsonObject(value) ? flagged(value) : value;
}
