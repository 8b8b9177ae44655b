import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aChild, aWholeChild } from './caller.js';
import { judge } from './judge.js';
import * as codes from './codes.js';
import type { Json, JsonObject } from './json.js';

/** `path: message` for each violation; none when the child is sound. */
function remarks(child: Json): readonly string[] {
  const verdict = judge(child);
  return verdict.sound ? [] : verdict.violations.map(({ path, message }) => `${path}: ${message}`);
}

const withDetails = (details: JsonObject) => aChild('C1', { child_details: details });
const withEpisode = (rest: JsonObject) =>
  aChild('C1', { social_care_episodes: [{ social_care_episode_id: 'E1', ...rest }] });
const withAssessment = (rest: JsonObject) =>
  withEpisode({ child_and_family_assessments: [{ child_and_family_assessment_id: 'A1', ...rest }] });
const withPlacement = (rest: JsonObject) =>
  withEpisode({ child_looked_after_placements: [{ child_looked_after_placement_id: 'P1', ...rest }] });

describe('the judge accepts', () => {
  const sound: readonly (readonly [string, Json])[] = [
    ['a child with every attribute', aWholeChild],
    ['the least child', aChild('C1')],
    ['a purge of a child', { la_child_id: 'C1', mis_child_id: 'M1', purge: true }],
    ['a purge of a child without mis_child_id', { la_child_id: 'C1', purge: true }],
    ['a purge of details', aChild('C1', { child_details: { purge: true } })],
    ['a purge of health', aChild('C1', { health_and_wellbeing: { purge: true } })],
    [
      'a purge of an episode',
      aChild('C1', { social_care_episodes: [{ social_care_episode_id: 'E', purge: true }] }),
    ],
    ['a purge of an assessment', withAssessment({ purge: true })],
    ['a purge of a placement', withPlacement({ purge: true })],
    [
      'a purge of adoption and care leavers',
      withEpisode({ adoption: { purge: true }, care_leavers: { purge: true } }),
    ],
    ['empty lists', withAssessment({ factors: [] })],
    ['41 factors', withAssessment({ factors: codes.assessmentFactors.slice(0, 41) })],
    ['12 disabilities', withDetails({ disabilities: codes.disabilities.slice(1) })],
    ['NONE alone', withDetails({ disabilities: ['NONE'] })],
    ['a name of 128 characters outside the first plane', withDetails({ surname: '𠮷'.repeat(128) })],
    ['a 29 February that was', withDetails({ date_of_birth: '2024-02-29' })],
  ];
  for (const [what, child] of sound) {
    it(what, () => {
      assert.deepEqual(remarks(child), []);
    });
  }
});

describe('the judge refuses', () => {
  const bad: readonly (readonly [string, Json, string])[] = [
    ['what is no object', 'C1', ''],
    ['a child without id', { child_details: {} }, '.la_child_id'],
    ['an empty id', aChild(''), '.la_child_id'],
    ['an id of 21', aChild('1'.repeat(21)), '.la_child_id'],
    ['an id with a letter outside the pattern', aChild('C/1'), '.la_child_id'],
    ['an id that is a number', aChild('C1', { mis_child_id: 1 }), '.mis_child_id'],
    ['an unknown attribute of the child', aChild('C1', { Children: [] }), '.Children'],
    [
      'an unknown attribute deep inside',
      withAssessment({ colour: 'x' }),
      '.social_care_episodes[0].child_and_family_assessments[0].colour',
    ],
    [
      'an episode without id',
      aChild('C1', { social_care_episodes: [{}] }),
      '.social_care_episodes[0].social_care_episode_id',
    ],
    [
      'a worker without id',
      withEpisode({ care_worker_details: [{}] }),
      '.social_care_episodes[0].care_worker_details[0].worker_id',
    ],
    [
      'a worker id of 13',
      withEpisode({ care_worker_details: [{ worker_id: '1'.repeat(13) }] }),
      '.social_care_episodes[0].care_worker_details[0].worker_id',
    ],
    [
      'a purge of a worker',
      withEpisode({ care_worker_details: [{ worker_id: 'W', purge: true }] }),
      '.social_care_episodes[0].care_worker_details[0].purge',
    ],
    ['a purge with other fields', { ...aChild('C1'), purge: true }, '.child_details'],
    ['a purge that is text', aChild('C1', { purge: 'true' }), '.purge'],
    [
      'a UPN of 12',
      withDetails({ unique_pupil_number: 'A12345678901' }),
      '.child_details.unique_pupil_number',
    ],
    ['a name of 129', withDetails({ surname: 'x'.repeat(129) }), '.child_details.surname'],
    ['half a character', withDetails({ surname: 'x\ud842' }), '.child_details.surname'],
    [
      'a date with a time',
      withDetails({ date_of_birth: '2024-02-28T00:00:00' }),
      '.child_details.date_of_birth',
    ],
    [
      'a 29 February that never was',
      withDetails({ date_of_birth: '2023-02-29' }),
      '.child_details.date_of_birth',
    ],
    ['a flag that is text', withDetails({ uasc_flag: 'true' }), '.child_details.uasc_flag'],
    [
      'an unknown reason outside its list',
      withDetails({ unique_pupil_number_unknown_reason: 'UN11' }),
      '.child_details.unique_pupil_number_unknown_reason',
    ],
    [
      'a care-leaver activity outside its list',
      withEpisode({ care_leavers: { activity: 'F3' } }),
      '.social_care_episodes[0].care_leavers.activity',
    ],
    [
      'an accommodation outside its list',
      withEpisode({ care_leavers: { accommodation: 'A' } }),
      '.social_care_episodes[0].care_leavers.accommodation',
    ],
    [
      '42 factors',
      withAssessment({ factors: codes.assessmentFactors }),
      '.social_care_episodes[0].child_and_family_assessments[0].factors',
    ],
    ['13 disabilities', withDetails({ disabilities: codes.disabilities }), '.child_details.disabilities'],
    [
      'a placement type of four',
      withPlacement({ placement_type: 'Z140' }),
      '.social_care_episodes[0].child_looked_after_placements[0].placement_type',
    ],
    [
      'a score that is text',
      aChild('C1', { health_and_wellbeing: { sdq_assessments: [{ score: '12' }] } }),
      '.health_and_wellbeing.sdq_assessments[0].score',
    ],
  ];
  for (const [what, child, path] of bad) {
    it(what, () => {
      const verdict = judge(child);
      assert.ok(!verdict.sound);
      assert.ok(
        verdict.violations.some((one) => one.path === path),
        JSON.stringify(verdict.violations),
      );
    });
  }
});

