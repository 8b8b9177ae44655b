import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pauses } from '../../shared/guards/guards.js';
import { allIds, explanation, guardsThatPause, off } from './anOrdinaryRun.js';

const held = { 'social_care_episodes.care_worker_details': 310, 'social_care_episodes.adoption': 12 };

describe('a category that is newly left out', () => {
  it('pauses the run that asks DfE to remove it, and says how', () => {
    const said = explanation('categories', { leftOut: ['adoption', 'careWorkers'], vanished: held });
    assert.match(said, /adoption \(adoption, 12 children\), care workers \(careWorkers, 310 children\)/);
    assert.match(said, /cannot remove care workers alone: .*the next run sends that block again/);
    const alone = explanation(
      'categories',
      { leftOut: ['adoption'], vanished: { 'social_care_episodes.adoption': 12 } },
      off,
    );
    assert.doesNotMatch(alone, /block/);
  });

  it('pauses nothing when DfE holds nothing of it, or when the run before left it out already', () => {
    assert.deepEqual(guardsThatPause({ leftOut: ['adoption'] }), []);
    const leftOut = ['adoption', 'careWorkers'] as const;
    assert.deepEqual(guardsThatPause({ leftOut, leftOutBefore: leftOut, vanished: held }), []);
  });

  it('is not taken for a table that was emptied, nor for ids that were renewed', () => {
    const { placements } = allIds({ held: 100, gone: 100, new: 0 });
    const idChurn = { ...allIds({ held: 100, gone: 0, new: 0 }), placements };
    const vanished = { 'social_care_episodes.child_looked_after_placements': 100 };
    assert.deepEqual(guardsThatPause({ leftOut: ['placements'], vanished, idChurn }), ['categories']);
    assert.deepEqual(guardsThatPause({ vanished, idChurn }), ['idChurn', 'vanished']);
  });

  it('is named where children leave the cohort with it', () => {
    const said = explanation('leavers', { leavers: 100, leftOut: ['careLeavers'] });
    assert.match(said, /Since the run before, care leavers are left out/);
  });
});

describe('a run without an agreement', () => {
  it('is paused, and an approval in advance changes nothing', () => {
    const found = explanation('agreement', { notAgreed: 'No agreement.' }, off);
    assert.equal(found, 'No agreement. Nothing of this run has left the authority.');
    assert.equal(pauses([{ guard: 'agreement', explanation: found }], true), true);
    assert.equal(pauses([{ guard: 'leavers', explanation: '' }], true), false);
    assert.equal(pauses([{ guard: 'leavers', explanation: '' }], false), true);
    assert.equal(pauses([], false), false);
  });
});
