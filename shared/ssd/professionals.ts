import { absentColumn, isUnreadable, type TextCell, type Unreadable } from '../child/cells.js';
import type { Row } from '../database/database.js';
import { idOf, textCell } from './cellsOf.js';
import { childColumns, parentColumns, type Equation } from './equation.js';
import type { IdForm } from '../database/idForm.js';
import type { SsdLayout } from './layout.js';
import { relationTo, type Relations } from './relations.js';
import { sideValue, type Ids } from './sideValue.js';
import { aliasOf } from './tables.js';

/** A worker as an involvement names one. */
interface Professional {
  /** As ssd_professionals spells it; null where it has none. */
  readonly id: string | null;
  readonly registration: TextCell;
}

/** The workers of an authority. They are few, so they are read once a run and kept in memory. */
export interface Professionals {
  /** The worker that an involvement names, by its ids; `undefined` for one who is not there. */
  of(ids: Ids): Professional | undefined;
  /** The registration number of a worker who is not there: nothing, or unreadable where no worker's can be known. */
  readonly ofUnknown: TextCell;
}

const table = 'ssd_professionals';
const id = 'prof_professional_id';
/** Under the name of the specification: a council may read it from another column. */
const registration = 'prof_social_worker_registration_no';

interface ProfessionalsOptions {
  readonly layout: SsdLayout;
  readonly relations: Relations;
  readonly form: IdForm;
}

/** A SELECT whose rows are read by `professionalsFrom`. */
export function professionalsSelect({ layout, relations }: Omit<ProfessionalsOptions, 'form'>): string {
  if (layout.isMissing(table)) return 'SELECT NULL AS registration WHERE 1 = 0';
  const alias = aliasOf(table);
  const columns = keyColumns(relations).map((column) => `${layout.id(table, column, alias)} AS ${column}`);
  return `SELECT DISTINCT ${[...columns, `${layout.id(table, registration, alias)} AS registration`].join(', ')}
FROM ${layout.table(table)} ${alias}`;
}

export function professionalsFrom(
  rows: readonly Row[],
  { layout, relations, form }: ProfessionalsOptions,
): Professionals {
  const isNamed = equationsOf(relations).some(
    (equation) =>
      childColumns(equation).every((column) => layout.has('ssd_involvements', column)) &&
      parentColumns(equation).every((column) => layout.has(table, column)),
  );
  const isKnown = isNamed && layout.has(table, registration);
  const columns = keyColumns(relations);
  const indexes = equationsOf(relations).map((equation) => ({
    equation,
    byKey: new Map<string, Professional>(),
  }));
  for (const row of rows) {
    const ids = Object.fromEntries(columns.map((column) => [column, idOf(row[column])]));
    const found = {
      id: ids[id] ?? null,
      registration: isKnown ? numberOf(row['registration']) : absentColumn,
    };
    for (const { equation, byKey } of indexes) {
      const key = sideValue(equation.parent, ids, form);
      if (key === undefined) continue;
      const known = byKey.get(key);
      byKey.set(key, known === undefined ? found : both(known, found));
    }
  }
  return {
    of: (ids) => {
      for (const { equation, byKey } of indexes) {
        const key = sideValue(equation.child, ids, form);
        const found = key === undefined ? undefined : byKey.get(key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    ofUnknown: isKnown ? null : absentColumn,
  };
}

/** For rows that are read without professionals, in tests. */
export const noProfessionals: Professionals = { of: () => undefined, ofUnknown: null };

function numberOf(value: unknown): TextCell {
  const cell = textCell(value);
  return typeof cell === 'string' && cell.trim() === '' ? null : cell;
}

/** Two rows of one worker: one that has no number takes nothing from one that has. */
function both(one: Professional, other: Professional): Professional {
  const [first, second] = [one.registration, other.registration];
  const ids = [one.id, other.id].filter((each) => each !== null).sort();
  return {
    id: ids[0] ?? null,
    registration: first === null ? second : second === null ? first : sameOrNeither(first, second),
  };
}

function sameOrNeither(first: string | Unreadable, second: string | Unreadable): TextCell {
  if (isUnreadable(first)) return first;
  if (isUnreadable(second)) return second;
  return first.trim() === second.trim()
    ? first
    : { unreadable: 'contradictory', found: 'two rows that say different things' };
}

function equationsOf(relations: Relations): Equation[] {
  const alternatives = relationTo(relations, 'ssd_involvements', table)?.alternatives ?? [];
  return alternatives.flatMap((alternative) => (alternative.kind === 'equation' ? [alternative] : []));
}

function keyColumns(relations: Relations): string[] {
  return [...new Set([id, ...equationsOf(relations).flatMap(parentColumns)])];
}
