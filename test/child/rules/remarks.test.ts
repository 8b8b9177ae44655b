import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareText } from '../../../shared/child/ordering.js';
import { findingRules } from '../../../shared/child/findingRules.js';
import type { Finding } from '../../../shared/child/findings.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import {
  aCareEpisode,
  aDisability,
  aFormerUpn,
  anAssessment,
  anEpisode,
  aPerson,
  aPlacement,
} from '../aPerson.js';
import { builtOf, payloadOf, today } from '../aPayload.js';
import { anyPerson, inAnotherOrder } from '../anyPerson.js';
import { personsIn } from '../syntheticPersons.js';
import { told, placed } from './remarksOf.js';

function remarksOf(rows: PersonRows): readonly Finding[] {
  return builtOf(rows).findings.filter(({ rule }) => findingRules[rule].severity === 'remark');
}

/** Of rows with one id the order says nothing. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

describe('NONE', () => {
  const recorded = (...codes: string[]) =>
    aPerson({
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
    assert.deepEqual(told(aPerson({ ssd_disability: [none, aDisability(), none] })), [
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
  const numbered = (pers_upn: string) => told(aPerson({ person: { pers_upn } }));

  for (const upn of ['A950000178301', 'H243278544154', 'P207000016049', 'U301744115569', 'P00000000000B']) {
    it(`of ${upn} is right`, () => assert.deepEqual(numbered(upn), []));
  }
  for (const upn of ['R247962919251', 'X428558133462', 'B207000016049', 'A00000000000B', 'A00000A000000']) {
    it(`of ${upn} is queried, and the UPN is sent`, () => {
      assert.deepEqual(numbered(upn), asked);
      const { child_details: details } = payloadOf(aPerson({ person: { pers_upn: upn } }));
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
    assert.deepEqual(told(aPerson({ ssd_linked_identifiers: former })), [
      'upn-check-letter: ssd_linked_identifiers LI1 link_identifier_value',
    ]);
  });
});

describe('episodes', () => {
  const two = (earlier: Partial<ReturnType<typeof anEpisode>>) =>
    told(
      aPerson({
        ssd_cin_episodes: [
          anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-06-01' }),
          anEpisode(earlier),
        ],
      }),
    );

  it('that are open at the same time are queried, except the latest', () => {
    assert.deepEqual(two({}), ['open-episodes: ssd_cin_episodes R1 cine_close_date']);
  });

  it('may be open with another after a referral without further action', () => {
    assert.deepEqual(two({ cine_referral_nfa: 'Y' }), []);
  });

  it('that closed with a date want a reason', () => {
    assert.deepEqual(two({ cine_close_date: '2025-05-20' }), [
      'closure-without-reason: ssd_cin_episodes R1 cine_close_reason',
    ]);
    assert.deepEqual(two({ cine_close_date: '2025-05-20', cine_close_reason: 'RC1' }), []);
  });

  it('whose reason cannot be sent are reported once', () => {
    assert.deepEqual(two({ cine_close_date: '2025-05-20', cine_close_reason: 'moved away' }), [
      'code-unknown: ssd_cin_episodes R1 cine_close_reason',
    ]);
  });

  it('that closed with a reason want a date', () => {
    assert.deepEqual(told(aPerson({ ssd_cin_episodes: [anEpisode({ cine_close_reason: 'RC1' })] })), [
      'closure-without-date: ssd_cin_episodes R1 cine_close_date',
    ]);
  });

  it('outside the window are not queried', () => {
    const old = anEpisode({
      cine_referral_id: 'R9',
      cine_referral_date: '2014-01-01',
      cine_close_date: '2015-01-01',
    });
    assert.deepEqual(told(aPerson({ ssd_cin_episodes: [old] })), []);
  });
});

describe('placements', () => {
  const second = aPlacement({
    clap_cla_placement_id: 'L2',
    clap_cla_placement_start_date: '2025-08-01',
  });
  const asked = ['placements-overlap: ssd_cla_placement L1 clap_cla_placement_end_date'];

  it('that are open at the same time are queried, except the latest', () => {
    assert.deepEqual(told(placed(aPlacement(), second)), asked);
  });

  it('that end after the next one began are queried', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-02' }), second)), asked);
  });

  it('may end on the day the next one begins', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-01' }), second)), []);
  });

  it('are compared across the episodes of the child', () => {
    const rows = aPerson({
      ssd_cin_episodes: [
        anEpisode({ cine_close_date: '2025-07-15', cine_close_reason: 'RC1' }),
        anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-07-20' }),
      ],
      ssd_cla_episodes: [
        aCareEpisode(),
        aCareEpisode({
          clae_cla_episode_id: 'E2',
          clae_cla_placement_id: 'L2',
          clae_referral_id: 'R2',
          clae_cla_episode_start_date: '2025-08-01',
        }),
      ],
      ssd_cla_placement: [aPlacement(), second],
    });
    assert.deepEqual(told(rows), asked);
  });

  it('that are there twice do not overlap themselves', () => {
    assert.deepEqual(told(placed(aPlacement(), aPlacement())), []);
  });
});

describe('the remarks', () => {
  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(anyPerson, fc.integer({ min: 2, max: 1008 }), (rows, salt) => {
        assert.deepEqual(inOrder(remarksOf(inAnotherOrder(rows, salt))), inOrder(remarksOf(rows)));
      }),
      { numRuns: 250 },
    );
  });

  it('are one for each referral under which rows with the same id are sent', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2' })],
      ssd_cin_assessments: ['R1', 'R2'].map((referral) =>
        anAssessment({ cina_referral_id: referral, cina_assessment_auth_date: '2025-05-01' }),
      ),
    });
    const authorised = remarksOf(rows).filter(({ rule }) => rule === 'authorisation-before-start');
    assert.deepEqual(authorised.map(({ parentId }) => parentId).sort(), ['R1', 'R2']);
  });

  it('name no date, code or number of the row, nor do other findings', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        for (const { found } of builtOf(rows).findings) assert.doesNotMatch(found, /\d{3}/);
      }),
      { numRuns: 200 },
    );
  });

  it('are not made about a child that is held back', () => {
    const rows = aPerson({
      person: { pers_person_id: '10/01', pers_dob: '2026-08-12' },
    });
    const rules = builtOf(rows).findings.map(({ rule }) => rule);
    assert.deepEqual(rules, ['child-id']);
  });

  it('are few for 500 synthetic children', () => {
    const remarks: Finding[] = personsIn(
      generateSsd({ children: 500, seed: 'checks', today }).entries(),
    ).flatMap(remarksOf);
    assert.ok(remarks.length < 25);
  });
});
