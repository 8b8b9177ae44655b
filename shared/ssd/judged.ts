import type { Row } from '../database/database.js';
import type { SsdLayout } from './layout.js';
import { keysOf, type Ownership } from './ownership.js';
import { keys, personColumnOf, rowIdOf } from './relations.js';
import { sideText } from './sideText.js';
import { indented, joined } from './sqlLayout.js';
import type { Belonging } from './survey.js';
import { aliasOf } from './tableAliases.js';
import type { SsdDetailTable } from './tables.js';
import type { Way } from './ways.js';

/**
 * Every row of a table with what each of its ways leads to, and conditions over that. Columns of `judged`: `row_id`;
 * `child_id`, the person that the row names; `parent_id`, its parent; `one_1`, `another_1` and so on for each way: the first and the last of the
 * persons to whom it leads; `owner`, the first person of the first way that leads to anybody.
 */
export interface Judged {
  readonly from: string;
  /** False when the table has no column for it: `row_id` is NULL. */
  readonly hasRowId: boolean;
  /** No way leads to anybody. */
  readonly ofNobody: string;
  /** The first way that leads to anybody leads to several persons, or another way to others only. */
  readonly ofTwo: string;
  readonly ways: readonly JudgedWay[];
}

/** Conditions over the rows: what one way does for them. See `WayFacts`. */
interface JudgedWay {
  readonly found: string;
  readonly owns: string;
  readonly several: string;
  readonly contradicts: string;
}

const never = '1 = 0';

export function judged(layout: SsdLayout, ownership: Ownership, table: SsdDetailTable): Judged {
  const ways = ownership.waysOf(table).map((way, index) => new NumberedWay(ownership, table, way, index));
  const alias = aliasOf(table);
  const person = personColumnOf(table);
  const parent = parentKeyOf(layout, table);
  const inner = [
    `SELECT ${[
      `${layout.id(table, rowIdOf(table), alias)} AS row_id`,
      `${person === undefined ? 'NULL' : layout.id(table, person, alias)} AS child_id`,
      `${parent === undefined ? 'NULL' : layout.id(table, parent, alias)} AS parent_id`,
      ...ways.flatMap((way) => way.keys(layout)),
      ...ways.map(
        ({ number }) => `way_${number}.one AS one_${number}, way_${number}.another AS another_${number}`,
      ),
      `${firstOf(ways.map(({ number }) => `way_${number}.one`))} AS owner`,
    ].join(',\n  ')}`,
    `FROM ${ownership.from(table)}`,
    ...ways.map((way) => way.reached()),
  ].join('\n');
  const contradictions = ways
    .flatMap((way) => [way.several(), way.contradicts()])
    .filter((one) => one !== never);
  const ofTwo = contradictions.length > 0 ? contradictions.map((one) => `(${one})`).join('\n    OR ') : never;
  return {
    from: [`FROM (\n${indented(inner, 2)}\n) judged`, ...ways.flatMap((way) => way.same())].join('\n'),
    hasRowId: layout.has(table, rowIdOf(table)),
    ofNobody: 'judged.owner IS NULL',
    ofTwo,
    ways: ways.map((way) => ({
      found: way.leads(),
      owns: `${way.isFirst()} AND NOT (${ofTwo})`,
      several: way.several(),
      contradicts: way.contradicts(),
    })),
  };
}

/** The column that refers to the parent of a row, as far as the SSD has one. */
export function parentKeyOf(layout: SsdLayout, table: SsdDetailTable): string | undefined {
  return keys.find((key) => key.table === table && layout.has(table, key.key))?.key;
}

function firstOf(persons: readonly string[]): string {
  const [first, ...more] = persons;
  if (first === undefined) return 'NULL';
  return more.length === 0 ? first : `COALESCE(${persons.join(', ')})`;
}

/** A way of a table and what stands for it in `judged`. */
class NumberedWay {
  readonly number: string;
  readonly #ownership: Ownership;
  readonly #table: SsdDetailTable;
  readonly #way: Way;
  readonly #index: number;

