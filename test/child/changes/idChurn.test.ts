import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  IdChurn,
  idChangeOf,
  idsHeld,
  type IdChanges,
  type IdKind,
} from '../../../shared/child/changes/idChurn.js';
import type { SsdRow } from '../../../shared/child/sourceRows.js';
import { acknowledgedTextOf, payloadOf } from '../aPayload.js';
import {
  aCareEpisode,
  aCinPlan,
  aCpPlan,
  anAssessment,
  anEpisode,
  aPerson,
  aPlacement,
  aSection47,
} from '../aPerson.js';
import { anyPerson } from '../anyPerson.js';

const ofEveryKind = (change: IdChanges['episodes']): IdChanges => ({
  episodes: change,
  assessments: change,
  childInNeedPlans: change,
  section47: change,
  childProtectionPlans: change,
  placements: change,
});
const nothing = ofEveryKind({ held: 0, gone: 0, new: 0 });
const kinds: readonly IdKind[] = [
  'episodes',
  'assessments',
  'childInNeedPlans',
  'section47',
  'childProtectionPlans',
  'placements',
];

/** A child with one thing of every kind; `salt` goes into the id of each. */
function oneOfEach(salt = ''): ReturnType<typeof payloadOf> {
  const [cine_referral_id, clap_cla_placement_id] = [`R1${salt}`, `L1${salt}`];
  return payloadOf(
    aPerson({
      ssd_cin_episodes: [anEpisode({ cine_referral_id })],
      ssd_cin_assessments: [
        anAssessment({ cina_assessment_id: `A1${salt}`, cina_referral_id: cine_referral_id }),
      ],
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_id: `N1${salt}`, cinp_referral_id: cine_referral_id })],
      ssd_s47_enquiry: [aSection47({ s47e_s47_enquiry_id: `S1${salt}`, s47e_referral_id: cine_referral_id })],
      ssd_cp_plans: [aCpPlan({ cppl_cp_plan_id: `P1${salt}`, cppl_referral_id: cine_referral_id })],
      ssd_cla_episodes: [
        aCareEpisode({ clae_cla_placement_id: clap_cla_placement_id, clae_referral_id: cine_referral_id }),
      ],
      ssd_cla_placement: [aPlacement({ clap_cla_placement_id })],
    }),
  );
}

/** A child with plans under the referrals `R1` and `R2`. */
const withPlans = (...plans: readonly SsdRow<'ssd_cin_plans'>[]) =>
  payloadOf(
    aPerson({
      ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
      ssd_cin_plans: plans,
    }),
  );

describe('the change of a child’s ids', () => {
  it('counts an id that was renewed as gone and as new, in every kind', () => {
    assert.deepEqual(
      idChangeOf(oneOfEach('-2'), acknowledgedTextOf(oneOfEach())),
      ofEveryKind({ held: 1, gone: 1, new: 1 }),
    );
  });

  it('counts an id that only went, and one that only came', () => {
    const [two, one] = [withPlans(aCinPlan(), aCinPlan({ cinp_cin_plan_id: 'N2' })), withPlans(aCinPlan())];
    assert.deepEqual(idChangeOf(one, acknowledgedTextOf(two)).childInNeedPlans, { held: 2, gone: 1, new: 0 });
    assert.deepEqual(idChangeOf(two, acknowledgedTextOf(one)).childInNeedPlans, { held: 1, gone: 0, new: 1 });
  });

  it('is zero for an item that moved to another episode under its old id', () => {
    const moved = withPlans(aCinPlan({ cinp_referral_id: 'R2' }));
    assert.deepEqual(idChangeOf(moved, acknowledgedTextOf(withPlans(aCinPlan()))), {
      ...nothing,
      episodes: { held: 2, gone: 0, new: 0 },
      childInNeedPlans: { held: 1, gone: 0, new: 0 },
    });
  });

  it('adds up: what is held, less what is gone, plus what is new, is what the child has', () => {
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const now = payloadOf(one);
        const change = idChangeOf(now, acknowledgedTextOf(payloadOf(other)));
        const has = idsHeld(now);
        for (const kind of kinds) {
          const { held, gone, new: came } = change[kind];
          assert.equal(held - gone + came, has[kind].held, kind);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is found without the acknowledged text when the child is as it was', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        const child = payloadOf(rows);
        assert.deepEqual(idsHeld(child), idChangeOf(child, acknowledgedTextOf(child)));
      }),
      { numRuns: 100 },
    );
  });

  it('is zero for a child that is new to DfE', () =>
    assert.deepEqual(idChangeOf(oneOfEach(), undefined), nothing));

  it('is zero for a child that has left', () =>
    assert.deepEqual(idChangeOf(undefined, acknowledgedTextOf(oneOfEach())), nothing));

  it('is zero when the acknowledged text cannot be read', () =>
    assert.deepEqual(idChangeOf(oneOfEach(), '{"la_child'), nothing));
});

describe('the churn of ids', () => {
  it('is nothing at first', () => assert.deepEqual(new IdChurn().figures(), nothing));

  it('is the sum over the children', () => {
    const churn = new IdChurn();
    churn.add(idsHeld(oneOfEach()));
    churn.add(idChangeOf(oneOfEach('-2'), acknowledgedTextOf(oneOfEach())));
    churn.add(idChangeOf(withPlans(), acknowledgedTextOf(withPlans(aCinPlan()))));
    assert.deepEqual(churn.figures(), {
      ...ofEveryKind({ held: 2, gone: 1, new: 1 }),
      episodes: { held: 4, gone: 1, new: 1 },
      childInNeedPlans: { held: 3, gone: 2, new: 1 },
    });
  });

  it('that was read stays as it was', () => {
    const churn = new IdChurn();
    const before = churn.figures();
    churn.add(idsHeld(oneOfEach()));
    assert.deepEqual(before, nothing);
  });
});
