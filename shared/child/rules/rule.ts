import type { CollectionYear } from '../codes/codeLists.js';
import {
  isSsdTable,
  tableOf,
  type SsdColumn,
  type SsdRow,
  type SsdTable,
  type ssdTables,
} from '../sourceRows.js';
import type { AnyRow } from '../values/places.js';
import type { Facts } from './facts.js';

/*
 * What DfE's second stage or an annual return would ask about. Everything is sent as it is, unless the council has decided
 * otherwise (`changedRules.ts`); each remark lets the analyst correct the source before DfE asks. Each rule is one object
 * here, in the file of its theme: `docs/findings.md`, the pages and the downloads are made from it.
 */

/** The returns whose rules are published. */
export type Return = 'CIN census' | 'SSDA903';

/** Where a rule is published: DfE's specification of the return, and Data to Insight's public validator of it. */
export interface Published {
  readonly in: Return;
  /** Its number there, such as `8863Q`. */
  readonly number: string;
  readonly title: string;
  /** The first collection year in which it has this form, and the last one; the public copies begin with 2022-23. */
  readonly from: CollectionYear;
  readonly until?: CollectionYear;
}

/** A column of the rows that are read of each person. */
export type RowColumn = {
  [Table in SsdTable]: keyof (typeof ssdTables)[Table] & string;
}[SsdTable];

type TableWith<Column extends RowColumn> = {
  [Table in SsdTable]: Column extends keyof (typeof ssdTables)[Table] ? Table : never;
}[SsdTable];

/** A cell to correct, and what was found there as a class: never the value. */
export interface Place<Column extends RowColumn = RowColumn> {
  readonly column: Column;
  readonly row: AnyRow;
  readonly found: string;
}

export function place<Column extends RowColumn>(
  column: Column,
  row: SsdRow<TableWith<Column>>,
  found: string,
): Place<Column> {
  return { column, row, found };
}

/** What a rule asks about, apart from how it is told. */
export interface RuleText<Code extends string = string, Column extends SsdColumn = SsdColumn> {
  /** Stable: reports and downloads refer to it. */
  readonly code: Code;
  /** Empty for a rule of our own. Several where returns ask the same. */
  readonly published: readonly Published[];
  /** The columns that a finding may name: what is to be corrected. */
  readonly columns: readonly [Column, ...Column[]];
  readonly meaning: string;
  readonly remedy: string;
}

/** A rule about one child. */
export interface Rule<Code extends string = string, Column extends RowColumn = RowColumn> extends RuleText<
  Code,
  Column
> {
  /** Tables without which it cannot be told, because it asks about what is missing there. */
  readonly needs?: readonly SsdTable[];
  /** The places to correct in the rows of a child that is sent; pure. */
  readonly check: (facts: Facts) => readonly Place<Column>[];
}

/** Makes sure that a rule names only the columns that it says it names. */
export function rule<const Code extends string, const Columns extends readonly [RowColumn, ...RowColumn[]]>(
  one: Rule<Code, Columns[number]> & { readonly columns: Columns },
): Rule<Code, Columns[number]> {
  return one;
}

/** The table whose rows have a column. The registration number of a worker is read into the involvements. */
export function tableOfRows(column: RowColumn): SsdTable {
  const table = tableOf(column);
  return isSsdTable(table) ? table : 'ssd_involvements';
}

/** The rule in the words of a return: `CIN census 8863Q`. */
export function nameOf({ in: of, number }: Published): string {
  return `${of} ${number}`;
}

/** A rule of the children in need census; in the public copies from the beginning unless it is said. */
export function cin(number: string, title: string, since: Partial<Published> = {}): Published {
  return { in: 'CIN census', number, title, from: '2022-23', ...since };
}

/** A rule of the return on looked-after children and care leavers. */
export function ssda903(number: string, title: string, since: Partial<Published> = {}): Published {
  return { in: 'SSDA903', number, title, from: '2022-23', ...since };
}

/** Whether a rule is in force in a collection year: one that no return has is ours, and always is. */
export function isInForce({ published }: RuleText, year: CollectionYear): boolean {
  return (
    published.length === 0 ||
    published.some(({ from, until }) => from <= year && (until === undefined || year <= until))
  );
}
