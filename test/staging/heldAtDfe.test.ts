import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import type { Settlement } from '../../shared/staging/settlement.js';
import {
  aChange,
  aLeaver,
  aNewChild,
  accepted,
  firstRun,
  notTaken,
  refused,
  secondRun,
  staged,
} from './children.js';
import { describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('what DfE holds', (staging) => {
  const { children, claim, haveAccepted, settle, stage, wholeRowOf } = staging;

  it('Each child that DfE holds or may hold is counted once', async () => {
    const ids = ['A1', 'B2', 'C3', 'D4', 'E5', 'F6'];
    const [inStepChild, changed, waiting, rejected, gone, onlyStaged] = ids.map((id) => aNewChild(id));
    assert.ok(inStepChild && changed && waiting && rejected && gone && onlyStaged);
    assert.equal(await staging.table.countHeld(), 0);
    await stage(inStepChild, changed, waiting, rejected, gone, onlyStaged);
    assert.equal(await staging.table.countHeld(), 0, 'nothing was sent');
    await claim(firstRun, inStepChild, changed, waiting, rejected, gone);
    assert.equal(await staging.table.countHeld(), 5, 'all that was sent is unanswered');
    await settle(firstRun, accepted(inStepChild), accepted(changed), refused(rejected));
    await stage(aChange('B2'), aLeaver('E5'));
    await claim(secondRun, aChange('B2'));
    await haveAccepted(secondRun, aLeaver('E5'));
    assert.equal(await staging.table.countHeld(), 3);
  });

  const child = aNewChild('A1');
  const other = aNewChild('B2');
  beforeEach(() => stage(child, other));

  const isSent = () => claim(firstRun, child);
  const isAccepted = () => haveAccepted(firstRun, child);
  const isAnswered = (answer: Settlement) => () => settle(firstRun, answer);
  const leaves = () => stage(aLeaver('A1'));
  const nothing = 'DfE holds nothing';
  const cases: readonly (readonly [what: string, held: string, ...steps: (() => Promise<unknown>)[]])[] = [
    ['was never sent', nothing],
    ['was refused', nothing, isSent, isAnswered(refused(child))],
    ['was certainly not taken', nothing, isSent, isAnswered(notTaken(child))],
    ['was purged', nothing, isAccepted, leaves, () => haveAccepted(secondRun, aLeaver('A1'))],
    ['is being sent', 'DfE may hold the child', isSent],
    [
      'was refused after a try without an answer',
      'DfE may hold the child',
      isSent,
      isAnswered(refused(child, 'no', true)),
    ],
    ['was accepted', 'DfE holds the child', isAccepted],
    [
      'was accepted, and its purge is unanswered',
      'DfE holds the child',
      isAccepted,
      leaves,
      () => claim(secondRun, aLeaver('A1')),
    ],
  ];
  for (const [what, held, ...steps] of cases) {
    const goes = held === nothing;
    it(`The row of a child that ${what} is ${goes ? 'removed' : 'kept'}: ${held}`, async () => {
      for (const step of steps) await step();
      const before = await wholeRowOf('A1');
      assert.equal(await staging.table.heldAtDfe('A1'), held);
      assert.equal(await staging.table.removeIfNotHeld('A1'), goes);
      assert.equal(await staging.table.heldAtDfe('A1'), goes ? 'no row' : held);
      if (!goes) assert.deepEqual(await wholeRowOf('A1'), before);
      assert.ok(
        (await children()).some(({ personId }) => personId === 'B2'),
        'and no other row',
      );
    });
  }

  it('A child that the table does not have has no row to remove', async () => {
    assert.equal(await staging.table.heldAtDfe('Z9'), 'no row');
    assert.equal(await staging.table.removeIfNotHeld('Z9'), true);
    assert.equal((await children()).length, 2);
  });

  it('A child whose row was removed before its run came to it is not claimed', async () => {
    await staging.table.removeIfNotHeld('A1');
    assert.deepEqual(await claim(firstRun, child), new Map());
    assert.deepEqual(await children(), [staged(other)]);
  });
});
