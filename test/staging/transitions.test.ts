import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonical } from '../../shared/child/canonical.js';
import { submissionOf } from '../../shared/child/changes/difference.js';
import type { Child } from '../../shared/child/payload.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import { submissionsIn, withSubmission } from '../../shared/staging/doubt.js';
import {
  stageAbsence,
  stageChild,
  type Staged,
  type StagingWrite,
  type Submission,
} from '../../shared/staging/transitions.js';
import {
  aCareEpisode,
  aCinPlan,
  anAdoption,
  anAssessment,
  anEpisode,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  someFactors,
} from '../child/aPerson.js';
import { judged, payloadOf, stateOf } from '../child/aPayload.js';
import { applyRecord, type ArrayMode, type HeldChild } from '../local/dfe/state.js';

/** Three versions of one child that differ in ids, blocks and lists. */
const versions = {
  A: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M1' },
      ssd_sdq_scores: [anSdqScore()],
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_plans: [aCinPlan()],
      ssd_involvements: [anInvolvement()],
      ssd_permanence: [anAdoption()],
    }),
  ),
  B: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M1' },
      ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_id: 'N2' })],
      ssd_cin_assessments: [anAssessment()],
      ssd_assessment_factors: [someFactors()],
    }),
  ),
  C: payloadOf(
    aPerson({
      person: { pers_legacy_id: 'M2' },
      ssd_cin_episodes: [anEpisode({ cine_referral_id: 'R2', cine_close_date: '2026-01-01' })],
      ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R2' })],
      ssd_cla_placement: [aPlacement()],
    }),
  ),
} as const;
type Version = keyof typeof versions;
const { A, B } = versions;

/** What the staging table says after a write, as its SQL does it: what DfE answered stays as it was. */
function written(before: StagedChild | undefined, write: StagingWrite): StagedChild {
  return {
    personId: write.personId,
    rowState: write.rowState,
    status: write.status,
    currentHash: write.hash,
    acknowledged: write.isHeld ? { json: write.json, hash: write.hash } : before?.acknowledged,
    mayHold: before?.mayHold ?? [],
    refusedHash: before?.refusedHash,
    legacyId: write.legacyId,
  };
}

/** What it says once a sender has taken the child up. */
function claimed(row: StagedChild, { payload }: Submission): StagedChild {
  const mayHold = submissionsIn(withSubmission(row.mayHold.join('\n'), JSON.stringify(payload)));
  return { ...row, status: 'Pending', mayHold };
}

/** What it says after DfE has answered, or has certainly not taken what was sent. */
function settled(
  row: StagedChild,
  before: StagedChild,
  { hash, holds }: Submission,
  answer: 'accepted' | 'refused' | 'not taken',
): StagedChild {
  const isCurrent = row.currentHash === hash;
  // A doubt from before stays: that this payload was refused says nothing of an earlier one.
  const mayHold = before.mayHold.length > 0 ? row.mayHold : [];
  if (answer === 'not taken') return { ...row, mayHold };
  if (answer === 'refused') {
    return { ...row, mayHold, status: isCurrent ? 'Error' : row.status, refusedHash: hash };
  }
  return {
    ...row,
    acknowledged: holds === undefined ? undefined : { json: holds, hash },
    mayHold: [],
    refusedHash: undefined,
    status: isCurrent ? 'Sent' : row.status,
    rowState: isCurrent && holds !== undefined ? 'Unchanged' : row.rowState,
  };
}

/** A child staged from what the table says, with the table after it. */
function staged(child: Child, before?: StagedChild): { staged: Staged; row: StagedChild } {
  const result = stageChild(child, before);
  const row = result.write === undefined ? before : written(before, result.write);
  assert.ok(row);
  return { staged: result, row };
}

function left(before: StagedChild): { staged: Staged; row: StagedChild } {
  const result = stageAbsence(before);
  assert.ok(result, 'nothing is made of the absence');
  return { staged: result, row: result.write === undefined ? before : written(before, result.write) };
}

