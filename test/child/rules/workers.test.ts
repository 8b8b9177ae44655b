import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BuildRules } from '../../../shared/child/buildRules.js';
import { absentColumn } from '../../../shared/child/cells.js';
import type { PersonRows, SsdRow } from '../../../shared/child/sourceRows.js';
import { rulesOn, today } from '../aPayload.js';
import { lookedAfter, workers } from './aLookedAfterPerson.js';
import { told } from './remarksOf.js';

type Involvement = Partial<SsdRow<'ssd_involvements'>>;

/** Workers are sent by their role alone. */
const byRole: BuildRules = { ...rulesOn(today), careWorkerGates: ['role'] };

const first: Involvement = {
  invo_involvement_start_date: '2025-07-01',
  invo_involvement_end_date: '2025-10-01',
};
const second: Involvement = { invo_involvement_start_date: '2025-10-01' };

/** A child in care since July 2025 with these social workers. */
function withWorkers(...involvements: readonly Involvement[]): PersonRows {
  return lookedAfter([{ from: '2025-07-01' }], { ssd_involvements: workers(...involvements) });
}

function asked(rows: PersonRows, rules = byRole): string[] {
  return told(rows, rules).filter((text) => text.startsWith('ssda903'));
}

const end = (id: string) => `ssd_involvements ${id} invo_involvement_end_date`;
const endsIn = (invo_involvement_end_date: Involvement['invo_involvement_end_date']): Involvement => ({
  ...first,
  invo_involvement_end_date: invo_involvement_end_date ?? null,
});

describe('the social workers of a looked-after child', () => {
  it('who follow one another are not asked about', () => {
    assert.deepEqual(told(withWorkers(first, second), byRole), []);
    assert.deepEqual(told(withWorkers(), byRole), []);
  });

  it('are sent under a number that begins with SW or XX', () => {
    const numbered = (prof_social_worker_registration_no: string) =>
      asked(withWorkers({ ...second, prof_social_worker_registration_no }));
    const told = ['ssda903-sw02stg1: ssd_involvements I1 prof_social_worker_registration_no'];
    assert.deepEqual(numbered('XX100001'), []);
    assert.deepEqual(numbered('100001'), told);
    assert.deepEqual(numbered('sw100001'), told);
  });

  it('are asked about by their own id where that is what is sent', () => {
    const rules = { ...byRole, unregisteredWorkers: 'sendWorkerId' as const };
    const rows = withWorkers({ ...second, prof_social_worker_registration_no: null });
    assert.deepEqual(asked(rows, rules), [
      'ssda903-sw02stg1: ssd_involvements I1 prof_social_worker_registration_no',
    ]);
  });

  it('who are not sent are not asked about by their number', () => {
    const rows = withWorkers({ ...second, prof_social_worker_registration_no: '100001' });
    assert.deepEqual(asked(rows, rulesOn(today)), []);
  });

  it('have ended when a later one has started', () => {
    assert.deepEqual(asked(withWorkers(endsIn(null), second)), [`ssda903-sw08stg2: ${end('I1')}`]);
    assert.deepEqual(asked(withWorkers(endsIn(absentColumn), second)), []);
    const sameDay = { ...second, invo_involvement_start_date: '2025-07-01' } as const;
    assert.deepEqual(asked(withWorkers(endsIn(null), sameDay)), []);
  });

  it('are asked about for longer than a day', () => {
    assert.deepEqual(asked(withWorkers(endsIn('2025-07-01'), second)), [`ssda903-sw09stg2: ${end('I1')}`]);
    assert.deepEqual(asked(withWorkers(endsIn('2025-07-02'), second)), []);
  });

  it('start at most seven days before the one before them ends', () => {
    assert.deepEqual(asked(withWorkers(endsIn('2025-10-08'), second)), []);
    assert.deepEqual(asked(withWorkers(endsIn('2025-10-09'), second)), [
      'ssda903-sw10stg2: ssd_involvements I2 invo_involvement_start_date',
    ]);
    const unread = { ...second, invo_involvement_start_date: absentColumn };
    assert.deepEqual(asked(withWorkers(endsIn('2025-10-09'), unread)), []);
  });

  it('are not asked about for the time before care', () => {
    const before: readonly Involvement[] = [
      { invo_involvement_start_date: '2019-05-01', invo_involvement_end_date: '2019-05-01' },
      { invo_involvement_start_date: '2019-06-01', invo_involvement_end_date: '2019-09-01' },
      { invo_involvement_start_date: '2019-07-01', invo_involvement_end_date: '2019-10-01' },
    ];
    assert.deepEqual(asked(withWorkers(...before, first, second)), []);
  });

  it('who ended before care and have no successor are asked about on the day of the run', () => {
    const long: Involvement = {
      invo_involvement_start_date: '2019-06-01',
      invo_involvement_end_date: '2019-09-01',
    };
    assert.deepEqual(asked(withWorkers(long)), [`ssda903-sw17stg2: ${end('I1')}`]);
  });

  it('who are there once for each referral do not follow themselves', () => {
    const again = { ...first, prof_social_worker_registration_no: 'SW100001' };
    assert.deepEqual(asked(withWorkers(again, again, { ...second, invo_involvements_id: 'I3' })), []);
  });

  it('are asked about when none of them is there on the day of the run', () => {
    const last = (day: '2026-08-10' | '2026-08-11') =>
      withWorkers(first, { ...second, invo_involvement_end_date: day });
    assert.deepEqual(asked(last('2026-08-11')), []);
    assert.deepEqual(asked(last('2026-08-10')), [`ssda903-sw17stg2: ${end('I2')}`]);
    const leftCare = lookedAfter([{ from: '2025-07-01', to: '2026-01-01' }], {
      ssd_involvements: workers(first),
    });
    assert.deepEqual(asked(leftCare), []);
  });

  it('may be one whose number, start, end or role cannot be read', () => {
    const unread: readonly Involvement[] = [
      { prof_social_worker_registration_no: absentColumn },
      { prof_social_worker_registration_no: null },
      { invo_involvement_start_date: absentColumn },
      { invo_involvement_end_date: absentColumn },
      { invo_professional_role_id: absentColumn },
    ];
    for (const values of unread) assert.deepEqual(asked(withWorkers(first, { ...second, ...values })), []);
  });

  it('are those of the reported roles', () => {
    const reviewing = { ...second, invo_professional_role_id: 'IRO' };
    assert.deepEqual(asked(withWorkers(endsIn(null), reviewing)), []);
    assert.deepEqual(asked(withWorkers(first, reviewing)), [`ssda903-sw17stg2: ${end('I1')}`]);
  });

  it('are not asked about for a child who is not looked after, or where they are not shared', () => {
    const rows = withWorkers(endsIn(null), second);
    assert.deepEqual(asked({ ...rows, ssd_cla_placement: [], ssd_cla_episodes: [] }), []);
    const notShared = { ...rulesOn(today), leftOut: ['careWorkers'] as const };
    assert.deepEqual(told({ ...rows, ssd_involvements: [] }, notShared), []);
  });
});
