import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlainDate } from '../../../shared/child/dates.js';
import { aCinPlan, anEpisode, anInvolvement, aPerson } from '../aPerson.js';
import { acknowledgedTextOf, builtOf, episodesSent, payloadOf, rulesOn, today } from '../aPayload.js';

type Row = ReturnType<typeof anInvolvement>;

function workersOf(
  involvements: readonly Row[],
  { plans = [aCinPlan()], day = today }: { plans?: ReturnType<typeof aCinPlan>[]; day?: PlainDate } = {},
) {
  const rows = aPerson({
    ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
    ssd_cin_plans: plans,
    ssd_involvements: involvements,
  });
  return episodesSent(rows, rulesOn(day)).map(({ care_worker_details }) => care_worker_details)[0];
}

const spell = (start: PlainDate | null, end: PlainDate | null, id = 'SW100001') =>
  anInvolvement({
    invo_involvement_start_date: start,
    invo_involvement_end_date: end,
    prof_social_worker_registration_no: id,
  });

describe('a care worker', () => {
  it('is sent with registration number and dates', () => {
    assert.deepEqual(workersOf([spell('2025-06-01', '2026-06-30')]), [
      { worker_id: 'SW100001', start_date: '2025-06-01', end_date: '2026-06-30' },
    ]);
  });

  for (const role of ['CW', 'cw', ' CW ']) {
    it(`has the role "${role}"`, () =>
      assert.equal(workersOf([anInvolvement({ invo_professional_role_id: role })])?.length, 1));
  }
  for (const role of ['IRO', 'CWX', '', null]) {
    it(`does not have the role ${JSON.stringify(role)}`, () =>
      assert.equal(workersOf([anInvolvement({ invo_professional_role_id: role })]), undefined));
  }

  for (const number of [null, '', ' ']) {
    it(`is not sent without a registration number (${JSON.stringify(number)})`, () =>
      assert.equal(workersOf([anInvolvement({ prof_social_worker_registration_no: number })]), undefined));
  }

  const spells: readonly (readonly [string, PlainDate | null, PlainDate | null, boolean])[] = [
    ['is sent when starting on a 31 March', '2026-03-31', null, true],
    ['is sent when ending on a 31 March', '2025-04-01', '2026-03-31', true],
    ['is sent for the 31 March in the middle of the window', '2025-03-01', '2025-04-01', true],
    ['is not sent when starting the day after the last 31 March', '2026-04-01', null, false],
    ['is not sent when ending the day before a 31 March', '2025-04-01', '2026-03-30', false],
    ['is not sent for the 31 March before the window', '2024-01-01', '2024-12-31', false],
    ['is not sent without a start', null, null, false],
  ];
  for (const [what, start, end, sent] of spells) {
    it(what, () => assert.equal(workersOf([spell(start, end)]) !== undefined, sent));
  }

  for (const day of ['2026-01-01', '2026-02-14', '2026-03-29'] as const) {
    it(`is sent on ${day} for the 31 March of the year before`, () =>
      assert.equal(workersOf([spell('2025-03-01', '2025-04-30')], { day })?.length, 1));
  }

  it('is not sent where the referral has no child in need plan', () =>
    assert.equal(workersOf([anInvolvement()], { plans: [] }), undefined));
  it('is not sent for the plan of another referral', () =>
    assert.equal(workersOf([anInvolvement()], { plans: [aCinPlan({ cinp_referral_id: 'R2' })] }), undefined));
  it('is not sent where the plan ended the day before the window, and is where it ended on the first day', () => {
    const planUntil = (end: PlainDate) => ({
      plans: [aCinPlan({ cinp_cin_plan_start_date: '2023-01-01', cinp_cin_plan_end_date: end })],
    });
    assert.equal(workersOf([anInvolvement()], planUntil('2024-03-31')), undefined);
    assert.equal(workersOf([anInvolvement()], planUntil('2024-04-01'))?.length, 1);
  });

  it('of another referral is not sent on this one', () =>
    assert.equal(workersOf([anInvolvement({ invo_referral_id: 'R2' })]), undefined));

  it('who came last is first; several spells of one worker are kept, the same spell once', () => {
    const rows = [
      spell('2025-01-01', '2025-05-01', 'SW100002'),
      spell('2026-01-01', null, 'SW100001'),
      spell('2025-01-01', '2025-05-01', 'SW100001'),
      spell('2026-01-01', null, 'SW100001'),
      spell('2026-02-01', null, 'SW100003'),
    ];
    const expected = [
      ['SW100003', '2026-02-01'],
      ['SW100001', '2026-01-01'],
      ['SW100001', '2025-01-01'],
      ['SW100002', '2025-01-01'],
    ];
    for (const order of [rows, rows.toReversed()]) {
      assert.deepEqual(
        workersOf(order)?.map((worker) => [worker.worker_id, worker.start_date]),
        expected,
      );
    }
  });
});

describe('a care worker that DfE holds', () => {
  const withWorker = (involvement: Partial<Row>, plan: Partial<ReturnType<typeof aCinPlan>> = {}) =>
    aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_plans: [aCinPlan(plan)],
      ssd_involvements: [anInvolvement(involvement)],
    });
  const held = payloadOf(withWorker({}));
  const after = (rows: ReturnType<typeof withWorker>) =>
    builtOf(rows, rulesOn(today), [acknowledgedTextOf(held)]);

  for (const [what, rows, rule] of [
    ['its role says nothing', withWorker({ invo_professional_role_id: 'SSD_PH' }), 'placeholder'],
    [
      'its involvement names a referral that is not there',
      withWorker({ invo_referral_id: 'R9' }),
      'no-episode',
    ],
    [
      'its plan names a referral that is not there',
      withWorker({}, { cinp_referral_id: 'R9' }),
      'parent-left-out',
    ],
    ['its plan names no referral', withWorker({}, { cinp_referral_id: null }), 'parent-left-out'],
  ] as const) {
    it(`stays, and is named, when ${what}`, () => {
      const { child, findings } = after(rows);
      const workers = child?.social_care_episodes?.[0]?.care_worker_details ?? [];
      assert.deepEqual(
        workers.map((worker) => ({ ...worker })),
        [{ worker_id: 'SW100001', start_date: '2025-06-01' }],
      );
      assert.ok(findings.some((finding) => finding.table === 'ssd_involvements' && finding.rule === rule));
    });
  }

  it('goes when it has another role, and when the plan is gone', () => {
    for (const rows of [
      withWorker({ invo_professional_role_id: 'IRO' }),
      { ...withWorker({}), ssd_cin_plans: [] },
    ])
      assert.ok(!after(rows).child?.social_care_episodes?.[0]?.care_worker_details?.length);
  });
});
