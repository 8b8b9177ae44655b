import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { landsWithinMs } from '../../shared/host/durations.js';
import {
  doubtOnceAccepted,
  doubtOnceBegun,
  doubtOnceNotTaken,
  isInDoubt,
  openPostsIn,
  openPostsText,
  staysInDoubt,
  submissionsIn,
  withSubmission,
  type Doubt,
  type Moment,
  type OpenPost,
} from '../../shared/staging/doubt.js';

describe('what was sent and never answered', () => {
  it('Nothing is unanswered at first; then each submission is listed once, the oldest first', () => {
    assert.deepEqual(submissionsIn(undefined), []);
    const text = ['{"a":"1\\n2"}', '{"b":2}', '{"a":"1\\n2"}'].reduce<string | undefined>(
      withSubmission,
      undefined,
    );
    assert.deepEqual(submissionsIn(text), ['{"a":"1\\n2"}', '{"b":2}']);
  });
  it('The first text may have several lines, as another system has written it', () => {
    const theirs = '{\n  "a": 1\n}';
    assert.deepEqual(submissionsIn(theirs), [theirs]);
    const both = submissionsIn(withSubmission(theirs, '{"b":2}'));
    assert.deepEqual(
      both.map((json): unknown => JSON.parse(json)),
      [{ a: 1 }, { b: 2 }],
    );
  });
});

describe('the open posts of a row', () => {
  const posts = [{ run: 'run-1', claim: 'attempt-1', at: at('2026-11-30T20:00:00Z') }];

  it('Open posts are read as they were written, and none of them is no text', () => {
    assert.deepEqual(openPostsIn(openPostsText(posts) ?? '', at(0)), posts);
    assert.equal(openPostsText([]), undefined);
  });
  it('A text of open posts that cannot be read counts as one that is open since now', () => {
    const now = at('2026-11-30T21:00:00Z');
    for (const text of ['', 'null', '[{"run":1}]', '{']) {
      const [only] = openPostsIn(text, now);
      assert.deepEqual(only?.at, now, text);
    }
  });
});

/** What both clocks say when they are right. */
function at(time: number | string): Moment {
  return { database: new Date(time), app: new Date(time) };
}

/** One child at DfE, and what the staging table knows of it. */
class Model {
  readonly #wrongClock: keyof Moment;
  wrongBy = 0;
  time = 0;
  /** What DfE holds; empty when it holds nothing. */
  dfe = '{}';
  doubt: Doubt = { unanswered: undefined, posts: [] };
  acknowledged = '{}';
  /** The last run that has sent. */
  run = 0;
  sent = '{}';
  attempts = 0;
  /** POSTs that DfE may take yet. */
  readonly flying: { readonly sent: string; readonly until: number }[] = [];
  readonly waiting: {
    readonly post: OpenPost;
    readonly sent: string;
    readonly inDoubt: boolean;
    readonly until: number;
  }[] = [];

  constructor(clock: keyof Moment) {
    this.#wrongClock = clock;
  }

