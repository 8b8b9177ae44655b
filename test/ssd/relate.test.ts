import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idFormOf } from '../../shared/database/idForm.js';
import { noProfessionals } from '../../shared/ssd/professionals.js';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { Relater } from '../../shared/ssd/relate.js';
import type { Relations } from '../../shared/ssd/relations.js';
import { detailTables, type SsdDetailTable } from '../../shared/child/sourceRows.js';
import { recordOf } from '../../shared/child/recordOf.js';

type Rows = Partial<Record<SsdDetailTable, readonly Readonly<Record<string, unknown>>[]>>;

const { relations: published } = builtInProfile('eclipse').names;
const { relations: plain } = profileFrom({}, 'ours').names;

function related(rows: Rows, relations: Relations = plain) {
  const relater = new Relater({
    form: idFormOf('sqlserver', 'Latin1_General_CI_AS'),
    relations,
    professionals: noProfessionals,
    placeholders: new Set(['1900-01-01']),
    placeholderIds: ['-1', 'SSD_PH'],
  });
  const drafts = relater.related(
    recordOf(detailTables, (table) => rows[table] ?? []),
    'P',
  );
  return (table: SsdDetailTable, column: string) => drafts[table].map(({ ids }) => ids[column]);
}

describe('the ids of one child’s rows', () => {
  it('have one spelling in each column, the first in text order', () => {
    const ids = related({
      ssd_cla_episodes: [{ clae_cla_id: 'k1' }, { clae_cla_id: 'K1 ' }, { clae_cla_id: 'k2' }],
    });
    assert.deepEqual(ids('ssd_cla_episodes', 'clae_cla_id'), ['K1', 'K1', 'k2']);
  });

  it('name the person as ssd_person spells it', () => {
    const ids = related({ ssd_disability: [{ disa_person_id: 'p ' }, { disa_person_id: 'other' }] });
    assert.deepEqual(ids('ssd_disability', 'disa_person_id'), ['P', 'other']);
  });

  it('are spelled as those of the rows they refer to, and stay as they are where there is none', () => {
    const ids = related({
      ssd_cin_episodes: [{ cine_referral_id: 'Ref 1' }],
      ssd_cin_plans: [
        { cinp_referral_id: 'REF 1  ' },
        { cinp_referral_id: 'REF 2' },
        { cinp_referral_id: null },
      ],
      ssd_s47_enquiry: [{ s47e_s47_enquiry_id: 7 }],
      ssd_initial_cp_conference: [{ icpc_s47_enquiry_id: '7' }],
    });
    assert.deepEqual(ids('ssd_cin_plans', 'cinp_referral_id'), ['Ref 1', 'REF 2', null]);
    assert.deepEqual(ids('ssd_initial_cp_conference', 'icpc_s47_enquiry_id'), ['7']);
  });

  it('are absent where there is a placeholder in place of a key, as the database compares it', () => {
    const ids = related({
      ssd_cin_episodes: [{ cine_referral_id: '-1' }],
      ssd_cin_plans: [
        { cinp_cin_plan_id: 'ssd_ph', cinp_referral_id: '-1 ' },
        { cinp_cin_plan_id: 'P2', cinp_referral_id: 'ssd_ph' },
      ],
    });
    assert.deepEqual(ids('ssd_cin_plans', 'cinp_referral_id'), [null, null]);
    assert.deepEqual(ids('ssd_cin_plans', 'cinp_cin_plan_id'), ['ssd_ph', 'P2']);
  });

  it('give a placement without a period that of the care episodes that name it, when it is one', () => {
    const ids = related({
      ssd_cla_episodes: [
        { clae_cla_id: 'K1', clae_cla_placement_id: 'L1' },
        { clae_cla_id: 'K1', clae_cla_placement_id: 'L1' },
        { clae_cla_id: 'K1', clae_cla_placement_id: 'L2' },
        { clae_cla_id: 'K2', clae_cla_placement_id: 'L2' },
        { clae_cla_id: null, clae_cla_placement_id: 'L3' },
      ],
      ssd_cla_placement: [
        { clap_cla_placement_id: 'L1', clap_cla_id: null },
        { clap_cla_placement_id: 'L2', clap_cla_id: null },
        { clap_cla_placement_id: 'L2', clap_cla_id: 'k2' },
        { clap_cla_placement_id: 'L3', clap_cla_id: 'K9' },
      ],
    });
    assert.deepEqual(ids('ssd_cla_placement', 'clap_cla_id'), ['K1', null, 'K2', 'K9']);
  });
});

