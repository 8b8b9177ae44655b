import type { TableName } from '../../infra/syntheticSsd/columns.js';
import type { Window } from './calendar.js';
import { compare, type Field } from './fields.js';
import type { Cms, Row, ScopeRule } from './input.js';
import { flattened, type Json } from './json.js';
import type { Owners } from './owners.js';
import { cellOf, dateOf, type DateSaid } from './values.js';

/** What the auditor has established about one row. */
export interface Verdict {
  readonly table: TableName;
  readonly row: Row;
  readonly child: string | undefined;
  /** It is in a payload, or says nothing that a payload could carry. */
  readonly isSent: boolean;
  /** The rules by which it is out of scope; none where only a finding can explain it. */
  readonly rules: readonly ScopeRule[];
  readonly why: string;
}

/** A value of a row that is sent, which is in no payload: a finding must name it. */
export interface SilentValue {
  readonly table: TableName;
  readonly row: Row;
  readonly child: string;
  readonly column: string;
  readonly why: string;
}

/** Something in a payload that no row of the child says, or that says "none" where the source does not. */
export interface Falsity {
  readonly child: string;
  /** The place in the payload. */
  readonly at: string;
  readonly what: string;
}

/** Audits what was sent of one child against the rows that belong to it. */
export class Account {
  readonly child: string;
  readonly payload: Json;
  readonly owners: Owners;
  readonly window: Window;
  readonly cms: Cms;
  readonly verdicts = new Map<Row, Verdict>();
  readonly silent: SilentValue[] = [];
  readonly falsities: Falsity[] = [];
  readonly #acknowledged: ReadonlyMap<string, string> | undefined;

  constructor(
    child: string,
    payload: Json,
    owners: Owners,
    { window, cms, acknowledged }: { window: Window; cms: Cms; acknowledged: Json | undefined },
  ) {
    this.child = child;
    this.payload = payload;
    this.owners = owners;
    this.window = window;
    this.cms = cms;
    this.#acknowledged = acknowledged === undefined ? undefined : flattened(acknowledged);
  }

  rows(table: TableName): readonly Row[] {
    return this.owners.rowsOf(table, this.child);
  }

  date(table: TableName, row: Row, column: string): DateSaid {
    return dateOf(cellOf(row, column), this.owners.hasColumn(table, column));
  }

  key(table: TableName, row: Row, column: string): string | undefined {
    return this.owners.key(table, row, column);
  }

  /** The first verdict on a row counts, except that a row that is sent is always sent. */
  establish(table: TableName, row: Row, verdict: Omit<Verdict, 'table' | 'row' | 'child'>): void {
    const before = this.verdicts.get(row);
    if (before?.isSent === true || (before !== undefined && !verdict.isSent)) return;
    this.verdicts.set(row, { table, row, child: this.child, ...verdict });
  }

  sent(table: TableName, row: Row, why = 'in the payload'): void {
    this.establish(table, row, { isSent: true, rules: [], why });
  }

  outOfScope(table: TableName, row: Row, rules: readonly ScopeRule[], why: string): void {
    this.establish(table, row, { isSent: false, rules, why });
  }

  /** Only a finding can explain why this row is not in the payload. */
  mustBeNamed(table: TableName, row: Row, why: string): void {
    this.establish(table, row, { isSent: false, rules: [], why });
  }

  isSent(row: Row): boolean {
    return this.verdicts.get(row)?.isSent === true;
  }

  silence(table: TableName, row: Row, column: string, why: string): void {
    this.silent.push({ table, row, child: this.child, column, why });
  }

  /** Whether DfE had acknowledged just this at this place, so that it may be repeated. */
  isAcknowledged(at: string, value: unknown): boolean {
    if (this.#acknowledged === undefined) return false;
    if (value !== undefined) return this.#acknowledged.get(at) === JSON.stringify(value);
    const parent = at.slice(0, Math.max(0, at.lastIndexOf('.')));
    return this.#acknowledged.has(parent) && !this.#acknowledged.has(at);
  }

  /** @param value what is there, so that what DfE had acknowledged may be repeated */
  fault(at: string, what: string, value?: unknown): void {
    if (!this.isAcknowledged(at, value)) this.falsities.push({ child: this.child, at, what });
  }

  /**
   * Finds the row that an object of the payload was made of: the one of `candidates` that agrees in most fields. Rows that
   * agree in all are sent; what no row agrees with is a falsity.
   * @returns the rows it was made of
   */
  trace(
    item: Json,
    at: string,
    table: TableName,
    candidates: readonly Row[],
    fields: readonly Field[],
  ): readonly Row[] {
    const compared = candidates.map((row) => ({
      row,
      answers: fields.map((field) => ({
        field,
        answer: compare(field, item, table, row, this.owners, this.cms),
      })),
    }));
    const faultsOf = ({ answers }: (typeof compared)[number]) =>
      answers.filter(
        ({ field, answer }) =>
          answer.fault !== undefined && !this.isAcknowledged(`${at}.${field.key}`, item[field.key]),
      );
    const rawFaultsOf = ({ answers }: (typeof compared)[number]) =>
      answers.filter(({ answer }) => answer.fault !== undefined).length;
    const fewest = Math.min(...compared.map((candidate) => faultsOf(candidate).length));
    const best = compared
      .filter((candidate) => faultsOf(candidate).length === fewest)
      .sort((a, b) => rawFaultsOf(a) - rawFaultsOf(b));
    const silences = ({ answers }: (typeof compared)[number]) =>
      answers.filter(({ answer }) => answer.silent !== undefined).length;
    const agreeing = best
      .filter((candidate) => rawFaultsOf(candidate) === 0)
      .sort((a, b) => silences(a) - silences(b));
    const chosen = agreeing.length > 0 ? agreeing : best.slice(0, 1);
    for (const candidate of chosen) {
      this.sent(table, candidate.row);
      for (const { field, answer } of faultsOf(candidate)) {
        this.fault(`${at}.${field.key}`, answer.fault ?? '', item[field.key]);
      }
    }
    // Twins say the same: it is enough that one of them is named.
    const [first] = chosen;
    if (first === undefined) return [];
    for (const { field, answer } of first.answers) {
      const isRepeated =
        answer.fault !== undefined && this.isAcknowledged(`${at}.${field.key}`, item[field.key]);
      const why = answer.silent ?? (isRepeated ? `${answer.fault}, but DfE had acknowledged it` : undefined);
      if (why !== undefined) this.silence(table, first.row, field.column, why);
    }
    return chosen.map(({ row }) => row);
  }
}
