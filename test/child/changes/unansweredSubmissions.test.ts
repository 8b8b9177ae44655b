import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { submissionOf, type ChildSubmission } from '../../../shared/child/changes/difference.js';
import type { Child, ChildPurge } from '../../../shared/child/payload.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { applyRecord, type HeldChild } from '../../local/dfe/state.js';
import {
  aCinPlan,
  aDisability,
  anAssessment,
  anEpisode,
  anSdqScore,
  aPerson,
  someFactors,
} from '../aPerson.js';
import { acknowledgedTextOf, asSent, judged, payloadOf, stateOf } from '../aPayload.js';
import { anyPerson } from '../anyPerson.js';
import type { ArrayMode } from '../../local/dfe/state.js';

const modes: readonly ArrayMode[] = ['merge', 'replace'];

/** How one night of a child goes: what is sent, and whether DfE takes it. No answer comes back in either case. */
interface UnansweredNight {
  readonly rows: PersonRows;
  readonly sends: 'whole child' | 'some blocks' | 'purge of the child';
  readonly arrives: boolean;
}

const unansweredNight: fc.Arbitrary<UnansweredNight> = fc.record({
  rows: anyPerson,
  sends: fc.constantFrom('whole child', 'whole child', 'some blocks', 'purge of the child'),
  arrives: fc.boolean(),
});

/** What is sent on that night, when `mayHold` was sent before. */
function sentOn({ rows, sends }: UnansweredNight, mayHold: readonly string[]): ChildSubmission | ChildPurge {
  const child = payloadOf(rows);
  const { la_child_id, mis_child_id } = child;
  if (sends === 'purge of the child') return { la_child_id, mis_child_id, purge: true };
  const { health_and_wellbeing, ...others } = submissionOf(child, mayHold);
  return sends === 'some blocks' ? others : { ...others, health_and_wellbeing };
}

const textsOf = (sent: readonly object[]): string[] => sent.map((one) => JSON.stringify(one));

