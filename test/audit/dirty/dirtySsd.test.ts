import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cleanSsd, dirtySsd, secondNight } from './dirtySsd.js';
import { faults } from './faults.js';
import { soilOf, type Soil } from './soil.js';
import { cmsNames, type Ssd } from '../input.js';
import { Owners } from '../owners.js';

function textOf({ cms, tables }: Ssd | Soil): string {
  return JSON.stringify([cms, [...tables].map(([table, { columns, rows }]) => [table, [...columns], rows])]);
}

describe('A dirty SSD', () => {
  test('is the same for the same seed, and another for another', () => {
    assert.equal(textOf(dirtySsd(7).ssd), textOf(dirtySsd(7).ssd));
    assert.notEqual(textOf(dirtySsd(7).ssd), textOf(dirtySsd(8).ssd));
  });

  test('has each kind of fault and each system among the first 200 seeds', () => {
    const drawn = new Set<string>();
    const systems = new Set<string>();
    for (let seed = 1; seed <= 200; seed += 1) {
      const { ssd, faults: kinds } = dirtySsd(seed);
      for (const kind of kinds) drawn.add(kind);
      systems.add(ssd.cms);
    }
    assert.deepEqual([...drawn].sort(), Object.keys(faults).sort());
    assert.deepEqual([...systems].sort(), [...cmsNames].sort());
  });

  for (const [name, [soil]] of Object.entries(faults)) {
    test(`is changed by the fault "${name}" in at least one system`, () => {
      const isChanged = cmsNames.some((cms) => {
        const clean = cleanSsd(cms, 24, 'faults', '2026-06-15');
        return Array.from({ length: 8 }, (_, at) => at).some((at) => {
          const soiled = soilOf(clean, '2026-06-15', name, at);
          soil(soiled);
          return textOf(soiled) !== textOf(clean);
        });
      });
      assert.ok(isChanged);
    });
  }

  test('differs on the second night, and the first one stays as it was', () => {
    const { ssd } = dirtySsd(3);
    const before = textOf(ssd);
    const after = secondNight(ssd, 3);
    assert.notEqual(textOf(after), before);
    assert.equal(textOf(ssd), before);
  });
});

describe('A clean SSD', () => {
  for (const cms of cmsNames) {
    test(`in ${cms}’s keys has no row that belongs to nobody or to two`, () => {
      const owners = new Owners(cleanSsd(cms, 60, 'owners', '2026-06-15'));
      for (const table of [
        'ssd_cin_assessments',
        'ssd_assessment_factors',
        'ssd_s47_enquiry',
        'ssd_initial_cp_conference',
        'ssd_cla_placement',
        'ssd_involvements',
        'ssd_permanence',
      ] as const) {
        for (const row of owners.rows(table)) {
          assert.equal(owners.of(table, row).is, 'child', `${table} ${JSON.stringify(row)}`);
        }
      }
    });
  }
});