  /** One of the clocks may be wrong, now by this and now by that. */
  now(): Moment {
    return { ...at(this.time), [this.#wrongClock]: new Date(this.time + this.wrongBy) };
  }

  /** An attempt of the current run, or of a new one, which may send something else. */
  begin(isNewRun: boolean, content: number): void {
    if (isNewRun || this.run === 0) {
      this.run += 1;
      this.sent = JSON.stringify({ content });
    }
    this.attempts += 1;
    const post = { run: `run-${String(this.run)}`, claim: String(this.attempts), at: this.now() };
    const inDoubt = isInDoubt(this.doubt, post);
    const until = this.time + landsWithinMs;
    const { sent, acknowledged } = this;
    this.doubt = doubtOnceBegun(this.doubt, { post, sent, acknowledged });
    this.waiting.push({ post, sent, inDoubt, until });
  }

  /** DfE takes it now, or certainly does not, or takes it later or never; the sender gets the answer, or is killed. */
  end(which: number, outcome: 'taken' | 'not taken' | 'slow', tryBefore: boolean, isHeard: boolean): void {
    const [waiting] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    if (waiting === undefined) return;
    const { post, sent, inDoubt, until } = waiting;
    // A sender ends long before what it has posted can land no more.
    if (this.time > until - 1) return;
    if (tryBefore || outcome === 'slow') this.flying.push({ sent, until });
    if (outcome === 'slow') return;
    if (outcome === 'taken') this.dfe = sent;
    if (!isHeard) {
      if (outcome === 'taken') this.flying.push({ sent, until });
      return;
    }
    const isLate = post.run !== `run-${String(this.run)}`;
    if (outcome === 'taken' && !isLate) {
      this.doubt = doubtOnceAccepted(this.doubt, { ...post, at: this.now() }, tryBefore);
      this.acknowledged = sent;
    } else if (outcome === 'not taken' && !inDoubt && !tryBefore) {
      this.doubt = doubtOnceNotTaken(this.doubt, post);
    }
  }

  lands(which: number): void {
    const [flying] = this.flying.splice(which % Math.max(1, this.flying.length), 1);
    if (flying !== undefined && flying.until > this.time) this.dfe = flying.sent;
  }

  /** DfE holds what it has acknowledged or what the table names, whatever lands later. */
  assertTrue(): void {
    const named = [this.acknowledged, ...submissionsIn(this.doubt.unanswered)];
    const landing = this.flying.filter(({ until }) => until > this.time).map(({ sent }) => sent);
    for (const content of [this.dfe, ...landing]) assert.ok(named.includes(content), content);
  }
}

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('begin' as const), isNewRun: fc.boolean(), content: fc.nat(3) }),
    fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(5),
      outcome: fc.constantFrom('taken' as const, 'not taken' as const, 'slow' as const),
      tryBefore: fc.boolean(),
      isHeard: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('land' as const), which: fc.nat(5) }),
    fc.record({ kind: fc.constant('pass' as const), share: fc.constantFrom(0.01, 0.6, 1.1) }),
    fc.record({ kind: fc.constant('clock' as const), wrongBy: fc.constantFrom(0, -2, -0.5, 0.5, 2, 300) }),
  ),
  { maxLength: 40, size: 'max' },
);

describe('whether a child is in doubt', () => {
  it('A doubt names every submission that DfE holds, or may later hold, and has not acknowledged', () => {
    fc.assert(
      fc.property(fc.constantFrom('database', 'app'), steps, (clock, all) => {
        const model = new Model(clock);
        for (const step of all) {
          if (step.kind === 'begin') model.begin(step.isNewRun, step.content);
          else if (step.kind === 'end') model.end(step.which, step.outcome, step.tryBefore, step.isHeard);
          else if (step.kind === 'land') model.lands(step.which);
          else if (step.kind === 'pass') model.time += step.share * landsWithinMs;
          else model.wrongBy = step.wrongBy * landsWithinMs;
          model.assertTrue();
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('A doubt ends with the first acceptance of a run that begins when nothing older can land', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const model = new Model('app');
        for (const step of all) if (step.kind === 'begin') model.begin(step.isNewRun, step.content);
        model.time += landsWithinMs;
        model.begin(true, 9);
        model.end(model.waiting.length - 1, 'taken', false, true);
        assert.deepEqual(model.doubt, { unanswered: undefined, posts: [] });
      }),
    );
  });

  it('A doubt outlasts an acceptance as long as a POST of an earlier run may land', () => {
    const slow = { run: 'run-1', claim: 'a', at: at(0) };
    const begun = { unanswered: undefined, posts: [slow] };
    const just = at(landsWithinMs - 1);
    assert.ok(staysInDoubt(begun, { run: 'run-2', at: just }));
    assert.ok(!staysInDoubt(begun, { run: 'run-2', at: at(landsWithinMs) }));
    assert.ok(!staysInDoubt(begun, { run: 'run-1', at: just }), 'it carries the same');
  });

  it('A doubt does not last for days because one of the clocks was once ahead', () => {
    const days = 30 * 24 * 60 * 60_000;
    for (const ahead of [{ database: new Date(days) }, { app: new Date(days) }]) {
      const slow = { run: 'run-1', claim: 'a', at: { ...at(0), ...ahead } };
      const now = { run: 'run-2', claim: 'b', at: at(landsWithinMs) };
      assert.ok(!staysInDoubt({ unanswered: undefined, posts: [slow] }, now));
    }
  });
});
