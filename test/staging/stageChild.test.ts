import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonical } from '../../shared/child/canonical.js';
import { submissionOf } from '../../shared/child/changes/difference.js';
import type { Child, ChildPurge } from '../../shared/child/payload.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import { stageAbsence, stageChild, type Staged } from '../../shared/staging/transitions.js';
import { aPerson } from '../child/aPerson.js';
import { payloadOf } from '../child/aPayload.js';
import {
  accepted,
  answered,
  claimed,
  left,
  refused,
  settled,
  staged,
  versions,
  wholeOf,
} from './childOverTime.js';

const { A, B, C } = versions;
const purge: ChildPurge = { la_child_id: '1001', mis_child_id: 'M1', purge: true };
const shortPurge: ChildPurge = { la_child_id: '1001', purge: true };
/** Of a child that DfE has as A. */
const update = (child: Child) => submissionOf(child, [canonical(A).json]);

/** What a run makes of a child: its new state, what is written about it, and what can be sent. */
interface Outcome {
  readonly is: `${Staged['rowState']}, ${'in step' | 'outstanding' | 'refused'}`;
  /** The states and the payload; `undefined` when the table says so already. */
  readonly writes?: string;
  readonly sends: unknown;
}

function outcomeOf(result: Staged): Outcome {
  const { rowState, write, outstanding, refused } = result;
  assert.ok(outstanding || !refused);
  const is = `${rowState}, ${refused ? 'refused' : outstanding ? 'outstanding' : 'in step'}` as const;
  const sends = wholeOf(result)?.payload;
  if (write === undefined) return { is, sends };
  const payloads = Object.entries({ ...versions, purge, 'short purge': shortPurge });
  const [payload] = payloads.find(([, content]) => canonical(content).json === write.json) ?? [];
  return { is, writes: `${write.rowState} ${write.status} ${payload ?? write.json}`, sends };
}

function rowOf(row: Partial<StagedChild>): StagedChild {
  return {
    personId: '1001',
    rowState: undefined,
    status: undefined,
    currentHash: undefined,
    acknowledged: undefined,
    mayHold: [],
    refusedHash: undefined,
    legacyId: undefined,
    ...row,
  };
}

/** Accepted by DfE from Data to Insight's sender: the same content, in their order of keys and lists. */
function sentByThem(child: Child): StagedChild {
  const reversed = Object.fromEntries(Object.entries(child).reverse());
  const json = JSON.stringify({
    ...reversed,
    social_care_episodes: child.social_care_episodes?.toReversed(),
  });
  return rowOf({
    rowState: 'Unchanged',
    status: 'Sent',
    currentHash: 'd2'.repeat(32),
    acknowledged: { json, hash: undefined },
  });
}

/** The payload of a child that changed when it had been read and not yet answered for. */
function changedBeforeTheAnswer(): StagedChild {
  const first = staged(A);
  const changed = staged(B, first.row);
  const sent = wholeOf(first.staged);
  assert.ok(sent);
  return settled(claimed(changed.row, sent), changed.row, sent, 'accepted');
}

