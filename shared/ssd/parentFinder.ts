import { readable } from '../child/cells.js';
import type { PlainDate } from '../child/dates.js';
import { isReversed } from '../child/inTime.js';
import type { Row } from '../database/database.js';
import { dateCell } from './cellsOf.js';
import type { Alternative, Equation, OpenOn } from './equation.js';
import type { IdForm } from '../database/idForm.js';
import { sideValue, type Ids } from './sideValue.js';

/** A row with its ids as the SSD has them. */
interface RowOfTable {
  readonly row: Row;
  readonly ids: Ids;
}

/** A row of the parent, with the id by which it is known. */
interface ParentRow extends RowOfTable {
  readonly id: string | null;
}

/** @returns the id of the parent of a row; `undefined` when none is found, or several are */
export type FindParent = (row: RowOfTable) => string | undefined;

interface Reading {
  readonly form: IdForm;
  readonly placeholders: ReadonlySet<string>;
}

/** Finds among rows of one person: by the first alternative that leads to one id. */
export function parentFinder(
  alternatives: readonly Alternative[],
  parents: readonly ParentRow[],
  reading: Reading,
): FindParent {
  const finders = alternatives.map((alternative) =>
    alternative.kind === 'on'
      ? openOn(alternative, parents, reading)
      : equalTo(alternative, parents, reading),
  );
  return (row) => {
    for (const find of finders) {
      const found = find(row);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function equalTo(equation: Equation, parents: readonly ParentRow[], { form }: Reading): FindParent {
  const { unless } = equation;
  const conditionOf = (ids: Ids, column: string | undefined) => {
    const id = column === undefined ? undefined : (ids[column] ?? undefined);
    return id === undefined ? undefined : form(id);
  };
  // By key and by condition: the distinct ids that match.
  const byKey = new Map<string, Map<string | undefined, Set<string>>>();
  for (const { id, ids } of parents) {
    const key = sideValue(equation.parent, ids, form);
    if (key === undefined || id === null) continue;
    const byCondition = byKey.get(key) ?? new Map<string | undefined, Set<string>>();
    byKey.set(key, byCondition);
    const condition = conditionOf(ids, unless?.parent);
    byCondition.set(condition, (byCondition.get(condition) ?? new Set()).add(id));
  }
  return ({ ids }) => {
    const key = sideValue(equation.child, ids, form);
    const byCondition = key === undefined ? undefined : byKey.get(key);
    if (byCondition === undefined) return undefined;
    const own = conditionOf(ids, unless?.child);
    const found = new Set<string>();
    for (const [condition, met] of byCondition) {
      if (own !== undefined && condition !== undefined && own !== condition) continue;
      for (const id of met) found.add(id);
      if (found.size > 1) return undefined;
    }
    const [only] = found;
    return only;
  };
}

interface Referral {
  readonly id: string;
  /** `undefined` when we cannot tell. */
  readonly from: PlainDate | undefined;
  /** `undefined` when it is open, or may be. */
  readonly closed: PlainDate | undefined;
}

/**
 * The referral that was open on the row's day: the latest one that had begun and was not closed before that day; if
 * there is none, the latest that was closed before. None, when a referral with an unknown start may be the right one:
 * the row would be sent under the wrong referral, and removed under the right one.
 */
function openOn({ date }: OpenOn, parents: readonly ParentRow[], { placeholders }: Reading): FindParent {
  const referrals = parents
    .flatMap(({ row, id }): Referral[] => {
      if (id === null) return [];
      const from = dateCell(row['cine_referral_date'], placeholders);
      const closed = dateCell(row['cine_close_date'], placeholders);
      const end = isReversed(from, closed) ? null : readable(closed);
      return [{ id, from: readable(from) ?? undefined, closed: end ?? undefined }];
    })
    // The latest first, of one day the first id.
    .sort((a, b) => (a.from === b.from ? compared(a.id, b.id) : -compared(a.from ?? '', b.from ?? '')));
  const undated = referrals.filter(({ from }) => from === undefined);
  return ({ row }) => {
    const day = readable(dateCell(row[date], placeholders));
    if (day === null) return undefined;
    const begun = referrals.filter(({ from }) => from !== undefined && from <= day);
    const mayBeOpen = ({ closed }: Referral) => closed === undefined || closed >= day;
    const open = begun.find(mayBeOpen);
    const found = (open ?? begun[0])?.id;
    const mayBeAnother = undated.some(
      (referral) => referral.id !== found && (open === undefined || mayBeOpen(referral)),
    );
    return mayBeAnother ? undefined : found;
  };
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
