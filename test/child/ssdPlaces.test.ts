import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filledAttributes } from '../../shared/child/attributes/attributes.js';
import { ssdColumnOf, ssdPlaceOf } from '../../shared/child/ssdPlaces.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { columnsOf } from '../../shared/ssd/tables.js';
import { treatments } from '../../shared/child/pseudonyms/treatments.js';
import { isSsdTable, rowIdOf } from '../../shared/child/sourceRows.js';
import { anyPerson } from './anyPerson.js';
import { builtOf, payloadOf, rulesOn, today } from './aPayload.js';
import { aCareEpisode, aPerson, aPlacement, anEpisode } from './aPerson.js';

const own = { placementIdsRepeat: false };

const payload = {
  la_child_id: 'C1',
  purge: false,
  child_details: { sex: 'F' },
  social_care_episodes: [
    { social_care_episode_id: 'E0', purge: true },
    {
      social_care_episode_id: 'E1',
      child_and_family_assessments: [{ child_and_family_assessment_id: 'A1', factors: ['1A'] }],
      child_in_need_plans: [
        { child_in_need_plan_id: 'P1', purge: true },
        { child_in_need_plan_id: 'P2', purge: false },
      ],
      child_looked_after_placements: [
        { child_looked_after_placement_id: '421-20240217', start_date: '2024-02-17' },
      ],
    },
  ],
};

/** The paths of all attributes, without indexes. */
function leavesOf(block: object, path = ''): string[] {
  const members: readonly (readonly [string, unknown])[] = Object.entries(block);
  return members.flatMap(([name, member]) =>
    typeof member === 'object' && member !== null ? leavesOf(member, `${path}${name}.`) : [`${path}${name}`],
  );
}

/** Every path into a payload, with indexes. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => pathsOf(item, `${path}[${String(index)}]`));
  }
  if (typeof value !== 'object' || value === null) return [path];
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  const below = members.flatMap(([name, member]) => pathsOf(member, path === '' ? name : `${path}.${name}`));
  return path === '' ? below : [path, ...below];
}

describe('the place in the SSD of a field of the payload', () => {
  it('is known for every attribute except the flags that no column fills, and is a column that is read', () => {
    const leaves = leavesOf(treatments).filter((path) => !/(^|\.)purge$/.test(path));
    assert.ok(leaves.length > 50);
    for (const path of leaves) {
      const { table, column } = ssdColumnOf(path) ?? {};
      assert.ok(table !== undefined && column !== undefined && columnsOf(table).includes(column), path);
    }
    assert.equal(new Set(filledAttributes.map(({ path }) => path)).size, filledAttributes.length);
    assert.equal(ssdColumnOf('child_details.purge'), undefined);
  });

  it('is the row of the item that the path leads to, in the payload that was sent with its removals', () => {
    const plan = { table: 'ssd_cin_plans', column: 'cinp_cin_plan_end_date' };
    for (const [path, place] of [
      [
        'social_care_episodes[1].closure_reason',
        { table: 'ssd_cin_episodes', column: 'cine_close_reason', rowId: 'E1' },
      ],
      ['social_care_episodes[1].child_in_need_plans[1].end_date', { ...plan, rowId: 'P2', parentId: 'E1' }],
      ['child_details.sex', { table: 'ssd_person', column: 'pers_sex', rowId: 'C1' }],
      ['la_child_id', { table: 'ssd_person', column: 'pers_person_id', rowId: 'C1' }],
    ] as const) {
      assert.deepEqual(ssdPlaceOf(path, payload, own), place, path);
    }
  });

  it('is the table alone for a whole item', () => {
    const place = { table: 'ssd_cin_plans', rowId: 'P2', parentId: 'E1' };
    assert.deepEqual(ssdPlaceOf('social_care_episodes[1].child_in_need_plans[1]', payload, own), place);
  });

  it('has the record it is sent under, and no row, where another table fills the field', () => {
    for (const [path, parentId] of [
      ['social_care_episodes[1].child_looked_after_placements[0].start_reason', '421-20240217'],
      ['social_care_episodes[1].child_and_family_assessments[0].factors[0]', 'A1'],
      ['social_care_episodes[1].care_worker_details[3].worker_id', 'E1'],
    ] as const) {
      const place = ssdPlaceOf(path, payload, own);
      assert.deepEqual([place?.rowId, place?.parentId], [undefined, parentId], path);
    }
    assert.deepEqual(ssdPlaceOf('child_details.postcode', payload, own), {
      table: 'ssd_address',
      column: 'addr_address_postcode',
    });
  });

  it('has no row for a removal, an index beyond the list, or a path that does not say which item', () => {
    for (const path of [
      'social_care_episodes[0].closure_reason',
      'social_care_episodes[1].child_in_need_plans[0].end_date',
      'social_care_episodes[1].child_in_need_plans[2].end_date',
      'social_care_episodes[9].child_in_need_plans[0].end_date',
      'social_care_episodes.closure_reason',
      'child_in_need_plans[1].end_date',
      'closure_reason',
    ]) {
      const place = ssdPlaceOf(path, payload, own);
      assert.ok(place !== undefined && place.rowId === undefined, path);
    }
    const removal = { la_child_id: 'C1', purge: true };
    assert.equal(ssdPlaceOf('la_child_id', removal, own)?.rowId, undefined);
  });

  it('is none for a name that several fields have, a name that is unknown, or a whole part of the child', () => {
    for (const path of [
      'end_date',
      'postcode',
      'purge',
      'la_code',
      'child_details',
      'health_and_wellbeing',
    ]) {
      assert.equal(ssdPlaceOf(path, payload, own), undefined, path);
    }
    assert.equal(ssdPlaceOf('surname', payload, own)?.column, 'pers_surname');
  });

  it('is the row in the SSD where its id was sent with the first day of the placement', () => {
    const rules = { ...rulesOn(today), ...builtInProfile('eclipse') };
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cla_episodes: [aCareEpisode({ clae_cla_placement_id: null })],
      ssd_cla_placement: (['2025-02-17', '2026-03-01'] as const).map((start) =>
        aPlacement({ clap_cla_placement_id: '421', clap_cla_placement_start_date: start }),
      ),
    });
    const sent = payloadOf(rows, rules);
    const placements = sent.social_care_episodes?.[0]?.child_looked_after_placements ?? [];
    assert.deepEqual(
      placements.map((placement) => placement.child_looked_after_placement_id),
      ['421-20250217', '421-20260301'],
    );
    const path = 'social_care_episodes[0].child_looked_after_placements[1].postcode';
    assert.equal(ssdPlaceOf(path, sent, rules)?.rowId, '421');
    assert.equal(ssdPlaceOf(path, sent, own)?.rowId, '421-20260301', 'where ids do not repeat');
  });

  it('is a row that the SSD has, for every path into the payload of any child', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        const { child } = builtOf(rows);
        for (const path of pathsOf(child ?? {})) {
          const place = ssdPlaceOf(path, child ?? {}, own);
          if (place?.rowId === undefined) continue;
          const { table, rowId } = place;
          assert.ok(isSsdTable(table));
          const inTable = table === 'ssd_person' ? [rows.person] : rows[table];
          assert.ok(
            inTable.some((row) => Reflect.get(row, rowIdOf(table)) === rowId),
            path,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
