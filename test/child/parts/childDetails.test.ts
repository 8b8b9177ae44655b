import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import type { Child } from '../../../shared/child/payload.js';
import { aDisability, aFormerUpn, anAddress, anImmigrationStatus, aPerson } from '../aPerson.js';
import { builtOf, findingsOf, payloadOf } from '../aPayload.js';

type Rows = Parameters<typeof aPerson>[0];
const detailsOf = (rows: Rows): Child['child_details'] => payloadOf(aPerson(rows)).child_details;
const rulesBroken = (rows: Rows) => findingsOf(aPerson(rows)).map(({ rule }) => rule);

describe('pupil numbers', () => {
  it('of 13 letters and digits are sent unchanged', () => {
    const details = detailsOf({ person: { pers_upn: 'A820200001001' } });
    assert.equal(details.unique_pupil_number, 'A820200001001');
    assert.equal(details.unique_pupil_number_unknown_reason, undefined);
  });

  for (const upn of ['A82020000100', 'A8202000010011', 'A820 20000100', 'not known yet']) {
    it(`that are not 13 letters and digits are left out and reported (${upn.length} long)`, () => {
      assert.equal(detailsOf({ person: { pers_upn: upn } }).unique_pupil_number, undefined);
      assert.deepEqual(findingsOf(aPerson({ person: { pers_upn: upn } })), [
        { rule: 'upn-shape', table: 'ssd_person', rowId: '1001', column: 'pers_upn' },
      ]);
    });
  }

  it('are replaced by a reason when the child has no pupil number', () => {
    const details = detailsOf({ person: { pers_upn_unknown: 'UN3' } });
    assert.equal(details.unique_pupil_number_unknown_reason, 'UN3');
  });

  it('are sent without the reason when the record has both', () => {
    const details = detailsOf({ person: { pers_upn: 'A820200001001', pers_upn_unknown: 'UN3' } });
    assert.equal(details.unique_pupil_number, 'A820200001001');
    assert.equal(details.unique_pupil_number_unknown_reason, undefined);
  });

  it('are sent without a reason that cannot be right', () => {
    const rows = { person: { pers_upn: 'A82020000100', pers_upn_unknown: 'UN3' } };
    assert.equal(detailsOf(rows).unique_pupil_number_unknown_reason, 'UN3');
    assert.equal(detailsOf(rows).unique_pupil_number, undefined);
  });

  for (const upn of ['UN1', 'UN10', ' un4 ']) {
    it(`are a reason when the UPN column holds "${upn}", which is no fault`, () => {
      const details = detailsOf({ person: { pers_upn: upn } });
      assert.equal(details.unique_pupil_number, undefined);
      assert.equal(details.unique_pupil_number_unknown_reason, upn.trim().toUpperCase());
      assert.deepEqual(rulesBroken({ person: { pers_upn: upn } }), []);
    });
  }

  it('have no reason UN11', () => {
    assert.equal(detailsOf({ person: { pers_upn: 'UN11' } }).unique_pupil_number_unknown_reason, undefined);
    assert.deepEqual(rulesBroken({ person: { pers_upn: 'UN11' } }), ['upn-shape']);
  });
});

