import { inRange, type IdExpression, type IdRange } from '../database/idRange.js';
import type { SsdLayout } from './layout.js';
import type { Relations } from './relations.js';
import { isEmpty, sideText } from './sideText.js';
import { indented, joined, select } from './sqlLayout.js';
import type { Belonging, WayFacts } from './survey.js';
import { detailTables, type SsdDetailTable } from '../child/sourceRows.js';
import { waysIn, type ParentWay, type PersonWay, type Way } from './ways.js';
import { aliasOf } from './tables.js';

/** What to read from the rows of a table, in addition to `person_id`. */
interface Wanted {
  /** Expressions over the table's alias, each with its name. */
  readonly columns: readonly string[];
  /** Only rows of these persons; of all persons in ssd_person when absent. */
  readonly range?: IdRange;
  /** Each distinct row once. */
  readonly distinct?: boolean;
  /** Further conditions over the table's alias. */
  readonly where?: readonly string[];
}

/** What the survey found about the rows of each table. For a table that is missing here, every way is used. */
type Facts = ReadonlyMap<SsdDetailTable, Belonging>;

/**
 * The SQL that decides whose the rows of a table are. A row belongs to the person that the first of its ways with a
 * result leads to, if that way leads to one person only, and every other way leads to no person or also to this one.
 */
export class Ownership {
  readonly #layout: SsdLayout;
  readonly #relations: Relations;
  readonly #facts: Facts;

  constructor(layout: SsdLayout, relations: Relations, facts: Facts) {
    this.#layout = layout;
    this.#relations = relations;
    this.#facts = facts;
  }

