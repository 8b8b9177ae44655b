import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { submissionOf } from '../../../shared/child/changes/difference.js';
import type { Child } from '../../../shared/child/payload.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { applyRecord, type ArrayMode, type HeldChild } from '../../local/dfe/state.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aCpPlan,
  anAdoption,
  anAssessment,
  anEpisode,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
  someFactors,
} from '../aPerson.js';
import { acknowledgedTextOf, judged, payloadOf, stateOf, today } from '../aPayload.js';
import { anyPerson } from '../anyPerson.js';
import { personsIn } from '../syntheticPersons.js';

const modes: readonly ArrayMode[] = ['merge', 'replace'];

/** What DfE holds after the submission for `now` arrives on top of `held`; `before` is what it acknowledged last. */
function after(held: HeldChild | undefined, now: Child, before: Child | undefined, mode: ArrayMode) {
  const mayHold = before === undefined ? [] : [acknowledgedTextOf(before)];
  return applyRecord(held, judged(submissionOf(now, mayHold)), mode);
}

function assertInStep(now: Child, before: Child): void {
  for (const mode of modes) {
    assert.deepEqual(after(stateOf(before), now, before, mode), stateOf(now), mode);
  }
}

/** The text of what is sent for a change from one person to another. */
const sentFor = (now: PersonRows, before: PersonRows) =>
  JSON.stringify(submissionOf(payloadOf(now), [acknowledgedTextOf(payloadOf(before))]));

