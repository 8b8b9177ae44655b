import type { JsonObject } from './json.js';
import * as codes from './codes.js';

/** Name of the ajv keyword of this simulator: no two objects of a list share the value of that field. */
export const UNIQUE_BY = 'uniqueBy';

/**
 * The rules for one child as JSON Schema, written by hand from payload_fields.csv (numbers 2 to 55).
 *
 * Nothing but the published attributes, types, lengths, id patterns, mandatory ids, real calendar dates, and the code
 * lists. The endpoint itself probably checks only three of the lists (UPN-unknown reason, care-leaver activity and
 * accommodation, dfe-api.md); DfE's second stage is thought to check the others, no repeats, NONE alone, the range of
 * the SDQ score, UPN or reason but not both, and `child_details` on every child. Two rules are in no document, but
 * without them what DfE holds would be a matter of luck: a text is not empty, and no two items of a list have the same
 * id.
 */
export function childSchema(): JsonObject {
  const date: JsonObject = { type: 'string', format: 'date' };
  const flag: JsonObject = { type: 'boolean' };
  const upn: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9]{13}$' };
  const id = (maxLength: number): JsonObject => ({
    type: 'string',
    minLength: 1,
    maxLength,
    pattern: '^[A-Za-z0-9_-]*$',
  });
  // Half a surrogate pair (text cut in the middle of a character) has no UTF-8 form; .NET refuses it.
  const text = (maxLength: number): JsonObject => ({
    type: 'string',
    minLength: 1,
    maxLength,
    pattern: '^\\P{Surrogate}*$',
  });
  const postcode: JsonObject = { type: 'string', maxLength: 8, pattern: '^\\S{2,4} \\S{3}$' };
  const code = (list: readonly string[]): JsonObject => ({ type: 'string', enum: list });
  const codeList = (list: readonly string[], maxItems: number): JsonObject => ({
    type: 'array',
    items: code(list),
    maxItems,
    uniqueItems: true,
  });
  const listOf = (items: JsonObject, idName?: string): JsonObject => ({
    type: 'array',
    items,
    ...(idName === undefined ? {} : { [UNIQUE_BY]: idName }),
  });
  const listById = (idName: string, properties: JsonObject): JsonObject =>
    listOf(purgeable({ [idName]: id(36) }, [idName], properties), idName);

  const childDetails = purgeable(
    {},
    [],
    {
      unique_pupil_number: upn,
      former_unique_pupil_number: upn,
      unique_pupil_number_unknown_reason: code(codes.upnUnknownReasons),
      first_name: text(128),
      surname: text(128),
      date_of_birth: date,
      expected_date_of_birth: date,
      sex: code(codes.sexes),
      ethnicity: code(codes.ethnicities),
      disabilities: {
        ...codeList(codes.disabilities, 12),
        if: { type: 'array', contains: { const: 'NONE' } },
        then: { type: 'array', maxItems: 1 },
      },
      postcode,
      uasc_flag: flag,
      uasc_end_date: date,
    },
    { not: { required: ['unique_pupil_number', 'unique_pupil_number_unknown_reason'] } },
  );

  const healthAndWellbeing = purgeable({}, [], {
    sdq_assessments: listOf(closed({ date, score: { type: 'integer', minimum: 0, maximum: 40 } }, [])),
  });

  const episodes = listById('social_care_episode_id', {
    referral_date: date,
    referral_source: code(codes.referralSources),
    closure_date: date,
    closure_reason: code(codes.closureReasons),
    referral_no_further_action_flag: flag,
    care_worker_details: listOf(
      closed({ worker_id: id(12), start_date: date, end_date: date }, ['worker_id']),
    ),
    child_and_family_assessments: listById('child_and_family_assessment_id', {
      start_date: date,
      authorisation_date: date,
      factors: codeList(codes.assessmentFactors, 41),
    }),
    child_in_need_plans: listById('child_in_need_plan_id', { start_date: date, end_date: date }),
    section_47_assessments: listById('section_47_assessment_id', {
      start_date: date,
      icpc_required_flag: flag,
      icpc_date: date,
      end_date: date,
    }),
    child_protection_plans: listById('child_protection_plan_id', { start_date: date, end_date: date }),
    child_looked_after_placements: listById('child_looked_after_placement_id', {
      start_date: date,
      start_reason: code(codes.placementStartReasons),
      postcode,
      placement_type: code(codes.placementTypes),
      end_date: date,
      end_reason: code(codes.placementEndReasons),
      change_reason: code(codes.placementChangeReasons),
    }),
    adoption: purgeable({}, [], { initial_decision_date: date, matched_date: date, placed_date: date }),
    care_leavers: purgeable({}, [], {
      contact_date: date,
      activity: code(codes.careLeaverActivities),
      accommodation: code(codes.careLeaverAccommodations),
    }),
  });

  return purgeable(
    { la_child_id: id(20), mis_child_id: id(36) },
    ['la_child_id'],
    {
      child_details: childDetails,
      health_and_wellbeing: healthAndWellbeing,
      social_care_episodes: episodes,
    },
    { required: ['la_child_id', 'child_details'] },
  );
}

function closed(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/**
 * Either a purge entry, which is only its ids and `purge: true`, or the thing itself, which may have `purge: false` (D2I
 * always sends it). `whenKept` has rules for the thing itself only.
 */
function purgeable(
  ids: JsonObject,
  required: readonly string[],
  properties: JsonObject,
  whenKept: JsonObject = {},
): JsonObject {
  return {
    type: 'object',
    if: { type: 'object', properties: { purge: { const: true } }, required: ['purge'] },
    then: closed({ ...ids, purge: { type: 'boolean' } }, required),
    else: { ...closed({ ...ids, ...properties, purge: { type: 'boolean' } }, required), ...whenKept },
  };
}
