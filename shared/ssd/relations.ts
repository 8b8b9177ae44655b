import { alternativeOf, childColumns, parentColumns, type Alternative } from './equation.js';
import { detailTables, ssdTables, type SsdDetailTable } from '../child/sourceRows.js';
import { personColumnOf, tables, isKnownTable, type WayName, type KnownTable } from './tables.js';
import { recordOf } from '../child/recordOf.js';

/**
 * The keys of the SSD specification: which column of a table refers to which column of its parent. Once a row's
 * parent is found, this column gets the spelling of the parent's id.
 */
export const keys = [
  {
    table: 'ssd_cin_assessments',
    key: 'cina_referral_id',
    parent: 'ssd_cin_episodes',
    id: 'cine_referral_id',
  },
  { table: 'ssd_cin_plans', key: 'cinp_referral_id', parent: 'ssd_cin_episodes', id: 'cine_referral_id' },
  { table: 'ssd_s47_enquiry', key: 's47e_referral_id', parent: 'ssd_cin_episodes', id: 'cine_referral_id' },
  { table: 'ssd_cp_plans', key: 'cppl_referral_id', parent: 'ssd_cin_episodes', id: 'cine_referral_id' },
  { table: 'ssd_cla_episodes', key: 'clae_referral_id', parent: 'ssd_cin_episodes', id: 'cine_referral_id' },
  { table: 'ssd_involvements', key: 'invo_referral_id', parent: 'ssd_cin_episodes', id: 'cine_referral_id' },
  {
    table: 'ssd_assessment_factors',
    key: 'cinf_assessment_id',
    parent: 'ssd_cin_assessments',
    id: 'cina_assessment_id',
  },
  {
    table: 'ssd_initial_cp_conference',
    key: 'icpc_s47_enquiry_id',
    parent: 'ssd_s47_enquiry',
    id: 's47e_s47_enquiry_id',
  },
  {
    table: 'ssd_initial_cp_conference',
    key: 'icpc_referral_id',
    parent: 'ssd_cin_episodes',
    id: 'cine_referral_id',
  },
  { table: 'ssd_cla_placement', key: 'clap_cla_id', parent: 'ssd_cla_episodes', id: 'clae_cla_id' },
  { table: 'ssd_permanence', key: 'perm_cla_id', parent: 'ssd_cla_episodes', id: 'clae_cla_id' },
  {
    table: 'ssd_cla_episodes',
    key: 'clae_cla_placement_id',
    parent: 'ssd_cla_placement',
    id: 'clap_cla_placement_id',
  },
  {
    table: 'ssd_involvements',
    key: 'invo_professional_id',
    parent: 'ssd_professionals',
    id: 'prof_professional_id',
  },
] as const satisfies readonly Key[];

interface Key {
  readonly table: SsdDetailTable;
  readonly key: string;
  readonly parent: KnownTable;
  readonly id: string;
}

/**
 * How rows find their parents where it is not by the key alone, `keys` says: table, parent, and the alternatives in their
 * order. A placement is first the one that care episodes name (several stays may share an id, so the period of care must
 * not be another), then one of the period of care.
 */
const otherAlternatives: AlternativeTexts = {
  ssd_cla_placement: {
    ssd_cla_episodes: [
      'clap_cla_placement_id = clae_cla_placement_id unless clap_cla_id <> clae_cla_id',
      'clap_cla_id = clae_cla_id',
    ],
  },
};

/** The ways from the rows of each table to their persons, unless a profile says otherwise. */
export const defaultWays = recordOf(detailTables, (table): readonly WayName[] => tables[table].ways);

/** As a profile says it: by table, by parent, a list of alternatives. */
export type AlternativeTexts = Readonly<
  Partial<Record<SsdDetailTable, Readonly<Partial<Record<KnownTable, readonly string[]>>>>>
>;

/** As a profile says it: by table, the ways to a person. */
export type WayNames = Readonly<Partial<Record<SsdDetailTable, readonly WayName[]>>>;

/** How the rows of one table find their rows in another. */
export interface Relation {
  readonly table: SsdDetailTable;
  readonly parent: KnownTable;
  readonly alternatives: readonly Alternative[];
  /** The column that is spelled as `id` of the parent that was found; absent where the specification has none. */
  readonly key?: string;
  readonly id?: string;
}