describe('the former pupil number', () => {
  it('is the one valid from the latest day', () => {
    const details = detailsOf({
      ssd_linked_identifiers: [
        aFormerUpn({ link_identifier_value: 'B820200001007', link_valid_from_date: '2022-09-01' }),
        aFormerUpn({ link_identifier_value: 'C820200001008', link_valid_from_date: '2019-09-01' }),
        aFormerUpn({ link_identifier_value: 'D820200001009', link_valid_from_date: null }),
      ],
    });
    assert.equal(details.former_unique_pupil_number, 'B820200001007');
  });

  it('is not said to be another row when no day shows which of two is the latest', () => {
    const { rowsOutOfScope } = builtOf(
      aPerson({
        ssd_linked_identifiers: ['B820200001007', 'C820200001008'].map((upn) =>
          aFormerUpn({ link_identifier_value: upn, link_valid_from_date: absentColumn }),
        ),
      }),
    );
    assert.equal(rowsOutOfScope.ssd_linked_identifiers, undefined);
  });

  it('is never another kind of identifier', () => {
    const details = detailsOf({
      ssd_linked_identifiers: [
        aFormerUpn({ link_identifier_type: 'NHS Number', link_identifier_value: '9434765919123' }),
      ],
    });
    assert.equal(details.former_unique_pupil_number, undefined);
  });

  it('is left out and reported when it is not 13 long', () => {
    const rows = { ssd_linked_identifiers: [aFormerUpn({ link_identifier_value: 'B82020000100' })] };
    assert.equal(detailsOf(rows).former_unique_pupil_number, undefined);
    assert.deepEqual(findingsOf(aPerson(rows)), [
      {
        rule: 'upn-shape',
        table: 'ssd_linked_identifiers',
        rowId: 'LI1',
        column: 'link_identifier_value',
      },
    ]);
  });
});

describe('disabilities', () => {
  const disabilitiesOf = (...codes: (string | null)[]) =>
    detailsOf({
      ssd_disability: codes.map((code, index) =>
        aDisability({ disa_table_id: `DI${index}`, disa_disability_code: code }),
      ),
    }).disabilities;

  it('are NONE for a child without any', () => assert.deepEqual(disabilitiesOf(), ['NONE']));
  it('are NONE for a child for whom NONE is recorded', () =>
    assert.deepEqual(disabilitiesOf('NONE'), ['NONE']));
  it('are sent once each', () => assert.deepEqual(disabilitiesOf('MOB', 'AUT', 'MOB'), ['AUT', 'MOB']));
  it('never hold NONE with another', () => assert.deepEqual(disabilitiesOf('NONE', 'LD', 'NONE'), ['LD']));
  it('may be all twelve', () => {
    const twelve = ['AUT', 'BEH', 'COMM', 'CON', 'DDA', 'HAND', 'HEAR', 'INC', 'LD', 'MOB', 'PC', 'VIS'];
    assert.deepEqual(disabilitiesOf(...twelve.toReversed(), 'NONE'), twelve);
  });
  it('leave out an unknown code, send the others and report it', () => {
    const rows = {
      ssd_disability: [
        aDisability({ disa_table_id: 'DI7', disa_disability_code: 'Asthma' }),
        aDisability({ disa_table_id: 'DI8', disa_disability_code: 'HEAR' }),
      ],
    };
    assert.deepEqual(detailsOf(rows).disabilities, ['HEAR']);
    assert.deepEqual(findingsOf(aPerson(rows)), [
      { rule: 'code-unknown', table: 'ssd_disability', rowId: 'DI7', column: 'disa_disability_code' },
    ]);
  });
  it('are not said to be NONE when the only one recorded cannot be read', () =>
    assert.equal(disabilitiesOf('Asthma'), undefined));
});