describe('after a submission DfE holds exactly the child as it is now, whether it merges or replaces lists', () => {
  it('for any two versions of a child', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => assertInStep(payloadOf(one), payloadOf(other))),
      { numRuns: 400 },
    );
  });

  it('for any sequence of versions', () => {
    fc.assert(
      fc.property(fc.array(anyPerson, { minLength: 3, maxLength: 5 }), (versions) => {
        for (const mode of modes) {
          let before: Child | undefined;
          let held: HeldChild | undefined;
          for (const now of versions.map((rows) => payloadOf(rows))) {
            held = after(held, now, before, mode);
            assert.deepEqual(held, stateOf(now), mode);
            before = now;
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('for synthetic children whose records changed over weeks', () => {
    const request = { children: 200, seed: 'difference', today };
    const earlier = new Map(
      personsIn(generateSsd(request).entries()).map((rows) => [rows.person.pers_person_id, rows]),
    );
    let changed = 0;
    for (const rows of personsIn(generateSsd({ ...request, night: 40 }).entries())) {
      const before = earlier.get(rows.person.pers_person_id);
      if (before === undefined) continue;
      const [now, then] = [payloadOf(rows), payloadOf(before)];
      if (acknowledgedTextOf(now) !== acknowledgedTextOf(then)) changed += 1;
      assertInStep(now, then);
    }
    assert.ok(changed > 20, `only ${changed} children changed`);
  });

  it('for a child that DfE has never heard of', () => {
    fc.assert(
      fc.property(anyPerson, fc.constantFrom(...modes), (rows, mode) => {
        const child = payloadOf(rows);
        assert.deepEqual(after(undefined, child, undefined, mode), stateOf(child));
      }),
      { numRuns: 50 },
    );
  });

  it('when it came twice', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, fc.constantFrom(...modes), (one, other, mode) => {
        const [now, before] = [payloadOf(one), payloadOf(other)];
        const once = after(stateOf(before), now, before, mode);
        assert.deepEqual(after(once, now, before, mode), once);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a submission purges', () => {
  const whole = aPerson({
    ssd_sdq_scores: [anSdqScore()],
    ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
    ssd_cin_assessments: [anAssessment()],
    ssd_assessment_factors: [someFactors()],
    ssd_cin_plans: [aCinPlan()],
    ssd_s47_enquiry: [aSection47()],
    ssd_cp_plans: [aCpPlan()],
    ssd_cla_episodes: [aCareEpisode()],
    ssd_cla_placement: [aPlacement()],
    ssd_permanence: [anAdoption()],
    ssd_care_leavers: [aCareLeaverContact()],
    ssd_involvements: [anInvolvement()],
  });

  const gone: readonly (readonly [string, PersonRows, string])[] = [
    [
      'an episode that is gone, by its id alone',
      { ...whole, ssd_cin_episodes: [anEpisode()] },
      '{"social_care_episode_id":"R2","purge":true}',
    ],
    [
      'an assessment that is gone',
      { ...whole, ssd_cin_assessments: [] },
      '"child_and_family_assessments":[{"child_and_family_assessment_id":"A1","purge":true}]',
    ],
    [
      'a child in need plan that has another id now',
      { ...whole, ssd_cin_plans: [aCinPlan({ cinp_cin_plan_id: 'N2' })] },
      '{"child_in_need_plan_id":"N1","purge":true}]',
    ],
    [
      'a section 47 enquiry that is gone',
      { ...whole, ssd_s47_enquiry: [] },
      '"section_47_assessments":[{"section_47_assessment_id":"S1","purge":true}]',
    ],
    [
      'a child protection plan that is gone',
      { ...whole, ssd_cp_plans: [] },
      '"child_protection_plans":[{"child_protection_plan_id":"P1","purge":true}]',
    ],
    [
      'a placement that is gone',
      { ...whole, ssd_cla_placement: [] },
      '"child_looked_after_placements":[{"child_looked_after_placement_id":"L1","purge":true}]',
    ],
    ['an adoption that is gone', { ...whole, ssd_permanence: [] }, '"adoption":{"purge":true}'],
    ['care leaver data that are gone', { ...whole, ssd_care_leavers: [] }, '"care_leavers":{"purge":true}'],
    [
      'Strengths and Difficulties scores when none is left',
      { ...whole, ssd_sdq_scores: [] },
      '"health_and_wellbeing":{"purge":true}',
    ],
  ];
  for (const [what, now, entry] of gone) {
    it(what, () => {
      const sent = sentFor(now, whole);
      assert.ok(sent.includes(entry), sent);
      assert.equal(sent.split('"purge":true').length, 2, 'exactly one purge entry');
    });
  }

  it('care workers, who have no purge flag, by an empty list', () => {
    const sent = sentFor({ ...whole, ssd_involvements: [] }, whole);
    assert.ok(sent.includes('"care_worker_details":[]'));
    assert.ok(!sent.includes('"purge":true'));
  });

  it('factors by an empty list', () => {
    const sent = sentFor({ ...whole, ssd_assessment_factors: [] }, whole);
    assert.ok(sent.includes('"factors":[]'));
    assert.ok(!sent.includes('"purge":true'));
  });

  it('each episode by its own id when the child has no more episodes, and nothing below it', () => {
    const sent = sentFor(aPerson({ ssd_sdq_scores: [anSdqScore()] }), whole);
    assert.ok(
      sent.endsWith(
        '"social_care_episodes":[{"social_care_episode_id":"R1","purge":true},{"social_care_episode_id":"R2","purge":true}]}',
      ),
    );
  });

  it('an adoption in its old episode when it moves to another', () => {
    const period = (referral: string) => [aCareEpisode({ clae_referral_id: referral })];
    const before = payloadOf({ ...whole, ssd_cla_episodes: period('R1') });
    const now = payloadOf({ ...whole, ssd_cla_episodes: period('R2') });
    const [first, second] = submissionOf(now, [acknowledgedTextOf(before)]).social_care_episodes ?? [];
    assert.deepEqual(first !== undefined && 'adoption' in first && first.adoption, { purge: true });
    assert.ok(second !== undefined && 'adoption' in second && second.adoption?.purge === false);
  });

  it('nothing when nothing is gone', () => {
    const added = {
      ...whole,
      ssd_cin_plans: [aCinPlan(), aCinPlan({ cinp_cin_plan_id: 'N2' })],
      ssd_cin_episodes: [
        ...whole.ssd_cin_episodes,
        anEpisode({ cine_referral_id: 'R3', cine_referral_date: '2024-06-01' }),
      ],
    };
    assert.ok(!sentFor(added, whole).includes('"purge":true'));
    assert.equal(sentFor(added, whole), acknowledgedTextOf(payloadOf(added)));
  });

  it('nothing when an episode is closed or opened again: the whole child says it', () => {
    const closed = anEpisode({ cine_close_date: '2026-01-01', cine_close_reason: 'RC8' });
    const open = aPerson({ ssd_cin_episodes: [anEpisode()] });
    const shut = aPerson({ ssd_cin_episodes: [closed] });
    assert.ok(!sentFor(open, shut).includes('purge":true'));
    assertInStep(payloadOf(open), payloadOf(shut));
    assertInStep(payloadOf(shut), payloadOf(open));
  });

  it('nothing for a child that is as it was: the payload itself would travel', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        assert.equal(sentFor(rows, rows), acknowledgedTextOf(payloadOf(rows)));
      }),
      { numRuns: 100 },
    );
  });
});
