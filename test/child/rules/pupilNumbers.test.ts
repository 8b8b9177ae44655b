import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import type { PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { acknowledgedTextOf, builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { anImmigrationStatus, aPerson } from '../aPerson.js';
import { lookedAfter, soundUpn } from './aLookedAfterPerson.js';
import { told } from './remarksOf.js';

/** A child in care since a day, without a UPN for a reason. */
function withoutUpn(reason: string, born: PlainDate, from: PlainDate = '2025-07-01'): PersonRows {
  return lookedAfter([{ from }], { person: { pers_upn: null, pers_upn_unknown: reason, pers_dob: born } });
}

const asked = (rows: PersonRows, rules = rulesOn(today)) =>
  told(rows, rules).filter((text) => /^(?:ssda903|upn-shared)/.test(text));

describe('a looked-after child without a UPN', () => {
  it('is of school age when 4 on 31 August before the collection year', () => {
    assert.deepEqual(asked(withoutUpn('UN1', '2021-09-01')), []);
    assert.deepEqual(asked(withoutUpn('UN1', '2021-08-31')), [
      'ssda903-209: ssd_person 1001 pers_upn_unknown',
    ]);
    assert.deepEqual(asked(withoutUpn('UN2', '2021-08-31')), []);
  });

  it('is asked about in the column that has the reason', () => {
    const rows = withoutUpn('UN1', '2021-08-31');
    const inUpn = { ...rows, person: { ...rows.person, pers_upn: 'un1', pers_upn_unknown: null } };
    assert.deepEqual(asked(inUpn), ['ssda903-209: ssd_person 1001 pers_upn']);
  });

  it('is not asked about where the reason is what DfE has, because the column cannot be read', () => {
    const held = acknowledgedTextOf(payloadOf(withoutUpn('UN1', '2018-01-01')));
    const rows = withoutUpn('UN1', '2018-01-01');
    const unread = {
      ...rows,
      person: { ...rows.person, pers_upn: absentColumn, pers_upn_unknown: absentColumn },
    };
    const { child, findings } = builtOf(unread, rulesOn(today), [held]);
    assert.equal(child?.child_details.unique_pupil_number_unknown_reason, 'UN1');
    assert.deepEqual(
      findings.filter(({ rule }) => rule.startsWith('ssda903')),
      [],
    );
  });

  it('is not asked about where the UPN cannot be read, as there may be one', () => {
    const unread = (rows: PersonRows) => ({ ...rows, person: { ...rows.person, pers_upn: absentColumn } });
    assert.deepEqual(asked(unread(withoutUpn('UN1', '2018-01-01'))), []);
    assert.deepEqual(asked(unread(withoutUpn('UN4', '2012-06-15', '2026-08-03'))), []);
  });

  it('is not asked about for school age where it is not looked after', () => {
    assert.deepEqual(asked(aPerson({ person: { pers_upn_unknown: 'UN1', pers_dob: '2018-01-01' } })), []);
  });

  it('has been looked after for a week at most when the reason is UN4', () => {
    assert.deepEqual(asked(withoutUpn('UN4', '2012-06-15', '2026-08-04')), []);
    assert.deepEqual(asked(withoutUpn('UN4', '2012-06-15', '2026-08-03')), [
      'ssda903-210: ssd_person 1001 pers_upn_unknown',
    ]);
    const left = lookedAfter([{ from: '2025-07-01', to: '2025-08-01' }], {
      person: { pers_upn_unknown: 'UN4', pers_upn: null },
    });
    assert.deepEqual(asked(left), []);
  });

  it('has been looked after since the first care episode of the period', () => {
    const person = { pers_upn: null, pers_upn_unknown: 'UN4' };
    const moved = lookedAfter([{ from: '2026-07-01' }, { from: '2026-08-08' }], { person });
    assert.deepEqual(asked(moved), ['ssda903-210: ssd_person 1001 pers_upn_unknown']);
    const again = lookedAfter(
      [
        { from: '2026-07-01', to: '2026-07-05' },
        { from: '2026-08-08', start: 'S' },
      ],
      {
        person,
      },
    );
    assert.deepEqual(asked(again), []);
  });
});

describe('the status of an unaccompanied asylum-seeking child', () => {
  const status = (immi_immigration_status_end_date: PlainDate, born: PlainDate) =>
    aPerson({
      person: { pers_upn: soundUpn, pers_dob: born },
      ssd_immigration_status: [
        anImmigrationStatus({ immi_immigration_status_end_date }),
        anImmigrationStatus({
          immi_immigration_status_id: 'IM2',
          immi_immigration_status: 'REF',
          immi_immigration_status_end_date,
        }),
      ],
    });

  it('ends on the 18th birthday at the latest', () => {
    assert.deepEqual(asked(status('2026-02-01', '2008-02-01')), []);
    assert.deepEqual(asked(status('2026-02-02', '2008-02-01')), [
      'ssda903-304: ssd_immigration_status IM1 immi_immigration_status_end_date',
    ]);
    assert.deepEqual(asked(status('2026-03-01', '2008-02-29')), [
      'ssda903-304: ssd_immigration_status IM1 immi_immigration_status_end_date',
    ]);
    assert.deepEqual(asked(status('2026-02-28', '2008-02-29')), []);
  });
});

describe('a UPN that several persons have', () => {
  const rules = { ...rulesOn(today), sharedUpns: new Set([soundUpn]) };
  const having = (pers_upn: string | null) => aPerson({ person: { pers_upn } });
  const told = ['upn-shared: ssd_person 1001 pers_upn'];

  it('is asked about, padded or not', () => {
    assert.deepEqual(asked(having(soundUpn), rules), told);
    assert.deepEqual(asked(having(`  ${soundUpn} `), rules), told);
    assert.deepEqual(asked(having(soundUpn)), []);
  });

  it('is not a reason for having none that many have', () => {
    const shared = { ...rulesOn(today), sharedUpns: new Set(['UN1']) };
    assert.deepEqual(asked(having('UN1'), shared), []);
    assert.deepEqual(asked(having(null), shared), []);
  });

  it('is not asked about where the column cannot be read and DfE has it', () => {
    const rows = { ...having(null), person: { ...having(null).person, pers_upn: absentColumn } };
    const { child, findings } = builtOf(rows, rules, [acknowledgedTextOf(payloadOf(having(soundUpn)))]);
    assert.equal(child?.child_details.unique_pupil_number, soundUpn);
    assert.ok(findings.every(({ rule }) => rule !== 'upn-shared'));
  });

  it('is in no text of a finding', () => {
    const built = builtOf(having(soundUpn), rules);
    assert.deepEqual(
      built.findings.map(({ rule }) => rule),
      ['upn-shared'],
    );
    assert.ok(!JSON.stringify(built.findings).includes(soundUpn));
  });
});