const wholeOf = (result: Staged | undefined): Submission | undefined => result?.submission?.('all');

function answered(night: { staged: Staged; row: StagedChild }, answer: 'accepted' | 'refused'): StagedChild {
  const submission = wholeOf(night.staged);
  assert.ok(submission);
  return settled(claimed(night.row, submission), night.row, submission, answer);
}

const accepted = (child: Child, before?: StagedChild) => answered(staged(child, before), 'accepted');
const refused = (child: Child, before?: StagedChild) => answered(staged(child, before), 'refused');

describe('a child that is new', () => {
  const night = staged(A);

  it('is staged as New, and no sender has it yet', () => {
    assert.deepEqual(night.staged.write, {
      personId: '1001',
      legacyId: 'M1',
      json: canonical(A).json,
      hash: canonical(A).hash,
      rowState: 'New',
      status: 'Staged',
      isHeld: false,
    });
  });
  it('is outstanding, and sent whole', () => {
    assert.equal(night.staged.rowState, 'New');
    assert.equal(night.staged.outstanding, true);
    assert.equal(night.staged.refused, false);
    assert.deepEqual(wholeOf(night.staged), {
      personId: '1001',
      hash: canonical(A).hash,
      change: 'New',
      payload: A,
      holds: canonical(A).json,
    });
  });
  it('costs no second write while it waits, and stays outstanding', () => {
    const again = stageChild(A, night.row);
    assert.equal(again.write, undefined);
    assert.equal(again.outstanding, true);
    assert.equal(again.rowState, 'New');
  });
  it('that changes before it was sent is still new, and the newer payload is sent whole', () => {
    const again = stageChild(B, night.row);
    assert.equal(again.rowState, 'New');
    assert.equal(again.write?.hash, canonical(B).hash);
    assert.deepEqual(wholeOf(again)?.payload, B);
  });
});

describe('a child that DfE has', () => {
  const held = accepted(A);

  it('costs nothing while it is unchanged: no write, nothing outstanding', () => {
    const again = stageChild(A, held);
    assert.equal(again.rowState, 'Unchanged');
    assert.equal(again.write, undefined);
    assert.equal(again.outstanding, false);
    assert.equal(again.refused, false);
  });
  it('can be sent whole all the same, without purge entries', () => {
    assert.deepEqual(wholeOf(stageChild(A, held))?.payload, A);
  });
  it('is staged as Updated when it changes', () => {
    const { write, rowState, outstanding } = stageChild(B, held);
    assert.equal(rowState, 'Updated');
    assert.equal(outstanding, true);
    assert.equal(write?.rowState, 'Updated');
    assert.equal(write.status, 'Staged');
    assert.equal(write.json, canonical(B).json);
  });
  it('is sent, when it changes, whole and with purges for what DfE acknowledged', () => {
    assert.deepEqual(wholeOf(stageChild(B, held))?.payload, submissionOf(B, [canonical(A).json]));
  });
  it('is compared with what DfE acknowledged last, not with what was staged last', () => {
    const waiting = staged(B, held).row;
    const third = stageChild(versions.C, waiting);
    assert.deepEqual(wholeOf(third)?.payload, submissionOf(versions.C, [canonical(A).json]));
  });
  it('that changes back before it was sent is Unchanged and Sent again', () => {
    const back = stageChild(A, staged(B, held).row);
    assert.equal(back.rowState, 'Unchanged');
    assert.equal(back.outstanding, false);
    assert.equal(back.write?.status, 'Sent');
  });
  it('and that changed between read and answer keeps the change outstanding, on top of what DfE took', () => {
    const first = staged(A);
    const changed = staged(B, first.row);
    const sent = wholeOf(first.staged);
    assert.ok(sent);
    const late = settled(claimed(changed.row, sent), changed.row, sent, 'accepted');
    const next = stageChild(B, late);
    assert.equal(next.outstanding, true);
    assert.equal(next.rowState, 'Updated');
    assert.deepEqual(wholeOf(next)?.payload, submissionOf(B, [canonical(A).json]));
  });
});