describe('the judge refuses, and says why:', () => {
  const doubtful: readonly (readonly [string, Json, string])[] = [
    ['a child without details', { la_child_id: 'C1' }, '.child_details: is mandatory'],
    ['null', withDetails({ surname: null }), '.child_details.surname: must be string'],
    [
      'an empty text',
      withDetails({ surname: '' }),
      '.child_details.surname: must NOT have fewer than 1 characters',
    ],
    [
      'an ethnicity outside its list',
      withDetails({ ethnicity: 'C3' }),
      '.child_details.ethnicity: must be equal to one of the allowed values',
    ],
    [
      'a retired factor',
      withAssessment({ factors: ['18A'] }),
      '.social_care_episodes[0].child_and_family_assessments[0].factors[0]: must be equal to one of the allowed values',
    ],
    [
      'NONE beside another',
      withDetails({ disabilities: ['NONE', 'MOB'] }),
      '.child_details.disabilities: must NOT have more than 1 items',
    ],
    [
      'a disability twice',
      withDetails({ disabilities: ['MOB', 'MOB'] }),
      '.child_details.disabilities: must NOT have duplicate items (items ## 1 and 0 are identical)',
    ],
    [
      'a postcode without blank',
      withDetails({ postcode: 'SW1A1AA' }),
      '.child_details.postcode: must match pattern "^\\S{2,4} \\S{3}$"',
    ],
    [
      'a score of 41',
      aChild('C1', { health_and_wellbeing: { sdq_assessments: [{ score: 41 }] } }),
      '.health_and_wellbeing.sdq_assessments[0].score: must be <= 40',
    ],
    [
      'UPN and unknown reason together',
      withDetails({ unique_pupil_number: 'A123456789012', unique_pupil_number_unknown_reason: 'UN1' }),
      '.child_details: unique_pupil_number and unique_pupil_number_unknown_reason exclude each other',
    ],
    [
      'two items with one id',
      aChild('C1', {
        social_care_episodes: [
          { social_care_episode_id: 'E1' },
          { social_care_episode_id: 'E1', purge: true },
        ],
      }),
      '.social_care_episodes: two items have the same id',
    ],
  ];
  for (const [what, child, remark] of doubtful) {
    it(what, () => {
      assert.deepEqual(remarks(child), [remark]);
    });
  }
});

it('quotes no value of a child in its remarks', () => {
  const secret = 'Szczęsny';
  const child = withDetails({
    surname: secret.repeat(20),
    sex: secret,
    date_of_birth: secret,
    disabilities: [secret],
  });
  const told = remarks(child);
  assert.equal(told.length, 4);
  assert.ok(!told.join().includes(secret));
});
