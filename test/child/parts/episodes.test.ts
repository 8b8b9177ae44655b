import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  aCareEpisode,
  aCinPlan,
  aConference,
  aCpPlan,
  anAssessment,
  anEpisode,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
} from '../aPerson.js';
import { episodeIds, episodesSent, findingsOf, payloadOf, theEpisode } from '../aPayload.js';

/** An episode that was over a year before the window. */
const longClosed = anEpisode({ cine_referral_date: '2020-01-01', cine_close_date: '2023-01-01' });

describe('an episode', () => {
  it('is sent when it closed on the window’s first day', () => {
    const episode = anEpisode({ cine_referral_date: '2020-01-01', cine_close_date: '2024-04-01' });
    assert.deepEqual(episodeIds(aPerson({ ssd_cin_episodes: [episode] })), ['R1']);
  });

  it('is not sent when it closed the day before', () => {
    const episode = anEpisode({ cine_referral_date: '2020-01-01', cine_close_date: '2024-03-31' });
    assert.deepEqual(episodeIds(aPerson({ ssd_cin_episodes: [episode] })), []);
  });

  it('is sent when it starts tomorrow, and not when it starts a day later', () => {
    const starting = (day: '2026-08-12' | '2026-08-13') =>
      aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_date: day })] });
    assert.deepEqual(episodeIds(starting('2026-08-12')), ['R1']);
    assert.deepEqual(episodeIds(starting('2026-08-13')), []);
  });

  it('is sent, however old, while it is open', () => {
    const episode = anEpisode({ cine_referral_date: '2009-01-01' });
    assert.deepEqual(episodeIds(aPerson({ ssd_cin_episodes: [episode] })), ['R1']);
  });

  it('that is kept back for its end has each of its values reported that cannot be read', () => {
    const episode = anEpisode({
      cine_close_date: { unreadable: 'form', found: '4 characters: letters' },
      cine_referral_source_code: null,
      cine_referral_source_desc: 'no such source',
      cine_close_reason: 'no such reason',
      cine_referral_nfa: 'Maybe',
    });
    const rows = aPerson({ ssd_cin_episodes: [episode] });
    assert.deepEqual(episodeIds(rows), []);
    assert.deepEqual(
      findingsOf(rows).map(({ column }) => column),
      ['cine_close_date', 'cine_referral_source_code', 'cine_close_reason', 'cine_referral_nfa'],
    );
  });

  it('outside the window is sent for a placement in it', () => {
    const rows = aPerson({
      ssd_cin_episodes: [longClosed],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement()],
    });
    assert.equal(theEpisode(rows).child_looked_after_placements?.length, 1);
    assert.equal(theEpisode(rows).closure_date, '2023-01-01');
  });

  it('outside the window is sent for a child in need plan in it', () => {
    const rows = aPerson({ ssd_cin_episodes: [longClosed], ssd_cin_plans: [aCinPlan()] });
    assert.equal(theEpisode(rows).child_in_need_plans?.length, 1);
  });

  it('outside the window is sent for a child protection plan in it', () => {
    const rows = aPerson({ ssd_cin_episodes: [longClosed], ssd_cp_plans: [aCpPlan()] });
    assert.equal(theEpisode(rows).child_protection_plans?.length, 1);
  });

  it('outside the window is sent for a section 47 enquiry in it', () => {
    const rows = aPerson({ ssd_cin_episodes: [longClosed], ssd_s47_enquiry: [aSection47()] });
    assert.equal(theEpisode(rows).section_47_assessments?.length, 1);
  });

  it('outside the window is sent for an assessment in it', () => {
    const rows = aPerson({ ssd_cin_episodes: [longClosed], ssd_cin_assessments: [anAssessment()] });
    assert.equal(theEpisode(rows).child_and_family_assessments?.length, 1);
  });

  it('outside the window is not sent for what is outside it as well', () => {
    const before = '2023-01-01' as const;
    const rows = aPerson({
      ssd_cin_episodes: [longClosed],
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_start_date: before, cinp_cin_plan_end_date: before })],
      ssd_cp_plans: [aCpPlan({ cppl_cp_plan_start_date: before, cppl_cp_plan_end_date: before })],
      ssd_s47_enquiry: [aSection47({ s47e_s47_start_date: before, s47e_s47_end_date: before })],
      ssd_cin_assessments: [anAssessment({ cina_assessment_start_date: before })],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [
        aPlacement({ clap_cla_placement_start_date: before, clap_cla_placement_end_date: before }),
      ],
    });
    assert.equal(payloadOf(rows).social_care_episodes, undefined);
  });

  it('outside the window is not sent for a worker alone', () => {
    const rows = aPerson({ ssd_cin_episodes: [longClosed], ssd_involvements: [anInvolvement()] });
    assert.deepEqual(episodeIds(rows), []);
  });

  it('carries only what belongs to it', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode({ cine_referral_id: 'R2' }), anEpisode()],
      ssd_cin_plans: [
        aCinPlan({ cinp_cin_plan_id: 'N2', cinp_referral_id: 'R2' }),
        aCinPlan(),
        aCinPlan({ cinp_cin_plan_id: 'N3', cinp_referral_id: null }),
        aCinPlan({ cinp_cin_plan_id: 'N4', cinp_referral_id: 'R9' }),
      ],
    });
    const plans = episodesSent(rows).map((episode) => [
      episode.social_care_episode_id,
      episode.child_in_need_plans?.map((plan) => plan.child_in_need_plan_id),
    ]);
    assert.deepEqual(plans, [
      ['R1', ['N1']],
      ['R2', ['N2']],
    ]);
  });
});