const held = accepted(A);
const leaving = left(held);
const cases: Readonly<Record<string, readonly [result: () => Staged | undefined, outcome: Outcome]>> = {
  'A new child is staged as New, is outstanding and is sent whole': [
    () => stageChild(A, undefined),
    { is: 'New, outstanding', writes: 'New Staged A', sends: A },
  ],
  'A new child that waits costs no second write, and stays outstanding': [
    () => stageChild(A, staged(A).row),
    { is: 'New, outstanding', sends: A },
  ],
  'A new child that changes before it was sent is still new, and the newer payload is sent whole': [
    () => stageChild(B, staged(A).row),
    { is: 'New, outstanding', writes: 'New Staged B', sends: B },
  ],
  'A child that DfE has and that is unchanged costs no write, and can be sent whole without purges': [
    () => stageChild(A, held),
    { is: 'Unchanged, in step', sends: A },
  ],
  'A child that DfE has and that changes is sent whole, with purges for what DfE acknowledged': [
    () => stageChild(B, held),
    { is: 'Updated, outstanding', writes: 'Updated Staged B', sends: update(B) },
  ],
  'A changed child is compared with what DfE acknowledged last, not with what was staged last': [
    () => stageChild(C, staged(B, held).row),
    { is: 'Updated, outstanding', writes: 'Updated Staged C', sends: update(C) },
  ],
  'A child that changes back before the change was sent is Unchanged and Sent again': [
    () => stageChild(A, staged(B, held).row),
    { is: 'Unchanged, in step', writes: 'Unchanged Sent A', sends: A },
  ],
  'A child that changed between read and answer keeps the change outstanding, on top of what DfE took': [
    () => stageChild(B, changedBeforeTheAnswer()),
    { is: 'Updated, outstanding', writes: 'Updated Staged B', sends: update(B) },
  ],

  'A leaver that DfE has is purged by its ids alone': [
    () => stageAbsence(held),
    { is: 'Deleted, outstanding', writes: 'Deleted Staged purge', sends: purge },
  ],
  'A leaver without an id of the management system is purged without it': [
    () => stageAbsence(accepted(payloadOf(aPerson()))),
    { is: 'Deleted, outstanding', writes: 'Deleted Staged short purge', sends: shortPurge },
  ],
  'A leaver is purged even when a newer payload of it was still waiting': [
    () => stageAbsence(staged(B, held).row),
    { is: 'Deleted, outstanding', writes: 'Deleted Staged purge', sends: purge },
  ],
  'A leaver is purged even when a newer payload of it was refused': [
    () => stageAbsence(refused(B, held)),
    { is: 'Deleted, outstanding', writes: 'Deleted Staged purge', sends: purge },
  ],
  'A leaver stays outstanding, without another write, until DfE has answered': [
    () => stageAbsence(leaving.row),
    { is: 'Deleted, outstanding', sends: purge },
  ],
  'A leaver is not purged again every run when DfE has refused the purge': [
    () => stageAbsence(answered(leaving, 'refused')),
    { is: 'Deleted, refused', sends: purge },
  ],
  'A child that waited and leaves before DfE had it is withdrawn, and nothing is sent': [
    () => stageAbsence(staged(A).row),
    { is: 'Withdrawn, in step', writes: 'Deleted Withdrawn purge', sends: undefined },
  ],
  'A child that was refused and leaves before DfE had it is withdrawn, and nothing is sent': [
    () => stageAbsence(refused(A)),
    { is: 'Withdrawn, in step', writes: 'Deleted Withdrawn purge', sends: undefined },
  ],

  'A child that returns after it was removed at DfE is new and sent whole, even unchanged': [
    () => stageChild(A, answered(leaving, 'accepted')),
    { is: 'New, outstanding', writes: 'New Staged A', sends: A },
  ],
  'A child that returns after it was withdrawn is new': [
    () => stageChild(A, left(staged(A).row).row),
    { is: 'New, outstanding', writes: 'New Staged A', sends: A },
  ],
  'A child that returns before its purge went out is as DfE has it, and the purge is not sent': [
    () => stageChild(A, leaving.row),
    { is: 'Unchanged, in step', writes: 'Unchanged Sent A', sends: A },
  ],
  'A child that returns changed before its purge went out is an update of what DfE has': [
    () => stageChild(B, leaving.row),
    { is: 'Updated, outstanding', writes: 'Updated Staged B', sends: update(B) },
  ],

  'A child that DfE refused is known as refused while it is unchanged, and can still be sent when someone asks':
    [() => stageChild(A, refused(A)), { is: 'New, refused', sends: A }],
  'A child that DfE refused is sent again when it has changed': [
    () => stageChild(B, refused(A)),
    { is: 'New, outstanding', writes: 'New Staged B', sends: B },
  ],
  'A child that changes back to the payload that DfE refused is refused still': [
    () => stageChild(A, staged(B, refused(A)).row),
    { is: 'New, refused', writes: 'New Error A', sends: A },
  ],
  'A child whose newer version was refused is in step when it goes back to the version DfE has': [
    () => stageChild(A, refused(B, held)),
    { is: 'Unchanged, in step', writes: 'Unchanged Sent A', sends: A },
  ],

  'A row of Data to Insight in error with its whole batch, without a refusal of its own, is staged again': [
    () => stageChild(A, rowOf({ rowState: 'New', status: 'Error', currentHash: canonical(A).hash })),
    { is: 'New, outstanding', writes: 'New Staged A', sends: A },
  ],
  'A row of Data to Insight without any state is staged as a new child': [
    () => stageChild(A, rowOf({})),
    { is: 'New, outstanding', writes: 'New Staged A', sends: A },
  ],
  'A row of Data to Insight that was marked deleted while pending, and never sent, is withdrawn': [
    () => stageAbsence(rowOf({ rowState: 'Deleted', status: 'Pending' })),
    { is: 'Withdrawn, in step', writes: 'Deleted Withdrawn short purge', sends: undefined },
  ],
  'A row of Data to Insight that was sent and then marked deleted is purged': [
    () => stageAbsence({ ...sentByThem(A), rowState: 'Deleted' }),
    { is: 'Deleted, outstanding', writes: 'Deleted Staged short purge', sends: shortPurge },
  ],
};

