import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BuildRules } from '../../../shared/child/buildRules.js';
import { categoryNames, tablesNotRead } from '../../../shared/child/categories.js';
import type { DateCell, TextCell, Unreadable } from '../../../shared/child/cells.js';
import { columnsOfKind, detailTables, type PersonRows } from '../../../shared/child/sourceRows.js';
import { builtOf, rulesOn, today } from '../aPayload.js';
import { anyPerson } from '../anyPerson.js';
import { aLifeInCare } from './aLifeInCare.js';

const byRole: BuildRules = { ...rulesOn(today), careWorkerGates: ['role'] };
const dates = columnsOfKind('date');
const values = [...dates, ...columnsOfKind('text')];
const ids = columnsOfKind('id').filter((column) => column !== 'pers_person_id');

const unreadable: fc.Arbitrary<Unreadable> = fc.constantFrom(
  { unreadable: 'absent', found: 'a column that is not there' },
  { unreadable: 'form', found: 'text' },
  { unreadable: 'placeholder', found: 'a date that means none' },
);
const anyDate: fc.Arbitrary<DateCell> = fc.oneof(
  unreadable,
  fc.constantFrom('0001-01-01', '9999-12-31', '2024-02-29', '2008-02-29', '1900-03-01', null),
);

/** Each of some columns in some rows, or in all of them, has another cell. */
interface Changes {
  readonly column: string;
  readonly cell: TextCell;
  /** Of which rows: every one, every second one, and so on. */
  readonly every: number;
}

function changed<Row extends object>(row: Row, index: number, changes: readonly Changes[]): Row {
  const its = changes.filter(({ column, every }) => Object.hasOwn(row, column) && index % every === 0);
  return { ...row, ...Object.fromEntries(its.map(({ column, cell }) => [column, cell])) };
}

function withChanges(rows: PersonRows, changes: readonly Changes[]): PersonRows {
  const all = <Row extends object>(table: readonly Row[]) =>
    table.map((row, index) => changed(row, index, changes));
  return {
    ...rows,
    person: changed(rows.person, 0, changes),
    ssd_address: all(rows.ssd_address),
    ssd_immigration_status: all(rows.ssd_immigration_status),
    ssd_cla_episodes: all(rows.ssd_cla_episodes),
    ssd_cla_placement: all(rows.ssd_cla_placement),
    ssd_permanence: all(rows.ssd_permanence),
    ssd_care_leavers: all(rows.ssd_care_leavers),
    ssd_involvements: all(rows.ssd_involvements),
  };
}

const every = fc.integer({ min: 1, max: 3 });
const inColumns = (columns: readonly string[], cell: fc.Arbitrary<TextCell>) =>
  fc.array(fc.record({ column: fc.constantFrom(...columns), cell, every }), { minLength: 1, maxLength: 3 });

function askedAboutCare(rows: PersonRows, rules: BuildRules = byRole): string[] {
  return builtOf(rows, rules)
    .findings.map(({ rule }) => rule)
    .filter((rule) => rule.startsWith('ssda903') || rule === 'placements-overlap');
}

describe('what cannot be read', () => {
  it('makes no rule ask about a life in care that is in order', () => {
    fc.assert(
      fc.property(aLifeInCare, inColumns(values, unreadable), ({ rows }, changes) => {
        assert.deepEqual(askedAboutCare(withChanges(rows, changes)), []);
      }),
      { numRuns: 500 },
    );
  });

  it('may be an id whose column is not there', () => {
    fc.assert(
      fc.property(aLifeInCare, fc.constantFrom(...ids), ({ rows }, column) => {
        assert.deepEqual(askedAboutCare(withChanges(rows, [{ column, cell: null, every: 1 }])), []);
      }),
      { numRuns: 200 },
    );
  });

  it('may be a table, because it is not there or is not shared', () => {
    const categories = fc.subarray([...categoryNames]);
    fc.assert(
      fc.property(aLifeInCare, fc.subarray([...detailTables]), categories, ({ rows }, tables, leftOut) => {
        const silent = new Set<string>([...tables, ...tablesNotRead(leftOut)]);
        const without = Object.fromEntries(
          detailTables.filter((one) => silent.has(one)).map((one) => [one, []]),
        );
        const rules = { ...byRole, absentTables: new Set(tables), leftOut };
        assert.deepEqual(askedAboutCare({ ...rows, ...without }, rules), []);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the rules', () => {
  it('take any date that may be in a source', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyPerson,
          aLifeInCare.map(({ rows }) => rows),
        ),
        inColumns(dates, anyDate),
        (rows, changes) => {
          assert.doesNotThrow(() => builtOf(withChanges(rows, changes), byRole));
        },
      ),
      { numRuns: 400 },
    );
  });
});
