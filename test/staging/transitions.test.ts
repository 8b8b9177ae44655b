import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonical } from '../../shared/child/canonical.js';
import { submissionOf } from '../../shared/child/difference.js';
import type { Child } from '../../shared/child/payload.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
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

/** What the staging table says after a write, as its SQL does it: acknowledgement and refusal stay as they were. */
function written(before: StagedChild | undefined, write: StagingWrite): StagedChild {
  return {
    personId: write.personId,
    rowState: write.rowState,
    status: write.status,
    currentHash: write.hash,
    acknowledged: before?.acknowledged,
    refusedHash: before?.refusedHash,
    legacyId: write.legacyId,
  };
}

/** What it says after DfE has answered. */
function settled(row: StagedChild, { hash, holds }: Submission, answer: 'accepted' | 'refused'): StagedChild {
  const isCurrent = row.currentHash === hash;
  if (answer === 'refused') return isCurrent ? { ...row, status: 'Error', refusedHash: hash } : row;
  return {
    ...row,
    acknowledged: holds === undefined ? undefined : { json: holds, hash },
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

function answered(night: { staged: Staged; row: StagedChild }, answer: 'accepted' | 'refused'): StagedChild {
  assert.ok(night.staged.submission);
  return settled(night.row, night.staged.submission, answer);
}

const accepted = (child: Child, before?: StagedChild) => answered(staged(child, before), 'accepted');
const refused = (child: Child, before?: StagedChild) => answered(staged(child, before), 'refused');

describe('a child that is new', () => {
  const night = staged(A);

  it('is staged as New and Pending', () => {
    assert.deepEqual(night.staged.write, {
      personId: '1001',
      legacyId: 'M1',
      json: canonical(A).json,
      hash: canonical(A).hash,
      rowState: 'New',
      status: 'Pending',
    });
  });
  it('is outstanding, and sent whole', () => {
    assert.equal(night.staged.rowState, 'New');
    assert.equal(night.staged.outstanding, true);
    assert.equal(night.staged.refused, false);
    assert.deepEqual(night.staged.submission, {
      personId: '1001',
      hash: canonical(A).hash,
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
    assert.deepEqual(again.submission?.payload, B);
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
    assert.deepEqual(stageChild(A, held).submission?.payload, A);
  });
  it('is staged as Updated and Pending when it changes', () => {
    const { write, rowState, outstanding } = stageChild(B, held);
    assert.equal(rowState, 'Updated');
    assert.equal(outstanding, true);
    assert.equal(write?.rowState, 'Updated');
    assert.equal(write.status, 'Pending');
    assert.equal(write.json, canonical(B).json);
  });
  it('is sent, when it changes, whole and with purges for what DfE acknowledged', () => {
    assert.deepEqual(stageChild(B, held).submission?.payload, submissionOf(B, canonical(A).json));
  });
  it('is compared with what DfE acknowledged last, not with what was staged last', () => {
    const waiting = staged(B, held).row;
    const third = stageChild(versions.C, waiting);
    assert.deepEqual(third.submission?.payload, submissionOf(versions.C, canonical(A).json));
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
    assert.ok(first.staged.submission);
    const late = settled(changed.row, first.staged.submission, 'accepted');
    const next = stageChild(B, late);
    assert.equal(next.outstanding, true);
    assert.equal(next.rowState, 'Updated');
    assert.deepEqual(next.submission?.payload, submissionOf(B, canonical(A).json));
  });
});

describe('a child that leaves the cohort', () => {
  it('is purged, by its ids alone, when DfE has it', () => {
    const { staged: leaver } = left(accepted(A));
    assert.equal(leaver.rowState, 'Deleted');
    assert.equal(leaver.write?.status, 'Pending');
    assert.equal(leaver.outstanding, true);
    assert.deepEqual(leaver.submission?.payload, {
      la_child_id: '1001',
      mis_child_id: 'M1',
      purge: true,
    });
    assert.equal(leaver.submission.holds, undefined);
  });
  it('is purged without the management system’s id when it has none', () => {
    const child = payloadOf(aPerson());
    assert.deepEqual(left(accepted(child)).staged.submission?.payload, { la_child_id: '1001', purge: true });
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
    assert.equal(back.write?.status, 'Pending');
    assert.deepEqual(back.submission?.payload, A);
  });
  it('after it was withdrawn is new', () => {
    const back = stageChild(A, left(staged(A).row).row);
    assert.equal(back.rowState, 'New');
    assert.equal(back.write?.status, 'Pending');
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
    assert.deepEqual(back.submission?.payload, submissionOf(B, canonical(A).json));
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
    assert.deepEqual(stageChild(A, refused(A)).submission?.payload, A);
  });
  it('is sent again when it has changed', () => {
    const changed = stageChild(B, refused(A));
    assert.equal(changed.refused, false);
    assert.equal(changed.outstanding, true);
    assert.equal(changed.write?.status, 'Pending');
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
  const byD2I = (row: Partial<StagedChild>): StagedChild => ({
    personId: '1001',
    rowState: undefined,
    status: undefined,
    currentHash: undefined,
    acknowledged: undefined,
    refusedHash: undefined,
    legacyId: undefined,
    ...row,
  });

  it('with another hash of the same payload is an update once, and unchanged from then on', () => {
    const row = byD2I({
      rowState: 'Unchanged',
      status: 'Sent',
      currentHash: 'd2'.repeat(32),
      acknowledged: { json: canonical(A).json, hash: 'd2'.repeat(32) },
    });
    const first = staged(A, row);
    assert.equal(first.staged.rowState, 'Updated');
    assert.equal(JSON.stringify(first.staged.submission?.payload), canonical(A).json);
    assert.equal(stageChild(A, answered(first, 'accepted')).write, undefined);
  });
  it('in error with its whole batch, without a refusal of its own, is pending again', () => {
    const row = byD2I({ rowState: 'New', status: 'Error', currentHash: canonical(A).hash });
    const first = stageChild(A, row);
    assert.equal(first.refused, false);
    assert.equal(first.write?.status, 'Pending');
  });
  it('without any state is staged as a new child', () => {
    const { write } = stageChild(A, byD2I({}));
    assert.equal(write?.rowState, 'New');
    assert.equal(write.status, 'Pending');
  });
  it('that was marked deleted while pending, and never acknowledged, is withdrawn', () => {
    const { staged: withdrawn } = left(byD2I({ rowState: 'Deleted', status: 'Pending' }));
    assert.equal(withdrawn.rowState, 'Withdrawn');
    assert.equal(withdrawn.submission, undefined);
  });
});

type Answer = 'accepted' | 'refused' | 'nothing' | 'lost';
interface Night {
  readonly present: Version | undefined;
  readonly answer: Answer;
}

/** The table and DfE, night after night; `lost` is a submission that DfE took and whose answer never came. */
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
    const isSent = result?.outstanding === true && !result.refused;
    if (isSent) this.#answer(result, night.answer);
    return result;
  }

  #answer({ submission }: Staged, answer: Answer): void {
    assert.ok(submission !== undefined && this.row !== undefined);
    if (answer === 'accepted' || answer === 'lost') {
      this.held = applyRecord(this.held, judged(submission.payload), this.#mode);
    }
    if (answer === 'accepted') {
      this.row = settled(this.row, submission, 'accepted');
      this.refusedText = undefined;
    } else if (answer === 'refused') {
      this.row = settled(this.row, submission, 'refused');
      this.refusedText = submission.holds ?? JSON.stringify(submission.payload);
    }
  }
}

function shouldHold(present: Version | undefined): HeldChild | undefined {
  return present === undefined ? undefined : stateOf(versions[present]);
}

describe('over any nights, with children that come, change, leave and return, and any answers', () => {
  const night: fc.Arbitrary<Night> = fc.record({
    present: fc.constantFrom<Version | undefined>('A', 'B', 'C', undefined),
    answer: fc.constantFrom<Answer>('accepted', 'accepted', 'refused', 'nothing'),
  });
  const nights = fc.array(night, { minLength: 1, maxLength: 8 });
  const mode = fc.constantFrom<ArrayMode>('merge', 'replace');

  it('the table knows exactly what DfE holds', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          authority.spend(each);
          const known = authority.row?.acknowledged?.json;
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

  it('a child is known as refused exactly while it is what DfE refused last', () => {
    fc.assert(
      fc.property(nights, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          const before = authority.refusedText;
          const result = authority.spend(each);
          if (result?.outstanding !== true || result.submission === undefined) continue;
          const wanted = result.submission.holds ?? JSON.stringify(result.submission.payload);
          assert.equal(result.refused, wanted === before);
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
          assert.equal(authority.stage(each)?.write, undefined);
        }
      }),
    );
  });

  it('a few nights of acceptance bring everyone into step', () => {
    fc.assert(
      fc.property(nights, mode, night, (all, arrays, last) => {
        const authority = new Authority(arrays);
        for (const each of all) authority.spend({ ...each, answer: 'nothing' });
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

  const skip = 'issue 4: staging does not remember that a payload was sent and not answered';
  it('a new child that leaves before the next run is purged', { skip }, () => {
    assert.equal(after(['A', 'lost'], [undefined, 'accepted']).held, undefined);
  });
  it('a change that is taken back before the next run is taken back at DfE', { skip }, () => {
    const authority = after(['A', 'accepted'], ['B', 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('a leaver that returns unchanged before the next run is sent again', { skip }, () => {
    const authority = after(['A', 'accepted'], [undefined, 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('ids that only the lost payload had are purged by the next change', { skip }, () => {
    const authority = after(['A', 'lost'], ['C', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('C'));
  });
});
