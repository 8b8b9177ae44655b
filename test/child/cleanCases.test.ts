import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJsonArray, isJsonObject, type Json } from '../local/dfe/json.js';
import { asSent, findingsOf, judged, payloadOf } from './aPayload.js';
import { cleanCases } from './cleanCases.js';

/**
 * The attributes of the published payload by number, copied by hand from payload_fields.csv. Number 1, the
 * authority's code, stands in the address and not in the body.
 */
const attributes: readonly (readonly [number, string])[] = [
  [2, 'la_child_id'],
  [3, 'child_details.unique_pupil_number'],
  [4, 'child_details.former_unique_pupil_number'],
  [5, 'child_details.unique_pupil_number_unknown_reason'],
  [6, 'child_details.first_name'],
  [7, 'child_details.surname'],
  [8, 'child_details.date_of_birth'],
  [9, 'child_details.expected_date_of_birth'],
  [10, 'child_details.sex'],
  [11, 'child_details.ethnicity'],
  [12, 'child_details.disabilities'],
  [13, 'child_details.postcode'],
  [14, 'child_details.uasc_flag'],
  [15, 'child_details.uasc_end_date'],
  [16, 'social_care_episodes[].social_care_episode_id'],
  [17, 'social_care_episodes[].referral_date'],
  [18, 'social_care_episodes[].referral_source'],
  [19, 'social_care_episodes[].closure_date'],
  [20, 'social_care_episodes[].closure_reason'],
  [21, 'social_care_episodes[].referral_no_further_action_flag'],
  [22, 'social_care_episodes[].child_and_family_assessments[].child_and_family_assessment_id'],
  [23, 'social_care_episodes[].child_and_family_assessments[].start_date'],
  [24, 'social_care_episodes[].child_and_family_assessments[].authorisation_date'],
  [25, 'social_care_episodes[].child_and_family_assessments[].factors'],
  [26, 'social_care_episodes[].child_in_need_plans[].child_in_need_plan_id'],
  [27, 'social_care_episodes[].child_in_need_plans[].start_date'],
  [28, 'social_care_episodes[].child_in_need_plans[].end_date'],
  [29, 'social_care_episodes[].section_47_assessments[].section_47_assessment_id'],
  [30, 'social_care_episodes[].section_47_assessments[].start_date'],
  [31, 'social_care_episodes[].section_47_assessments[].icpc_required_flag'],
  [32, 'social_care_episodes[].section_47_assessments[].icpc_date'],
  [33, 'social_care_episodes[].section_47_assessments[].end_date'],
  [34, 'social_care_episodes[].child_protection_plans[].child_protection_plan_id'],
  [35, 'social_care_episodes[].child_protection_plans[].start_date'],
  [36, 'social_care_episodes[].child_protection_plans[].end_date'],
  [37, 'social_care_episodes[].child_looked_after_placements[].child_looked_after_placement_id'],
  [38, 'social_care_episodes[].child_looked_after_placements[].start_date'],
  [39, 'social_care_episodes[].child_looked_after_placements[].start_reason'],
  [40, 'social_care_episodes[].child_looked_after_placements[].postcode'],
  [41, 'social_care_episodes[].child_looked_after_placements[].placement_type'],
  [42, 'social_care_episodes[].child_looked_after_placements[].end_date'],
  [43, 'social_care_episodes[].child_looked_after_placements[].end_reason'],
  [44, 'social_care_episodes[].child_looked_after_placements[].change_reason'],
  [45, 'health_and_wellbeing.sdq_assessments[].date'],
  [46, 'health_and_wellbeing.sdq_assessments[].score'],
  [47, 'social_care_episodes[].adoption.initial_decision_date'],
  [48, 'social_care_episodes[].adoption.matched_date'],
  [49, 'social_care_episodes[].adoption.placed_date'],
  [50, 'social_care_episodes[].care_leavers.contact_date'],
  [51, 'social_care_episodes[].care_leavers.activity'],
  [52, 'social_care_episodes[].care_leavers.accommodation'],
  [53, 'social_care_episodes[].care_worker_details[].worker_id'],
  [54, 'social_care_episodes[].care_worker_details[].start_date'],
  [55, 'social_care_episodes[].care_worker_details[].end_date'],
];

/** The paths of everything that holds a value; a list of codes is one value. */
function pathsIn(value: Json, path = ''): string[] {
  if (isJsonArray(value)) {
    return value.some(isJsonObject) ? value.flatMap((item) => pathsIn(item, `${path}[]`)) : [path];
  }
  if (!isJsonObject(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsIn(inner, path === '' ? key : `${path}.${key}`),
  );
}

describe('the payload of', () => {
  for (const { story, rows, expected } of cleanCases) {
    it(`${story} is, to the byte, what the specification asks for`, () => {
      const child = payloadOf(rows);
      assert.deepEqual(asSent(child), expected);
      assert.equal(JSON.stringify(child), JSON.stringify(expected));
    });

    it(`${story} passes the simulated DfE and leaves no finding`, () => {
      judged(payloadOf(rows));
      assert.deepEqual(findingsOf(rows), []);
    });
  }
});

describe('the clean cases', () => {
  const covered = new Set(cleanCases.flatMap(({ expected }) => pathsIn(expected)));

  it('name the attributes 2 to 55, each once', () => {
    assert.deepEqual(
      attributes.map(([number]) => number),
      Array.from({ length: 54 }, (_, index) => index + 2),
    );
    assert.equal(new Set(attributes.map(([, path]) => path)).size, 54);
  });

  for (const [number, path] of attributes) {
    it(`hold attribute ${number}, ${path}`, () => assert.ok(covered.has(path)));
  }

  it('hold nothing else but the id of the management system and purge flags', () => {
    const known = new Set(attributes.map(([, path]) => path));
    const others = [...covered].filter((path) => !known.has(path) && !/(^|\.)purge$/.test(path));
    assert.deepEqual(others, ['mis_child_id']);
  });
});
