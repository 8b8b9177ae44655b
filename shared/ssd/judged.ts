import type { Row } from '../database/database.js';
import type { SsdLayout } from './layout.js';
import { keysOf, type Ownership } from './ownership.js';
import { keys } from './relations.js';
import { sideText } from './sideText.js';
import { indented, joined } from './sqlLayout.js';
import type { Belonging } from './survey.js';
import { rowIdOf, type SsdDetailTable } from '../child/sourceRows.js';
import type { Way } from './ways.js';
import { aliasOf } from './tables.js';

/**
 * Every row of a table with the persons that its ways lead to, and conditions on them. Columns of `judged`: `row_id`;
 * `child_id`, the person that the row names, if that is one of its ways; `parent_id`, its parent; `one_1`,
 * `another_1` and so on for each way: the first and the last person that it leads to; `owner`, the first person of
 * the first way that leads to a person; `several_1`: 1 where this way leads to several persons, and no way before it
 * leads to a person; `contradicts_1`: 1 where this way leads only to persons other than the owner.
 */
interface Judged {
  readonly from: string;
  /** False when the table has no column for it: `row_id` is NULL. */
  readonly hasRowId: boolean;
  /** No way leads to a person. */
  readonly noPerson: string;
  /** The first way that leads to a person leads to several, or another way leads only to other persons. */
  readonly twoPersons: string;
  /** Conditions over the rows: what each way does for them. See `WayFacts`. */
  readonly ways: readonly JudgedWay[];
}

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
  const id = (column: string | undefined) =>
    column === undefined ? 'NULL' : layout.id(table, column, alias);
  const columns = [
    `${id(rowIdOf(table))} AS row_id`,
    // Where this column is not a way to a person, as in SystemC's adoptions, its id may be another child's.
    `${id(ownership.personColumn(table))} AS child_id`,
    `${id(parentKeyOf(layout, table))} AS parent_id`,
    ...ways.flatMap((way) => way.keys(layout)),
    ...ways.map(
      ({ number }) => `way_${number}.one AS one_${number}, way_${number}.another AS another_${number}`,
    ),
    `${firstOf(ways.map(({ number }) => `way_${number}.one`))} AS owner`,
  ];
  const reached = [
    `SELECT ${columns.join(',\n  ')}`,
    `FROM ${ownership.from(table)}`,
    ...ways.map((way) => way.reached()),
  ].join('\n');
  const flags = ways.flatMap((way) => way.flags());
  const all = [
    `SELECT ${['reached.*', ...flags.map(({ name, condition }) => `CASE WHEN ${condition} THEN 1 ELSE 0 END AS ${name}`)].join(',\n  ')}`,
    `FROM (\n${indented(reached, 2)}\n) reached`,
    ...ways.flatMap((way) => way.same()),
  ].join('\n');
  const sum = flags.map(({ name }) => `judged.${name}`).join(' + ');
  const isFlagged = (name: string) =>
    flags.some((flag) => flag.name === name) ? `judged.${name} = 1` : never;
  return {
    from: `FROM (\n${indented(all, 2)}\n) judged`,
    hasRowId: layout.has(table, rowIdOf(table)),
    noPerson: 'judged.owner IS NULL',
    twoPersons: flags.length === 0 ? never : `${sum} > 0`,
    ways: ways.map((way) => ({
      found: way.leads('judged'),
      owns: [way.isFirst('judged'), ...(flags.length === 0 ? [] : [`${sum} = 0`])].join(' AND '),
      several: isFlagged(`several_${way.number}`),
      contradicts: isFlagged(`contradicts_${way.number}`),
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

/** A way of a table and its part of the SELECT. */
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

  /** Its keys, where they are compared once more to see whether it also leads to the owner. */
  keys(layout: SsdLayout): string[] {
    const way = this.#way;
    if (way.kind === 'person' || this.#index === 0) return [];
    return way.pairs.map(
      ({ child }, index) =>
        `${sideText(layout, this.#table, child, aliasOf(this.#table))} AS key_${String(index + 1)}_of_${this.number}`,
    );
  }

  /** The persons that it leads to: one row for each key, so that no row of the table is doubled. */
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

  /** Whether it leads to the owner: a join of the distinct pairs of key and person. */
  same(): string[] {
    const way = this.#way;
    if (way.kind === 'person' || this.#index === 0) return [];
    const alias = `same_${this.number}`;
    const on = [
      ...keysOf(way).map((key) => `${alias}.${key} = reached.${key}_of_${this.number}`),
      `${alias}.person_id = reached.owner`,
    ].join(' AND ');
    return [joined('LEFT JOIN', this.#ownership.owners(way), alias, on)];
  }

  leads(alias: 'reached' | 'judged'): string {
    return `${alias}.one_${this.number} IS NOT NULL`;
  }

  /** No way before it leads to a person. */
  isFirst(alias: 'reached' | 'judged'): string {
    const before = Array.from(
      { length: this.#index },
      (_, index) => `${alias}.one_${String(index + 1)} IS NULL`,
    );
    return [this.leads(alias), ...before].join(' AND ');
  }

  /**
   * What leaves rows without a child. A person column leads to one person only, and the first way cannot contradict
   * an earlier one.
   */
  flags(): { readonly name: string; readonly condition: string }[] {
    const { number } = this;
    const isParent = this.#way.kind === 'parent';
    const isAnother = isParent
      ? `same_${number}.person_id IS NULL`
      : `reached.one_${number} <> reached.owner`;
    const several = `${this.isFirst('reached')} AND reached.one_${number} <> reached.another_${number}`;
    return [
      ...(isParent ? [{ name: `several_${number}`, condition: several }] : []),
      ...(this.#index === 0
        ? []
        : [{ name: `contradicts_${number}`, condition: `${this.leads('reached')} AND ${isAnother}` }]),
    ];
  }
}

/** One SELECT of one row, read by `belongingOf`. */
export function belongingSelect({ from, noPerson, twoPersons, ways }: Judged): string {
  const counted = (condition: string, name: string) =>
    `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${name}`;
  const counts = [
    counted("judged.child_id <> ''", 'with_person'),
    counted(noPerson, 'of_nobody'),
    counted(twoPersons, 'of_two'),
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
    noPerson: count('of_nobody'),
    twoPersons: count('of_two'),
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
