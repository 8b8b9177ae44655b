import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { refusalRuleOf, refusalRulePattern } from '../../shared/dfe/refusalRule.js';

describe('the rule of a refusal', () => {
  it('is the status and the field that DfE names, without indexes', () => {
    assert.equal(
      refusalRuleOf('400: social_care_episodes[0].referral_source: must be one of the list'),
      '400 social_care_episodes.referral_source',
    );
    assert.equal(
      refusalRuleOf('422: child_details.postcode is not a postcode'),
      '422 child_details.postcode',
    );
  });

  it('is the deepest of several fields', () => {
    assert.equal(
      refusalRuleOf('400: child_details: see child_details.sex; surname'),
      '400 child_details.sex',
    );
  });

  it('is the status alone when DfE names no field', () => {
    assert.equal(refusalRuleOf('403: The request was blocked.'), '403');
    assert.equal(refusalRuleOf('999: a status that no standard has'), '999');
    assert.equal(refusalRuleOf('400: Mary was refused because of [removed]'), '400');
  });

  it('is the status alone when DfE names a field’s name only as a word of its own sentence', () => {
    assert.equal(refusalRuleOf('400: must be a valid date'), '400');
    assert.equal(
      refusalRuleOf('400: health_and_wellbeing.sdq_assessments[0].date: must be a valid date'),
      '400 health_and_wellbeing.sdq_assessments.date',
    );
  });

  it('does not take a field name within a longer word or path for a field', () => {
    assert.equal(refusalRuleOf('400: unknown_postcode_thing and dates'), '400');
  });

  it('holds nothing but the status and names of fields, whatever DfE says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('400: ', '')), fc.string(), (head, words) => {
        assert.match(refusalRuleOf(`${head}${words} child_details.${words}`), refusalRulePattern);
      }),
    );
  });
});
