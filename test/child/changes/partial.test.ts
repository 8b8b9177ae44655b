import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { partialSubmissionOf } from '../../../shared/child/changes/partial.js';
import type { Child } from '../../../shared/child/payload.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import type { ChildRecord } from '../../local/dfe/judge.js';
import { applyRecord, type HeldChild } from '../../local/dfe/state.js';
import { acknowledgedTextOf, judged, payloadOf, stateOf } from '../aPayload.js';
import { aCinPlan, aDisability, anEpisode, anSdqScore, aPerson } from '../aPerson.js';
import { anyPerson } from '../anyPerson.js';

type Receiver = (held: HeldChild, record: ChildRecord) => HeldChild | undefined;

/** The two readings under which a missing block means "unchanged". Where it means "gone", a part can never be right. */
const receivers: Readonly<Record<string, Receiver>> = {
  'merges arrays': (held, record) => applyRecord(held, record, 'merge'),
  'replaces the blocks that it is sent and keeps the others': (held, record) =>
    applyRecord(held, record, 'blocks'),
};

const sentFor = (now: Child, before: Child) => partialSubmissionOf(now, acknowledgedTextOf(before));

for (const [reading, receive] of Object.entries(receivers)) {
  describe(`after a partial submission a DfE that ${reading} holds exactly the child as it is now`, () => {
    it('for any sequence of versions', () => {
      fc.assert(
        fc.property(anyPerson, fc.array(anyPerson, { minLength: 1, maxLength: 4 }), (first, others) => {
          let before = payloadOf(first);
          let held: HeldChild | undefined = stateOf(before);
          for (const now of others.map((rows) => payloadOf(rows))) {
            held = receive(held, judged(sentFor(now, before)));
            assert.ok(held);
            assert.deepEqual(held, stateOf(now));
            before = now;
          }
        }),
        { numRuns: 200 },
      );
    });

    it('when one block of it changed', () => {
      fc.assert(
        fc.property(anyPerson, anyPerson, fc.boolean(), (one, other, scores) => {
          const [before, donor] = [payloadOf(one), payloadOf(other)];
          const now: Child = scores
            ? { ...before, health_and_wellbeing: donor.health_and_wellbeing }
            : { ...before, social_care_episodes: donor.social_care_episodes };
          assert.deepEqual(receive(stateOf(before), judged(sentFor(now, before))), stateOf(now));
        }),
        { numRuns: 200 },
      );
    });
  });
}

describe('a partial submission', () => {
  const whole = aPerson({
    person: { pers_legacy_id: 'M1' },
    ssd_sdq_scores: [anSdqScore()],
    ssd_cin_episodes: [anEpisode()],
    ssd_cin_plans: [aCinPlan()],
  });
  const before = payloadOf(whole);
  const always = ['la_child_id', 'mis_child_id', 'purge', 'child_details'];

  const cases: readonly (readonly [string, PersonRows, readonly string[]])[] = [
    ['nothing but the ids and details of a child that is as it was', whole, []],
    [
      'no other block when only a detail changed',
      { ...whole, ssd_disability: [aDisability({ disa_disability_code: 'MOB' })] },
      [],
    ],
    [
      'the scores when one came',
      { ...whole, ssd_sdq_scores: [anSdqScore({ csdq_sdq_score: '3' })] },
      ['health_and_wellbeing'],
    ],
    ['the scores when they are gone', { ...whole, ssd_sdq_scores: [] }, ['health_and_wellbeing']],
    [
      'the episodes when something inside one changed',
      { ...whole, ssd_cin_plans: [aCinPlan({ cinp_cin_plan_end_date: '2026-01-01' })] },
      ['social_care_episodes'],
    ],
    ['the episodes when they are gone', { ...whole, ssd_cin_episodes: [] }, ['social_care_episodes']],
  ];
  for (const [what, rows, blocks] of cases) {
    it(`carries ${what}`, () => {
      const sent = judged(sentFor(payloadOf(rows), before));
      assert.deepEqual(Object.keys(sent), [...always, ...blocks]);
    });
  }

  for (const [what, text] of [
    ['is not JSON', '{"la_child'],
    ['is not an object', 'null'],
    ['is a list', '[{"la_child_id":"1001"}]'],
    ['is a purge of the child', '{"la_child_id":"1001","purge":true}'],
  ] as const) {
    it(`is the whole child when the acknowledged text ${what}`, () =>
      assert.equal(JSON.stringify(partialSubmissionOf(before, text)), JSON.stringify(before)));
  }
});