  constructor(ownership: Ownership, table: SsdDetailTable, way: Way, index: number) {
    this.#ownership = ownership;
    this.#table = table;
    this.#way = way;
    this.#index = index;
    this.number = String(index + 1);
  }

  /** Its keys, where they are compared once more to see whether it leads to the owner as well. */
  keys(layout: SsdLayout): string[] {
    const way = this.#way;
    if (way.kind === 'person' || this.#index === 0) return [];
    return way.pairs.map(
      ({ child }, index) =>
        `${sideText(layout, this.#table, child, aliasOf(this.#table))} AS key_${String(index + 1)}_of_${this.number}`,
    );
  }

  /** To whom it leads: one row a key, so that no row of the table becomes two. */
  reached(): string {
    const way = this.#way;
    const alias = `way_${this.number}`;
    const on = this.#ownership.meets(this.#table, way, alias);
    if (way.kind === 'person') {
      const persons = `SELECT key_1, key_1 AS one, key_1 AS another\nFROM (\n${indented(this.#ownership.persons(), 2)}\n) everybody`;
      return joined('LEFT JOIN', persons, alias, on);
    }
    const keys = keysOf(way).join(', ');
    const owners = `SELECT ${keys}, MIN(person_id) AS one, MAX(person_id) AS another
FROM (
${indented(this.#ownership.owners(way), 2)}
) pairs
GROUP BY ${keys}`;
    return joined('LEFT JOIN', owners, alias, on);
  }

  /** Whether it leads to the owner: a join of the pairs of key and person, each of which stands there once. */
  same(): string[] {
    const way = this.#way;
    if (way.kind === 'person' || this.#index === 0) return [];
    const alias = `same_${this.number}`;
    const on = [
      ...keysOf(way).map((key) => `${alias}.${key} = judged.${key}_of_${this.number}`),
      `${alias}.person_id = judged.owner`,
    ].join(' AND ');
    return [joined('LEFT JOIN', this.#ownership.owners(way), alias, on)];
  }

  leads(): string {
    return `judged.one_${this.number} IS NOT NULL`;
  }

  isFirst(): string {
    const before = Array.from(
      { length: this.#index },
      (_, index) => `judged.one_${String(index + 1)} IS NULL`,
    );
    return [this.leads(), ...before].join(' AND ');
  }

  several(): string {
    if (this.#way.kind === 'person') return never;
    return `${this.isFirst()} AND judged.one_${this.number} <> judged.another_${this.number}`;
  }

  contradicts(): string {
    if (this.#index === 0) return never;
    const isAnother =
      this.#way.kind === 'person'
        ? `judged.one_${this.number} <> judged.owner`
        : `same_${this.number}.person_id IS NULL`;
    return `${this.leads()} AND ${isAnother}`;
  }
}

/** One SELECT of one row, read by `belongingOf`. */
export function belongingSelect({ from, ofNobody, ofTwo, ways }: Judged): string {
  const counted = (condition: string, name: string) =>
    `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${name}`;
  const counts = [
    counted("judged.child_id <> ''", 'with_person'),
    counted(ofNobody, 'of_nobody'),
    counted(ofTwo, 'of_two'),
    ...ways.flatMap(({ found, owns, several, contradicts }, index) => {
      const number = String(index + 1);
      return [
        counted(found, `found_${number}`),
        counted(owns, `owns_${number}`),
        counted(several, `several_${number}`),
        counted(contradicts, `contradicts_${number}`),
      ];
    }),
  ];
  return `SELECT COUNT(*) AS all_rows,\n  ${counts.join(',\n  ')}\n${from}`;
}

export function belongingOf(row: Row | undefined, ways: number): Belonging {
  const count = (name: string) => Number(row?.[name] ?? 0);
  return {
    rows: count('all_rows'),
    withPerson: count('with_person'),
    ofNobody: count('of_nobody'),
    ofTwo: count('of_two'),
    ways: Array.from({ length: ways }, (_, index) => {
      const number = String(index + 1);
      return {
        found: count(`found_${number}`),
        owns: count(`owns_${number}`),
        several: count(`several_${number}`),
        contradicts: count(`contradicts_${number}`),
      };
    }),
  };
}
