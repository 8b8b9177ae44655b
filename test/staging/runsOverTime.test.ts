import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonical } from '../../shared/child/canonical.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import { stageAbsence, stageChild, type Staged, type Submission } from '../../shared/staging/transitions.js';
import { judged, stateOf } from '../child/aPayload.js';
import { applyRecord, type ArrayMode, type HeldChild } from '../local/dfe/state.js';
import { claimed, settled, versions, wholeOf, written, type Version } from './childOverTime.js';

/**
 * The outcome of a submission. `not sent`: the run was paused or ended before; `not taken`: DfE certainly did not take it;
 * `lost`: DfE took it and the answer never came; `unheard`: DfE did not take it, and that is not known.
 */
type Answer = 'accepted' | 'refused' | 'not sent' | 'not taken' | 'lost' | 'unheard';
interface Run {
  readonly present: Version | undefined;
  readonly answer: Answer;
  readonly blocks?: 'all' | 'changed';
}

/** The table and DfE, run after run. */
class Authority {
  row: StagedChild | undefined;
  held: HeldChild | undefined;
  /** The text that DfE refused last, unless it has accepted something since. */
  refusedText: string | undefined;
  readonly #mode: ArrayMode;

  constructor(mode: ArrayMode) {
    this.#mode = mode;
  }

  stage({ present }: Pick<Run, 'present'>): Staged | undefined {
    if (present !== undefined) return stageChild(versions[present], this.row);
    return this.row === undefined ? undefined : stageAbsence(this.row);
  }

  /** One run: what was staged, after the answer has come. */
  play(run: Run): Staged | undefined {
    const result = this.stage(run);
    if (result?.write !== undefined) this.row = written(this.row, result.write);
    const isSent = result?.outstanding === true && !result.refused && run.answer !== 'not sent';
    if (isSent) this.#send(result.submission?.(run.blocks ?? 'all'), run.answer);
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

describe('over any runs, with children that come, change, leave and return, and any answers', () => {
  const run: fc.Arbitrary<Run> = fc.record({
    present: fc.constantFrom<Version | undefined>('A', 'B', 'C', undefined),
    answer: fc.constantFrom<Answer>('accepted', 'refused', 'not sent', 'not taken', 'lost', 'unheard'),
  });
  const runs = fc.array(run, { minLength: 1, maxLength: 8 });
  const mode = fc.constantFrom<ArrayMode>('merge', 'replace', 'blocks');

  it('The table knows what DfE holds whenever nothing it sent is unanswered', () => {
    fc.assert(
      fc.property(runs, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          authority.play(each);
          if (authority.row?.mayHold.length !== 0) continue;
          const known = authority.row.acknowledged?.json;
          const version = Object.values(versions).find((child) => canonical(child).json === known);
          assert.deepEqual(authority.held, version && stateOf(version));
        }
      }),
    );
  });

  for (const [what, blocks, arrays] of [
    ['sent whole', 'all', mode],
    ['sent as its changed blocks, where DfE keeps the others', 'changed', fc.constantFrom('merge', 'blocks')],
  ] as const) {
    it(`DfE holds a child ${what} as it is, or nothing, whenever nothing is outstanding or it accepted`, () => {
      fc.assert(
        fc.property(runs, arrays, (all, arrayMode) => {
          const authority = new Authority(arrayMode);
          for (const each of all) {
            const result = authority.play({ ...each, blocks });
            const isInStep = result?.outstanding !== true || (each.answer === 'accepted' && !result.refused);
            if (isInStep) assert.deepEqual(authority.held, shouldHold(each.present));
          }
        }),
      );
    });
  }

  it('A child is known as refused exactly while it is what DfE refused last', () => {
    fc.assert(
      fc.property(runs, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          const before = authority.refusedText;
          const result = authority.play(each);
          const submission = wholeOf(result);
          if (result?.outstanding !== true || submission === undefined) continue;
          assert.equal(result.refused, textOf(submission) === before);
        }
      }),
    );
  });

  it('The same run once more costs no write', () => {
    fc.assert(
      fc.property(runs, mode, (all, arrays) => {
        const authority = new Authority(arrays);
        for (const each of all) {
          authority.play(each);
          // Only that a sender had it before is put right by a write.
          if (each.answer === 'accepted' || each.answer === 'refused' || each.answer === 'not sent') {
            assert.equal(authority.stage(each)?.write, undefined);
          }
        }
      }),
    );
  });

  it('A few runs that DfE accepts bring everyone into step', () => {
    fc.assert(
      fc.property(runs, mode, run, (all, arrays, last) => {
        const authority = new Authority(arrays);
        for (const each of all)
          authority.play({ ...each, answer: each.answer === 'refused' ? 'lost' : each.answer });
        for (let count = 0; count < 2; count += 1) authority.play({ ...last, answer: 'accepted' });
        assert.deepEqual(authority.held, shouldHold(last.present));
      }),
    );
  });
});

describe('when DfE took a submission and its answer was lost', () => {
  const after = (...runs: readonly (readonly [Version | undefined, Answer])[]): Authority => {
    const authority = new Authority('merge');
    for (const [present, answer] of runs) authority.play({ present, answer });
    return authority;
  };

  it('A payload whose answer was lost is sent again, which changes nothing', () => {
    assert.deepEqual(after(['A', 'lost'], ['A', 'accepted']).held, shouldHold('A'));
  });
  it('A new child that leaves before the next run is purged', () => {
    assert.equal(after(['A', 'lost'], [undefined, 'accepted']).held, undefined);
  });
  it('A change that is taken back before the next run is taken back at DfE', () => {
    const authority = after(['A', 'accepted'], ['B', 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('A leaver that returns unchanged before the next run is sent again', () => {
    const authority = after(['A', 'accepted'], [undefined, 'lost'], ['A', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('A'));
  });
  it('Ids that only the lost payload had are purged by the next change', () => {
    const authority = after(['A', 'lost'], ['C', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('C'));
  });
  it('Ids that only the lost payload had are purged also when a purge was lost in between', () => {
    const authority = after(['A', 'accepted'], ['B', 'lost'], [undefined, 'unheard'], ['C', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('C'));
  });
  it('What was only under a purged episode is purged when the episode is back', () => {
    const authority = after(['C', 'lost'], ['A', 'not taken'], ['B', 'accepted']);
    assert.deepEqual(authority.held, shouldHold('B'));
  });
  it('A refusal of the next payload does not hide that DfE may hold the lost one', () => {
    const authority = after(['A', 'lost'], ['B', 'refused'], [undefined, 'accepted']);
    assert.equal(authority.held, undefined);
  });
  it('A new child that DfE certainly never took is withdrawn when it leaves', () => {
    const authority = after(['A', 'not taken']);
    assert.equal(authority.stage({ present: undefined })?.rowState, 'Withdrawn');
  });
});
