import type { Row } from '../database/database.js';
import { childColumns } from './equation.js';
import type { SsdLayout } from './layout.js';
import type { Relation, Relations } from './relations.js';
import { isEmpty, sideText } from './sideText.js';
import { joined } from './sqlLayout.js';
import type { Belonging, RelationHealth } from './survey.js';
import { detailTables, type SsdDetailTable } from '../child/sourceRows.js';
import { isDateType } from './typeKinds.js';
import { matchesOf, waysIn, type KeyMatch } from './ways.js';
import { aliasOf, personColumnOf } from './tables.js';

/** One SELECT of one row for each relation between two tables: how many rows it has, with a key, and that meet a parent. */
export function healthSelects(layout: SsdLayout, relations: Relations): Readonly<Record<string, string>> {
  return Object.fromEntries(
    relations.all.flatMap((relation, index) => {
      const select = healthSelect(layout, relation);
      return select === undefined ? [] : [[`relation_${String(index)}`, select]];
    }),
  );
}

/** @param rows those of `healthSelects`, by name */
export function healthOf(
  layout: SsdLayout,
  relations: Relations,
  rows: Readonly<Record<string, readonly Row[]>>,
  belonging: ReadonlyMap<SsdDetailTable, Belonging>,
): RelationHealth[] {
  const toPersons = detailTables.flatMap((table): RelationHealth[] => {
    const column = personColumnOf(table);
    const its = belonging.get(table);
    const at = waysIn(layout, relations, table).findIndex(({ kind }) => kind === 'person');
    if (column === undefined || its === undefined || at < 0) return [];
    const { rows: all, withPerson, ways } = its;
    const relation = `${table}.${column} -> ssd_person`;
    const found = ways[at]?.found ?? 0;
    return [
      { relation, table, columns: [column], parent: 'ssd_person', rows: all, withKey: withPerson, found },
    ];
  });
  const toParents = relations.all.flatMap((relation, index): RelationHealth[] => {
    const row = rows[`relation_${String(index)}`]?.[0];
    if (row === undefined) return [];
    const { table, parent } = relation;
    return [
      {
        relation: nameOf(relation),
        table,
        columns: columnsOfRelation(layout, relation),
        parent,
        rows: Number(row['all_rows'] ?? 0),
        withKey: Number(row['with_key'] ?? 0),
        found: Number(row['found'] ?? 0),
      },
    ];
  });
  return [...toPersons, ...toParents];
}

/** `table.key -> parent`: stable, so that runs can be compared. */
function nameOf({ table, key, parent }: Relation): string {
  return `${table}${key === undefined ? '' : `.${key}`} -> ${parent}`;
}

function columnsOfRelation(layout: SsdLayout, { table, key, alternatives }: Relation): string[] {
  const columns = [...(key === undefined ? [] : [key]), ...alternatives.flatMap(childColumns)];
  return [...new Set(columns)].filter((column) => layout.has(table, column));
}

/** @returns `undefined` when the SSD lacks what would be compared */
function healthSelect(layout: SsdLayout, relation: Relation): string | undefined {
  const { table, key, parent, alternatives } = relation;
  const matches = alternatives.flatMap((alternative) =>
    alternative.kind === 'equation' ? matchesOf(layout, table, parent, alternative) : [],
  );
  const days = alternatives.flatMap((alternative) => (alternative.kind === 'on' ? [alternative.date] : []));
  const joins = [
    ...matches.map((match) => (alias: string) => matchJoin(layout, relation, match, alias)),
    ...days
      .filter((date) => canCompareDays(layout, table, date))
      .map((date) => (alias: string) => dayJoin(layout, table, date, alias)),
  ].map((join, index) => ({ alias: `parent_${String(index + 1)}`, join }));
  if (joins.length === 0) return undefined;
  const alias = aliasOf(table);
  const keyed =
    key !== undefined && layout.has(table, key)
      ? [layout.id(table, key, alias)]
      : matches.flatMap(({ pairs: [pair] }) =>
          pair === undefined ? [] : [sideText(layout, table, pair.child, alias)],
        );
  const withKey = keyed.length === 0 ? '1 = 0' : keyed.map((text) => layout.isKey(text)).join(' OR ');
  const met = joins.map((join) => `${join.alias}.met = 1`).join(' OR ');
  return `SELECT COUNT(*) AS all_rows,
  SUM(CASE WHEN ${withKey} THEN 1 ELSE 0 END) AS with_key,
  SUM(CASE WHEN ${met} THEN 1 ELSE 0 END) AS found
FROM ${layout.table(table)} ${alias}
${joins.map((join) => join.join(join.alias)).join('\n')}`;
}

/** A join in which a row meets one row at most: each key of the parent is there once. */
function matchJoin(
  layout: SsdLayout,
  { table, parent }: Relation,
  { pairs, childIsEmpty, parentIsEmpty }: KeyMatch,
  alias: string,
): string {
  const [own, other] = [aliasOf(table), aliasOf(parent)];
  const keys = pairs.map((pair, index) => ({
    name: `key_${String(index + 1)}`,
    own: sideText(layout, table, pair.child, own),
    other: sideText(layout, parent, pair.parent, other),
  }));
  const where = [
    ...keys.map((key) => layout.isKey(key.other)),
    ...(parentIsEmpty === undefined ? [] : [isEmpty(layout, parent, parentIsEmpty, other)]),
  ].join(' AND ');
  const on = [
    ...keys.map((key) => `${alias}.${key.name} = ${key.own}`),
    ...(childIsEmpty === undefined ? [] : [isEmpty(layout, table, childIsEmpty, own)]),
  ].join(' AND ');
  const parents = `SELECT DISTINCT ${keys.map((key) => `${key.other} AS ${key.name}`).join(', ')}, 1 AS met
FROM ${layout.table(parent)} ${other}
WHERE ${where}`;
  return joined('LEFT JOIN', parents, alias, on);
}

/** A row has a referral open on its day, or closed before it, when the child's first one is not after it. */
function dayJoin(layout: SsdLayout, table: SsdDetailTable, date: string, alias: string): string {
  const [own, other] = [aliasOf(table), aliasOf('ssd_cin_episodes')];
  const person = layout.id('ssd_cin_episodes', 'cine_person_id', other);
  const day = (of: SsdDetailTable, column: string, its: string) =>
    `CAST(${layout.column(of, column, its)} AS date)`;
  const firsts = `SELECT ${person} AS person_id, MIN(${day('ssd_cin_episodes', 'cine_referral_date', other)}) AS first_day, 1 AS met
FROM ${layout.table('ssd_cin_episodes')} ${other}
GROUP BY ${person}`;
  const ownPerson = layout.id(table, personColumnOf(table) ?? '', own);
  return joined(
    'LEFT JOIN',
    firsts,
    alias,
    `${alias}.person_id = ${ownPerson} AND ${alias}.first_day <= ${day(table, date, own)}`,
  );
}

function canCompareDays(layout: SsdLayout, table: SsdDetailTable, date: string): boolean {
  const { engine } = layout;
  const person = personColumnOf(table);
  return (
    person !== undefined &&
    layout.has(table, person) &&
    isDateType(engine, layout.type(table, date)) &&
    isDateType(engine, layout.type('ssd_cin_episodes', 'cine_referral_date'))
  );
}