describe('a child that leaves the cohort', () => {
  it('is purged, by its ids alone, when DfE has it', () => {
    const { staged: leaver } = left(accepted(A));
    assert.equal(leaver.rowState, 'Deleted');
    assert.equal(leaver.write?.status, 'Staged');
    assert.equal(leaver.outstanding, true);
    assert.deepEqual(wholeOf(leaver)?.payload, {
      la_child_id: '1001',
      mis_child_id: 'M1',
      purge: true,
    });
    assert.equal(wholeOf(leaver)?.holds, undefined);
  });
  it('is purged without the management system’s id when it has none', () => {
    const child = payloadOf(aPerson());
    assert.deepEqual(wholeOf(left(accepted(child)).staged)?.payload, { la_child_id: '1001', purge: true });
  });
  it('is purged even when a newer payload of it was still waiting or was refused', () => {
    for (const row of [staged(B, accepted(A)).row, refused(B, accepted(A))]) {
      const { staged: leaver } = left(row);
      assert.equal(leaver.rowState, 'Deleted');
      assert.equal(leaver.outstanding, true);
      assert.equal(leaver.refused, false);
    }
  });
  it('stays outstanding, without another write, until DfE has answered', () => {
    const again = stageAbsence(left(accepted(A)).row);
    assert.equal(again?.outstanding, true);
    assert.equal(again.write, undefined);
  });
  it('is nothing to anybody once DfE has removed it', () => {
    assert.equal(stageAbsence(answered(left(accepted(A)), 'accepted')), undefined);
  });
  it('is not purged again every night when DfE has refused the purge', () => {
    const again = stageAbsence(answered(left(accepted(A)), 'refused'));
    assert.equal(again?.refused, true);
    assert.equal(again.outstanding, true);
    assert.equal(again.write, undefined);
  });
});

describe('a child that leaves before DfE had it', () => {
  for (const [what, row] of [
    ['was waiting', staged(A).row],
    ['was refused', refused(A)],
  ] as const) {
    it(`is withdrawn and nothing is sent, when it ${what}`, () => {
      const { staged: withdrawn, row: after } = left(row);
      assert.equal(withdrawn.rowState, 'Withdrawn');
      assert.equal(withdrawn.write?.rowState, 'Deleted');
      assert.equal(withdrawn.write.status, 'Withdrawn');
      assert.equal(withdrawn.submission, undefined);
      assert.equal(withdrawn.outstanding, false);
      assert.equal(stageAbsence(after), undefined);
    });
  }
});

describe('a child that returns', () => {
  it('after it was removed at DfE is new and sent whole, even unchanged', () => {
    const removed = answered(left(accepted(A)), 'accepted');
    const back = stageChild(A, removed);
    assert.equal(back.rowState, 'New');
    assert.equal(back.write?.status, 'Staged');
    assert.deepEqual(wholeOf(back)?.payload, A);
  });
  it('after it was withdrawn is new', () => {
    const back = stageChild(A, left(staged(A).row).row);
    assert.equal(back.rowState, 'New');
    assert.equal(back.write?.status, 'Staged');
  });
  it('before its purge went out is as DfE has it, and the purge is not sent', () => {
    const back = stageChild(A, left(accepted(A)).row);
    assert.equal(back.rowState, 'Unchanged');
    assert.equal(back.outstanding, false);
    assert.equal(back.write?.status, 'Sent');
  });
  it('changed, before its purge went out, is an update of what DfE has', () => {
    const back = stageChild(B, left(accepted(A)).row);
    assert.equal(back.rowState, 'Updated');
    assert.deepEqual(wholeOf(back)?.payload, submissionOf(B, [canonical(A).json]));
  });
});

