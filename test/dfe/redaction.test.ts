import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutValues } from '../../shared/dfe/redaction.js';

const aChild = {
  la_child_id: 'C123',
  child_details: { first_name: 'Siân', surname: 'Ó Néill', date_of_birth: '2015-05-05', sex: 'F' },
  social_care_episodes: [{ social_care_episode_id: 'E-77', closure_reason: 'RC8' }],
};

test('takes every value of the child out of a text, however deep it stands', () => {
  const text = 'C123: Siân Ó Néill, born 2015-05-05, episode E-77';
  assert.equal(
    withoutValues(text, [aChild]),
    '[removed]: [removed] [removed], born [removed], episode [removed]',
  );
});

test("leaves field names and DfE's own words", () => {
  const text = '[0].social_care_episodes[0].referral_source is not in the code list';
  assert.equal(withoutValues(text, [aChild]), text);
});

test('takes out short names, other capitals, names with signs in them, and dates in another form', () => {
  const child = { first_name: 'Jo', surname: "O'Ng (née X)", date_of_birth: '2015-01-31' };
  assert.equal(
    withoutValues("jo O'NG (NÉE X), born 31/01/2015, joined nothing", [child]),
    '[removed] [removed], born [removed], joined nothing',
  );
});