describe('the referral that was open on a day', () => {
  const on = (day: unknown, referrals: Rows['ssd_cin_episodes']) =>
    related(
      {
        ...(referrals === undefined ? {} : { ssd_cin_episodes: referrals }),
        ssd_s47_enquiry: [{ s47e_referral_id: '44001', s47e_s47_start_date: day }],
      },
      published,
    )('ssd_s47_enquiry', 's47e_referral_id')[0];
  const referral = (id: string, from: string | null, to: string | null = null) => ({
    cine_referral_id: id,
    cine_referral_date: from,
    cine_close_date: to,
  });

  it('is the latest that had begun', () => {
    const referrals = [
      referral('R1', '2024-01-01'),
      referral('R2', '2025-01-01'),
      referral('R3', '2025-06-01'),
    ];
    assert.equal(on('2025-05-31', referrals), 'R2');
    assert.equal(on('2025-06-01', referrals), 'R3');
    assert.equal(on(new Date('2025-06-01T10:00:00Z'), referrals), 'R3');
  });

  it('is not one that was closed before it, unless there is no other', () => {
    const referrals = [referral('R1', '2024-01-01'), referral('R2', '2025-01-01', '2025-02-01')];
    assert.equal(on('2025-05-31', referrals), 'R1');
    assert.equal(on('2025-02-01', referrals), 'R2');
    assert.equal(on('2025-05-31', [referral('R2', '2025-01-01', '2025-02-01')]), 'R2');
  });

  it('is unknown on a day before all of them, or that cannot be read', () => {
    const referrals = [referral('R1', '2024-01-01'), referral('R2', '1900-01-01'), referral('R3', null)];
    for (const day of ['2023-12-31', '01/06/2025', '1900-01-01', null])
      assert.equal(on(day, referrals), '44001');
  });

  it('is unknown while it may be another one whose start cannot be read', () => {
    for (const start of ['1900-01-01', 'soon', null]) {
      const closed = referral('R1', '2024-01-01', '2024-06-01');
      assert.equal(on('2025-05-31', [closed, referral('R2', start)]), '44001');
      assert.equal(on('2025-05-31', [referral('R1', '2024-01-01'), referral('R2', start)]), '44001');
      assert.equal(on('2025-05-31', [closed, referral('R2', start, '2025-01-01')]), '44001');
    }
  });

  it('is the open one, not another that was closed before, whenever that began', () => {
    const referrals = [referral('R1', '2024-01-01'), referral('R2', '1900-01-01', '2025-05-30')];
    assert.equal(on('2025-05-31', referrals), 'R1');
  });

  it('is found by the record of it that can be read', () => {
    assert.equal(on('2025-05-31', [referral('R1', '2024-01-01'), referral('R1', null)]), 'R1');
  });

  it('may be one whose end is before its start', () => {
    const referrals = [referral('R1', '2024-01-01'), referral('R2', '2025-01-01', '2024-12-01')];
    assert.equal(on('2025-05-31', referrals), 'R2');
  });

  it('gives way to a key that meets a referral', () => {
    assert.equal(on('2025-05-31', [referral('R1', '2025-01-01'), referral('44001', '2024-01-01')]), '44001');
  });

  it('is the first by its id of two that began on one day', () => {
    const referrals = [referral('R2', '2025-01-01'), referral('R1', '2025-01-01')];
    assert.equal(on('2025-05-31', referrals), 'R1');
  });
});