describe('a child that DfE refused', () => {
  it('is known as refused while it is unchanged, without a write', () => {
    const again = stageChild(A, refused(A));
    assert.equal(again.refused, true);
    assert.equal(again.outstanding, true);
    assert.equal(again.write, undefined);
    assert.equal(again.rowState, 'New');
  });
  it('can still be sent when someone asks', () => {
    assert.deepEqual(wholeOf(stageChild(A, refused(A)))?.payload, A);
  });
  it('is sent again when it has changed', () => {
    const changed = stageChild(B, refused(A));
    assert.equal(changed.refused, false);
    assert.equal(changed.outstanding, true);
    assert.equal(changed.write?.status, 'Staged');
  });
  it('is refused still when it changes back to the payload that DfE refused', () => {
    const changed = staged(B, refused(A)).row;
    const back = stageChild(A, changed);
    assert.equal(back.refused, true);
    assert.equal(back.write?.status, 'Error');
  });
  it('in a newer version is in step again when it goes back to the version DfE has', () => {
    const back = stageChild(A, refused(B, accepted(A)));
    assert.equal(back.rowState, 'Unchanged');
    assert.equal(back.outstanding, false);
    assert.equal(back.refused, false);
  });
});

describe('a row that Data to Insight’s scripts left', () => {
  const theirHash = 'd2'.repeat(32);
  const byD2I = (row: Partial<StagedChild>): StagedChild => ({
    personId: '1001',
    rowState: undefined,
    status: undefined,
    currentHash: undefined,
    acknowledged: undefined,
    mayHold: [],
    refusedHash: undefined,
    legacyId: undefined,
    ...row,
  });
  /** Accepted by DfE from their sender: the same content, in their order of keys and lists. */
  const sentByThem = (child: Child) => {
    const reversed = Object.fromEntries(Object.entries(child).reverse());
    const episodes = child.social_care_episodes?.toReversed();
    const json = JSON.stringify({ ...reversed, social_care_episodes: episodes });
    return byD2I({
      rowState: 'Unchanged',
      status: 'Sent',
      currentHash: theirHash,
      acknowledged: { json, hash: undefined },
    });
  };

  it('with what DfE should hold, in their words, is taken over without being sent again', () => {
    const first = staged(B, sentByThem(B));
    assert.equal(first.staged.rowState, 'Unchanged');
    assert.equal(first.staged.outstanding, false);
    assert.deepEqual(first.row.acknowledged, canonical(B));
    assert.equal(stageChild(B, first.row).write, undefined);
  });
  it('is sent whole where children go under pseudonyms, which their sender does not know', () => {
    const night = stageChild(B, sentByThem(B), 'pseudonyms');
    assert.deepEqual([night.rowState, night.outstanding], ['Updated', true]);
    assert.deepEqual(night.submission?.('changed').payload, night.submission?.('all').payload);
  });
  it('with something else is an update once, with purges for what their payload had, and unchanged from then on', () => {
    const first = staged(B, sentByThem(A));
    assert.equal(first.staged.rowState, 'Updated');
    assert.deepEqual(wholeOf(first.staged)?.payload, submissionOf(B, [canonical(A).json]));
    assert.equal(stageChild(B, answered(first, 'accepted')).write, undefined);
  });
  it('of which it cannot be told what was sent is sent once, with purges for all it names', () => {
    const row = byD2I({ rowState: 'Updated', status: 'Pending', mayHold: [canonical(A).json] });
    const first = staged(A, row);
    assert.equal(first.staged.outstanding, true);
    assert.deepEqual(wholeOf(first.staged)?.payload, submissionOf(A, [canonical(A).json]));
    assert.equal(stageChild(A, answered(first, 'accepted')).write, undefined);
  });
  it('in error with its whole batch, without a refusal of its own, is staged again', () => {
    const row = byD2I({ rowState: 'New', status: 'Error', currentHash: canonical(A).hash });
    const first = stageChild(A, row);
    assert.equal(first.refused, false);
    assert.equal(first.write?.status, 'Staged');
  });
  it('without any state is staged as a new child', () => {
    const { write } = stageChild(A, byD2I({}));
    assert.equal(write?.rowState, 'New');
    assert.equal(write.status, 'Staged');
  });
  it('that was marked deleted while pending, and never sent, is withdrawn', () => {
    const { staged: withdrawn } = left(byD2I({ rowState: 'Deleted', status: 'Pending' }));
    assert.equal(withdrawn.rowState, 'Withdrawn');
    assert.equal(withdrawn.submission, undefined);
  });
  it('that was sent and then marked deleted is purged', () => {
    const { staged: leaver } = left({ ...sentByThem(A), rowState: 'Deleted' });
    assert.equal(leaver.rowState, 'Deleted');
    assert.equal(leaver.outstanding, true);
  });
});