describe('in the window, to the day, lies', () => {
  const episode = [anEpisode({ cine_referral_date: '2010-01-01' })];
  const count = (items: readonly unknown[] | undefined) => items?.length ?? 0;

  const assessment = (dates: Parameters<typeof anAssessment>[0]) =>
    count(
      theEpisode(aPerson({ ssd_cin_episodes: episode, ssd_cin_assessments: [anAssessment(dates)] }))
        .child_and_family_assessments,
    );
  it('an assessment started on the first day, not one started the day before', () => {
    assert.equal(assessment({ cina_assessment_start_date: '2024-04-01' }), 1);
    assert.equal(assessment({ cina_assessment_start_date: '2024-03-31' }), 0);
  });
  it('an assessment authorised on the first day, whenever it was started', () => {
    const started = { cina_assessment_start_date: '2024-01-01' } as const;
    assert.equal(assessment({ ...started, cina_assessment_auth_date: '2024-04-01' }), 1);
    assert.equal(assessment({ ...started, cina_assessment_auth_date: '2024-03-31' }), 0);
  });
  it('no assessment that was started before and authorised after it', () => {
    const dates = {
      cina_assessment_start_date: '2024-03-31',
      cina_assessment_auth_date: '2026-08-13',
    } as const;
    assert.equal(assessment(dates), 0);
  });
  it('an assessment authorised in it without a start', () => {
    const dates = { cina_assessment_start_date: null, cina_assessment_auth_date: '2025-01-01' } as const;
    assert.equal(assessment(dates), 1);
  });

  it('a child in need plan that ended on the first day, not one that ended the day before', () => {
    const plans = (end: '2024-04-01' | '2024-03-31') =>
      theEpisode(
        aPerson({
          ssd_cin_episodes: episode,
          ssd_cin_plans: [aCinPlan({ cinp_cin_plan_start_date: '2023-01-01', cinp_cin_plan_end_date: end })],
        }),
      ).child_in_need_plans;
    assert.equal(count(plans('2024-04-01')), 1);
    assert.equal(count(plans('2024-03-31')), 0);
  });

  it('a child protection plan that ended on the first day, not one that ended the day before', () => {
    const plans = (end: '2024-04-01' | '2024-03-31') =>
      theEpisode(
        aPerson({
          ssd_cin_episodes: episode,
          ssd_cp_plans: [aCpPlan({ cppl_cp_plan_start_date: '2023-01-01', cppl_cp_plan_end_date: end })],
        }),
      ).child_protection_plans;
    assert.equal(count(plans('2024-04-01')), 1);
    assert.equal(count(plans('2024-03-31')), 0);
  });

  const section47s = (
    enquiry: Parameters<typeof aSection47>[0],
    ...conferences: ReturnType<typeof aConference>[]
  ) =>
    theEpisode(
      aPerson({
        ssd_cin_episodes: episode,
        ssd_s47_enquiry: [aSection47(enquiry)],
        ssd_initial_cp_conference: conferences,
      }),
    ).section_47_assessments;
  const earlier = { s47e_s47_start_date: '2024-01-10', s47e_s47_end_date: '2024-03-31' } as const;

  it('a section 47 enquiry that ended on the first day, not one that ended the day before', () => {
    assert.equal(count(section47s({ ...earlier, s47e_s47_end_date: '2024-04-01' })), 1);
    assert.equal(count(section47s(earlier)), 0);
  });
  it('an earlier section 47 enquiry whose conference was on the first day, with its date', () => {
    const [sent, ...others] = section47s(earlier, aConference({ icpc_icpc_date: '2024-04-01' })) ?? [];
    assert.equal(others.length, 0);
    assert.equal(sent?.icpc_date, '2024-04-01');
    assert.equal(count(section47s(earlier, aConference({ icpc_icpc_date: '2024-03-31' }))), 0);
  });
  it('no earlier section 47 enquiry for the conference of another', () => {
    const conference = aConference({ icpc_s47_enquiry_id: 'S9', icpc_icpc_date: '2024-05-01' });
    assert.equal(count(section47s(earlier, conference)), 0);
  });

  it('a placement that ended on the first day, not one that ended the day before', () => {
    const placements = (end: '2024-04-01' | '2024-03-31') =>
      theEpisode(
        aPerson({
          ssd_cin_episodes: episode,
          ssd_cla_episodes: [aCareEpisode()],
          ssd_cla_placement: [
            aPlacement({ clap_cla_placement_start_date: '2023-01-01', clap_cla_placement_end_date: end }),
          ],
        }),
      ).child_looked_after_placements;
    assert.equal(count(placements('2024-04-01')), 1);
    assert.equal(count(placements('2024-03-31')), 0);
  });

  it('a Strengths and Difficulties score of the first day and of tomorrow, and no other', () => {
    const days = ['2024-03-31', '2024-04-01', '2026-08-12', '2026-08-13'] as const;
    const rows = aPerson({
      ssd_sdq_scores: days.map((day) =>
        anSdqScore({ csdq_table_id: day, csdq_sdq_completed_date: day, csdq_sdq_score: '3' }),
      ),
    });
    assert.deepEqual(payloadOf(rows).health_and_wellbeing?.sdq_assessments, [
      { date: '2024-04-01', score: 3 },
      { date: '2026-08-12', score: 3 },
    ]);
  });
});

