import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Unreadable } from '../../shared/child/cells.js';
import { submissionOf } from '../../shared/child/changes/difference.js';
import { detailTables, ssdTables, type PersonRows, type SsdTable } from '../../shared/child/sourceRows.js';
import { applyRecord } from '../local/dfe/state.js';
import { acknowledgedTextOf, builtOf, judged, rulesOn, stateOf, today } from './aPayload.js';
import { anyPerson, hasIdsOnce } from './anyPerson.js';

const broken: Unreadable = { unreadable: 'form', found: '5 characters: letters' };

/** Without the start that an end contradicted, an item that was kept back is sent for the first time, with all that moves. */
const starts: ReadonlySet<string> = new Set([
  'cine_referral_date',
  'cinp_cin_plan_start_date',
  's47e_s47_start_date',
  'cppl_cp_plan_start_date',
  'clap_cla_placement_start_date',
  'invo_involvement_start_date',
  'immi_immigration_status_start_date',
]);

/** A cell that can become unreadable: not the ids, which say whose a row is. */
interface Place {
  readonly table: SsdTable;
  readonly row: number;
  readonly column: string;
}

function placesIn(rows: PersonRows): Place[] {
  const columns = (table: SsdTable) =>
    Object.entries(ssdTables[table])
      .filter(([column, kind]) => kind !== 'id' && !starts.has(column))
      .map(([column]) => column);
  const inDetails = detailTables.flatMap((table) =>
    rows[table].flatMap((_, row) => columns(table).map((column) => ({ table, row, column }))),
  );
  return [
    ...columns('ssd_person').map((column): Place => ({ table: 'ssd_person', row: 0, column })),
    ...inDetails,
  ];
}

/** The same rows, some cells of which cannot be read any more. */
function withBroken(rows: PersonRows, places: readonly Place[]): PersonRows {
  const isBroken = (table: SsdTable, row: number, column: string) =>
    places.some((place) => place.table === table && place.row === row && place.column === column);
  const spoilt = <Row extends object>(table: SsdTable, row: Row, index: number): Row => {
    const copy = { ...row };
    for (const column of Object.keys(copy)) {
      if (isBroken(table, index, column)) Reflect.set(copy, column, broken);
    }
    return copy;
  };
  const spoiltRows = <Row extends object>(table: SsdTable, its: readonly Row[]): Row[] =>
    its.map((row, index) => spoilt(table, row, index));
  return {
    person: spoilt('ssd_person', rows.person, 0),
    ssd_address: spoiltRows('ssd_address', rows.ssd_address),
    ssd_disability: spoiltRows('ssd_disability', rows.ssd_disability),
    ssd_immigration_status: spoiltRows('ssd_immigration_status', rows.ssd_immigration_status),
    ssd_linked_identifiers: spoiltRows('ssd_linked_identifiers', rows.ssd_linked_identifiers),
    ssd_sdq_scores: spoiltRows('ssd_sdq_scores', rows.ssd_sdq_scores),
    ssd_cin_episodes: spoiltRows('ssd_cin_episodes', rows.ssd_cin_episodes),
    ssd_cin_assessments: spoiltRows('ssd_cin_assessments', rows.ssd_cin_assessments),
    ssd_assessment_factors: spoiltRows('ssd_assessment_factors', rows.ssd_assessment_factors),
    ssd_cin_plans: spoiltRows('ssd_cin_plans', rows.ssd_cin_plans),
    ssd_s47_enquiry: spoiltRows('ssd_s47_enquiry', rows.ssd_s47_enquiry),
    ssd_initial_cp_conference: spoiltRows('ssd_initial_cp_conference', rows.ssd_initial_cp_conference),
    ssd_cp_plans: spoiltRows('ssd_cp_plans', rows.ssd_cp_plans),
    ssd_cla_episodes: spoiltRows('ssd_cla_episodes', rows.ssd_cla_episodes),
    ssd_cla_placement: spoiltRows('ssd_cla_placement', rows.ssd_cla_placement),
    ssd_permanence: spoiltRows('ssd_permanence', rows.ssd_permanence),
    ssd_care_leavers: spoiltRows('ssd_care_leavers', rows.ssd_care_leavers),
    ssd_involvements: spoiltRows('ssd_involvements', rows.ssd_involvements),
  };
}

/** Everything that is in `held` is in `after`, too. */
function assertHolds(after: unknown, held: unknown): void {
  if (Array.isArray(held)) {
    const items: readonly unknown[] = held;
    assert.ok(Array.isArray(after));
    const others: readonly unknown[] = after;
    for (const item of items)
      assert.ok(
        others.some((other) => holds(other, item)),
        JSON.stringify(item),
      );
    return;
  }
  if (typeof held !== 'object' || held === null) {
    assert.equal(after, held);
    return;
  }
  assert.ok(typeof after === 'object' && after !== null);
  for (const [key, value] of Object.entries(held)) assertHolds(Reflect.get(after, key), value);
}

function holds(after: unknown, held: unknown): boolean {
  try {
    assertHolds(after, held);
    return true;
  } catch {
    return false;
  }
}

const someOf = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 4 });

/*
 * More may come than there was: of what contradicted each other one may be unreadable now, and the other speaks.
 */
describe('what becomes unreadable in the SSD', () => {
  for (const arrays of ['replace', 'merge'] as const) {
    it(`stays at DfE as it was acknowledged, where DfE would ${arrays} arrays`, () => {
      fc.assert(
        fc.property(anyPerson, someOf, (rows, picks) => {
          const before = builtOf(rows).child;
          fc.pre(before !== undefined && hasIdsOnce(rows));
          const places = placesIn(rows);
          const chosen = picks.flatMap((pick) => places[pick % places.length] ?? []);
          const held = acknowledgedTextOf(before);
          const { child } = builtOf(withBroken(rows, chosen), rulesOn(today), [held]);
          assert.ok(child);
          const state = stateOf(before);
          const after = applyRecord(state, judged(submissionOf(child, [held])), arrays);
          assertHolds(after, state);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('stays at DfE when its whole table is not there any more', () => {
    fc.assert(
      fc.property(anyPerson, fc.constantFrom(...detailTables), (rows, table) => {
        fc.pre(table !== 'ssd_cin_episodes' && hasIdsOnce(rows));
        const before = builtOf(rows).child;
        fc.pre(before !== undefined);
        const held = acknowledgedTextOf(before);
        const rules = { ...rulesOn(today), absentTables: new Set([table]) };
        const { child } = builtOf({ ...rows, [table]: [] }, rules, [held]);
        assert.ok(child);
        const state = stateOf(before);
        const after = applyRecord(state, judged(submissionOf(child, [held])), 'replace');
        assertHolds(after, state);
      }),
      { numRuns: 250 },
    );
  });
});