/**
 * What becomes of a submission. `not sent`: the run was held or died before; `not taken`: DfE certainly did not take it;
 * `lost`: DfE took it and the answer never came; `unheard`: DfE did not take it, and that is not known.
 */
type Answer = 'accepted' | 'refused' | 'not sent' | 'not taken' | 'lost' | 'unheard';
interface Night {
  readonly present: Version | undefined;
  readonly answer: Answer;
  readonly blocks?: 'all' | 'changed';
}

/** The table and DfE, night after night. */
class Authority {
  row: StagedChild | undefined;
  held: HeldChild | undefined;
  /** The text that DfE refused last, unless it has accepted something since. */
  refusedText: string | undefined;
  readonly #mode: ArrayMode;

  constructor(mode: ArrayMode) {
    this.#mode = mode;
  }

  stage({ present }: Pick<Night, 'present'>): Staged | undefined {
    if (present !== undefined) return stageChild(versions[present], this.row);
    return this.row === undefined ? undefined : stageAbsence(this.row);
  }

  /** One night: what was staged, after the answer has come. */
  spend(night: Night): Staged | undefined {
    const result = this.stage(night);
    if (result?.write !== undefined) this.row = written(this.row, result.write);
    const isSent = result?.outstanding === true && !result.refused && night.answer !== 'not sent';
    if (isSent) this.#send(result.submission?.(night.blocks ?? 'all'), night.answer);
    return result;
  }

  #send(submission: Submission | undefined, answer: Answer): void {
    assert.ok(submission !== undefined && this.row !== undefined);
    const before = this.row;
    this.row = claimed(before, submission);
    if (answer === 'accepted' || answer === 'lost') {
      this.held = applyRecord(this.held, judged(submission.payload), this.#mode);
    }
    if (answer === 'accepted' || answer === 'refused' || answer === 'not taken') {
      this.row = settled(this.row, before, submission, answer);
    }
    if (answer === 'accepted') this.refusedText = undefined;
    if (answer === 'refused') this.refusedText = textOf(submission);
  }
}

function textOf({ holds, payload }: Submission): string {
  return holds ?? JSON.stringify(payload);
}

function shouldHold(present: Version | undefined): HeldChild | undefined {
  return present === undefined ? undefined : stateOf(versions[present]);
}

