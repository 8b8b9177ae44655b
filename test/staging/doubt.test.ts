import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submissionsIn, withSubmission } from '../../shared/staging/doubt.js';

describe('what was sent and never answered', () => {
  it('is nothing at first, and then each submission once, the oldest first', () => {
    assert.deepEqual(submissionsIn(undefined), []);
    const text = ['{"a":"1\\n2"}', '{"b":2}', '{"a":"1\\n2"}'].reduce<string | undefined>(
      withSubmission,
      undefined,
    );
    assert.deepEqual(submissionsIn(text), ['{"a":"1\\n2"}', '{"b":2}']);
  });
  it('may begin with a text of several lines that another system has written', () => {
    const theirs = '{\n  "a": 1\n}';
    assert.deepEqual(submissionsIn(theirs), [theirs]);
    const both = submissionsIn(withSubmission(theirs, '{"b":2}'));
    assert.deepEqual(
      both.map((json): unknown => JSON.parse(json)),
      [{ a: 1 }, { b: 2 }],
    );
  });
});
