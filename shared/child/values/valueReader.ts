import { isUnreadable, presentText, readable, type DateCell, type TextCell } from '../cells.js';
import type { BuildRules } from '../buildRules.js';
import { CodeReader, type CodeProfile, type CodeReading } from '../codes/codeReader.js';
import type { CodedField } from '../codes/codeLists.js';
import type { PlainDate } from '../dates.js';
import { unknown, type Maybe, type Unknown } from '../draft.js';
import { findingRules, type FindingRule } from '../findingRules.js';
import { classOf, type Finding } from '../findings.js';
import { isPlaceholder, type Placeholders } from '../codes/localValues.js';
import { idLength, isSendableId, limits, postcodeShape, upnShape } from '../payload.js';
import { Places, type AnyRow, type Source } from './places.js';
import { ScopeCount, type RowsOutOfScope, type ScopeRule } from '../scope.js';
import type { PersonRows, SsdTable } from '../sourceRows.js';

export type { Source } from './places.js';

/**
 * Turns the cells of one child into sendable values, by the value rules of the specification: never cut, never guess,
 * never send what DfE would refuse. What cannot be sent is `unknown` and leaves a finding; nothing (null, only blanks) is
 * `undefined` and leaves none. Every row that is neither sent nor named is counted out of scope.
 */
export class ValueReader {
  readonly #codes: CodeReader;
  readonly #placeholders: Placeholders;
  readonly places: Places;
  readonly #child: Pick<Finding, 'childId' | 'legacyId'>;
  readonly #findings = new Map<string, Finding>();
  readonly #scope = new Map<AnyRow, { readonly table: SsdTable; readonly rule: ScopeRule }>();
  readonly #named = new Set<AnyRow>();
  readonly #inScope = new Set<AnyRow>();

  constructor(rules: Pick<BuildRules, 'codes' | keyof CodeProfile>, rows: PersonRows) {
    this.#codes = new CodeReader(rules.codes, rules);
    this.#placeholders = rules.placeholders;
    this.places = new Places(rows);
    const { pers_person_id: childId, pers_legacy_id: legacy } = rows.person;
    this.#child = { childId, legacyId: isUnreadable(legacy) ? null : legacy };
  }

