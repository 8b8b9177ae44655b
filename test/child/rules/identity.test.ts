import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { acknowledgedTextOf, builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { aDisability, aFormerUpn, anEpisode } from '../aPerson.js';
import { soundly, withPerson } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingIdentities } from './breaking/identity.js';
import { told } from './remarksOf.js';

describe('of who the child is,', () => {
  itAsks(breakingIdentities);
});

describe('NONE', () => {
  const recorded = (...codes: string[]) =>
    soundly({
      ssd_disability: codes.map((disa_disability_code, index) =>
        aDisability({ disa_table_id: `DI${String(index + 1)}`, disa_disability_code }),
      ),
    });

  it('with a disability is queried, however it is kept', () => {
    const asked = ['none-beside-disability: ssd_disability DI2 disa_disability_code'];
    assert.deepEqual(told(recorded('AUT', 'NONE')), asked);
    assert.deepEqual(told(recorded('AUT', 'none - no disability')), asked);
  });

  it('in two equal rows is queried once', () => {
    const none = aDisability({ disa_table_id: 'DI2', disa_disability_code: 'NONE' });
    assert.deepEqual(told(soundly({ ssd_disability: [none, aDisability(), none] })), [
      'none-beside-disability: ssd_disability DI2 disa_disability_code',
    ]);
  });

  it('alone, or twice, is in order', () => {
    assert.deepEqual(told(recorded('NONE')), []);
    assert.deepEqual(told(recorded('NONE', 'NONE')), []);
  });
});

describe('the check letter of a UPN', () => {
  const asked = ['upn-check-letter: ssd_person 1001 pers_upn'];
  const numbered = (pers_upn: string) =>
    told(soundly({ person: { pers_upn } })).filter((text) => text.startsWith('upn-'));

  for (const upn of ['A950000178301', 'H243278544154', 'P207000016049', 'U301744115569', 'P00000000000B']) {
    it(`of ${upn} is right`, () => assert.deepEqual(numbered(upn), []));
  }
  for (const upn of ['R247962919251', 'X428558133462', 'B207000016049', 'A00000000000B', 'A00000A000000']) {
    it(`of ${upn} is queried, and the UPN is sent`, () => {
      assert.deepEqual(numbered(upn), asked);
      const { child_details: details } = payloadOf(soundly({ person: { pers_upn: upn } }));
      assert.equal(details.unique_pupil_number, upn);
    });
  }

  it('is queried in the former UPN that is sent, and in no other', () => {
    const former = [
      aFormerUpn({ link_table_id: 'LI1', link_identifier_value: 'X428558133462' }),
      aFormerUpn({
        link_table_id: 'LI2',
        link_identifier_value: 'R247962919251',
        link_valid_from_date: '2019-09-01',
      }),
    ];
    assert.deepEqual(told(soundly({ ssd_linked_identifiers: former })), [
      'upn-check-letter: ssd_linked_identifiers LI1 link_identifier_value',
    ]);
  });
});

describe('a UPN', () => {
  it('and the reason for none are not asked about where one of the columns cannot be read', () => {
    const referred = soundly({ ssd_cin_episodes: [anEpisode()] });
    for (const pers_upn_unknown of [null, 'UN1', 'UN7']) {
      const rows = withPerson(referred, { pers_upn: absentColumn, pers_upn_unknown });
      assert.deepEqual(told(rows), []);
    }
    assert.deepEqual(told(withPerson(referred, { pers_upn: null, pers_upn_unknown: absentColumn })), []);
  });

  it('is not expected after a referral without further action', () => {
    const rows = soundly({
      person: { pers_upn: null },
      ssd_cin_episodes: [anEpisode({ cine_referral_nfa: 'Y' })],
    });
    assert.deepEqual(told(rows), []);
  });
});

describe('a date of birth', () => {
  it('far from the expected one, at the ends of the calendar, is asked about once', () => {
    for (const pers_expected_dob of ['0001-01-01', '2013-03-22', '9999-12-31'] as const) {
      assert.deepEqual(told(soundly({ person: { pers_expected_dob } })), [
        'cin-8525Q: ssd_person 1001 pers_expected_dob',
      ]);
    }
  });

  it('that cannot be read makes no child unborn, and none without a date', () => {
    const rows = soundly({
      person: { pers_dob: absentColumn, pers_expected_dob: '2026-01-01', pers_upn: null },
    });
    assert.deepEqual(told(rows), []);
    assert.deepEqual(told(withPerson(rows, { pers_expected_dob: null })), []);
  });
});

describe('a sex', () => {
  it('that DfE holds is not asked about, where the column cannot be read', () => {
    const unborn = { pers_dob: null, pers_expected_dob: '2026-09-01', pers_upn: null } as const;
    const held = acknowledgedTextOf(payloadOf(soundly({ person: { ...unborn, pers_sex: 'F' } })));
    const unread = soundly({ person: { ...unborn, pers_sex: absentColumn } });
    const { child, findings } = builtOf(unread, rulesOn(today), [held]);
    assert.equal(child?.child_details.sex, 'F');
    assert.deepEqual(findings, []);
  });
});
