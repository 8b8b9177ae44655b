import type { SsdLayout } from './layout.js';
import { typeKind, type TypeKind } from './typeKinds.js';
import { type KnownTable, columnsOf, kindOf, knownTables } from './tables.js';

/** A column whose type is not the expected one, and the effect. No type stops a run. */
export interface UnfitColumn {
  /** `table.column`, by their names in this SSD. */
  readonly column: string;
  /** The database's own name of the type. */
  readonly type: string;
  readonly expected: 'text' | 'a date';
  /** A sentence without its full stop. */
  readonly effect: string;
}

/** The columns that are there with a type that loses values. A type that is not known is passed over. */
export function unfitColumns(layout: SsdLayout): UnfitColumn[] {
  return knownTables.flatMap((table) =>
    columnsOf(table).flatMap((column): UnfitColumn[] => {
      const type = layout.type(table, column);
      const kind = typeKind(layout.engine, type);
      const isDate = kindOf(table, column) === 'date';
      const effect =
        kind === undefined ? undefined : isDate ? effectOnDate(kind) : effectOnText(table, column, kind);
      if (type === undefined || effect === undefined) return [];
      return [{ column: layout.nameOf(table, column), type, expected: isDate ? 'a date' : 'text', effect }];
    }),
  );
}

const unread = 'no value of it can be read';
const mixed = 'each of its values has a type of its own, and not every one can be read';

function effectOnDate(kind: TypeKind): string | undefined {
  switch (kind) {
    case 'date':
    case 'zoned date':
      return undefined;
    case 'mixed':
      return mixed;
    case 'text':
    case 'document':
      return 'only values such as 2026-05-31 are read, with or without a time, and all others are reported';
    default:
      return 'no value of it is a date, and all are reported';
  }
}

function effectOnText(table: KnownTable, column: string, kind: TypeKind): string | undefined {
  const isText = kindOf(table, column) === 'text';
  switch (kind) {
    case 'float':
      // A score is a number in every type.
      return column === 'csdq_sdq_score'
        ? undefined
        : 'long numbers are rounded, so that rows miss what belongs to them or meet what does not';
    case 'mixed':
      return mixed;
    case 'unreadable':
      return isText ? unread : `${unread}, as if the column were not there`;
    case 'date':
    case 'zoned date':
      return 'it holds dates where texts are expected';
    default:
      return undefined;
  }
}