describe('the postcode', () => {
  it('is that of the current address, even when one that has ended began later', () => {
    const details = detailsOf({
      ssd_address: [
        anAddress({ addr_address_postcode: 'LS1 1UR', addr_address_start_date: '2020-01-01' }),
        anAddress({
          addr_address_postcode: 'BD1 1HX',
          addr_address_start_date: '2025-01-01',
          addr_address_end_date: '2025-06-01',
        }),
      ],
    });
    assert.equal(details.postcode, 'LS1 1UR');
  });

  it('is that of the latest start among current addresses', () => {
    const details = detailsOf({
      ssd_address: [
        anAddress({ addr_address_postcode: 'BD1 1HX', addr_address_start_date: '2025-01-01' }),
        anAddress({ addr_address_postcode: 'LS1 1UR', addr_address_start_date: '2020-01-01' }),
        anAddress({ addr_address_postcode: 'YO1 7HH', addr_address_start_date: null }),
      ],
    });
    assert.equal(details.postcode, 'BD1 1HX');
  });

  it('is that of the latest start when every address has ended', () => {
    const ended = { addr_address_end_date: '2025-06-01' } as const;
    const details = detailsOf({
      ssd_address: [
        anAddress({ addr_address_postcode: 'LS1 1UR', addr_address_start_date: '2020-01-01', ...ended }),
        anAddress({ addr_address_postcode: 'BD1 1HX', addr_address_start_date: '2021-01-01', ...ended }),
      ],
    });
    assert.equal(details.postcode, 'BD1 1HX');
  });

  it('does not depend on row order when two addresses are equal in time', () => {
    const addresses = [
      anAddress({ addr_address_postcode: 'LS1 1UR' }),
      anAddress({ addr_address_postcode: 'BD1 1HX' }),
    ];
    assert.equal(
      detailsOf({ ssd_address: addresses }).postcode,
      detailsOf({ ssd_address: addresses.toReversed() }).postcode,
    );
  });

  it('is not known when the address with the latest start ends before it starts', () => {
    const details = detailsOf({
      ssd_address: [
        anAddress({
          addr_table_id: '1',
          addr_address_start_date: '2020-01-01',
          addr_address_postcode: 'SW1A 1AA',
        }),
        anAddress({
          addr_table_id: '2',
          addr_address_start_date: '2024-01-01',
          addr_address_end_date: '2023-01-01',
          addr_address_postcode: 'SW1A 2AA',
        }),
      ],
    });
    assert.ok(!('postcode' in details));
  });

  it('is not known while the start of an ended address cannot be read, which is reported', () => {
    const rows = {
      ssd_address: [
        anAddress({
          addr_table_id: 'AD1',
          addr_address_start_date: { unreadable: 'placeholder', found: 'a date that stands for none' },
          addr_address_end_date: '2023-07-09',
        }),
        anAddress({
          addr_table_id: 'AD2',
          addr_address_start_date: '2020-01-01',
          addr_address_end_date: '2024-07-09',
          addr_address_postcode: 'BD1 1HX',
        }),
      ],
    };
    assert.ok(!('postcode' in detailsOf(rows)));
    assert.deepEqual(findingsOf(aPerson(rows)), [
      { rule: 'placeholder', table: 'ssd_address', rowId: 'AD1', column: 'addr_address_start_date' },
    ]);
  });

  it('may be that of another current address while the start of one cannot be read', () => {
    const { child, rowsOutOfScope } = builtOf(
      aPerson({
        ssd_address: [
          anAddress({ addr_table_id: 'AD1', addr_address_postcode: 'BD1 1HX' }),
          anAddress({
            addr_table_id: 'AD2',
            addr_address_start_date: { unreadable: 'form', found: '4 characters: letters' },
          }),
        ],
      }),
    );
    assert.ok(child !== undefined && !('postcode' in child.child_details));
    assert.deepEqual(rowsOutOfScope, { ssd_address: { notChosen: 1 } });
  });

  it('is not an old one when the current address has no postcode', () => {
    const details = detailsOf({
      ssd_address: [
        anAddress({ addr_address_postcode: null }),
        anAddress({ addr_address_postcode: 'BD1 1HX', addr_address_end_date: '2014-12-31' }),
      ],
    });
    assert.equal(details.postcode, undefined);
  });
});

