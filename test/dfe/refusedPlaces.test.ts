import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keptWords, vocabularyWith } from '../../shared/dfe/keptWords.js';
import { allWords, recordsNamed } from '../../shared/dfe/refusal.js';
import { refusedPlaces } from '../../shared/dfe/refusedPlaces.js';

const payload = {
  la_child_id: 'C1',
  child_details: { first_name: 'Date', surname: 'Child' },
  social_care_episodes: [
    {
      social_care_episode_id: 'E1',
      child_looked_after_placements: [{ child_looked_after_placement_id: 'P1', change_reason: 'CHILD' }],
    },
  ],
};
const inEpisode = 'social_care_episodes[0].child_looked_after_placements[0].change_reason';
const placement = {
  table: 'ssd_cla_placement',
  column: 'clap_cla_placement_change_reason',
  rowId: 'P1',
  parentId: 'E1',
};
const surname = { table: 'ssd_person', column: 'pers_surname', rowId: 'C1' };

/** The places of an answer to a POST with this child alone. */
function placesOf(answer: unknown) {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const words = recordsNamed(text, 1).get(0) ?? allWords(text);
  const reason = `400: ${keptWords(words, payload, vocabularyWith(), 1000)}`;
  return refusedPlaces(reason, payload, { placementIdsRepeat: false });
}

describe('the places in the SSD that a refusal leads to', () => {
  const forms: readonly (readonly [name: string, answer: unknown])[] = [
    ['text with an index and a path', `[0].${inEpisode}: CHILD is not in the code list`],
    ['text with a path only', `${inEpisode} 'CHILD' is not known`],
    ['a list of errors', { errors: [`body[0].${inEpisode}: must be equal to one of the allowed values`] }],
    ['a problem document', { title: 'Bad request', errors: { [`[0].${inEpisode}`]: ['is no code'] } }],
    ['objects with paths', [{ path: `$[0].${inEpisode}`, message: 'is no code', value: 'CHILD' }]],
    ['a JSON pointer', { pointer: `#/${inEpisode.replaceAll(/[.[\]]+/g, '/')}`, detail: 'is no code' }],
    ['the names of a program', '[0].SocialCareEpisodes[0].ChildLookedAfterPlacements[0].ChangeReason: no'],
  ];
  for (const [name, answer] of forms) {
    test(`are the column and the row, from ${name}`, () => {
      assert.deepEqual(placesOf(answer), [placement]);
    });
  }

  test('are several when DfE names several fields, each once', () => {
    const answer = {
      errors: [`[0].${inEpisode}: is no code`, '[0].child_details.surname: is too long', '[0].surname: no'],
    };
    assert.deepEqual(placesOf(answer), [placement, surname]);
  });

  test('are columns without a row when DfE names a field alone', () => {
    assert.deepEqual(placesOf('The change_reason is not valid'), [
      { table: placement.table, column: placement.column },
    ]);
  });

  test('are none when DfE names no field, or only a word that its sentences have', () => {
    for (const answer of [
      '',
      '<html><body><h1>403 Forbidden</h1></body></html>',
      'The child is not valid: the date is in the future',
      { title: 'Bad request', detail: "'Date' is not a valid date" },
    ]) {
      assert.deepEqual(placesOf(answer), [], JSON.stringify(answer));
    }
  });
});