describe('Strengths and Difficulties scores', () => {
  it('are sent by date and then by number, each once', () => {
    const score = (date: '2025-01-01' | '2025-02-01', value: string) =>
      anSdqScore({ csdq_sdq_completed_date: date, csdq_sdq_score: value });
    const rows = aPerson({
      ssd_sdq_scores: [
        score('2025-02-01', '4'),
        score('2025-01-01', '12'),
        score('2025-01-01', '9'),
        score('2025-02-01', '4'),
      ],
    });
    assert.deepEqual(payloadOf(rows).health_and_wellbeing?.sdq_assessments, [
      { date: '2025-01-01', score: 9 },
      { date: '2025-01-01', score: 12 },
      { date: '2025-02-01', score: 4 },
    ]);
  });

  it('that cannot be sent leave no empty block behind', () => {
    const rows = aPerson({ ssd_sdq_scores: [anSdqScore({ csdq_sdq_score: 'not done' })] });
    assert.equal(payloadOf(rows).health_and_wellbeing, undefined);
  });
});

describe('the conference of a section 47 enquiry', () => {
  it('is the latest of several', () => {
    const conference = (id: string, date: '2025-05-20' | '2025-07-01' | null) =>
      aConference({ icpc_icpc_id: id, icpc_icpc_date: date });
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_s47_enquiry: [aSection47()],
      ssd_initial_cp_conference: [
        conference('C1', '2025-07-01'),
        conference('C2', null),
        conference('C3', '2025-05-20'),
      ],
    });
    assert.equal(theEpisode(rows).section_47_assessments?.[0]?.icpc_date, '2025-07-01');
  });
});