  waysOf(table: SsdDetailTable): Way[] {
    return waysIn(this.#layout, this.#relations, table);
  }

  /** `schema.table` with its alias. */
  from(table: SsdDetailTable): string {
    return `${this.#layout.table(table)} ${aliasOf(table)}`;
  }

  /**
   * A SELECT of the rows that belong to a person, with the column `person_id`: one part for each way that gives rows.
   */
  rows(table: SsdDetailTable, wanted: Wanted): string {
    const parts = this.waysOf(table).flatMap((way, at) => {
      if (this.#factsOf(table, at)?.owns === 0) return [];
      return [
        way.kind === 'person'
          ? this.#byPerson(table, at, way, wanted)
          : this.#byParent(table, at, way, wanted),
      ];
    });
    if (parts.length > 0) return parts.join(wanted.distinct === true ? '\nUNION\n' : '\nUNION ALL\n');
    return select(wanted, 'NULL', [this.from(table)], ['1 = 0']);
  }

  /** The person that each key of a way leads to: `key_1`, …, `person_id`, each pair once. */
  owners({ parent, pairs, parentIsEmpty }: ParentWay): string {
    const alias = aliasOf(parent);
    const keys = pairs.map((pair) => sideText(this.#layout, parent, pair.parent, alias));
    return this.rows(parent, {
      columns: keys.map((key, index) => `${key} AS key_${String(index + 1)}`),
      distinct: true,
      where: [
        ...keys.map((key) => this.#layout.isKey(key)),
        ...(parentIsEmpty === undefined ? [] : [isEmpty(this.#layout, parent, parentIsEmpty, alias)]),
      ],
    });
  }

  /** All persons in ssd_person, each once, as `key_1`. */
  persons(): string {
    const id = this.#layout.id('ssd_person', 'pers_person_id', 'person');
    return `SELECT DISTINCT ${id} AS key_1
FROM ${this.#layout.table('ssd_person')} person
WHERE ${this.#layout.isKey(id)}`;
  }

  /** The condition that a row has the keys of `owners` or `persons`, which are called `alias`. */
  meets(table: SsdDetailTable, way: Way, alias: string): string {
    const own = aliasOf(table);
    if (way.kind === 'person') return `${alias}.key_1 = ${this.personOf(table, way)}`;
    return [
      ...way.pairs.map(
        ({ child }, index) =>
          `${alias}.key_${String(index + 1)} = ${sideText(this.#layout, table, child, own)}`,
      ),
      ...(way.childIsEmpty === undefined ? [] : [isEmpty(this.#layout, table, way.childIsEmpty, own)]),
    ].join(' AND ');
  }

  /** The column in which the rows name their person, where that is one of their ways. */
  personColumn(table: SsdDetailTable): string | undefined {
    return this.waysOf(table).find((way) => way.kind === 'person')?.column;
  }

  personOf(table: SsdDetailTable, { column }: PersonWay): string {
    return this.#layout.id(table, column, aliasOf(table));
  }

  #idOf(table: SsdDetailTable, { column }: PersonWay): IdExpression {
    return this.#layout.idExpression(table, column, aliasOf(table));
  }

  /** Whether the person of an owner may be Unicode: the one that a person column of any table names. */
  #mayBeUnicode(): boolean {
    return detailTables.some((table) =>
      this.waysOf(table).some((way) => way.kind === 'person' && this.#idOf(table, way).isUnicode),
    );
  }

  /** The rows that name their person themselves. */
  #byPerson(table: SsdDetailTable, at: number, way: PersonWay, wanted: Wanted): string {
    const id = this.#idOf(table, way);
    const person = id.sql;
    const isComplete = this.#factsOf(table, at)?.found === this.#facts.get(table)?.rows;
    const isKnown = this.#facts.has(table) && isComplete;
    return select(
      wanted,
      person,
      [this.from(table), ...this.#others(table, at, person)],
      [
        ...(wanted.range === undefined ? [] : [inRange(id, wanted.range, this.#layout.idOrder)]),
        ...(wanted.range === undefined && !isKnown ? [this.#leads(table, way)] : []),
        ...this.#noneBefore(table, at),
        ...this.#noneOtherwise(table, at, person),
      ],
    );
  }

  /** The rows that a parent leads to a person. */
  #byParent(table: SsdDetailTable, at: number, way: ParentWay, wanted: Wanted): string {
    const { range } = wanted;
    const person = 'owner.person_id';
    return select(
      wanted,
      person,
      [
        this.from(table),
        joined('JOIN', this.#onlyOwners(table, at, way), 'owner', this.meets(table, way, 'owner')),
        ...this.#others(table, at, person),
      ],
      [
        ...(range === undefined || (range.after === null && range.upTo === null)
          ? []
          : [inRange({ sql: person, isUnicode: this.#mayBeUnicode() }, range, this.#layout.idOrder)]),
        ...this.#noneBefore(table, at),
        ...this.#noneOtherwise(table, at, person),
      ],
    );
  }

  /** The keys that lead to one person. Not needed where the survey found that all keys do. */
  #onlyOwners(table: SsdDetailTable, at: number, way: ParentWay): string {
    const owners = this.owners(way);
    if (this.#factsOf(table, at)?.several === 0) return owners;
    const keys = keysOf(way).join(', ');
    return `SELECT ${keys}, MIN(person_id) AS person_id
FROM (
${indented(owners, 2)}
) pairs
GROUP BY ${keys}
HAVING MIN(person_id) = MAX(person_id)`;
  }

  /** No way before this one leads to a person. */
  #noneBefore(table: SsdDetailTable, at: number): string[] {
    return this.waysOf(table)
      .slice(0, at)
      .flatMap((way, before) =>
        this.#factsOf(table, before)?.found === 0 ? [] : [`NOT ${this.#leads(table, way)}`],
      );
  }

  /** The way leads to a person. */
  #leads(table: SsdDetailTable, way: Way): string {
    if (way.kind === 'person') {
      const id = this.#layout.id('ssd_person', 'pers_person_id', 'person');
      return `EXISTS (
  SELECT 1 FROM ${this.#layout.table('ssd_person')} person
  WHERE ${id} = ${this.personOf(table, way)} AND ${this.#layout.isKey(id)}
)`;
    }
    return `EXISTS (
  SELECT 1
  FROM (
${indented(this.owners(way), 4)}
  ) earlier
  WHERE ${this.meets(table, way, 'earlier')}
)`;
  }

  /**
   * For the ways that contradict this one for some rows: the persons they lead to, and whether this person is among
   * them.
   */
  #others(table: SsdDetailTable, at: number, person: string): string[] {
    return this.#contradicting(table, at).flatMap(([number, way]) => {
      const [anybody, same] = [`anybody_${number}`, `same_${number}`];
      if (way.kind === 'person') {
        return [joined('LEFT JOIN', this.persons(), anybody, this.meets(table, way, anybody))];
      }
      const owners = this.owners(way);
      const keys = `SELECT DISTINCT ${keysOf(way).join(', ')}\nFROM (\n${indented(owners, 2)}\n) pairs`;
      const isSame = `${this.meets(table, way, same)} AND ${same}.person_id = ${person}`;
      return [
        joined('LEFT JOIN', keys, anybody, this.meets(table, way, anybody)),
        joined('LEFT JOIN', owners, same, isSame),
      ];
    });
  }

  #noneOtherwise(table: SsdDetailTable, at: number, person: string): string[] {
    return this.#contradicting(table, at).map(([number, way]) => {
      const isSame =
        way.kind === 'person' ? `anybody_${number}.key_1 = ${person}` : `same_${number}.key_1 IS NOT NULL`;
      return `(anybody_${number}.key_1 IS NULL OR ${isSame})`;
    });
  }

  /** The ways after this one that contradict an earlier one for some row, with their numbers from 1. */
  #contradicting(table: SsdDetailTable, at: number): (readonly [string, Way])[] {
    return this.waysOf(table).flatMap((way, index) =>
      index > at && this.#factsOf(table, index)?.contradicts !== 0 ? [[String(index + 1), way] as const] : [],
    );
  }

  #factsOf(table: SsdDetailTable, at: number): WayFacts | undefined {
    return this.#facts.get(table)?.ways[at];
  }
}

/** `key_1`, and `key_2` of a way of two keys. */
export function keysOf({ pairs }: ParentWay): string[] {
  return pairs.map((_, index) => `key_${String(index + 1)}`);
}
