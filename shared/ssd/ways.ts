import { childColumns, parentColumns, type Equation, type Side } from './equation.js';
import type { SsdLayout } from './layout.js';
import { relationTo, type Relations } from './relations.js';
import type { SsdDetailTable } from '../child/sourceRows.js';
import { type KnownTable, personColumnOf } from './tables.js';

/** One way from the rows of a table to their persons, in columns that the SSD has. */
export type Way = PersonWay | ParentWay;

/** The table names the person itself. */
export interface PersonWay {
  readonly kind: 'person';
  readonly column: string;
}

/** A row belongs to the person of the parent that has the same keys. */
export interface ParentWay extends KeyMatch {
  readonly kind: 'parent';
  readonly parent: SsdDetailTable;
}

/** The keys that must be the same in a row and its parent. */
export interface KeyMatch {
  readonly pairs: readonly KeyPair[];
  /** A column of the row, or of the parent, that must be empty. */
  readonly childIsEmpty?: string;
  readonly parentIsEmpty?: string;
}

interface KeyPair {
  readonly child: Side;
  readonly parent: Side;
}

/** The ways of a table, in their order; those for which a column or a parent is missing are left out. */
export function waysIn(layout: SsdLayout, relations: Relations, table: SsdDetailTable): Way[] {
  return relations.ways[table].flatMap((name): readonly Way[] => {
    if (name === 'person') {
      const column = personColumnOf(table);
      return column !== undefined && layout.has(table, column) ? [{ kind: 'person', column }] : [];
    }
    const relation = relationTo(relations, table, name);
    if (relation === undefined || waysIn(layout, relations, name).length === 0) return [];
    return relation.alternatives.flatMap((alternative) =>
      alternative.kind === 'equation'
        ? matchesOf(layout, table, name, alternative).map(
            (match) => ({ kind: 'parent', parent: name, ...match }) as const,
          )
        : [],
    );
  });
}

/**
 * What an equation compares. `unless a <> b` becomes three matches: `a` and `b` are the same; `a` is empty; `b` is
 * empty. Each compares keys by equality only, so that a database can use a hash join.
 * @returns none when a table or a column is missing
 */
export function matchesOf(
  layout: SsdLayout,
  table: SsdDetailTable,
  parent: KnownTable,
  equation: Equation,
): KeyMatch[] {
  const { unless, ...alone } = equation;
  const isThere =
    childColumns(alone).every((column) => layout.has(table, column)) &&
    parentColumns(alone).every((column) => layout.has(parent, column));
  if (!isThere) return [];
  const pair: KeyPair = { child: equation.child, parent: equation.parent };
  if (unless === undefined || !layout.has(table, unless.child) || !layout.has(parent, unless.parent)) {
    return [{ pairs: [pair] }];
  }
  const same: KeyPair = {
    child: [{ kind: 'column', column: unless.child }],
    parent: [{ kind: 'column', column: unless.parent }],
  };
  return [
    { pairs: [pair, same] },
    { pairs: [pair], childIsEmpty: unless.child },
    { pairs: [pair], parentIsEmpty: unless.parent },
  ];
}