describe('an unaccompanied asylum-seeking child', () => {
  it('is one with the status and no end', () => {
    const details = detailsOf({ ssd_immigration_status: [anImmigrationStatus()] });
    assert.equal(details.uasc_flag, true);
    assert.equal(details.uasc_end_date, undefined);
  });

  it('is one whose status ends on the window’s first day, with that day', () => {
    const details = detailsOf({
      ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status_end_date: '2024-04-01' })],
    });
    assert.equal(details.uasc_flag, true);
    assert.equal(details.uasc_end_date, '2024-04-01');
  });

  it('is not one whose status ended the day before the window', () => {
    const details = detailsOf({
      ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status_end_date: '2024-03-31' })],
    });
    assert.equal(details.uasc_flag, false);
    assert.equal(details.uasc_end_date, undefined);
  });

  it('is not one with another status', () => {
    const details = detailsOf({
      ssd_immigration_status: [
        anImmigrationStatus({
          immi_immigration_status: 'REF',
          immi_immigration_status_end_date: '2026-01-01',
        }),
      ],
    });
    assert.equal(details.uasc_flag, false);
    assert.equal(details.uasc_end_date, undefined);
  });

  for (const status of ['U', 'uasc', ' Unaccompanied Asylum Seeking Child ']) {
    it(`is known by "${status}" in SystemC`, () => {
      const rows = { ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status: status })] };
      assert.equal(detailsOf(rows).uasc_flag, true);
    });
  }

  for (const text of ['Not known', 'To be confirmed', 'N/A', '??', 'Unknown', '0']) {
    it(`is not known of a status that says ${text}`, () => {
      const rows = { ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status: text })] };
      assert.ok(!('uasc_flag' in detailsOf(rows)));
    });
  }

  it('has no end while one of several statuses has no end', () => {
    const statuses = [
      anImmigrationStatus({ immi_immigration_status_end_date: '2025-06-01' }),
      anImmigrationStatus(),
    ];
    for (const rows of [statuses, statuses.toReversed()]) {
      const details = detailsOf({ ssd_immigration_status: rows });
      assert.equal(details.uasc_flag, true);
      assert.equal(details.uasc_end_date, undefined);
    }
  });

  it('has the latest end of several that have ended', () => {
    const statuses = [
      anImmigrationStatus({ immi_immigration_status_end_date: '2025-06-01' }),
      anImmigrationStatus({ immi_immigration_status_end_date: '2024-06-01' }),
    ];
    for (const rows of [statuses, statuses.toReversed()]) {
      assert.equal(detailsOf({ ssd_immigration_status: rows }).uasc_end_date, '2025-06-01');
    }
  });
});

describe('the person', () => {
  for (const sex of [null, '', '  ']) {
    it(`has sex U when none is recorded (${JSON.stringify(sex)})`, () => {
      assert.equal(detailsOf({ person: { pers_sex: sex } }).sex, 'U');
      assert.deepEqual(rulesBroken({ person: { pers_sex: sex } }), []);
    });
  }

  it('keeps names letter for letter', () => {
    const details = detailsOf({ person: { pers_forename: ' Zoë-Łucja ', pers_surname: "O'Brien  李" } });
    assert.equal(details.first_name, ' Zoë-Łucja ');
    assert.equal(details.surname, "O'Brien  李");
  });

  it('has both dates of birth when both are recorded', () => {
    const details = detailsOf({ person: { pers_dob: '2025-01-02', pers_expected_dob: '2025-01-09' } });
    assert.equal(details.date_of_birth, '2025-01-02');
    assert.equal(details.expected_date_of_birth, '2025-01-09');
  });

  it('that is not born yet has the expected date alone', () => {
    const details = detailsOf({
      person: { pers_dob: null, pers_expected_dob: '2026-08-12', pers_sex: null, pers_forename: null },
    });
    assert.equal(details.date_of_birth, undefined);
    assert.equal(details.expected_date_of_birth, '2026-08-12');
    assert.equal(details.first_name, undefined);
    assert.equal(details.sex, 'U');
  });
});

describe('a UPN with a reason why there is none', () => {
  it('is sent, and the reason is left out and reported', () => {
    const rows = aPerson({ person: { pers_upn: 'H801200001001', pers_upn_unknown: 'UN2' } });
    assert.equal(payloadOf(rows).child_details.unique_pupil_number_unknown_reason, undefined);
    const reported = findingsOf(rows).filter(({ rule }) => rule === 'upn-and-reason');
    assert.deepEqual(reported, [
      {
        rule: 'upn-and-reason',
        table: 'ssd_person',
        rowId: rows.person.pers_person_id,
        column: 'pers_upn_unknown',
      },
    ]);
  });
});