describe('after submissions that DfE never answered, the next one brings DfE up to date', () => {
  it('whichever of them arrived', () => {
    fc.assert(
      fc.property(
        fc.option(anyPerson, { nil: undefined }),
        fc.array(unansweredNight, { minLength: 1, maxLength: 5 }),
        anyPerson,
        fc.constantFrom(...modes),
        (acknowledged, nights, rows, mode) => {
          const first = acknowledged && payloadOf(acknowledged);
          let held = first && stateOf(first);
          const mayHold = first === undefined ? [] : [acknowledgedTextOf(first)];
          for (const night of nights) {
            const sent = sentOn(night, mayHold);
            if (night.arrives) held = applyRecord(held, judged(sent), mode);
            mayHold.push(JSON.stringify(sent));
          }
          const now = payloadOf(rows);
          assert.deepEqual(applyRecord(held, judged(submissionOf(now, mayHold)), mode), stateOf(now));
        },
      ),
      { numRuns: 250 },
    );
  });

  it('in any order of arrival', () => {
    fc.assert(
      fc.property(
        fc.array(unansweredNight, { minLength: 2, maxLength: 5 }).chain((nights) => {
          const sent: (ChildSubmission | ChildPurge)[] = [];
          for (const night of nights) sent.push(sentOn(night, textsOf(sent)));
          return fc.record({ sent: fc.constant(sent), arrived: fc.shuffledSubarray(sent) });
        }),
        anyPerson,
        fc.constantFrom(...modes),
        ({ sent, arrived }, rows, mode) => {
          let held: HeldChild | undefined;
          for (const one of arrived) held = applyRecord(held, judged(one), mode);
          const now = payloadOf(rows);
          assert.deepEqual(applyRecord(held, judged(submissionOf(now, textsOf(sent))), mode), stateOf(now));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what was sent and never answered', () => {
  const plain = payloadOf(aPerson({ ssd_cin_episodes: [anEpisode()] }));
  const withPlan = (id: string) =>
    payloadOf(
      aPerson({ ssd_cin_episodes: [anEpisode()], ssd_cin_plans: [aCinPlan({ cinp_cin_plan_id: id })] }),
    );
  const withScores = payloadOf(aPerson({ ssd_sdq_scores: [anSdqScore()] }));
  const none = payloadOf(aPerson());

  /** The submissions of these versions, one after the other, none of them answered. */
  const unanswered = (...versions: readonly Child[]): string[] =>
    versions.reduce<string[]>(
      (texts, version) => [...texts, JSON.stringify(submissionOf(version, texts))],
      [],
    );

  /** The child in need plans of all episodes, in the order they are sent. */
  const plansIn = ({ social_care_episodes = [] }: ChildSubmission): string[] =>
    social_care_episodes
      .flatMap((episode) => ('child_in_need_plans' in episode ? (episode.child_in_need_plans ?? []) : []))
      .map(({ child_in_need_plan_id, purge }) =>
        purge ? `purge ${child_in_need_plan_id}` : child_in_need_plan_id,
      );

  it('leaves a child as it is when there was nothing', () => assert.equal(submissionOf(plain, []), plain));

  it('is purged again where a purge may not have been carried out', () => {
    const [, purge] = unanswered(withPlan('N1'), plain);
    assert.ok(purge);
    assert.ok(purge.includes('{"child_in_need_plan_id":"N1","purge":true}'));
    assert.deepEqual(plansIn(submissionOf(plain, [purge])), ['purge N1']);
    const [, purgeOfAll] = unanswered(plain, none);
    assert.ok(purgeOfAll);
    assert.deepEqual(submissionOf(none, [purgeOfAll]).social_care_episodes, [
      { social_care_episode_id: 'R1', purge: true },
    ]);
  });

  it('is purged below an episode that was purged meanwhile and is back', () => {
    const back = submissionOf(withPlan('N2'), unanswered(withPlan('N1'), none));
    assert.deepEqual(plansIn(back), ['N2', 'purge N1']);
  });

  it('is purged once, however often it was named, in the order in which it was first named', () => {
    const sent = submissionOf(
      plain,
      unanswered(withPlan('N2'), withPlan('N1'), withPlan('N3'), withPlan('N2'), plain),
    );
    assert.deepEqual(plansIn(sent), ['purge N2', 'purge N1', 'purge N3']);
  });

  it('is not purged when it is back', () => {
    const sent = submissionOf(withPlan('N1'), unanswered(withPlan('N1'), plain, withScores));
    assert.deepEqual(asSent(sent), {
      ...Object(asSent(withPlan('N1'))),
      health_and_wellbeing: { purge: true },
    });
  });

  it('is emptied again where it was sent as an empty list', () => {
    const emptied = {
      la_child_id: '1001',
      child_details: { disabilities: [] },
      social_care_episodes: [
        {
          social_care_episode_id: 'R1',
          care_worker_details: [],
          child_and_family_assessments: [{ child_and_family_assessment_id: 'A1', factors: [] }],
        },
      ],
    };
    const unknown = payloadOf(
      aPerson({
        ssd_disability: [aDisability({ disa_disability_code: 'unknown' })],
        ssd_cin_episodes: [anEpisode()],
        ssd_cin_assessments: [anAssessment()],
        ssd_assessment_factors: [someFactors({ cinf_assessment_factors_json: '["unknown"]' })],
      }),
    );
    assert.ok(!JSON.stringify(unknown).includes('[]'));
    const sent = JSON.stringify(submissionOf(unknown, [JSON.stringify(emptied)]));
    for (const list of ['disabilities', 'care_worker_details', 'factors']) {
      assert.ok(sent.includes(`"${list}":[]`), list);
    }
  });

  it('counts even when another text cannot be read', () => {
    const texts = ['{"la_child', ...unanswered(withScores), '[]'];
    assert.deepEqual(submissionOf(none, texts).health_and_wellbeing, { purge: true });
  });

  it('is left alone where its id is one that DfE cannot have taken', () => {
    const odd = JSON.stringify({
      social_care_episodes: [
        { social_care_episode_id: 'R 7' },
        {
          social_care_episode_id: 'R1',
          child_in_need_plans: [{ child_in_need_plan_id: '0xabc', purge: true }],
        },
      ],
    });
    assert.deepEqual(asSent(submissionOf(plain, [odd])), asSent(plain));
  });
});

describe('what Data to Insight’s scripts have sent before', () => {
  const now = payloadOf(aPerson({ ssd_cin_episodes: [anEpisode()] }));

  it('is read with attributes and purge flags that this system does not know', () => {
    const acknowledged = JSON.stringify({
      la_child_id: '1001',
      something: { else: 1 },
      purge: false,
      health_and_wellbeing: { sdq_assessments: [{ date: '2025-01-01', score: 3, purge: false }] },
      social_care_episodes: [
        {
          social_care_episode_id: 'R1',
          adoption: { initial_decision_date: '2025-01-01', purge: false },
          care_worker_details: [{ worker_id: 'SW1', purge: false }],
        },
        { social_care_episode_id: 'R7', unknown: [] },
      ],
    });
    const sent = submissionOf(now, [acknowledged]);
    assert.deepEqual(asSent(sent), {
      ...Object(asSent(now)),
      health_and_wellbeing: { purge: true },
      social_care_episodes: [
        {
          social_care_episode_id: 'R1',
          referral_date: '2025-05-01',
          referral_source: '1A',
          referral_no_further_action_flag: false,
          purge: false,
          care_worker_details: [],
          adoption: { purge: true },
        },
        { social_care_episode_id: 'R7', purge: true },
      ],
    });
  });

  it('may be a purge of the child, after which everything is new', () => {
    const sent = submissionOf(now, [JSON.stringify({ la_child_id: '1001', purge: true })]);
    assert.deepEqual(asSent(sent), asSent(now));
  });

  for (const [what, text] of [
    ['is not JSON', '{"la_child'],
    ['is a list', '[{"la_child_id":"1001"}]'],
    ['holds a null where a list should be', '{"la_child_id":"1001","social_care_episodes":null}'],
    ['holds a number for an id', '{"social_care_episodes":[{"social_care_episode_id":7}]}'],
  ] as const) {
    it(`and ${what} stops neither this child nor the run`, () =>
      assert.doesNotThrow(() => submissionOf(now, [text])));
  }
});