  get findings(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  /** The rows that a finding names, remarks aside: what they say is not sent, or not all of it. */
  get namedRows(): ReadonlySet<AnyRow> {
    return this.#named;
  }

  get rowsOutOfScope(): RowsOutOfScope {
    const counts = new ScopeCount();
    for (const [row, { table, rule }] of this.#scope) {
      if (!this.#named.has(row) && !this.#inScope.has(row)) counts.add(table, rule);
    }
    return counts.counts();
  }

  /**
   * Records a finding and gives `unknown`, so that a rule can end with it. One place has one finding for each
   * rule, however often something is found there.
   * @param found the class of the value, see `classOf`; never the value
   */
  leaveOut(rule: FindingRule, source: Source, column: string, found: string): Unknown {
    if (source.row !== undefined && findingRules[rule].severity !== 'remark') this.#named.add(source.row);
    const key = JSON.stringify([rule, source.table, source.rowId, column, source.parentId ?? null]);
    if (!this.#findings.has(key)) this.#findings.set(key, this.findingAt(source, rule, column, found));
    return unknown;
  }

  /** A finding that a person can look up in the case management system. */
  findingAt(source: Source, rule: FindingRule, column: string, found: string): Finding {
    const { table, rowId, parentId, team, worker } = this.places.withTeam(source);
    return {
      rule,
      table,
      rowId,
      column,
      found,
      ...this.#child,
      parentId: parentId ?? null,
      team: team ?? null,
      worker: worker ?? null,
    };
  }

  /** Rows that are rightly not sent, by the first rule that says so. One that a finding names is not among them. */
  outOfScope(table: SsdTable, rule: ScopeRule, ...rows: readonly AnyRow[]): void {
    for (const row of rows) if (!this.#scope.has(row)) this.#scope.set(row, { table, rule });
  }

  /** Rows under a record in the window: they are sent or named, even where another record of its id is out of scope. */
  inScope(...rows: readonly AnyRow[]): void {
    for (const row of rows) this.#inScope.add(row);
  }

  /** A finding where a cell cannot be read; none where its column is not there, which preflight says once for all. */
  unreadable(cell: TextCell, source: Source, column: string): Unknown {
    if (!isUnreadable(cell) || cell.unreadable === 'absent') return unknown;
    const rule =
      cell.unreadable === 'placeholder'
        ? 'placeholder'
        : cell.unreadable === 'contradictory'
          ? 'duplicate-id'
          : 'value-unreadable';
    return this.leaveOut(rule, source, column, cell.found);
  }

  date(cell: DateCell, source: Source, column: string): Maybe<PlainDate> {
    if (isUnreadable(cell)) return this.unreadable(cell, source, column);
    return cell ?? undefined;
  }

  /** The text without blanks around it. */
  text(cell: TextCell, source: Source, column: string): Maybe<string> {
    if (isUnreadable(cell)) return this.unreadable(cell, source, column);
    const text = presentText(cell);
    if (text === undefined || !isPlaceholder(this.#placeholders, text)) return text;
    return this.leaveOut('placeholder', source, column, classOf(text));
  }

  /**
   * A national code.
   * @param on the date of the row: a code is judged by it
   */
  code(field: CodedField, cell: TextCell, on: DateCell, source: Source, column: string): Maybe<string> {
    if (isUnreadable(cell)) return this.unreadable(cell, source, column);
    return this.#coded(this.#codes.read(field, cell, readable(on)), cell, source, column);
  }

  /** The national code that a cell gives, where it gives one: for comparing, so it leaves no finding. */
  codeSaid(field: CodedField, cell: TextCell, on: PlainDate | null): string | undefined {
    const reading = this.#codes.read(field, readable(cell), on);
    return reading.is === 'code' ? reading.code : undefined;
  }

  /** A national code that may be in a column of codes or one of descriptions. */
  codeOfPair(
    field: CodedField,
    [code, description]: readonly [code: TextCell, description: TextCell],
    on: DateCell,
    source: Source,
    [codeColumn, descriptionColumn]: readonly [code: string, description: string],
  ): Maybe<string> {
    if (isUnreadable(code) && isUnreadable(description)) {
      this.unreadable(description, source, descriptionColumn);
      return this.unreadable(code, source, codeColumn);
    }
    const reading = this.#codes.readPair(field, readable(code), readable(description), readable(on));
    // The column that is not there, or cannot be read, may be the one that says it.
    if (reading.is === 'nothing' && (isUnreadable(code) || isUnreadable(description))) {
      this.unreadable(description, source, descriptionColumn);
      return this.unreadable(code, source, codeColumn);
    }
    const shown = presentText(readable(code)) === undefined ? readable(description) : readable(code);
    return this.#coded(reading, shown, source, codeColumn);
  }

  #coded(reading: CodeReading, value: string | null, source: Source, column: string): Maybe<string> {
    switch (reading.is) {
      case 'nothing':
        return undefined;
      case 'unreadable':
        return this.leaveOut(reading.rule, source, column, classOf(value));
      case 'code':
        if (reading.retiredSince !== undefined) {
          this.leaveOut('code-retired-since', source, column, 'a code of an earlier collection year');
        }
        return reading.code;
    }
  }

  /** The id of a nested item, at most 36 characters; null when it cannot be sent. */
  itemId(value: string | null, source: Source, column: string): string | null {
    const text = presentText(value);
    const isId = text !== undefined && !isPlaceholder(this.#placeholders, text);
    if (isId && isSendableId(text, idLength.other)) return text;
    this.leaveOut('item-id', source, column, classOf(value));
    return null;
  }

  /** An id that may be missing. */
  optionalId(cell: TextCell, longest: number, source: Source, column: string): Maybe<string> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown || isSendableId(text, longest)) return text;
    return this.leaveOut('item-id', source, column, classOf(text));
  }

  /** A name, byte for byte, at most 128 characters; half a character (cut by the source) cannot be sent. */
  name(cell: TextCell, source: Source, column: string): Maybe<string> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown || isUnreadable(cell) || cell === null) return text;
    if (!cell.isWellFormed()) return this.leaveOut('text-broken', source, column, classOf(cell));
    return cell.length <= limits.name ? cell : this.leaveOut('text-too-long', source, column, classOf(cell));
  }

  upn(cell: TextCell, source: Source, column: string): Maybe<string> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown || upnShape.test(text)) return text;
    return this.leaveOut('upn-shape', source, column, classOf(text));
  }

  /** A postcode in capitals with one space before its last three characters. */
  postcode(cell: TextCell, source: Source, column: string): Maybe<string> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown) return text;
    const compact = text.toUpperCase().replace(/\s/g, '');
    const postcode = `${compact.slice(0, -3)} ${compact.slice(-3)}`;
    return postcodeShape.test(postcode)
      ? postcode
      : this.leaveOut('postcode-shape', source, column, classOf(text));
  }

  /** Y, T, 1, TRUE or N, F, 0, FALSE in any case. */
  flag(cell: TextCell, source: Source, column: string): Maybe<boolean> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown) return text;
    return flagOf(text) ?? this.leaveOut('flag-unknown', source, column, classOf(text));
  }

  /** A Strengths and Difficulties Questionnaire score, 0 to 40. */
  sdqScore(cell: TextCell, source: Source, column: string): Maybe<number> {
    const text = this.text(cell, source, column);
    if (text === undefined || text === unknown) return text;
    const score = Number(text);
    return /^\d+(\.0+)?$/.test(text) && score <= limits.sdqScore
      ? score
      : this.leaveOut('sdq-score', source, column, classOf(text));
  }
}

/** True for Y, T, 1, TRUE, YES; false for N, F, 0, FALSE, NO; else undefined. */
export function flagOf(value: string): boolean | undefined {
  const text = value.trim().toUpperCase();
  if (['Y', 'T', '1', 'TRUE', 'YES'].includes(text)) return true;
  if (['N', 'F', '0', 'FALSE', 'NO'].includes(text)) return false;
  return undefined;
}