/** How the rows of an SSD hang together. */
export interface Relations {
  readonly all: readonly Relation[];
  readonly ways: Readonly<Record<SsdDetailTable, readonly WayName[]>>;
}

/**
 * @param alternatives replace those of the same table and parent
 * @param ways replace those of the same table
 * @returns with everything that is wrong with them
 */
export function relationsOf(
  alternatives: AlternativeTexts = {},
  ways: WayNames = {},
): { readonly relations: Relations; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const texts = (table: SsdDetailTable, parent: KnownTable) =>
    alternatives[table]?.[parent] ?? otherAlternatives[table]?.[parent];
  const read = (table: SsdDetailTable, parent: KnownTable, its: readonly string[]) =>
    its.flatMap((text) => {
      const alternative = alternativeOf(text);
      const problem =
        typeof alternative === 'string'
          ? alternative
          : alternative.kind === 'on' && parent !== 'ssd_cin_episodes'
            ? `"${text}": only referrals are found by a day`
            : undefined;
      if (problem !== undefined) problems.push(`relations.${table}.${parent}: ${problem}`);
      return typeof alternative === 'string' ? [] : [alternative];
    });
  const known = keys.map(({ table, key, parent, id }): Relation => {
    const its = texts(table, parent) ?? [`${key} = ${id}`];
    return { table, key, parent, id, alternatives: read(table, parent, its) };
  });
  const added = detailTables.flatMap((table) =>
    pairsOf(alternatives[table] ?? {})
      .filter(([parent]) => !keys.some((key) => key.table === table && key.parent === parent))
      .map(([parent, its]): Relation => ({ table, parent, alternatives: read(table, parent, its) })),
  );
  const relations = { all: [...known, ...added], ways: { ...defaultWays, ...ways } };
  return { relations, problems: [...problems, ...problemsOfWays(relations)] };
}

/** The columns of a table that hold ids: those of the domain, and those by which relations compare its rows. */
export function idColumnsOf({ all }: Relations, table: SsdDetailTable): string[] {
  const own = Object.entries(ssdTables[table]).flatMap(([column, kind]) => (kind === 'id' ? [column] : []));
  const compared = all.flatMap(({ table: child, parent, alternatives }) =>
    alternatives.flatMap((alternative) =>
      alternative.kind === 'on'
        ? []
        : [
            ...(child === table ? childColumns(alternative) : []),
            ...(parent === table ? parentColumns(alternative) : []),
          ],
    ),
  );
  return [...new Set([...own, ...compared])];
}

/** The relation of a table to a parent. */
export function relationTo(
  { all }: Relations,
  table: SsdDetailTable,
  parent: KnownTable,
): Relation | undefined {
  return all.find((relation) => relation.table === table && relation.parent === parent);
}

/**
 * The tables in such an order that each comes after those its ways lead through.
 * @returns in steps; a table of a circle is in none
 */
export function stepsOfWays({ ways }: Relations): SsdDetailTable[][] {
  const steps: SsdDetailTable[][] = [];
  const done = new Set<string>(['person']);
  for (;;) {
    const step = detailTables.filter(
      (table) => !done.has(table) && ways[table].every((way) => done.has(way)),
    );
    if (step.length === 0) return steps;
    steps.push(step);
    for (const table of step) done.add(table);
  }
}

function problemsOfWays(relations: Relations): string[] {
  const ordered = new Set(stepsOfWays(relations).flat());
  return detailTables.flatMap((table) => {
    const unrelated = relations.ways[table]
      .filter((way) =>
        way === 'person' ? personColumnOf(table) === undefined : !relationTo(relations, table, way),
      )
      .map((way) =>
        way === 'person'
          ? `ways.${table}: the table has no person column`
          : `ways.${table}: "relations" does not say how its rows find those of ${way}`,
      );
    return ordered.has(table)
      ? unrelated
      : [...unrelated, `ways.${table}: leads back to the table itself, so that no row has a person`];
  });
}

function pairsOf(
  parents: Readonly<Partial<Record<KnownTable, readonly string[]>>>,
): (readonly [KnownTable, readonly string[]])[] {
  return Object.entries(parents).flatMap(([parent, its]) => (isKnownTable(parent) ? [[parent, its]] : []));
}