describe('what a run makes of a child', () => {
  for (const [behaviour, [result, outcome]] of Object.entries(cases)) {
    it(behaviour, () => {
      const made = result();
      assert.ok(made);
      assert.deepEqual(outcomeOf(made), outcome);
    });
  }

  it('A new child is written with its ids, its payload and its hash, and no sender has it yet', () => {
    assert.deepEqual(stageChild(A, undefined).write, {
      personId: '1001',
      legacyId: 'M1',
      json: canonical(A).json,
      hash: canonical(A).hash,
      rowState: 'New',
      status: 'Staged',
      isHeld: false,
    });
  });
  it('A submission names the child, the change, and what DfE holds once it has accepted it', () => {
    const { json: holds, hash } = canonical(A);
    const sent = wholeOf(stageChild(A, undefined));
    assert.deepEqual(sent, { personId: '1001', hash, change: 'New', payload: A, holds });
    assert.equal(stageChild(B, staged(A).row).write?.hash, canonical(B).hash);
    assert.equal(wholeOf(leaving.staged)?.holds, undefined);
  });
  it('A leaver is left alone once DfE has removed it', () => {
    assert.equal(stageAbsence(answered(leaving, 'accepted')), undefined);
  });
  it('A withdrawn child is left alone from then on', () => {
    for (const row of [staged(A).row, refused(A)]) assert.equal(stageAbsence(left(row).row), undefined);
  });
});

describe('a row that Data to Insight’s scripts left', () => {
  it('A row with what DfE should hold, in their words, is taken over without being sent again', () => {
    const first = staged(B, sentByThem(B));
    assert.equal(first.staged.rowState, 'Unchanged');
    assert.equal(first.staged.outstanding, false);
    assert.deepEqual(first.row.acknowledged, canonical(B));
    assert.equal(stageChild(B, first.row).write, undefined);
  });
  it('A row is sent whole where children go under pseudonyms, which their sender does not know', () => {
    const run = stageChild(B, sentByThem(B), 'pseudonyms');
    assert.deepEqual([run.rowState, run.outstanding], ['Updated', true]);
    assert.deepEqual(run.submission?.('changed').payload, run.submission?.('all').payload);
  });
  it('A row with something else is an update once, with purges for what their payload had, and unchanged from then on', () => {
    const first = staged(B, sentByThem(A));
    assert.equal(first.staged.rowState, 'Updated');
    assert.deepEqual(wholeOf(first.staged)?.payload, update(B));
    assert.equal(stageChild(B, answered(first, 'accepted')).write, undefined);
  });
  it('A row that does not say what was sent is sent once, with purges for all it names', () => {
    const row = rowOf({ rowState: 'Updated', status: 'Pending', mayHold: [canonical(A).json] });
    const first = staged(A, row);
    assert.equal(first.staged.outstanding, true);
    assert.deepEqual(wholeOf(first.staged)?.payload, update(A));
    assert.equal(stageChild(A, answered(first, 'accepted')).write, undefined);
  });
});