describe('over any nights, with children that come, change, leave and return, and any answers', () => {
  const night: fc.Arbitrary<Night> = fc.record({
    present: fc.constantFrom<Version | undefined>('A', 'B', 'C', undefined),
    answer: fc.constantFrom<Answer>('accepted', 'refused', 'not sent', 'not taken', 'lost', 'unheard'),
  });
  const nights = fc.array(night, { minLength: 1, maxLength: 8 });
  const mode = fc.constantFrom<ArrayMode>('merge', 'replace', 'blocks');

  it('the table knows what DfE holds whenever nothing it sent is unanswered', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          authority.spend(each);
          if (authority.row?.mayHold.length !== 0) continue;
          const known = authority.row.acknowledged?.json;
          const version = Object.values(versions).find((child) => canonical(child).json === known);
          assert.deepEqual(authority.held, version && stateOf(version));
        }
      }),
    );
  });

  it('DfE holds the child as it is, or nothing, whenever nothing is outstanding or it accepted', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          const result = authority.spend(each);
          const isInStep = result?.outstanding !== true || (each.answer === 'accepted' && !result.refused);
          if (isInStep) assert.deepEqual(authority.held, shouldHold(each.present));
        }
      }),
    );
  });

  it('the same holds of changed blocks alone, when a block that is missing stays as it was', () => {
    const keepsMissing = fc.constantFrom<ArrayMode>('merge', 'blocks');
    fc.assert(
      fc.property(nights, keepsMissing, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          const result = authority.spend({ ...each, blocks: 'changed' });
          const isInStep = result?.outstanding !== true || (each.answer === 'accepted' && !result.refused);
          if (isInStep) assert.deepEqual(authority.held, shouldHold(each.present));
        }
      }),
    );
  });

  it('a child is known as refused exactly while it is what DfE refused last', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          const before = authority.refusedText;
          const result = authority.spend(each);
          const submission = wholeOf(result);
          if (result?.outstanding !== true || submission === undefined) continue;
          assert.equal(result.refused, textOf(submission) === before);
        }
      }),
    );
  });

  it('the same night once more costs no write', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          authority.spend(each);
          // Only that a sender had it before is put right by a write.
          if (each.answer === 'accepted' || each.answer === 'refused' || each.answer === 'not sent') {
            assert.equal(authority.stage(each)?.write, undefined);
          }
        }
      }),
    );
  });

  it('a few nights of acceptance bring everyone into step', () => {
    fc.assert(
      fc.property(nights, mode, night, (all, arrays, last) => {
        const authority = new Authority(arrays);
        for (const each of all)
          authority.spend({ ...each, answer: each.answer === 'refused' ? 'lost' : each.answer });
        for (let count = 0; count < 2; count += 1) authority.spend({ ...last, answer: 'accepted' });
        assert.deepEqual(authority.held, shouldHold(last.present));
      }),
    );
  });
});

describe('when DfE took a submission and its answer was lost', () => {
  const after = (...nights: readonly (readonly [Version | undefined, Answer])[]): Authority => {
    const authority = new Authority('merge');
    for (const [present, answer] of nights) authority.spend({ present, answer });
    return authority;
  };

  it('the same payload is sent again, which changes nothing', () => {
    assert.deepEqual(after(['A', 'lost'], ['A', 'accepted']).held, shouldHold('A'));
  });
  it('a new child that leaves before the next run is purged', () => {
    assert.equal(after(['A', 'lost'], [undefined, 'accepted']).held, undefined);
  });
  it('a change that is taken back before the next run is taken back at DfE', () => {
    const authority = after(['A', 'accepted'], ['B', 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('a leaver that returns unchanged before the next run is sent again', () => {
    const authority = after(['A', 'accepted'], [undefined, 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('ids that only the lost payload had are purged by the next change', () => {
    const authority = after(['A', 'lost'], ['C', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('C'));
  });
  it('ids that only the lost payload had are purged also when a purge was lost in between', () => {
    const authority = after(['A', 'accepted'], ['B', 'lost'], [undefined, 'unheard'], ['C', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('C'));
  });
  it('what only stood under a purged episode is purged when the episode is back', () => {
    const authority = after(['C', 'lost'], ['A', 'not taken'], ['B', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('B'));
  });
  it('a refusal of the next payload does not hide that DfE may hold the lost one', () => {
    const authority = after(['A', 'lost'], ['B', 'refused'], [undefined, 'accepted']);
    assert.equal(authority.held, undefined);
  });
  it('a new child that DfE certainly never took is withdrawn when it leaves', () => {
    const authority = after(['A', 'not taken']);
    assert.equal(authority.stage({ present: undefined })?.rowState, 'Withdrawn');
  });
});
